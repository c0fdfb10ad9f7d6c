// Where the journal is gone on with: the file that grows, the next one after a seal, or a new one where something is missing.
// What is missing is never covered up: the next entry names it, and goes on from where the journal is known to have been.
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, isHeadOf, readLine, type JournalHead, type JournalLine } from '../../journal/line.ts';
import type { SigningKey } from '../../journal/signing-key.ts';
import type { FileBegun } from '../../ports/journal.ts';
import { GrowingFile } from './growing-file.ts';
import { readHeadRecord } from './head-record.ts';
import { openJournalFile } from './journal-file.ts';
import { fileNameOf, lookInto, removeGrown, tried, writeWhole, type JournalFolder } from './journal-folder.ts';
import { makeKey, readKey, takeNextKey } from './journal-keys.ts';
import { JournalUnavailable } from './journal-unavailable.ts';

/** What an entry follows. */
export interface Place {
  readonly desk: string;
  readonly sequence: number;
  /** SHA-256 of the line with this sequence, base64url; null before the first. */
  readonly hash: string | null;
}

export interface Chain {
  readonly file: GrowingFile;
  readonly key: SigningKey;
  readonly last: Place;
  /** The file is there and has no entry: this one is to be written first. */
  readonly toBegin: { readonly because: FileBegun; readonly seal: string | null; readonly setAside: string | null } | null;
  /** The head record knows of an entry that the journal has not: it was put back from an older copy, or cut. */
  readonly headSequence: number | null;
}

export interface ChainPlaces {
  readonly directory: string;
  readonly headFile: string;
}

/** @throws {JournalUnavailable} when nothing can be written here */
export async function openChain(places: ChainPlaces, wallMs: number): Promise<Chain> {
  const { directory, headFile } = places;
  await tried(() => mkdir(directory, { recursive: true, mode: 0o700 }));
  const head = await readHeadRecord(headFile);
  const key = await readKey(directory);
  const folder = await lookInto(directory);
  const newest = Math.max(0, ...folder.growing, ...folder.sealed, ...folder.seals);
  if (newest === 0) return beginAnywhere(places, key, head, wallMs);
  if (folder.growing.at(-1) !== newest) return afterSeal(places, newest, head, wallMs);

  const { connection, setAside } = await openJournalFile(path.join(directory, fileNameOf(newest, 'sqlite')), wallMs);
  const file = new GrowingFile(newest, connection);
  const row = file.last();
  if (row === null) {
    const seal = newest > 1 ? await sealOf(directory, newest - 1) : null;
    if (key === 'missing' && newest > 1) return beginAnew(places, file, wallMs);
    const own = key === 'missing' ? await makeKey(directory) : key;
    const known = seal === null ? null : placeOf(seal.text, seal.line);
    const last = headPlace(head, own, known?.sequence ?? 0) ?? known ?? start(own);
    const because = setAside === null ? (seal === null ? 'new' : 'sealed') : 'unreadable';
    return {
      file,
      key: own,
      last,
      toBegin: { because, seal: seal?.text ?? null, setAside: setAside && path.basename(setAside) },
      headSequence: null,
    };
  }
  const line = readLine(row.line);
  if (line !== null && isSeal(line)) {
    const next = await takeNextKey(directory, String(line.body['nextPublicKey']));
    if (next === 'missing') return beginAnew(places, file, wallMs);
    return beginNext(directory, file, next, row.line, wallMs);
  }
  if (key === 'missing' || (line !== null && line.key !== key.id)) return beginAnew(places, file, wallMs);
  const last = { desk: line?.desk ?? head?.desk ?? key.id, sequence: row.sequence, hash: hashOf(row.line) };
  const ahead = headPlace(head, key, last.sequence);
  return { file, key, last: ahead ?? last, toBegin: null, headSequence: ahead?.sequence ?? missedBy(head, file) };
}

/** The seal stands in the file that grew: it becomes plain text, and the next file begins. */
export async function beginNext(
  directory: string,
  sealed: GrowingFile,
  key: SigningKey,
  seal: string,
  wallMs: number,
): Promise<Chain> {
  const line = readLine(seal);
  if (line === null) throw new JournalUnavailable('corrupt');
  await writeWhole(directory, fileNameOf(sealed.number, 'jsonl'), sealed.lines());
  sealed.close();
  const chain = await beginFile(
    directory,
    sealed.number + 1,
    key,
    placeOf(seal, line),
    { because: 'sealed', seal, setAside: null },
    wallMs,
  );
  await removeGrown(directory, sealed.number);
  return chain;
}

async function beginFile(
  directory: string,
  number: number,
  key: SigningKey,
  last: Place,
  toBegin: NonNullable<Chain['toBegin']>,
  wallMs: number,
): Promise<Chain> {
  const { connection } = await openJournalFile(path.join(directory, fileNameOf(number, 'sqlite')), wallMs);
  return { file: new GrowingFile(number, connection), key, last, toBegin, headSequence: null };
}

/** No file at all. With the desk's key and a head, the files were taken away; without, this is the first start. */
async function beginAnywhere(
  { directory }: ChainPlaces,
  present: SigningKey | 'missing',
  head: JournalHead | null,
  wallMs: number,
): Promise<Chain> {
  if (present !== 'missing') {
    const known = headPlace(head, present, 0);
    const because = known === null ? 'new' : 'filesMissing';
    const number = known === null || head === null ? 1 : head.file + 1;
    return beginFile(directory, number, present, known ?? start(present), { because, seal: null, setAside: null }, wallMs);
  }
  const key = await makeKey(directory);
  const because = head === null ? 'new' : 'keyMissing';
  return beginFile(directory, 1, key, start(key), { because, seal: null, setAside: null }, wallMs);
}

/** The newest file is sealed, and the desk stopped before the next one was begun. */
async function afterSeal(places: ChainPlaces, newest: number, head: JournalHead | null, wallMs: number): Promise<Chain> {
  const { directory } = places;
  const seal = await sealOf(directory, newest);
  const key = seal === null ? 'missing' : await takeNextKey(directory, String(seal.line.body['nextPublicKey']));
  if (seal === null || key === 'missing') return beginAnew(places, null, wallMs);
  await removeGrown(directory, newest);
  // A file after this seal that is gone has left its head.
  const known = placeOf(seal.text, seal.line);
  const lost = headPlace(head, key, known.sequence);
  const because = lost === null ? 'sealed' : 'filesMissing';
  return beginFile(directory, newest + 1, key, lost ?? known, { because, seal: seal.text, setAside: null }, wallMs);
}

/** Without its key a journal can't be gone on with: the whole folder is put aside, and another journal begins. */
async function beginAnew({ directory }: ChainPlaces, grown: GrowingFile | null, wallMs: number): Promise<Chain> {
  grown?.close();
  const aside = `${directory}.aside-${new Date(wallMs).toISOString().replaceAll(':', '-')}`;
  await tried(async () => {
    await rename(directory, aside);
    await mkdir(directory, { recursive: true, mode: 0o700 });
  });
  const key = await makeKey(directory);
  const toBegin = { because: 'keyMissing', seal: null, setAside: path.basename(aside) } as const;
  return beginFile(directory, 1, key, start(key), toBegin, wallMs);
}

const start = (key: SigningKey): Place => ({ desk: key.id, sequence: 0, hash: null });
const placeOf = (text: string, { desk, sequence }: JournalLine): Place => ({ desk, sequence, hash: hashOf(text) });
const isSeal = (line: JournalLine): boolean => line.body.event === 'journal.sealed';

/** Where the head says the journal was, if the present key signed it and the journal is not as far. */
function headPlace(head: JournalHead | null, key: SigningKey, sequence: number): Place | null {
  if (head === null || head.sequence <= sequence || !isHeadOf(head, key)) return null;
  return { desk: head.desk, sequence: head.sequence, hash: head.hash };
}

/** The head's own entry is another one than the head says. */
function missedBy(head: JournalHead | null, file: GrowingFile): number | null {
  const own = head === null || head.file !== file.number ? null : file.at(head.sequence);
  return head === null || own === null || hashOf(own.line) === head.hash ? null : head.sequence;
}

/** The seal of a file that has one in plain text; null when there is none that can be read. */
export async function sealOf(
  directory: string,
  number: number,
): Promise<{ readonly text: string; readonly line: JournalLine } | null> {
  const folder: JournalFolder = await lookInto(directory);
  const form = folder.seals.includes(number) ? 'seal.jsonl' : 'jsonl';
  if (form === 'jsonl' && !folder.sealed.includes(number)) return null;
  const text = await lastLineOf(path.join(directory, fileNameOf(number, form)));
  const line = text === null ? null : readLine(text);
  return text === null || line === null || !isSeal(line) ? null : { text, line };
}

/** No entry is as long as this. */
const mostLineBytes = 65_536;

async function lastLineOf(file: string): Promise<string | null> {
  return tried(async () => {
    const { size } = await stat(file);
    const length = Math.min(size, mostLineBytes);
    const handle = await open(file, 'r');
    try {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').trimEnd().split('\n').at(-1) ?? null;
    } finally {
      await handle.close();
    }
  });
}

/** Files that grew and lie there in their sealed form too; and the rest of what was being written when the desk stopped. */
export async function tidy(directory: string, present: number): Promise<void> {
  const { sealed, seals } = await lookInto(directory);
  for (const number of [...sealed, ...seals]) if (number !== present) await removeGrown(directory, number);
  for (const number of seals) {
    await rm(path.join(directory, fileNameOf(number, 'jsonl')), { force: true }).catch(() => undefined);
  }
}
