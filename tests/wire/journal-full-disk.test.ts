// A disk that is really full: nobody is served unjournalled, everybody is told who to call, and with room again the desk serves.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultSettings as settings } from '../../main/adapters/settings-file/settings-schema.ts';
import { linesOfFolder } from '../../main/adapters/store-sqlite/read-journal.ts';
import { openSqliteStore, type SqliteStore } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { openStore, started } from '../../main/compose/open-store.ts';
import { verifyJournal } from '../../main/journal/verify/verify-journal.ts';
import { journalOptions } from '../support/journal-options.ts';
import { journalSamples } from '../support/journal-story.ts';
import { takenOf } from '../support/settings-scene.ts';
import { canMount, mountSmallDisk, unmount } from '../support/small-disk.ts';
import { WholeDesk } from '../support/whole-desk.ts';

const mib = 1_048_576;
let disk: string;

describe.runIf(canMount())('a full disk', () => {
  beforeEach(async () => {
    disk = await mkdtemp(path.join(tmpdir(), 'firstkey-full-'));
  });
  afterEach(async () => {
    unmount(disk);
    await rm(disk, { recursive: true, force: true });
  });

  const filler = (): string => path.join(disk, 'filler');
  /** As much as there is room for. */
  async function fill(): Promise<void> {
    await writeFile(filler(), Buffer.alloc(64 * mib)).catch(() => undefined);
  }

  test('while the desk is open: no stay begins, the screen says who to call, and with room it serves again', async () => {
    mountSmallDisk(disk, 4_096);
    const directory = path.join(disk, 'journal');
    const store: SqliteStore = await openSqliteStore(journalOptions(directory, { headFile: path.join(disk, 'head.json') }));
    const desk = await WholeDesk.open({ journal: store.journal });
    try {
      await desk.until('attract');
      await fill();
      desk.press({ type: 'start' });
      await desk.until('closed');
      const { reason, contact } = desk.screen('closed');
      expect(reason.code).toBe('desk.notJournalled');
      expect(contact).toBe(settings.contact);
      await rm(filler());
      await desk.until('attract');
      desk.press({ type: 'start' });
      await desk.until('plan');
    } finally {
      await desk.close();
      await store.close();
    }
    const signal = new AbortController().signal;
    const lines = await linesOfFolder(directory);
    expect(await verifyJournal({ lines, heads: [], keys: [], from: 'beginning', signal })).toMatchObject({ breaks: [] });
  });

  test('already at the start: the desk is closed, and opens its journal as soon as it can', async () => {
    mountSmallDisk(disk, 64 * 1024);
    await mkdir(path.join(disk, 'training'));
    await fill();
    const parts = { world: 'training', settings, dataFolder: disk, onTrouble: () => undefined } as const;
    const opened = await openStore(parts, systemClock());
    try {
      expect(await started(opened, { version: '0.1.0', found: takenOf({}) })).toMatchObject({ code: 'desk.notJournalled' });
      await expect(opened.journal.append(null, journalSamples['desk.reopened'])).rejects.toMatchObject({
        name: 'JournalUnavailable',
      });
      await rm(filler());
      expect((await opened.journal.append(null, journalSamples['desk.reopened'])).sequence).toBe(2);
    } finally {
      await opened.close();
    }
  });

  test('too little room for a whole stay is as good as none', async () => {
    mountSmallDisk(disk, 24 * 1024);
    const limits = { leastFreeBytes: 16 * mib };
    const headFile = path.join(disk, 'head.json');
    const store = await openSqliteStore(journalOptions(path.join(disk, 'journal'), { headFile, limits }));
    await store.journal.append('a', journalSamples['stay.begun']);
    await writeFile(filler(), Buffer.alloc(10 * mib));
    await expect(store.journal.append('b', journalSamples['stay.begun'])).rejects.toMatchObject({ trouble: 'full' });
    // Who has begun is written to the end.
    await store.journal.append('a', journalSamples['stay.wiped']);
    await rm(filler());
    await store.journal.append('b', journalSamples['stay.begun']);
    await store.close();
  });
});
