// `firstkey settings check`: the very judgement a desk makes, told whole.
import path from 'node:path';
import { readCarefully } from '../../adapters/settings-file/document/careful-file.ts';
import type { PolicyReading } from '../../adapters/settings-file/policy/policy-reading.ts';
import { mostSettingsBytes, readSettings, type SettingsVerdict } from '../../adapters/settings-file/read-settings.ts';
import { noPlace } from '../../adapters/settings-file/settings-layer.ts';
import { problemLine, type SettingsProblem } from '../../adapters/settings-file/settings-problem.ts';
import { publicText, type SettingsKey } from '../../adapters/settings-file/signed/settings-key.ts';
import { systemPolicy } from '../../adapters/settings-file/system-sources.ts';
import { ownSettings } from '../../compose/own-settings.ts';
import type { Settings } from '../../ports/settings.ts';
import type { SettingsCheckReport, ToldProblem } from '../wording/settings-report.ts';

/** What this machine has, as its desk would take it. `lastGoodFile`: of the account that asks. */
export function checkOwnSettings(lastGoodFile: string): SettingsCheckReport {
  return reportOf(ownSettings({ lastGoodFile }), false);
}

export interface CheckFileOptions {
  readonly file: string;
  /** Count as pinned, instead of those of this machine's policy. */
  readonly keys: readonly SettingsKey[];
  readonly nowMs: number;
}

/** One file, by this machine's policy. It may lie anywhere and belong to anybody: it is a draft until it is brought to a desk. */
export function checkSettingsFile({ file, keys, nowMs }: CheckFileOptions): SettingsCheckReport {
  const found = readSettings({
    policy: withKeys(systemPolicy(), keys),
    file: {
      name: path.basename(file),
      reading: readCarefully(file, { mostBytes: mostSettingsBytes, owners: null }),
      mayBeDraft: true,
    },
    lastGood: null,
    nowMs,
  });
  return reportOf(found, found.taken && found.standing.seal === null);
}

function withKeys(policy: PolicyReading, keys: readonly SettingsKey[]): PolicyReading {
  if (!policy.ok || keys.length === 0) return policy;
  const value = keys.map(({ publicKey }) => publicText(publicKey));
  return { ok: true, layer: new Map([...policy.layer, ['settingsKeys', { value, where: '--key', placeOf: noPlace }]]) };
}

function reportOf(found: SettingsVerdict, draft: boolean): SettingsCheckReport {
  const problems = found.problems.map(toldProblem);
  if (!found.taken) return { refused: found.reason, problems, settings: [], seal: null, draft };
  const { settings, standing } = found;
  const names = Object.keys(settings) as readonly (keyof Settings)[];
  return {
    refused: standing.refused,
    problems,
    settings: names.map((name) => ({ name, value: settings[name], source: standing.sources[name] })),
    seal: standing.seal,
    draft,
  };
}

export function toldProblem(problem: SettingsProblem): ToldProblem {
  const { where, place, path: at, code, says } = problem;
  return { where, line: place?.line ?? null, column: place?.column ?? null, path: at, code, says, told: problemLine(problem) };
}
