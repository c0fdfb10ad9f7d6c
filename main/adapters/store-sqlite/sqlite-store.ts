// The store of one world: the journal's folder, the desk's key in it, and the record of its head in another place.
import path from 'node:path';
import type { ClockPort } from '../../ports/clock.ts';
import type { PersonalDataRule } from '../../ports/journal.ts';
import type { StorePort } from '../../ports/store.ts';
import { ChainedJournal, type JournalLimits } from './chained-journal.ts';
import { HeadRecord } from './head-record.ts';
import { pseudonymSecret } from './journal-keys.ts';
import { openChain, tidy } from './open-chain.ts';

export interface SqliteStoreOptions {
  /** Made when missing, for this user only. */
  readonly directory: string;
  /** Where the journal's head is kept as well; outside the directory, better on another disk. */
  readonly headFile: string;
  readonly clock: Pick<ClockPort, 'wallMs'>;
  readonly personalData: PersonalDataRule;
  readonly limits: JournalLimits;
  /** Something did not go that stops nobody; without a path and without a person. */
  readonly onTrouble: (trouble: string) => void;
}

export interface SqliteStore extends StorePort {
  /** Name of what was broken and put aside when this store was opened; null when there was nothing. */
  readonly setAside: string | null;
  /** The journal is older than its head, which was kept in another place. */
  readonly wasRestored: boolean;
}

/** @throws {JournalUnavailable} when the journal can't be opened, made or written. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { clock, personalData, limits, onTrouble } = options;
  const directory = path.resolve(options.directory);
  const headFile = path.resolve(options.headFile);
  const chain = await openChain({ directory, headFile }, clock.wallMs());
  await tidy(directory, chain.file.number);
  const secret = await pseudonymSecret(directory);
  const headRecord = new HeadRecord(headFile, (trouble) =>
    onTrouble(`the journal's head can't be kept in its second place: ${trouble}`),
  );
  const journal = new ChainedJournal({ directory, clock, personalData, secret, limits, headRecord, onTrouble }, chain);
  try {
    await journal.begin();
  } catch (error) {
    await journal.close();
    throw error;
  }
  return {
    journal,
    heads: journal,
    setAside: chain.toBegin?.setAside ?? null,
    wasRestored: chain.headSequence !== null,
    close: () => journal.close(),
  };
}
