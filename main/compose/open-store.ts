// The store of one world: its journal opened, or one that takes nothing until it can be, so that nothing irreversible is done
// unrecorded.
import { openSqliteStore, type SqliteStore } from '../adapters/store-sqlite/sqlite-store.ts';
import type { JournalLimits } from '../adapters/store-sqlite/chained-journal.ts';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { JournalSettings } from '../ports/settings.ts';
import type { StorePort } from '../ports/store.ts';
import type { DeskParts } from './desk-parts.ts';
import { journalPlaces } from './journal-places.ts';
import { settingsEntries } from './settings-entries.ts';

export interface OpenedStore {
  readonly journal: JournalPort;
  readonly closedBecause: Reason | null;
  /** Calls once, as soon as there is a store. */
  onStore(listener: (store: StorePort) => void): void;
  close(): Promise<void>;
}

export type StoreParts = Pick<DeskParts, 'world' | 'settings' | 'dataFolder' | 'onTrouble'>;

const mib = 1_048_576;
const dayMs = 86_400_000;

/** Room that must be free before a stay begins, beside what sealing a file takes: a stay writes some 20 KiB. */
const roomForStaysBytes = 16 * mib;

/** A desk whose journal can't be opened must not serve anybody; it tries again whenever something is to be written. */
export async function openStore(parts: StoreParts, clock: ClockPort): Promise<OpenedStore> {
  const store = new LateStore(() => openNow(parts, clock));
  try {
    await store.open();
    return { journal: store.journal, closedBecause: null, onStore: (tell) => store.onStore(tell), close: () => store.close() };
  } catch {
    const closedBecause = because('desk.notJournalled');
    return { journal: store.journal, closedBecause, onStore: (tell) => store.onStore(tell), close: () => store.close() };
  }
}

async function openNow({ dataFolder, world, settings, onTrouble }: StoreParts, clock: ClockPort): Promise<StorePort> {
  const store: SqliteStore = await openSqliteStore({
    ...journalPlaces(dataFolder, world, settings),
    clock,
    personalData: settings.journalPersonalData,
    limits: limitsOf(settings),
    onTrouble,
  });
  if (store.setAside !== null)
    onTrouble(`the journal could not be gone on with and was put aside as ${store.setAside}; a new one was begun`);
  if (store.wasRestored) onTrouble('the journal is older than the record of its head: entries are missing');
  return store;
}

function limitsOf({ journalFileMib, journalFileDays, journalKeepDays }: JournalSettings): JournalLimits {
  return {
    fileBytes: journalFileMib * mib,
    fileMs: journalFileDays * dayMs,
    keepMs: journalKeepDays === null ? null : journalKeepDays * dayMs,
    leastFreeBytes: roomForStaysBytes + journalFileMib * mib,
  };
}

/** A store that is opened as soon as it can be. */
class LateStore {
  readonly #open: () => Promise<StorePort>;
  #opening: Promise<StorePort> | null = null;
  #store: StorePort | null = null;
  #isClosed = false;
  readonly #listeners: ((store: StorePort) => void)[] = [];

  constructor(open: () => Promise<StorePort>) {
    this.#open = open;
  }

  readonly journal: JournalPort = {
    append: async (stay, body) => (await this.open()).journal.append(stay, body),
    unfinished: async () => this.#store?.journal.unfinished() ?? [],
  };

  /** @throws {JournalUnavailable} as often as it is tried and can't be. */
  open(): Promise<StorePort> {
    if (this.#isClosed) return Promise.reject(new Error('the store is closed'));
    this.#opening ??= this.#open().then(
      (store) => {
        this.#store = store;
        for (const tell of this.#listeners.splice(0)) tell(store);
        return store;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  onStore(listener: (store: StorePort) => void): void {
    if (this.#store === null) this.#listeners.push(listener);
    else listener(this.#store);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    await this.#store?.close();
  }
}

/** Writes the start down, and what the desk goes by; what stands in the way, where something does. */
export async function started(
  { journal, closedBecause }: OpenedStore,
  { version, found }: Pick<DeskParts, 'version' | 'found'>,
): Promise<Reason | null> {
  if (closedBecause) return closedBecause;
  try {
    await journal.append(null, { event: 'desk.started', version });
    for (const entry of settingsEntries(found)) await journal.append(null, entry);
    return null;
  } catch {
    return because('desk.notJournalled');
  }
}
