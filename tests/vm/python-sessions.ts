// python3-fido2 through a whole life of the fullest key: one run of one program, told here step by step.
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { expectText } from './debian-program.ts';
import { GuestKey } from './guest-key.ts';
import { runInTerminal } from './terminal-program.ts';
import type { TapLines } from './tap-lines.ts';

/** The word the script says after each part, and what the part is. */
const PARTS = [
  ['pin', 'python3-fido2 sets and changes a PIN under both protocols, and is told of a wrong one'],
  ['credentials', 'python3-fido2 makes credentials with extensions under both protocols'],
  ['lists', 'python3-fido2 renames and deletes an account'],
  ['fingers', 'python3-fido2 enrols a finger, uses it instead of the PIN, and removes it'],
  ['settings', 'python3-fido2 sets the minimum PIN length, tells it to a site, and turns always-UV on and off'],
  ['u2f', 'python3-fido2 registers and signs over U2F on the same key'],
  ['reset', 'python3-fido2 resets the key, and all of it is gone'],
] as const;

export async function pythonSessions(tap: TapLines, script: string): Promise<void> {
  const guestKey = await GuestKey.make(KEY_KINDS.latest);
  const device = await guestKey.plugIn();
  // Two touches for credentials; the third is the first sample of the finger.
  guestKey.touches({}, {}, { flaw: 'too-short' }, {});
  const { output } = await runInTerminal(['/usr/bin/python3', script, device]);
  for (const [word, name] of PARTS) await tap.step(name, async () => expectText(output, `python3-fido2: ${word}`));
  await guestKey.pullOut();
}
