// The store of one world: its file opened, or a journal that takes nothing, so that nothing irreversible is done unrecorded.
import path from 'node:path';
import { openSqliteStore } from '../adapters/store-sqlite/sqlite-store.ts';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { StorePort } from '../ports/store.ts';
import type { DeskParts } from './desk-parts.ts';

export interface OpenedStore {
  readonly store: StorePort | null;
  readonly journal: JournalPort;
  readonly closedBecause: Reason | null;
}

/** A desk whose journal can't be opened must not serve anybody. */
export async function openStore({ dataFolder, world, onTrouble }: DeskParts, clock: ClockPort): Promise<OpenedStore> {
  try {
    const store = await openSqliteStore({ directory: path.join(dataFolder, world), world, clock });
    if (store.setAside !== null)
      onTrouble(`the journal could not be read and was put aside as ${store.setAside}; a new one was begun`);
    return { store, journal: store.journal, closedBecause: null };
  } catch {
    return { store: null, journal: unavailableJournal, closedBecause: because('desk.notJournalled') };
  }
}

/** Writes the start down; what stands in the way, where something does. */
export async function started({ journal, closedBecause }: OpenedStore, version: string): Promise<Reason | null> {
  if (closedBecause) return closedBecause;
  try {
    await journal.append(null, { event: 'desk.started', version });
    return null;
  } catch {
    return because('desk.notJournalled');
  }
}

const unavailableJournal: JournalPort = {
  append: () => Promise.reject(new Error('there is no journal')),
  unfinished: () => Promise.resolve([]),
};
