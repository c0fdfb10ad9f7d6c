// The journal: each entry follows the one before, is signed with the desk's key, and is on disk before `append` resolves.
import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { hashOf, readLine, writeHead, writeLine } from '../../journal/line.ts';
import { journalEventSchema, stayIdSchema } from '../../journal/journal-event-schema.ts';
import { asStored } from '../../journal/personal-data.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { JournalEntry, JournalEvent, JournalPort, PersonalDataRule } from '../../ports/journal.ts';
import type { JournalHeads, WrittenHead } from '../../ports/store.ts';
import { deleteKeptLongEnough } from './delete-kept.ts';
import type { Row } from './growing-file.ts';
import type { HeadRecord } from './head-record.ts';
import { makeNextKey, takeNextKey } from './journal-keys.ts';
import { JournalUnavailable, type JournalTrouble } from './journal-unavailable.ts';
import { beginNext, type Chain, type Place } from './open-chain.ts';
import { tried } from './journal-folder.ts';

export interface JournalLimits {
  /** A file that has as much text, or is as old, is sealed when no stay is open. */
  readonly fileBytes: number;
  readonly fileMs: number;
  /** How long sealed files are kept; null: for ever. */
  readonly keepMs: number | null;
  /** With less room on the disk no stay begins, so that one that has begun can be written to its end. */
  readonly leastFreeBytes: number;
}

export interface ChainedJournalParts {
  readonly directory: string;
  readonly clock: Pick<ClockPort, 'wallMs'>;
  readonly personalData: PersonalDataRule;
  readonly secret: Uint8Array;
  readonly limits: JournalLimits;
  readonly headRecord: HeadRecord;
  readonly onTrouble: (trouble: string) => void;
}

/** After these the desk serves nobody, so that a file can be sealed: a stay never lies in two. */
const restful: readonly JournalEvent['event'][] = [
  'desk.started',
  'desk.reopened',
  'stay.wiped',
  'stay.foundCutOff',
  'care.done',
  'care.notDone',
];
/** These promise that there is room for a whole stay. */
const opening: readonly JournalEvent['event'][] = ['desk.started', 'desk.reopened', 'stay.begun'];

export class ChainedJournal implements JournalPort, JournalHeads {
  readonly #parts: ChainedJournalParts;
  readonly #listeners = new Set<() => void>();
  #chain: Chain;
  #last: Place;
  #lastAtMs: number;
  #begunAtMs: number;
  #characters: number;
  /** The file has its seal; the next one has to be begun before anything is written. */
  #isSealed = false;
  /** Something went wrong while writing: what is on disk has to be looked at again. */
  #isUnsure = false;
  #turn: Promise<unknown> = Promise.resolve();
  #isOpen = true;

  constructor(parts: ChainedJournalParts, chain: Chain) {
    this.#parts = parts;
    this.#chain = chain;
    this.#last = chain.last;
    const nowMs = parts.clock.wallMs();
    this.#begunAtMs = atMsOf(chain.file.first()) ?? nowMs;
    this.#lastAtMs = atMsOf(chain.file.last()) ?? nowMs;
    this.#characters = chain.file.characters();
  }

  /** Writes what stands at the beginning of a file or of a run, and deletes what has been kept long enough. */
  async begin(): Promise<void> {
    await this.#inTurn(async () => {
      const { toBegin, headSequence } = this.#chain;
      // A clock that stands years ahead would take everything for old.
      const isJumped = Math.abs(this.#parts.clock.wallMs() - this.#lastAtMs) > mostPauseMs;
      if (toBegin !== null) this.#writeBegun(toBegin);
      if (headSequence !== null) this.#add(null, { event: 'journal.restored', headSequence });
      if (!isJumped) await this.#deleteOld();
    });
  }

  append(stay: string | null, body: JournalEvent): Promise<JournalEntry> {
    return this.#inTurn(async () => {
      const entry = {
        stay: checked(stayIdSchema, stay),
        body: checked(journalEventSchema, asStored(body, this.#parts.personalData, this.#parts.secret)),
      };
      if (opening.includes(body.event)) await this.#requireRoom();
      if (this.#isUnsure) this.#lookAgain();
      if (this.#isSealed) await this.#goOnInNext();
      const written = this.#add(entry.stay, entry.body);
      if (restful.includes(body.event)) this.#sealSoon();
      return { ...written, ...entry };
    });
  }

  unfinished(): Promise<readonly JournalEntry[]> {
    return this.#inTurn(async () => this.#chain.file.unfinished().map(readEntry));
  }

  latest(): WrittenHead {
    const { desk, sequence, hash } = this.#last;
    const { file, key } = this.#chain;
    const at = new Date(this.#lastAtMs).toISOString();
    return {
      sequence,
      atMs: this.#lastAtMs,
      text: writeHead({ desk, file: file.number, sequence, at, hash: hash ?? '' }, key),
    };
  }

  onHead(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was asked for before is written first. */
  async close(): Promise<void> {
    await this.#turn;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#chain.file.close();
    await this.#parts.headRecord.settled();
  }

  /** One thing after the other, whatever became of the one before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => {
      if (!this.#isOpen) throw new JournalUnavailable('closed');
      return work();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #add(stay: string | null, body: JournalEvent): { readonly sequence: number; readonly atMs: number } {
    const atMs = Math.round(this.#parts.clock.wallMs());
    const { file, key } = this.#chain;
    const sequence = this.#last.sequence + 1;
    const { desk, hash: previous } = this.#last;
    const at = new Date(atMs).toISOString();
    const line = writeLine({ desk, file: file.number, sequence, at, stay, body, previous }, key);
    this.#isUnsure = true;
    file.add({ sequence, line });
    this.#isUnsure = false;
    this.#last = { desk, sequence, hash: hashOf(line) };
    this.#lastAtMs = atMs;
    this.#characters += line.length;
    this.#parts.headRecord.note(this.latest().text);
    for (const listener of this.#listeners) listener();
    return { sequence, atMs };
  }

  /** SQLite may have written an entry and failed to say so. */
  #lookAgain(): void {
    const row = this.#chain.file.last();
    if (row !== null && row.sequence > this.#last.sequence) {
      this.#last = { desk: this.#last.desk, sequence: row.sequence, hash: hashOf(row.line) };
      this.#isSealed = readLine(row.line)?.body.event === 'journal.sealed';
    }
    this.#isUnsure = false;
  }

  #writeBegun(toBegin: NonNullable<Chain['toBegin']>): void {
    this.#begunAtMs = Math.round(this.#parts.clock.wallMs());
    this.#add(null, { event: 'journal.begun', publicKey: this.#chain.key.spkiB64u, ...toBegin });
  }

  async #requireRoom(): Promise<void> {
    const { directory, limits } = this.#parts;
    if (limits.leastFreeBytes === 0) return;
    const { bavail, bsize } = await tried(() => statfs(directory));
    if (bavail * bsize < limits.leastFreeBytes) throw new JournalUnavailable('full');
  }

  #sealSoon(): void {
    const reason = this.#dueBecause();
    if (reason === null || this.#chain.file.hasOpenStay()) return;
    this.#inTurn(() => this.#seal(reason)).catch((error: unknown) => {
      if (!(error instanceof JournalUnavailable)) throw error;
      if (error.trouble !== 'closed') this.#parts.onTrouble(`the journal's file could not be sealed: ${error.trouble}`);
    });
  }

  #dueBecause(): 'size' | 'age' | null {
    const { fileBytes, fileMs } = this.#parts.limits;
    if (this.#characters >= fileBytes) return 'size';
    return this.#parts.clock.wallMs() - this.#begunAtMs >= fileMs ? 'age' : null;
  }

  async #seal(because: 'size' | 'age'): Promise<void> {
    if (this.#isSealed || this.#dueBecause() === null || this.#chain.file.hasOpenStay()) return;
    const next = await makeNextKey(this.#parts.directory);
    const { spkiB64u: publicKey } = this.#chain.key;
    this.#add(null, { event: 'journal.sealed', publicKey, nextPublicKey: next.spkiB64u, because });
    this.#isSealed = true;
    await this.#goOnInNext();
    await this.#deleteOld();
  }

  async #goOnInNext(): Promise<void> {
    const { directory, clock } = this.#parts;
    const sealRow = this.#chain.file.last();
    if (sealRow !== null) {
      const key = await takeNextKey(directory, String(readLine(sealRow.line)?.body['nextPublicKey']));
      if (key === 'missing') throw new JournalUnavailable('io');
      this.#chain = await beginNext(directory, this.#chain.file, key, sealRow.line, clock.wallMs());
      this.#characters = 0;
    }
    if (this.#chain.toBegin !== null) this.#writeBegun(this.#chain.toBegin);
    this.#isSealed = false;
  }

  async #deleteOld(): Promise<void> {
    const { directory, clock, limits } = this.#parts;
    if (limits.keepMs === null) return;
    await deleteKeptLongEnough(directory, clock.wallMs() - limits.keepMs, (body) => void this.#add(null, body));
  }
}

/** Longer than this no desk that is in use stands still. */
const mostPauseMs = 31 * 86_400_000;

function atMsOf(row: Row | null): number | null {
  const line = readLine(row?.line ?? '');
  return line === null ? null : Date.parse(line.at);
}

/** @throws {TypeError} naming the members that may not be written, never their values: that is a mistake in the program. */
function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code);
  throw new TypeError(`not an entry for the journal: ${[...new Set(places)].join(', ')}`);
}

/** A line of another form, or with another event than ours, was not written by us. */
function readEntry({ line: text }: Row): JournalEntry {
  const line = readLine(text);
  const body = journalEventSchema.safeParse(line?.body);
  if (line === null || !body.success) throw new JournalUnavailable('corrupt' satisfies JournalTrouble);
  return { sequence: line.sequence, atMs: Date.parse(line.at), stay: line.stay, body: body.data };
}
