// One SQLite file per world, through libsql. Today it holds the journal: append only, on disk before `append` resolves.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { World } from '../../../contract/snapshot.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { JournalEntry, JournalEvent, JournalPort } from '../../ports/journal.ts';
import type { StorePort } from '../../ports/store.ts';
import { journalEventSchema, stayIdSchema } from './journal-event-schema.ts';
import { openJournalFile, type Connection } from './journal-file.ts';
import { JournalUnavailable, troubleOf } from './journal-unavailable.ts';

export interface SqliteStoreOptions {
  /** Made when missing, for this user only. */
  readonly directory: string;
  readonly world: World;
  readonly clock: Pick<ClockPort, 'wallMs'>;
}

export interface SqliteStore extends StorePort {
  /** Name, in the directory, of the broken file that was put aside when this store was opened; null when there was none. */
  readonly setAside: string | null;
}

/** @throws {JournalUnavailable} when the file can't be opened or made. */
export async function openSqliteStore({ directory, world, clock }: SqliteStoreOptions): Promise<SqliteStore> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new JournalUnavailable(troubleOf(error));
  }
  const { connection, setAside } = await openJournalFile(path.resolve(directory, `${world}.sqlite`), clock.wallMs());
  let isOpen = true;
  const use = <T>(work: (connection: Connection) => T): T => {
    if (!isOpen) throw new JournalUnavailable('closed');
    try {
      return work(connection);
    } catch (error) {
      throw error instanceof JournalUnavailable ? error : new JournalUnavailable(troubleOf(error));
    }
  };
  return {
    journal: createJournal(use, clock),
    setAside: setAside === null ? null : path.basename(setAside),
    close: async () => {
      if (isOpen) connection.close();
      isOpen = false;
    },
  };
}

const rowSchema = z.object({ sequence: z.number(), at_ms: z.number(), stay: z.string().nullable(), body: z.string() });

const APPEND = 'INSERT INTO journal (at_ms, stay, body) VALUES (?, ?, ?)';
const UNFINISHED = `
  SELECT sequence, at_ms, stay, body FROM journal
  WHERE stay IS NOT NULL
    AND stay NOT IN (SELECT stay FROM journal WHERE stay IS NOT NULL AND json_extract(body, '$.event') = 'stay.wiped')
  ORDER BY sequence`;

function createJournal(use: <T>(work: (connection: Connection) => T) => T, clock: Pick<ClockPort, 'wallMs'>): JournalPort {
  return {
    append: async (stay, body) => {
      const entry = {
        atMs: Math.round(clock.wallMs()),
        stay: checked(stayIdSchema, stay),
        body: checked(journalEventSchema, body),
      };
      const { lastInsertRowid } = use((connection) =>
        connection.prepare(APPEND).run(entry.atMs, entry.stay, JSON.stringify(entry.body)),
      );
      return { sequence: Number(lastInsertRowid), ...entry };
    },
    unfinished: async () => use((connection) => connection.prepare(UNFINISHED).all()).map(readEntry),
  };
}

/** @throws {TypeError} naming the members that may not be written, never their values: that is a mistake in the program. */
function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code);
  throw new TypeError(`not an entry for the journal: ${[...new Set(places)].join(', ')}`);
}

function readEntry(row: unknown): JournalEntry {
  const { sequence, at_ms: atMs, stay, body } = rowSchema.parse(row);
  return { sequence, atMs, stay, body: readBody(body) };
}

/** The table takes only JSON, and the file's version says that it is ours; anything else was not written by us. */
function readBody(text: string): JournalEvent {
  const parsed = journalEventSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new JournalUnavailable('corrupt');
  return parsed.data;
}
