// What `firstkey settings` has to say: for a terminal, or as one document whose form has a number.
import type { Reason } from '../../../contract/reason.ts';
import type { SettingsSeal, SettingsSource } from '../../ports/settings.ts';
import { printable } from './printable.ts';
import { line } from './render-json.ts';
import { reasonText } from './render-text.ts';

/** What a shell sees. */
export const settingsExitCodes = { good: 0, refused: 1, usage: 2, notWritten: 3 } as const;

/** Higher when members change their meaning or go. */
const schema = 1;

export interface ToldProblem {
  readonly where: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string;
  readonly code: string;
  readonly says: string;
  /** All of it in one line that moves no terminal. */
  readonly told: string;
}

export interface ToldSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: SettingsSource;
}

export interface SettingsCheckReport {
  /** What is not used, and why; null when everything that was found is good. */
  readonly refused: Reason | null;
  readonly problems: readonly ToldProblem[];
  /** What a desk goes by; empty when it would stay closed. */
  readonly settings: readonly ToldSetting[];
  readonly seal: SettingsSeal | null;
  /** Nobody has signed the file that was looked at, and nothing here says that somebody must. */
  readonly draft: boolean;
}

export function checkExitCode({ refused }: SettingsCheckReport): number {
  return refused === null ? settingsExitCodes.good : settingsExitCodes.refused;
}

export function checkText(report: SettingsCheckReport): string {
  const { refused, problems, settings, seal, draft } = report;
  return [
    ...(refused === null ? [] : [`Refused. ${reasonText(refused)}`]),
    ...problems.map(({ told }) => told),
    ...(refused !== null && settings.length > 0 ? ['The last good settings go on:'] : []),
    ...(seal === null ? [] : sealLines(seal)),
    ...(draft ? ['Not signed: a desk in the field, or one that has settingsKeys, refuses it until it is.'] : []),
    ...settingLines(settings),
  ].join('\n');
}

function sealLines({ version, keyIds, notAfterMs, servesUntilMs }: SettingsSeal): readonly string[] {
  return [
    `Signed: version ${version}, to be replaced before ${dayOf(notAfterMs)}, used until ${dayOf(servesUntilMs)}`,
    ...keyIds.map((keyId) => `  by ${keyId}`),
  ];
}

/** Defaults last: what somebody has decided is what somebody wants to see. */
function settingLines(settings: readonly ToldSetting[]): readonly string[] {
  const order: readonly SettingsSource[] = ['managed', 'file', 'default'];
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  return settings
    .toSorted((a, b) => order.indexOf(a.source) - order.indexOf(b.source))
    .map(({ name, value, source }) => `  ${source.padEnd(7)}  ${name.padEnd(width)}  ${printable(JSON.stringify(value))}`);
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export function checkDocument(report: SettingsCheckReport): string {
  const { refused, problems, settings, seal, draft } = report;
  return line({
    schema,
    ok: refused === null,
    exitCode: checkExitCode(report),
    ...(refused === null ? {} : { reason: refused.code, detail: refused.detail?.statusName ?? null, says: reasonText(refused) }),
    problems,
    draft,
    signature:
      seal === null
        ? null
        : {
            version: seal.version,
            keyIds: seal.keyIds,
            issuedAt: new Date(seal.issuedAtMs).toISOString(),
            notAfter: new Date(seal.notAfterMs).toISOString(),
            usedUntil: new Date(seal.servesUntilMs).toISOString(),
          },
    settings: Object.fromEntries(settings.map(({ name, value, source }) => [name, { value, source }])),
  });
}

/** Anything else that ended: `done`, or why not. */
export function settingsDocument(exitCode: number, members: object): string {
  return line({ schema, ok: exitCode === settingsExitCodes.good, exitCode, ...members });
}
