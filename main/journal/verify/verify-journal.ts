// Reads a journal twice, first for its keys and then for its entries, and names every break. What is left of a journal can't
// tell that its end is missing: heads can, which were kept elsewhere (docs/journal.md).
import { hashOf, isHeadOf, isLineOf, readHead, readLine, type JournalHead, type JournalLine } from '../line.ts';
import type { PublicKey } from '../signing-key.ts';
import { breaksOf, type DeletedNote, type SeenLine } from './breaks.ts';
import { KeyChain } from './key-chain.ts';
import type { JournalBreak, Unsound, Verdict } from './verdict.ts';

export interface JournalToVerify {
  /** Every line, in the order in which they lie there; read twice. */
  readonly lines: () => AsyncIterable<string> | Iterable<string>;
  /** Texts of heads that were kept elsewhere. */
  readonly heads: readonly string[];
  /** Keys that are known to be the desk's. */
  readonly keys: readonly PublicKey[];
  /** `beginning`: this is all there is. `part`: what came before the first line is not looked for. */
  readonly from: 'beginning' | 'part';
  readonly signal: AbortSignal;
}

export async function verifyJournal({ lines, heads, keys, from, signal }: JournalToVerify): Promise<Verdict> {
  const chain = new KeyChain();
  const votes = new Map<string, number>();
  for await (const text of lines()) {
    signal.throwIfAborted();
    const line = readLine(text);
    if (line === null) continue;
    votes.set(line.desk, (votes.get(line.desk) ?? 0) + 1);
    chain.note(text, line);
  }
  // A foreign line at the beginning must not make foreigners of all others.
  const desk = [...votes].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  const own = keys.filter(({ id }) => chain.names(id));
  const strangers = keys.filter((key) => !own.includes(key)).map(({ id }): JournalBreak => ({ kind: 'keyNotInChain', key: id }));
  const { keys: trusted, lineage } = chain.trusted(desk, own);

  const seen: SeenLine[] = [];
  let note: DeletedNote | null = null;
  let lastAt: string | null = null;
  for await (const text of lines()) {
    signal.throwIfAborted();
    const line = readLine(text);
    const why = line === null ? 'unreadable' : unsound(line, desk, trusted);
    seen.push(seenOf(text, line, why));
    if (line === null || why !== null) continue;
    lastAt = line.at;
    note = noteOf(line) ?? note;
  }
  const known = heads.map((text) => headOf(text, desk, trusted));
  const genuine = known.flatMap((head) => (typeof head === 'string' ? [] : [head]));
  const found = breaksOf({ seen, note, heads: genuine, from });
  return {
    breaks: [...strangers, ...known.flatMap((head) => (typeof head === 'string' ? [badHead(head)] : [])), ...found.breaks],
    lines: seen.length,
    first: found.first,
    last: found.last,
    lastAt,
    desk,
    lineage,
    deletedThrough: note?.throughSequence ?? null,
    heads: found.agreeing,
  };
}

const badHead = (why: Unsound): JournalBreak => ({ kind: 'head', why });

function unsound(line: JournalLine, desk: string | null, keys: ReadonlyMap<string, PublicKey>): Unsound | null {
  if (line.desk !== desk) return 'otherDesk';
  const key = keys.get(line.key);
  if (key === undefined) return 'unknownKey';
  return isLineOf(line, key) ? null : 'signature';
}

function headOf(text: string, desk: string | null, keys: ReadonlyMap<string, PublicKey>): JournalHead | Unsound {
  const head = readHead(text);
  if (head === null) return 'unreadable';
  if (head.desk !== desk) return 'otherDesk';
  const key = keys.get(head.key);
  if (key === undefined) return 'unknownKey';
  return isHeadOf(head, key) ? head : 'signature';
}

function seenOf(text: string, line: JournalLine | null, why: Unsound | null): SeenLine {
  if (line === null || why !== null) return { sound: false, claims: line?.sequence ?? null, why: why ?? 'unreadable' };
  return { sound: true, sequence: line.sequence, hash: hashOf(text), previous: line.previous };
}

function noteOf({ body }: JournalLine): DeletedNote | null {
  const { event, throughSequence, sealHash } = body;
  if (event !== 'journal.deleted' || typeof throughSequence !== 'number' || typeof sealHash !== 'string') return null;
  return { throughSequence, sealHash };
}
