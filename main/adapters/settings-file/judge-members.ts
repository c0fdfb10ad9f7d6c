// What all sources say together, judged once: managed policy first, then the file, then the defaults.
import type { z } from 'zod';
import type { Settings, SettingsSource } from '../../ports/settings.ts';
import type { GivenMember, Layer } from './settings-layer.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { settingsDocument, settingsSchema } from './settings-schema.ts';

export type Judged =
  | { readonly ok: true; readonly settings: Settings; readonly sources: Readonly<Record<keyof Settings, SettingsSource>> }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

export function judgeMembers(managed: Layer, file: Layer): Judged {
  const given: Layer = new Map([...file, ...managed]);
  const parsed = settingsSchema.safeParse(valuesOf(given));
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, given)) };
  const settings: Settings = parsed.data;
  const sourceOf = (name: string): SettingsSource => (managed.has(name) ? 'managed' : file.has(name) ? 'file' : 'default');
  const names = Object.keys(settings) as readonly (keyof Settings)[];
  const sources = Object.fromEntries(names.map((name) => [name, sourceOf(name)])) as Record<keyof Settings, SettingsSource>;
  return { ok: true, settings, sources };
}

/** What is wrong with each member by itself, whatever the others say. */
export function memberProblems(layer: Layer): readonly SettingsProblem[] {
  const parsed = settingsDocument.safeParse(valuesOf(layer));
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, layer));
}

const valuesOf = (layer: Layer): object => Object.fromEntries([...layer].map(([name, { value }]) => [name, value]));

/** One problem for each thing wrong. Values are left out. */
export function problemsOf(issue: z.core.$ZodIssue, given: Layer): readonly SettingsProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...standing([...issue.path, key], given),
      code: 'unknownSetting',
      says: 'there is no such setting.',
    }));
  }
  return [{ ...standing(issue.path, given), code: 'wrongValue', says: issue.message }];
}

function standing(path: readonly PropertyKey[], given: Layer): Pick<SettingsProblem, 'where' | 'place' | 'path'> {
  const member: GivenMember | undefined = given.get(String(path[0]));
  return {
    where: member?.where ?? '',
    place: member?.placeOf(path) ?? member?.placeOf(path.slice(0, 1)) ?? null,
    path: path.map(String).join('.'),
  };
}
