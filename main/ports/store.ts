import type { JournalPort } from './journal.ts';

/** Everything a world keeps on disk, in one place of its own: today the journal. */
export interface StorePort {
  readonly journal: JournalPort;
  close(): Promise<void>;
}
