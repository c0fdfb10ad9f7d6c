// Linux: JSON files of root's in one folder, as browsers have it. Each says something of its own; what two of them say is a
// mistake, because nobody would know which one counts.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileTroubleWords, readCarefully } from '../document/careful-file.ts';
import { parseDocument } from '../document/json-document.ts';
import { layerOf, type GivenMember } from '../settings-layer.ts';
import type { SettingsProblem } from '../settings-problem.ts';
import { noPolicy, policyUnreadable, type PolicyReading } from './policy-reading.ts';

export interface LinuxPolicyPlace {
  readonly folder: string;
  /** User ids that may own the files and every folder above. */
  readonly owners: readonly number[];
}

const mostBytes = 65_536;
const mostFiles = 64;

export function readLinuxPolicy({ folder, owners }: LinuxPolicyPlace): PolicyReading {
  const names = filesIn(folder);
  if (typeof names === 'string') return policyUnreadable(folder, names);
  if (names.length === 0) return noPolicy;
  if (names.length > mostFiles) return policyUnreadable(folder, `It holds more than ${mostFiles} files.`);
  const members = new Map<string, GivenMember>();
  const problems: SettingsProblem[] = [];
  for (const name of names) {
    const reading = readCarefully(path.join(folder, name), { mostBytes, owners });
    if (!reading.ok) {
      problems.push({ code: reading.trouble, where: name, place: null, path: '', says: fileTroubleWords[reading.trouble] });
      continue;
    }
    const parsed = parseDocument(reading.bytes);
    if (!parsed.ok) {
      problems.push(...parsed.problems.map(({ trouble, ...problem }) => ({ ...problem, code: trouble, where: name })));
      continue;
    }
    const layer = layerOf(parsed.document, name);
    if (layer === null) {
      const says = 'The document must be an object with settings as its members.';
      problems.push({ code: 'wrongValue', where: name, place: null, path: '', says });
      continue;
    }
    for (const [member, given] of layer) {
      const before = members.get(member);
      if (before !== undefined) {
        const place = given.placeOf([member]);
        problems.push({ code: 'givenTwice', where: name, place, path: member, says: `stands in ${before.where} too.` });
      }
      members.set(member, given);
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, layer: members };
}

/** A folder that is not there holds nothing; one that can't be listed is trouble. */
function filesIn(folder: string): readonly string[] | string {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'ENOENT' ? [] : `It can't be listed (${String(error.code)}).`;
  }
}
