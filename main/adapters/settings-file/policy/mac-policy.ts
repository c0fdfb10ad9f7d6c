// macOS: what a device management profile has set for the application, for the whole computer. The system keeps it as a property
// list, often in binary, and has a program of its own that reads those (plutil(1)).
import { fileTroubleWords, readCarefully } from '../document/careful-file.ts';
import { parseDocument } from '../document/json-document.ts';
import { layerOf } from '../settings-layer.ts';
import { noPolicy, policyUnreadable, type PolicyReading, type RunProgram } from './policy-reading.ts';
import { asMembers } from './policy-values.ts';

export interface MacPolicyPlace {
  /** `/Library/Managed Preferences/<bundle id>.plist` */
  readonly file: string;
  readonly owners: readonly number[];
  readonly run: RunProgram;
}

const where = 'Managed Preferences';
const plutil = '/usr/bin/plutil';
const mostBytes = 262_144;

export function readMacPolicy({ file, owners, run }: MacPolicyPlace): PolicyReading {
  const reading = readCarefully(file, { mostBytes, owners });
  if (!reading.ok && reading.trouble === 'missing') return noPolicy;
  if (!reading.ok) {
    const says = fileTroubleWords[reading.trouble];
    return { ok: false, problems: [{ code: reading.trouble, where, place: null, path: '', says }] };
  }
  // The bytes that were looked at, not the file, which may be another by then.
  const ended = run({ program: plutil, words: ['-convert', 'json', '-o', '-', '--', '-'], input: reading.bytes });
  if (ended === null || ended.exitCode !== 0) return policyUnreadable(where, 'plutil could not read it as settings.');
  const parsed = parseDocument(ended.output);
  const layer = parsed.ok ? layerOf(parsed.document, where) : null;
  return layer === null ? policyUnreadable(where, 'It is not a dictionary of settings.') : asMembers(layer);
}
