// The file that grows: lines in, lines out. What an entry means is not known here.
import { z } from 'zod';
import type { Connection } from './journal-file.ts';
import { JournalUnavailable, troubleOf } from './journal-unavailable.ts';

const row = z.object({ sequence: z.number(), line: z.string() });
const count = z.object({ count: z.number() });

const ADD = 'INSERT INTO journal (sequence, line) VALUES (?, ?)';
const ALL = 'SELECT sequence, line FROM journal ORDER BY sequence';
const FIRST = `${ALL} LIMIT 1`;
const LAST = `${ALL} DESC LIMIT 1`;
const AT = 'SELECT sequence, line FROM journal WHERE sequence = ?';
const SIZE = 'SELECT coalesce(sum(length(line)), 0) AS count FROM journal';
const UNFINISHED = `
  SELECT sequence, line FROM journal
  WHERE stay IS NOT NULL AND stay NOT IN (SELECT stay FROM journal WHERE stay IS NOT NULL AND event = 'stay.wiped')
  ORDER BY sequence`;
const OPEN_STAYS = `
  SELECT count(DISTINCT stay) AS count FROM journal
  WHERE stay IS NOT NULL
    AND stay NOT IN (SELECT stay FROM journal WHERE stay IS NOT NULL AND event IN ('stay.wiped', 'stay.foundCutOff'))`;

export interface Row {
  readonly sequence: number;
  readonly line: string;
}

/** Every method throws JournalUnavailable for what SQLite or the disk says no with. */
export class GrowingFile {
  readonly number: number;
  readonly #connection: Connection;
  #isOpen = true;

  constructor(number: number, connection: Connection) {
    this.number = number;
    this.#connection = connection;
  }

  /** On disk when it returns. */
  add({ sequence, line }: Row): void {
    this.#use((connection) => connection.prepare(ADD).run(sequence, line));
  }

  first(): Row | null {
    return this.#one(FIRST);
  }

  last(): Row | null {
    return this.#one(LAST);
  }

  at(sequence: number): Row | null {
    const found = this.#use((connection) => connection.prepare(AT).get(sequence));
    return found === undefined ? null : row.parse(found);
  }

  lines(): readonly string[] {
    return this.#all(ALL).map(({ line }) => line);
  }

  /** Of stays that were not wiped, oldest first. */
  unfinished(): readonly Row[] {
    return this.#all(UNFINISHED);
  }

  /** Whether a stay is neither wiped nor has been told of as cut off. */
  hasOpenStay(): boolean {
    return this.#count(OPEN_STAYS) > 0;
  }

  characters(): number {
    return this.#count(SIZE);
  }

  /** The log is merged into the file first, so that the file alone is whole. */
  close(): void {
    if (!this.#isOpen) return;
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      troubleOf(error); // the log stays, and is merged at the next opening
    }
    this.#isOpen = false;
    this.#connection.close();
  }

  #one(query: string): Row | null {
    const found = this.#use((connection) => connection.prepare(query).get());
    return found === undefined ? null : row.parse(found);
  }

  #all(query: string): readonly Row[] {
    return this.#use((connection) => connection.prepare(query).all()).map((each) => row.parse(each));
  }

  #count(query: string): number {
    return count.parse(this.#use((connection) => connection.prepare(query).get())).count;
  }

  #use<T>(work: (connection: Connection) => T): T {
    if (!this.#isOpen) throw new JournalUnavailable('closed');
    try {
      return work(this.#connection);
    } catch (error) {
      throw new JournalUnavailable(troubleOf(error));
    }
  }
}
