// From lines of which each is known to be genuine or not, to the breaks between them.
import type { JournalHead } from '../line.ts';
import { longestRising } from './longest-rising.ts';
import type { JournalBreak, Unsound } from './verdict.ts';

export type SeenLine = SoundLine | UnsoundLine;

interface SoundLine {
  readonly sound: true;
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string | null;
}

interface UnsoundLine {
  readonly sound: false;
  /** The number it gives itself, where it can be read. */
  readonly claims: number | null;
  readonly why: Unsound;
}

/** The journal's own word that its beginning has been deleted. */
export interface DeletedNote {
  readonly throughSequence: number;
  readonly sealHash: string;
}

export interface Lines {
  readonly seen: readonly SeenLine[];
  readonly note: DeletedNote | null;
  /** Genuine ones. */
  readonly heads: readonly JournalHead[];
  readonly from: 'beginning' | 'part';
}

export interface FoundBreaks {
  readonly breaks: readonly JournalBreak[];
  readonly first: number | null;
  readonly last: number | null;
  readonly agreeing: number;
}

export function breaksOf({ seen, note, heads, from }: Lines): FoundBreaks {
  const { inPlace, moved, bySequence } = placed(seen);
  const gone = gaps({ seen, inPlace, bySequence, from, excused: note?.throughSequence ?? 0 });
  const last = [...bySequence.keys()].reduce((a, b) => Math.max(a, b), gone.last);
  const held = heads.map((head) => heldAgainst(head, bySequence, last));
  const breaks = [...gone.breaks, ...moved, ...brokenLinks(bySequence, note), ...held.flatMap((each) => each ?? [])];
  const sequences = [...bySequence.keys()];
  return {
    breaks: inOrder(breaks),
    first: sequences.length === 0 ? null : sequences.reduce((a, b) => Math.min(a, b)),
    last: sequences.length === 0 ? null : sequences.reduce((a, b) => Math.max(a, b)),
    agreeing: held.filter((each) => each === null).length,
  };
}

interface Placed {
  /** Indices of lines that stand where they belong. */
  readonly inPlace: readonly number[];
  readonly moved: readonly JournalBreak[];
  readonly bySequence: ReadonlyMap<number, SoundLine>;
}

function placed(seen: readonly SeenLine[]): Placed {
  const sound = seen.flatMap((line, index) => (line.sound ? [{ line, index }] : []));
  const rising = new Set(longestRising(sound.map(({ line }) => line.sequence)));
  const inPlace = sound.filter((_, at) => rising.has(at));
  const bySequence = new Map(inPlace.map(({ line }) => [line.sequence, line]));
  const moved: JournalBreak[] = [];
  for (const [at, { line }] of sound.entries()) {
    if (rising.has(at)) continue;
    const { sequence, hash } = line;
    const other = bySequence.get(sequence);
    if (other === undefined) {
      bySequence.set(sequence, line);
      moved.push({ kind: 'reordered', sequence, after: sound[at - 1]?.line.sequence ?? 0 });
    } else {
      moved.push(other.hash === hash ? { kind: 'repeated', sequence } : { kind: 'restored', from: sequence, to: sequence });
    }
  }
  return { inPlace: inPlace.map(({ index }) => index), moved, bySequence };
}

interface Gaps {
  readonly seen: readonly SeenLine[];
  readonly inPlace: readonly number[];
  readonly bySequence: ReadonlyMap<number, SoundLine>;
  readonly from: Lines['from'];
  /** Up to here entries may be missing. */
  readonly excused: number;
}

/** What is missing between lines in their places, and the lines there that the desk did not write as they are. */
function gaps({ seen, inPlace, bySequence, from, excused }: Gaps): { breaks: readonly JournalBreak[]; last: number } {
  const breaks: JournalBreak[] = [];
  let [index, sequence] = [-1, 0];
  for (const next of inPlace) {
    const line = seen[next];
    if (line?.sound !== true) continue;
    const between = unsoundBetween(seen, index, next);
    const isPart = index < 0 && from === 'part';
    const after = isPart ? line.sequence - 1 - between.length : sequence;
    for (const found of gap(between, Math.max(after, 0), line.sequence, { bySequence, excused })) breaks.push(found);
    [index, sequence] = [next, line.sequence];
  }
  const tail = unsoundBetween(seen, index, seen.length);
  for (const { claims, why } of tail) {
    // Of lines whose key nothing leads to, the numbers may well be right; of others nothing may.
    const own = why === 'unknownKey' && claims !== null && claims > sequence ? claims : sequence + 1;
    if (own > Math.max(sequence, excused) + 1) breaks.push({ kind: 'deleted', from: sequence + 1, to: own - 1 });
    breaks.push({ kind: 'changed', from: own, to: own, why });
    sequence = own;
  }
  return { breaks, last: sequence };
}

function unsoundBetween(seen: readonly SeenLine[], after: number, before: number): readonly UnsoundLine[] {
  return seen.slice(after + 1, before).flatMap((line) => (line.sound ? [] : [line]));
}

/** One gap, from the entry behind `after` to the one before `before`. */
function gap(
  between: readonly UnsoundLine[],
  after: number,
  before: number,
  { bySequence, excused }: Pick<Gaps, 'bySequence' | 'excused'>,
): readonly JournalBreak[] {
  const missing = new Set<number>();
  for (let sequence = after + 1; sequence < before; sequence += 1) if (!bySequence.has(sequence)) missing.add(sequence);
  const breaks: JournalBreak[] = [];
  const unplaced: UnsoundLine[] = [];
  for (const line of between) {
    if (line.claims === null || !missing.delete(line.claims)) unplaced.push(line);
    else breaks.push({ kind: 'changed', from: line.claims, to: line.claims, why: line.why });
  }
  for (const { why } of unplaced) {
    const [sequence] = missing;
    if (sequence === undefined) breaks.push({ kind: 'inserted', after, why });
    else {
      missing.delete(sequence);
      breaks.push({ kind: 'changed', from: sequence, to: sequence, why });
    }
  }
  return [...breaks, ...ranges([...missing].filter((sequence) => sequence > excused))];
}

function ranges(missing: readonly number[]): readonly JournalBreak[] {
  const found: { kind: 'deleted'; from: number; to: number }[] = [];
  for (const sequence of missing) {
    const last = found.at(-1);
    if (last?.to === sequence - 1) last.to = sequence;
    else found.push({ kind: 'deleted', from: sequence, to: sequence });
  }
  return found;
}

/** Two genuine entries that don't follow one another: one of them is from another copy. */
function brokenLinks(bySequence: ReadonlyMap<number, SoundLine>, note: DeletedNote | null): readonly JournalBreak[] {
  const broken = new Set<number>();
  for (const [sequence, { previous }] of bySequence) {
    const before = sequence === 1 ? null : (bySequence.get(sequence - 1)?.hash ?? deletedHash(sequence - 1, note));
    if (before !== undefined && before !== previous) broken.add(sequence - 1);
  }
  const ends = [...broken].toSorted((a, b) => a - b);
  const breaks: JournalBreak[] = [];
  for (let at = 0; at < ends.length; at += 2) {
    const [first = 1, second] = ends.slice(at, at + 2);
    // Broken on both sides: what lies between is the odd part. On one side: what follows counts, because it goes on to the head.
    breaks.push({
      kind: 'restored',
      from: second === undefined ? Math.max(first, 1) : first + 1,
      to: second ?? Math.max(first, 1),
    });
  }
  return breaks;
}

function deletedHash(sequence: number, note: DeletedNote | null): string | undefined {
  return note?.throughSequence === sequence ? note.sealHash : undefined;
}

/** Null when it agrees; nothing to tell where it can't be compared, because its entry is gone or changed, which is told already. */
function heldAgainst(
  { sequence, hash }: JournalHead,
  bySequence: ReadonlyMap<number, SoundLine>,
  last: number,
): readonly JournalBreak[] | null {
  if (sequence > last) return [{ kind: 'truncated', last, known: sequence }];
  const own = bySequence.get(sequence);
  if (own === undefined) return [];
  return own.hash === hash ? null : [{ kind: 'restored', from: sequence, to: sequence }];
}

/** Each once, by the place where it is. */
function inOrder(breaks: readonly JournalBreak[]): readonly JournalBreak[] {
  const once = new Map(breaks.map((each) => [JSON.stringify(each), each]));
  return merged([...once.values()].toSorted((a, b) => placeOf(a) - placeOf(b)));
}

/** Neighbours that were changed in the same way are one break. */
function merged(breaks: readonly JournalBreak[]): readonly JournalBreak[] {
  const told: JournalBreak[] = [];
  for (const each of breaks) {
    const last = told.at(-1);
    if (each.kind === 'changed' && last?.kind === 'changed' && last.why === each.why && last.to === each.from - 1) {
      told[told.length - 1] = { ...last, to: each.to };
    } else told.push(each);
  }
  return told;
}

function placeOf(found: JournalBreak): number {
  switch (found.kind) {
    case 'reordered':
    case 'repeated':
      return found.sequence;
    case 'inserted':
      return found.after;
    case 'changed':
    case 'deleted':
    case 'restored':
      return found.from;
    case 'truncated':
      return found.known;
    case 'head':
    case 'keyNotInChain':
      return 0;
    default:
      return found satisfies never;
  }
}
