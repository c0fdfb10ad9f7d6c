import type { JournalPort } from './journal.ts';

/** Everything a world keeps on disk, in one place of its own: the journal, and where it stands. */
export interface StorePort {
  readonly journal: JournalPort;
  readonly heads: JournalHeads;
  close(): Promise<void>;
}

/** Where the journal stands, signed with the desk's key: what somebody else keeps to tell later that something is missing. */
export interface JournalHeads {
  latest(): WrittenHead;
  /** Tells of each entry when it is on disk. The result stops it. */
  onHead(listener: () => void): () => void;
}

export interface WrittenHead {
  readonly sequence: number;
  readonly atMs: number;
  /** One line of JSON (docs/journal.md). */
  readonly text: string;
}
