// What a verification can find, exactly.

/** Why a line or a head is not the desk's own as it was written. `unknownKey`: no chain of seals leads to the key that signed it. */
export type Unsound = 'unreadable' | 'otherDesk' | 'unknownKey' | 'signature';

export type JournalBreak =
  /** Something stands there, and is not what the desk wrote. */
  | { readonly kind: 'changed'; readonly from: number; readonly to: number; readonly why: Unsound }
  /** A line that the desk did not write, where none is missing. */
  | { readonly kind: 'inserted'; readonly after: number; readonly why: Unsound }
  | { readonly kind: 'deleted'; readonly from: number; readonly to: number }
  /** A genuine entry that stands behind `after` and belongs elsewhere. */
  | { readonly kind: 'reordered'; readonly sequence: number; readonly after: number }
  | { readonly kind: 'repeated'; readonly sequence: number }
  /**
   * Genuine entries from another copy of the journal: what follows `to`, or a head, knows another entry in its place. Where the
   * beginning of that part can't be seen, because both copies had it in common, `from` is `to`.
   */
  | { readonly kind: 'restored'; readonly from: number; readonly to: number }
  /** The journal ends before what a head knows of. */
  | { readonly kind: 'truncated'; readonly last: number; readonly known: number }
  /** A head that was given is not this desk's. */
  | { readonly kind: 'head'; readonly why: Unsound }
  /** The key that was given has signed nothing here, and no seal names it. */
  | { readonly kind: 'keyNotInChain'; readonly key: string };

/**
 * What the keys of the journal were held against. `firstKey`: the desk's id is the hash of the key that began it, and seals lead
 * from there to every other. `givenKey`: as much from a key that was given. `itself`: nothing but the journal's own beginning.
 */
export type Lineage = 'firstKey' | 'givenKey' | 'itself';

export interface Verdict {
  readonly breaks: readonly JournalBreak[];
  /** Lines that were looked at, and the first and last sequence of genuine ones; null when there is none. */
  readonly lines: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Of the last genuine entry. */
  readonly lastAt: string | null;
  readonly desk: string | null;
  readonly lineage: Lineage;
  /** Up to here entries are gone because they had been kept long enough; the journal says so itself. */
  readonly deletedThrough: number | null;
  /** Heads that are genuine and agree. */
  readonly heads: number;
}
