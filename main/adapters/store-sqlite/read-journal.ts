// A journal's lines for those who only look: of a desk's own folder, or of files that were taken elsewhere. Nothing is written;
// the desk may go on writing meanwhile.
import Database from 'libsql';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { fileNameOf, lookInto, tried } from './journal-folder.ts';
import { readKey } from './journal-keys.ts';
import { JournalUnavailable, troubleOf } from './journal-unavailable.ts';
import type { PublicKey } from '../../journal/signing-key.ts';

export type Lines = () => AsyncIterable<string>;

/** Every line of the desk's own journal, seals of deleted files included, oldest first. @throws {JournalUnavailable} */
export async function linesOfFolder(directory: string): Promise<Lines> {
  await requireOwn(directory);
  const { growing, sealed, seals } = await lookInto(directory);
  const files = [
    ...seals.map((number) => ({ number, form: 'seal.jsonl' as const })),
    ...sealed.map((number) => ({ number, form: 'jsonl' as const })),
    ...growing.map((number) => ({ number, form: 'sqlite' as const })),
  ].toSorted((a, b) => a.number - b.number);
  return linesOfFiles(files.map(({ number, form }) => path.join(directory, fileNameOf(number, form))));
}

/** The lines of the file that grows; null when there is none. @throws {JournalUnavailable} */
export async function linesOfNewest(directory: string): Promise<Lines | null> {
  await requireOwn(directory);
  const newest = (await lookInto(directory)).growing.at(-1);
  return newest === undefined ? null : linesOfFiles([path.join(directory, fileNameOf(newest, 'sqlite'))]);
}

/** The lines of these files, in the order given: lines of text, or a journal's own SQLite file. */
export function linesOfFiles(files: readonly string[]): Lines {
  return async function* lines() {
    for (const file of files) yield* (await isSqlite(file)) ? rowsOf(file) : textOf(file);
  };
}

/** The public half of the desk's key; null when there is none. */
export async function publicKeyOfFolder(directory: string): Promise<PublicKey | null> {
  await requireOwn(directory);
  const key = await readKey(directory);
  return key === 'missing' ? null : { id: key.id, spkiB64u: key.spkiB64u, key: key.key };
}

/** Null when it is not there. */
export async function headText(headFile: string): Promise<string | null> {
  try {
    return (await readFile(headFile, 'utf8')).trim();
  } catch (error) {
    if (troubleOf(error) === 'io') return null;
    throw new JournalUnavailable(troubleOf(error));
  }
}

/** SQLite makes files of its own beside a journal; another account's would keep the desk from its own. */
async function requireOwn(directory: string): Promise<void> {
  const { uid } = await tried(() => stat(directory));
  if (process.getuid !== undefined && process.getuid() !== uid) throw new JournalUnavailable('notOwn');
}

async function isSqlite(file: string): Promise<boolean> {
  return tried(async () => {
    const handle = await open(file, 'r');
    try {
      const { buffer } = await handle.read(Buffer.alloc(15), 0, 15, 0);
      return buffer.toString('latin1') === 'SQLite format 3';
    } finally {
      await handle.close();
    }
  });
}

async function* textOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  try {
    // A mark at the beginning and an empty line at the end are an editor's; anything else counts.
    for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line;
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  } finally {
    input.destroy();
  }
}

const rowSchema = z.object({ line: z.string() });

async function* rowsOf(file: string): AsyncGenerator<string> {
  let database: InstanceType<typeof Database> | null = null;
  try {
    database = new Database(file, { timeout: 2_000 });
    database.exec('PRAGMA query_only = ON');
    for (const row of database.prepare('SELECT line FROM journal ORDER BY sequence').iterate()) yield rowSchema.parse(row).line;
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  } finally {
    database?.close();
  }
}
