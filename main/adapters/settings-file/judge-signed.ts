// Whether a signed file may decide what this desk does: enough trusted signatures, meant for this desk, not older than what it has
// seen, within its time. Only then is what it says looked at.
import { because, type Reason, type ReasonCode } from '../../../contract/reason.ts';
import type { SettingsSeal } from '../../ports/settings.ts';
import { parseDocument } from './document/json-document.ts';
import type { PolicyMembers } from './policy/policy-members.ts';
import { noPlace, type Layer } from './settings-layer.ts';
import { problemCode, type SettingsProblem } from './settings-problem.ts';
import { sealedSettingsSchema, signedFormSchema, type SealedSettings } from './signed/signed-form.ts';
import type { LastGood } from './signed/last-good.ts';
import { verifySigned } from './signed/verify-signed.ts';

export interface Refusal {
  readonly reason: Reason;
  readonly problems: readonly SettingsProblem[];
}

export type SignedVerdict =
  | { readonly ok: true; readonly layer: Layer; readonly seal: SettingsSeal; readonly signed: LastGood }
  /** `contact`: who to call, where a trusted key has signed the name. */
  | { readonly ok: false; readonly refusal: Refusal; readonly contact: unknown };

export interface JudgeSignedOptions {
  readonly where: string;
  readonly policy: PolicyMembers;
  readonly nowMs: number;
  /** What this desk used last; null where that does not count. */
  readonly lastGood: LastGood | null;
}

const dayMs = 86_400_000;

export function judgeSigned(value: unknown, options: JudgeSignedOptions): SignedVerdict {
  const { where, policy } = options;
  const form = signedFormSchema.safeParse(value);
  if (!form.success) return no(unreadable(where, form.error.issues));
  if (policy.settingsKeys.length === 0) return no(refusalOf('desk.settingsNotTrusted', 'noKeys'));
  const verdict = verifySigned(form.data, { keys: policy.settingsKeys, needed: policy.settingsSignatures });
  if (!verdict.ok) return no(refusalOf('desk.settingsNotTrusted', verdict.trouble));
  const parsed = parseDocument(verdict.payload);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ trouble, path, says }) => ({ code: trouble, where, place: null, path, says }));
    return no(unreadableBecause(problems));
  }
  const sealed = sealedSettingsSchema.safeParse(parsed.document.value);
  if (!sealed.success) return no(unreadable(where, sealed.error.issues));
  const { contact } = sealed.data.settings;
  const seal = sealOf(sealed.data, verdict.keyIds);
  const refusal = refusalBy(sealed.data, seal, form.data.payload, options);
  if (refusal !== null) return { ok: false, refusal, contact };
  const members = Object.entries(sealed.data.settings).filter(([name]) => name !== '$schema');
  return {
    ok: true,
    layer: new Map(members.map(([name, given]) => [name, { value: given, where, placeOf: noPlace }])),
    seal,
    signed: { version: seal.version, signed: form.data },
  };
}

function sealOf({ version, issuedAt, notAfter, graceDays }: SealedSettings, keyIds: readonly string[]): SettingsSeal {
  const notAfterMs = Date.parse(notAfter);
  return { version, keyIds, issuedAtMs: Date.parse(issuedAt), notAfterMs, servesUntilMs: notAfterMs + graceDays * dayMs };
}

function refusalBy(
  { deskGroups }: SealedSettings,
  seal: SettingsSeal,
  payload: string,
  { policy, nowMs, lastGood }: JudgeSignedOptions,
): Refusal | null {
  const isHere = deskGroups.length === 0 || (policy.deskGroup !== null && deskGroups.includes(policy.deskGroup));
  if (!isHere) return refusalOf('desk.settingsElsewhere', 'deskGroups');
  const least = Math.max(policy.leastSettingsVersion, lastGood?.version ?? 0);
  if (seal.version < least) return refusalOf('desk.settingsOld', `version ${seal.version} before ${least}`);
  // A number belongs to one document for ever, or "older" would mean nothing.
  if (lastGood !== null && seal.version === lastGood.version && payload !== lastGood.signed.payload)
    return refusalOf('desk.settingsOld', `another version ${seal.version}`);
  const time = timeRefusal(seal, nowMs);
  return time === null ? null : { reason: time, problems: [] };
}

/** Clocks of desks and of signers differ; a day is more than any time zone. */
export function timeRefusal({ issuedAtMs, servesUntilMs }: SettingsSeal, nowMs: number): Reason | null {
  if (nowMs < issuedAtMs - dayMs) return because('desk.clockWrong', { statusName: 'before settings were signed' });
  return nowMs > servesUntilMs ? because('desk.settingsExpired', { statusName: dayOf(servesUntilMs) }) : null;
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const no = (refusal: Refusal): SignedVerdict => ({ ok: false, refusal, contact: null });

export function refusalOf(code: ReasonCode, statusName: string): Refusal {
  return { reason: because(code, { statusName }), problems: [] };
}

export function unreadableBecause(problems: readonly SettingsProblem[]): Refusal {
  const [first] = problems;
  const detail = first === undefined ? {} : { statusName: problemCode(first) };
  return { reason: because('desk.settingsUnreadable', detail), problems };
}

function unreadable(
  where: string,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): Refusal {
  return unreadableBecause(
    issues.map(({ path, message }) => ({
      code: 'wrongValue',
      where,
      place: null,
      path: path.map(String).join('.'),
      says: message,
    })),
  );
}
