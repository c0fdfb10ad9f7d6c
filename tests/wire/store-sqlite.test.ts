// The journal on a real disk: what is acknowledged stays, what is broken is put aside, what can't be written is said.
import Database from 'libsql';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JournalUnavailable } from '../../main/adapters/store-sqlite/journal-unavailable.ts';
import { openSqliteStore, type SqliteStore } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import type { JournalEvent } from '../../main/ports/journal.ts';
import { canMount, mountSmallDisk, unmount } from '../support/small-disk.ts';
import { journalWriter, type JournalWriter } from '../support/journal-process.ts';
import { journalOptions } from '../support/journal-options.ts';
import { journalSamples, journalStory } from '../support/journal-story.ts';

const startMs = Date.parse('2026-11-23T09:00:00Z');
let wallMs = startMs;
let folder: string;
const stores: SqliteStore[] = [];

beforeEach(async () => {
  wallMs = startMs;
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-store-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const place of [folder, `${folder}.heads`]) await rm(place, { recursive: true, force: true });
});

async function open(directory = folder): Promise<SqliteStore> {
  const store = await openSqliteStore(journalOptions(directory, { clock: { wallMs: () => wallMs } }));
  stores.push(store);
  return store;
}

const file = (): string => path.join(folder, 'journal-000001.sqlite');

/** Everything in the file but the journal's own words, past our own reading. */
function rows(directory = folder): readonly { readonly stay: string | null; readonly body: JournalEvent }[] {
  const database = new Database(path.join(directory, 'journal-000001.sqlite'));
  try {
    const all = database.prepare('SELECT line FROM journal ORDER BY sequence').all() as { line: string }[];
    return all
      .map(({ line }) => JSON.parse(line) as { stay: string | null; body: JournalEvent })
      .map(({ stay, body }) => ({ stay, body }))
      .filter(({ body }) => !body.event.startsWith('journal.'));
  } finally {
    database.close();
  }
}

const unavailable = (trouble: string): object => ({ name: 'JournalUnavailable', trouble });

describe('the journal', () => {
  test('keeps entries in order, with their time and their stay', async () => {
    const { journal } = await open();
    const first = await journal.append(null, journalSamples['desk.started']);
    wallMs += 1_500.4;
    const second = await journal.append('stay-1', journalSamples['stay.begun']);
    expect(first).toEqual({ sequence: 2, atMs: startMs, stay: null, body: journalSamples['desk.started'] });
    expect(second).toEqual({ sequence: 3, atMs: startMs + 1_500, stay: 'stay-1', body: journalSamples['stay.begun'] });
    expect(await journal.unfinished()).toEqual([second]);
  });

  test('tells of every stay that was not wiped, oldest entry first, and of no other', async () => {
    const { journal } = await open();
    await journal.append(null, journalSamples['desk.started']);
    for (const stay of ['a', 'b', 'c']) await journal.append(stay, journalSamples['stay.begun']);
    await journal.append('a', journalSamples['pin.setting']);
    await journal.append('b', journalSamples['stay.wiped']);
    await journal.append('c', journalSamples['credential.making']);
    expect((await journal.unfinished()).map(({ stay, body }) => `${stay} ${body.event}`)).toEqual([
      'a stay.begun',
      'c stay.begun',
      'a pin.setting',
      'c credential.making',
    ]);
  });

  test('is the same after closing and opening', async () => {
    const store = await open();
    for (const event of journalStory.slice(0, -1)) await store.journal.append('stay-1', event);
    await store.close();
    expect((await (await open()).journal.unfinished()).map(({ body }) => body)).toEqual(journalStory.slice(0, -1));
  });

  test('numbers are never used again', async () => {
    const store = await open();
    await store.journal.append('a', journalSamples['stay.begun']);
    await store.close();
    expect((await (await open()).journal.append('b', journalSamples['stay.begun'])).sequence).toBe(3);
  });

  test('refuses what is not on the list, naming the place and not the value', async () => {
    const { journal } = await open();
    const planted = { ...journalSamples['pin.set'], pin: '84120973' } as unknown as JournalEvent;
    const failure = await journal.append('stay-1', planted).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect(String(failure)).not.toContain('84120973');
    await expect(journal.append('Lina Berg', journalSamples['pin.set'])).rejects.toThrow(TypeError);
    expect(rows()).toEqual([]);
    for (const name of readdirSync(folder)) expect(readFileSync(path.join(folder, name)).includes('84120973')).toBe(false);
  });

  test('only grows: not even SQL changes or removes an entry', async () => {
    const { journal } = await open();
    await journal.append('a', journalSamples['stay.begun']);
    const database = new Database(file());
    for (const statement of [
      "UPDATE journal SET line = '{}'",
      'DELETE FROM journal',
      "INSERT INTO journal (sequence, line) VALUES (9, 'no json')",
    ]) {
      expect(() => database.exec(statement)).toThrow(/only grows|malformed JSON/);
    }
    database.close();
    expect(rows()).toHaveLength(1);
  });

  test('is durable by SQLite’s own account: write-ahead log, full synchronisation', async () => {
    const { journal } = await open();
    await journal.append('a', journalSamples['stay.begun']);
    expect(readdirSync(folder)).toContain('journal-000001.sqlite-wal');
    const source = await readFile(new URL('../../main/adapters/store-sqlite/journal-file.ts', import.meta.url), 'utf8');
    expect(source).toContain('PRAGMA synchronous = FULL');
  });

  test('each world has its own', async () => {
    const training = await open(path.join(folder, 'training'));
    const rehearsal = await open(path.join(folder, 'rehearsal'));
    await training.journal.append('a', journalSamples['stay.begun']);
    expect(await rehearsal.journal.unfinished()).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('belongs to this user only', async () => {
    const directory = path.join(folder, 'made', 'new');
    const { journal } = await open(directory);
    await journal.append('a', journalSamples['stay.begun']);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o600);
  });

  test('once closed says so, and closing twice is nothing', async () => {
    const store = await open();
    await store.close();
    await store.close();
    await expect(store.journal.append('a', journalSamples['stay.begun'])).rejects.toMatchObject(unavailable('closed'));
    await expect(store.journal.unfinished()).rejects.toMatchObject(unavailable('closed'));
    expect(rows()).toEqual([]);
  });
});

describe('a broken file', () => {
  async function grown(): Promise<Buffer> {
    const directory = await mkdtemp(path.join(folder, 'grown-'));
    const store = await open(directory);
    for (let stay = 0; stay < 8; stay += 1) for (const event of journalStory) await store.journal.append(`s${stay}`, event);
    await store.close();
    const database = new Database(path.join(directory, 'journal-000001.sqlite'));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return readFile(path.join(directory, 'journal-000001.sqlite'));
  }

  const damages: readonly [string, () => Promise<Buffer>][] = [
    ['bytes of something else', async () => Buffer.alloc(5_000, 7)],
    ['a file that was cut off', async () => (await grown()).subarray(0, 10_000)],
    ['a page of zeros in the middle', async () => (await grown()).fill(0, 8_192, 12_288)],
    ['a header that was scribbled over', async () => (await grown()).fill(255, 20, 60)],
    [
      'a database of another program',
      async () => {
        const other = path.join(folder, 'other.sqlite');
        const database = new Database(other);
        database.exec('CREATE TABLE recipes (name TEXT)');
        database.close();
        return readFile(other);
      },
    ],
  ];

  test.each(damages)('%s is put aside unchanged, and a new journal begins', async (_what, damage) => {
    const bytes = await damage();
    await writeFile(file(), bytes);
    const store = await open();
    expect(store.setAside).toBe('journal-000001.sqlite.broken-2026-11-23T09-00-00.000Z');
    expect((await readFile(path.join(folder, store.setAside ?? ''))).equals(bytes)).toBe(true);
    await store.journal.append('a', journalSamples['stay.begun']);
    await store.close();
    const again = await open();
    expect(again.setAside).toBeNull();
    expect(await again.journal.unfinished()).toHaveLength(1);
  });

  test.each([
    ['bytes of something else', async () => Buffer.alloc(5_000, 7)],
    ['a header that was scribbled over', async () => (await grown()).fill(255, 20, 60)],
  ])('%s: its write-ahead log goes with it', async (_what, damage) => {
    await writeFile(file(), await damage());
    await writeFile(`${file()}-wal`, Buffer.alloc(500, 9));
    const { setAside } = await open();
    expect((await readFile(path.join(folder, `${setAside}-wal`))).equals(Buffer.alloc(500, 9))).toBe(true);
  });

  test('an entry that Firstkey did not write is not passed on', async () => {
    const { journal } = await open();
    const database = new Database(file());
    database.exec(`INSERT INTO journal (sequence, line) VALUES (9, '{"stay":"a","body":{"event":"pin.typed","pin":"1234"}}')`);
    database.close();
    await expect(journal.unfinished()).rejects.toMatchObject(unavailable('corrupt'));
  });

  test.runIf(process.platform === 'linux')(
    'nothing holds it open any more: its log could be deleted in the new one’s place',
    async () => {
      await writeFile(file(), (await grown()).fill(0, 8_192, 12_288));
      const { setAside } = await open();
      const held = readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)];
        } catch {
          return []; // the descriptor of the listing itself
        }
      });
      expect(held.filter((name) => name.startsWith(path.join(folder, setAside ?? 'none')))).toEqual([]);
    },
  );

  test('an empty file, left by a start that was cut off, is simply begun', async () => {
    await writeFile(file(), '');
    const store = await open();
    expect(store.setAside).toBeNull();
    await store.journal.append('a', journalSamples['stay.begun']);
  });

  test('a file of a newer Firstkey is neither used nor moved', async () => {
    await (await open()).close();
    const database = new Database(file());
    database.exec('PRAGMA user_version = 3');
    database.close();
    await expect(open()).rejects.toMatchObject(unavailable('newer'));
    expect((await readdir(folder)).filter((name) => name.includes('broken'))).toEqual([]);
  });
});

describe('a disk that does not take it', () => {
  test('a folder that can’t be made', async () => {
    await writeFile(path.join(folder, 'taken'), '');
    await expect(open(path.join(folder, 'taken', 'below'))).rejects.toMatchObject(unavailable('io'));
    await expect(open(path.join(folder, 'taken'))).rejects.toBeInstanceOf(JournalUnavailable);
  });

  test('another program that holds the file is waited for, and then said', async () => {
    const { journal } = await open();
    const other = new Database(file());
    other.exec('BEGIN IMMEDIATE');
    await expect(journal.append('a', journalSamples['stay.begun'])).rejects.toMatchObject(unavailable('busy'));
    other.exec('ROLLBACK');
    other.close();
    expect(await journal.append('a', journalSamples['stay.begun'])).toMatchObject({ stay: 'a' });
  });

  test.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')('a folder without the right to write', async () => {
    await chmod(folder, 0o500);
    await expect(open()).rejects.toMatchObject(unavailable('readOnly'));
    await chmod(folder, 0o700);
  });

  describe.runIf(canMount())('a small disk of its own', () => {
    let disk: string;
    beforeEach(async () => {
      disk = path.join(folder, 'disk');
      await mkdir(disk);
      mountSmallDisk(disk, 256);
    });
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
      unmount(disk);
    });

    test('full: nothing acknowledged is lost, and with room again it goes on', async () => {
      const store = await open(disk);
      await writeFile(path.join(disk, 'filler'), Buffer.alloc(64 * 1024));
      const written: JournalEvent[] = [];
      const failure = await (async () => {
        for (;;) {
          for (const event of journalStory) {
            try {
              await store.journal.append('a', event);
            } catch (error) {
              return error;
            }
            written.push(event);
          }
        }
      })();
      expect(failure).toMatchObject(unavailable('full'));
      expect(written.length).toBeGreaterThan(0);
      await rm(path.join(disk, 'filler'));
      await store.journal.append('b', journalSamples['stay.begun']);
      await store.close();
      expect(rows(disk).map(({ body }) => body)).toEqual([...written, journalSamples['stay.begun']]);
    });

    test('full from the start', async () => {
      execFileSync('sh', ['-c', `dd if=/dev/zero of="${disk}/filler" bs=1k 2>/dev/null || true`]);
      await expect(open(disk)).rejects.toMatchObject({
        name: 'JournalUnavailable',
        trouble: expect.stringMatching(/^(full|io)$/),
      });
    });

    test('read-only from the start', async () => {
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      await expect(open(disk)).rejects.toMatchObject(unavailable('readOnly'));
    });
  });
});

describe('a process that dies', () => {
  let writer: JournalWriter;
  beforeAll(async () => {
    writer = await journalWriter();
  });
  afterAll(() => writer.remove());

  // Every entry takes the same way to the disk: the irreversible ones, and enough in between.
  const points = journalStory
    .map((event, index) => [index + 1, event.event] as const)
    .filter(([, event]) =>
      /^(?:stay\.begun|pin\.setting|credential\.making|registration\.sending|pass\.deleting|stay\.wiped)$/.test(event),
    );
  test.each(points)('killed right after entry %d, %s', async (point) => {
    const end = await writer.run({
      directory: folder,
      times: 100_000, // it never comes to an end by itself
      onLine: ({ acknowledged }, child) => {
        if (acknowledged === point) child.kill('SIGKILL');
      },
    });
    expect(end).toBe('SIGKILL');
    const store = await open();
    expect(store.setAside).toBeNull();
    const kept = rows();
    // All that was acknowledged before the kill, and at most what was being written while it took effect; no gap, no half.
    expect(kept.length).toBeGreaterThanOrEqual(point);
    const told = kept.map((_row, index) => journalStory[index % journalStory.length]);
    expect(kept.map(({ body }) => body)).toEqual(told);
    const wiped = Math.floor(kept.length / journalStory.length) * journalStory.length;
    expect((await store.journal.unfinished()).map(({ body }) => body)).toEqual(told.slice(wiped));
  });

  test.runIf(process.platform !== 'win32')(
    'a file that may not grow: the writer is told, nothing acknowledged is lost',
    async () => {
      let acknowledged = 0;
      const failures: object[] = [];
      const end = await writer.run({
        directory: folder,
        times: 200,
        fileBlocks: 300,
        onLine: (line) => {
          acknowledged = line.acknowledged ?? acknowledged;
          if (line.failed !== undefined) failures.push(line);
        },
      });
      expect(end).toBe(0);
      expect(failures).toEqual([{ name: 'JournalUnavailable', failed: expect.stringMatching(/: (full|io)$/) }]);
      expect(acknowledged).toBeGreaterThan(0);
      const store = await open();
      expect(store.setAside).toBeNull();
      expect(rows()).toHaveLength(acknowledged);
    },
  );
});
