// The one file of the journal that still grows, in SQLite: opened, checked and given its table, or put aside when it is broken.
// Nothing here prepares a statement: libsql closes a connection only when its statements are collected, and a broken file
// may be renamed only after its connection is really gone, because SQLite deletes a write-ahead log by its name.
import Database from 'libsql';
import { open, rename } from 'node:fs/promises';
import { JournalUnavailable, troubleOf } from './journal-unavailable.ts';

/** "Fkey", in SQLite's application_id. */
const APPLICATION_ID = 0x466b6579;
const SCHEMA_VERSION = 2;
const BUSY_TIMEOUT_MS = 2_000;

const PATIENCE = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`;

// Only once the file is known to be ours: the journal mode is written into it.
const DURABILITY = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
`;

// Each rule that a sound file of ours keeps is a named constraint; the error names the one that is broken.
const CHECKS = `
  CREATE TEMP TABLE opening (
    intact INTEGER CONSTRAINT intact CHECK (intact),
    ours INTEGER CONSTRAINT ours CHECK (ours),
    known INTEGER CONSTRAINT known CHECK (known)
  );
  INSERT INTO opening (intact) SELECT integrity_check = 'ok' FROM pragma_integrity_check;
  INSERT INTO opening (ours) SELECT application_id = ${APPLICATION_ID} OR NOT EXISTS (SELECT 1 FROM main.sqlite_schema)
    FROM pragma_application_id;
  INSERT INTO opening (known) SELECT user_version <= ${SCHEMA_VERSION} FROM pragma_user_version;
  DROP TABLE opening;
`;

// line: docs/journal.md. It is the only truth; the other columns are read out of it.
const TABLES = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY,
    line TEXT NOT NULL CHECK (json_valid(line)),
    stay TEXT GENERATED ALWAYS AS (json_extract(line, '$.stay')) VIRTUAL,
    event TEXT GENERATED ALWAYS AS (json_extract(line, '$.body.event')) VIRTUAL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS journal_by_stay ON journal (stay) WHERE stay IS NOT NULL;
  CREATE INDEX IF NOT EXISTS journal_wiped ON journal (stay) WHERE event = 'stay.wiped';
  CREATE TRIGGER IF NOT EXISTS journal_keeps_entries BEFORE UPDATE ON journal
    BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
  CREATE TRIGGER IF NOT EXISTS journal_loses_nothing BEFORE DELETE ON journal
    BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
  COMMIT;
`;

export type Connection = InstanceType<typeof Database>;

export interface OpenedFile {
  readonly connection: Connection;
  /** Full path of the broken file that stood in the way, as it is called now. */
  readonly setAside: string | null;
}

/**
 * Opens or makes the file. A broken or foreign one is renamed to `<file>.broken-<time>` with its companions and a new one
 * is begun. Nothing is deleted: a log that SQLite could read has been merged into its file, any other goes along.
 * @throws {JournalUnavailable} when that is not possible, or when a newer Firstkey wrote the file.
 */
export async function openJournalFile(file: string, wallMs: number): Promise<OpenedFile> {
  await makeForThisUserOnly(file);
  const first = (await hasSoundHeader(file)) ? connect(file) : 'broken';
  if (first !== 'broken') return { connection: first, setAside: null };
  const setAside = await putAside(file, wallMs);
  await makeForThisUserOnly(file);
  const second = connect(file);
  if (second === 'broken') throw new JournalUnavailable('corrupt');
  return { connection: second, setAside };
}

async function makeForThisUserOnly(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o600)).close();
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  }
}

/**
 * Whether SQLite would take the file for a database at all (https://www.sqlite.org/fileformat2.html §1.3); an empty one
 * is a new one. Looked at first because SQLite deletes the write-ahead log of a file that it does not know.
 */
async function hasSoundHeader(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead, buffer: header } = await handle.read(Buffer.alloc(100), 0, 100, 0);
      if (bytesRead === 0) return true;
      const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
      const isPowerOfTwo = pageBytes >= 512 && (pageBytes & (pageBytes - 1)) === 0;
      const versionsKnown = [header[18], header[19]].every((version) => version === 1 || version === 2);
      const fractions = header[21] === 64 && header[22] === 32 && header[23] === 32;
      return (
        bytesRead === 100 &&
        header.toString('latin1', 0, 16) === 'SQLite format 3\0' &&
        isPowerOfTwo &&
        versionsKnown &&
        fractions
      );
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  }
}

function connect(file: string): Connection | 'broken' {
  let connection: Connection | null = null;
  try {
    connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    for (const statements of [PATIENCE, CHECKS, DURABILITY, TABLES]) connection.exec(statements);
    return connection;
  } catch (error) {
    connection?.close();
    const trouble = brokenRule(error) ?? troubleOf(error);
    if (trouble === 'corrupt') return 'broken';
    throw new JournalUnavailable(trouble);
  }
}

function brokenRule(error: unknown): 'corrupt' | 'newer' | null {
  const rule = error instanceof Error ? /CHECK constraint failed: (intact|ours|known)\b/.exec(error.message)?.[1] : undefined;
  if (rule === undefined) return null;
  return rule === 'known' ? 'newer' : 'corrupt';
}

async function putAside(file: string, wallMs: number): Promise<string> {
  const time = new Date(wallMs).toISOString().replaceAll(':', '-');
  const aside = `${file}.broken-${time}`;
  try {
    // The log goes first: if the desk stops between the two, the broken file is still found broken or empty of it.
    for (const companion of ['-wal', '-shm']) await renameIfThere(`${file}${companion}`, `${aside}${companion}`);
    await rename(file, aside);
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  }
  return aside;
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
