// What a journal of a test is opened with: everything beside its folder, no rotation and no demand for room.
import path from 'node:path';
import type { JournalLimits } from '../../main/adapters/store-sqlite/chained-journal.ts';
import type { SqliteStoreOptions } from '../../main/adapters/store-sqlite/sqlite-store.ts';

const unlimited: JournalLimits = { fileBytes: Infinity, fileMs: Infinity, keepMs: null, leastFreeBytes: 0 };

export function journalOptions(
  directory: string,
  { limits, ...given }: Partial<Omit<SqliteStoreOptions, 'limits'>> & { readonly limits?: Partial<JournalLimits> } = {},
): SqliteStoreOptions {
  return {
    directory,
    headFile: path.join(`${directory}.heads`, 'training.json'),
    clock: { wallMs: () => Date.now() },
    personalData: 'full',
    onTrouble: () => undefined,
    ...given,
    limits: { ...unlimited, ...limits },
  };
}
