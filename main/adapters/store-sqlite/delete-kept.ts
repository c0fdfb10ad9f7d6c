// Sealed files that have been kept for as long as the settings want. A note of it is on disk first, and each file's seal stays:
// it shows that the file was whole, and leads from the desk's first key to the present one.
import type { JournalEvent } from '../../ports/journal.ts';
import { hashOf } from '../../journal/line.ts';
import { fileNameOf, lookInto, removeSealed, writeWhole } from './journal-folder.ts';
import { sealOf } from './open-chain.ts';

/** @param sealedBeforeMs epoch milliseconds. @param write puts the note on disk before it returns. */
export async function deleteKeptLongEnough(
  directory: string,
  sealedBeforeMs: number,
  write: (note: JournalEvent) => void,
): Promise<void> {
  const { sealed } = await lookInto(directory);
  const old: { readonly number: number; readonly text: string; readonly sequence: number }[] = [];
  for (const number of sealed) {
    const seal = await sealOf(directory, number);
    // Only from the beginning: a hole in the middle would look like a deed of somebody else's.
    if (seal === null || Date.parse(seal.line.at) >= sealedBeforeMs) break;
    old.push({ number, text: seal.text, sequence: seal.line.sequence });
  }
  const newest = old.at(-1);
  if (newest === undefined) return;
  write({
    event: 'journal.deleted',
    throughFile: newest.number,
    throughSequence: newest.sequence,
    sealHash: hashOf(newest.text),
  });
  for (const { number, text } of old) {
    await writeWhole(directory, fileNameOf(number, 'seal.jsonl'), [text]);
    await removeSealed(directory, number);
  }
}
