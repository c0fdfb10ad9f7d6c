// One SQLite file per world, through libsql.
import type { World } from '../../../contract/snapshot.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { StorePort } from '../../ports/store.ts';

export interface SqliteStoreOptions {
  /** Made when missing, for this user only. */
  readonly directory: string;
  readonly world: World;
  readonly clock: ClockPort;
}

export interface SqliteStore extends StorePort {
  /** Name of the broken file that was put aside when this store was opened; null when there was none. */
  readonly setAside: string | null;
}

/** Rejects with `JournalUnavailable` (by name) when the file can't be opened or made. */
export declare function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore>;
