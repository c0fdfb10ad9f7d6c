// What lies in the journal's folder: the file that grows (SQLite), sealed files (one line per entry), and the seals of files that
// have been kept long enough. Files are numbered and no number is used twice.
import { chmod, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { JournalUnavailable, troubleOf } from './journal-unavailable.ts';

export interface JournalFolder {
  /** Numbers of files, ascending. */
  readonly growing: readonly number[];
  readonly sealed: readonly number[];
  /** Of deleted files: only their last line is left. */
  readonly seals: readonly number[];
}

type Form = 'sqlite' | 'jsonl' | 'seal.jsonl';

/** `journal-000001.sqlite`, `journal-000001.jsonl`, `journal-000001.seal.jsonl`. */
export function fileNameOf(number: number, form: Form): string {
  return `journal-${String(number).padStart(6, '0')}.${form}`;
}

const numbered = /^journal-(\d{6,12})\.(sqlite|jsonl|seal\.jsonl)$/;

/** @throws {JournalUnavailable} when the folder can't be read */
export async function lookInto(directory: string): Promise<JournalFolder> {
  const found = (await tried(() => readdir(directory))).flatMap((name) => {
    const [, number, form] = numbered.exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), form }];
  });
  const of = (form: Form): readonly number[] =>
    found
      .filter((each) => each.form === form)
      .map(({ number }) => number)
      .toSorted((a, b) => a - b);
  const [sealed, seals] = [of('jsonl'), of('seal.jsonl')];
  return {
    // A file that was being turned into its sealed form when the desk stopped is whole in both.
    growing: of('sqlite').filter((number) => !sealed.includes(number) && !seals.includes(number)),
    sealed: sealed.filter((number) => !seals.includes(number)),
    seals,
  };
}

/**
 * Writes a whole file or none: beside, on disk, then under its name, for reading only.
 * @throws {JournalUnavailable}
 */
export async function writeWhole(directory: string, name: string, lines: Iterable<string>): Promise<void> {
  const beside = path.join(directory, `${name}.new`);
  try {
    await rm(beside, { force: true });
    const handle = await open(beside, 'wx', 0o600);
    try {
      for (const chunk of inChunks(lines)) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(beside, 0o400);
    await rename(beside, path.join(directory, name));
    await onDisk(directory);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new JournalUnavailable(troubleOf(error));
  }
}

const chunkChars = 65_536;

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < chunkChars) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** A name is on disk when its folder is (fsync(2)). Windows keeps names with the files and opens no folder. */
export async function onDisk(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file that grew, with its companions. One that somebody holds open goes at the next start. */
export async function removeGrown(directory: string, number: number): Promise<void> {
  const file = path.join(directory, fileNameOf(number, 'sqlite'));
  for (const companion of ['', '-wal', '-shm']) await rm(`${file}${companion}`, { force: true }).catch(() => undefined);
}

export const removeSealed = (directory: string, number: number): Promise<void> =>
  tried(() => rm(path.join(directory, fileNameOf(number, 'jsonl')), { force: true }));

export function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** @throws {JournalUnavailable} for what the system says no with */
export async function tried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof JournalUnavailable ? error : new JournalUnavailable(troubleOf(error));
  }
}
