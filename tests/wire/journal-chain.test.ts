// The chained journal on a real disk: files follow files, keys follow keys, and whatever was taken away shows.
import { cp, chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publicKeyOfFolder, headText, linesOfFolder } from '../../main/adapters/store-sqlite/read-journal.ts';
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import { readLine } from '../../main/journal/line.ts';
import type { Verdict } from '../../main/journal/verify/verdict.ts';
import { verifyJournal } from '../../main/journal/verify/verify-journal.ts';
import { journalOptions } from '../support/journal-options.ts';
import { journalSamples } from '../support/journal-story.ts';

/** A short stay, with everything in it that tells of one person. */
const journalStory = (['stay.begun', 'stay.signedIn', 'care.doing', 'credential.made', 'stay.ended', 'stay.wiped'] as const).map(
  (event) => journalSamples[event],
);

const dayMs = 86_400_000;
let wallMs: number;
let root: string;
let folder: string;
let troubles: string[];
const stores: SqliteStore[] = [];

beforeEach(async () => {
  wallMs = Date.parse('2026-11-23T09:00:00Z');
  root = await mkdtemp(path.join(tmpdir(), 'firstkey-chain-'));
  folder = path.join(root, 'journal');
  troubles = [];
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await rm(root, { recursive: true, force: true });
});

type Given = Parameters<typeof journalOptions>[1];

async function open(given: Given = {}): Promise<SqliteStore> {
  const options: SqliteStoreOptions = journalOptions(folder, {
    clock: { wallMs: () => wallMs },
    onTrouble: (trouble) => troubles.push(trouble),
    ...given,
  });
  const store = await openSqliteStore(options);
  stores.push(store);
  return store;
}

const headFile = (): string => path.join(`${folder}.heads`, 'training.json');

async function tellStays({ journal }: SqliteStore, ...names: readonly string[]): Promise<void> {
  for (const stay of names) for (const event of journalStory) await journal.append(stay, event);
}

async function texts(): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const line of (await linesOfFolder(folder))()) all.push(line);
  return all;
}

async function verdict(): Promise<Verdict> {
  const key = await publicKeyOfFolder(folder);
  const head = await headText(headFile());
  return verifyJournal({
    lines: await linesOfFolder(folder),
    heads: head === null ? [] : [head],
    keys: key === null ? [] : [key],
    from: 'beginning',
    signal: new AbortController().signal,
  });
}

const eventsOf = async (beginning: string): Promise<readonly object[]> =>
  (await texts()).flatMap((text) => {
    const body = readLine(text)?.body;
    return body?.event.startsWith(beginning) ? [body] : [];
  });

describe('a journal as the desk writes it', () => {
  test('is whole, begins with its key, and its head is kept in a second place', async () => {
    const store = await open();
    await tellStays(store, 'a');
    await store.close();
    const found = await verdict();
    expect(found).toMatchObject({ breaks: [], first: 1, last: journalStory.length + 1, lineage: 'firstKey', heads: 1 });
    expect(await eventsOf('journal.')).toMatchObject([{ because: 'new', seal: null, setAside: null }]);
  });

  test('goes on where it was', async () => {
    for (const stay of ['a', 'b', 'c']) {
      const store = await open();
      await tellStays(store, stay);
      await store.close();
    }
    expect(await verdict()).toMatchObject({ breaks: [], last: 3 * journalStory.length + 1, heads: 1 });
    expect(troubles).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('keeps its key for this user only, and takes none that others may read', async () => {
    await (await open()).close();
    const key = path.join(folder, 'journal.key');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, 'pseudonym.secret'))).mode & 0o777).toBe(0o600);
    await chmod(key, 0o640);
    await expect(open()).rejects.toMatchObject({ name: 'JournalUnavailable', trouble: 'keyOpen' });
  });

  test('tells of each entry when it is there', async () => {
    const { journal, heads } = await open();
    const told: number[] = [];
    const stop = heads.onHead(() => told.push(heads.latest().sequence));
    await journal.append(null, journalSamples['desk.started']);
    await journal.append('a', journalSamples['stay.begun']);
    stop();
    await journal.append('a', journalSamples['stay.wiped']);
    expect(told).toEqual([2, 3]);
  });
});

describe('what tells of one person', () => {
  const written = async (personalData: 'none' | 'pseudonymous' | 'full'): Promise<string> => {
    const store = await open({ personalData });
    await tellStays(store, 'a');
    await store.close();
    return (await texts()).join('\n');
  };
  const { objectId } = journalSamples['stay.signedIn'];
  const { serial } = journalSamples['care.doing'];
  const { credentialIdB64u } = journalSamples['credential.made'];
  const personal = [objectId, serial, credentialIdB64u].map((value) => `"${value}"`);

  test('full: as it is', async () => {
    const text = await written('full');
    expect(personal.filter((value) => text.includes(value))).toEqual(personal);
  });

  test.each(['none', 'pseudonymous'] as const)('%s: not at all as it is', async (rule) => {
    const text = await written(rule);
    expect(personal.filter((value) => text.includes(value.replaceAll('"', '')))).toEqual([]);
    expect(text.includes('"objectId":null')).toBe(rule === 'none');
    expect(/"objectId":"~[\w-]{22}"/.test(text)).toBe(rule === 'pseudonymous');
  });

  test('pseudonymous: the same for the same person at this desk, another at another', async () => {
    const once = /"objectId":"(~[\w-]{22})"/g;
    const here = [...(await written('pseudonymous')).matchAll(once)].map(([, told]) => told);
    const again = [...(await written('pseudonymous')).matchAll(once)].map(([, told]) => told);
    expect(new Set([...here, ...again]).size).toBe(1);
    await rm(folder, { recursive: true });
    const elsewhere = [...(await written('pseudonymous')).matchAll(once)].map(([, told]) => told);
    expect(elsewhere).not.toEqual(here);
  });

  test('a key that says anything of itself gets into no trouble with the journal', async () => {
    const { journal } = await open();
    const model = `\uD800${'x'.repeat(500)}`;
    const entry = await journal.append(null, { ...journalSamples['care.doing'], model, serial: 'S/N =1;2\n' });
    expect(entry.body).toMatchObject({ model: `\uFFFD${'x'.repeat(199)}`, serial: 'SN12' });
  });
});

describe('files', () => {
  const small = { fileBytes: 2_000 };

  test('are sealed between stays, with a new key for the next; the one before is gone', async () => {
    const store = await open({ limits: small });
    const first = await readFile(path.join(folder, 'journal.key'), 'utf8');
    await tellStays(store, 'a', 'b');
    await store.close();
    expect((await readdir(folder)).filter((name) => !/-(?:wal|shm)$/.test(name)).toSorted()).toEqual([
      'journal-000001.jsonl',
      'journal-000002.jsonl',
      'journal-000003.sqlite',
      'journal.key',
      'pseudonym.secret',
    ]);
    expect(await readFile(path.join(folder, 'journal.key'), 'utf8')).not.toBe(first);
    expect(await verdict()).toMatchObject({
      breaks: [],
      first: 1,
      last: 2 * journalStory.length + 5,
      lineage: 'firstKey',
      heads: 1,
    });
    expect(await eventsOf('journal.sealed')).toMatchObject([{ because: 'size' }, { because: 'size' }]);
    // A stay lies in one file.
    const filesOf = (stay: string): Promise<readonly number[]> =>
      texts().then((all) => [
        ...new Set(all.flatMap((text) => (readLine(text)?.stay === stay ? [readLine(text)?.file ?? 0] : []))),
      ]);
    expect([await filesOf('a'), await filesOf('b')]).toEqual([[1], [2]]);
  });

  test('wait for a stay that is open, and forget none', async () => {
    const store = await open({ limits: small });
    await store.journal.append('left', journalSamples['stay.begun']);
    await tellStays(store, 'a', 'b');
    await store.close();
    expect(await readdir(folder)).toContain('journal-000001.sqlite');
    const again = await open({ limits: small });
    expect(await again.journal.unfinished()).toMatchObject([{ stay: 'left' }]);
    await again.journal.append('left', journalSamples['stay.foundCutOff']);
    await again.close();
    expect(await readdir(folder)).toContain('journal-000002.sqlite');
    expect(await verdict()).toMatchObject({ breaks: [] });
  });

  test('are sealed when they are old', async () => {
    const store = await open({ limits: { fileMs: 30 * dayMs } });
    await tellStays(store, 'a');
    wallMs += 30 * dayMs;
    await tellStays(store, 'b');
    await store.close();
    expect(await eventsOf('journal.sealed')).toMatchObject([{ because: 'age' }]);
    expect(await verdict()).toMatchObject({ breaks: [] });
  });

  test('that were kept long enough leave their seals and a note', async () => {
    const limits = { ...small, keepMs: 60 * dayMs };
    const store = await open({ limits });
    for (const stay of ['a', 'b', 'c']) {
      await tellStays(store, stay);
      await store.journal.unfinished(); // its turn comes when the file has been sealed
      wallMs += 25 * dayMs;
    }
    await tellStays(store, 'd');
    await store.close();
    const names = await readdir(folder);
    expect(names).toContain('journal-000001.seal.jsonl');
    expect(names).not.toContain('journal-000001.jsonl');
    expect(names).toContain('journal-000002.jsonl');
    expect(await eventsOf('journal.deleted')).toMatchObject([{ throughFile: 1, throughSequence: journalStory.length + 2 }]);
    expect(await verdict()).toMatchObject({ breaks: [], lineage: 'firstKey', deletedThrough: journalStory.length + 2 });
  });

  test('are not taken for old by a clock that has jumped', async () => {
    const store = await open({ limits: { ...small, keepMs: 60 * dayMs } });
    await tellStays(store, 'a');
    await store.close();
    wallMs += 3_650 * dayMs;
    await (await open({ limits: { ...small, keepMs: 60 * dayMs } })).close();
    expect(await readdir(folder)).toContain('journal-000001.jsonl');
  });

  test('a desk that stopped anywhere in between goes on as if it had not', async () => {
    const store = await open({ limits: small });
    await tellStays(store, 'a');
    await store.close();
    const whole = await texts();
    // As it was after the seal was plain text, and before the next file was begun.
    for (const name of await readdir(folder)) if (name.includes('000002')) await rm(path.join(folder, name));
    await rm(headFile());
    const again = await open();
    await again.close();
    expect((await texts()).slice(0, -1)).toEqual(whole.slice(0, -1));
    expect(await texts()).toHaveLength(whole.length);
    expect(await eventsOf('journal.begun')).toMatchObject([{ because: 'new' }, { because: 'sealed' }]);
    expect(await verdict()).toMatchObject({ breaks: [] });
  });
});

describe('a journal that was put back from an older copy', () => {
  test('shows by its head, and the next entry says so', async () => {
    const store = await open();
    await tellStays(store, 'a');
    await store.close();
    await cp(folder, path.join(root, 'copy'), { recursive: true });
    const later = await open();
    await tellStays(later, 'b');
    await later.close();
    await rm(folder, { recursive: true });
    await cp(path.join(root, 'copy'), folder, { recursive: true });
    const known = 2 * journalStory.length + 1;
    expect((await verdict()).breaks).toEqual([{ kind: 'truncated', last: journalStory.length + 1, known }]);

    const after = await open();
    expect(after.wasRestored).toBe(true);
    await tellStays(after, 'c');
    await after.close();
    // No number is used twice: what is missing stays missing, exactly.
    expect((await verdict()).breaks).toEqual([{ kind: 'deleted', from: journalStory.length + 2, to: known }]);
    expect(await eventsOf('journal.restored')).toEqual([{ event: 'journal.restored', headSequence: known }]);
    expect((await open()).wasRestored).toBe(false);
  });

  test('files that are gone, all of them', async () => {
    const store = await open();
    await tellStays(store, 'a');
    await store.close();
    for (const name of await readdir(folder)) if (name.startsWith('journal-')) await rm(path.join(folder, name));
    await (await open()).close();
    expect(await eventsOf('journal.')).toMatchObject([{ event: 'journal.begun', because: 'filesMissing' }]);
    expect((await verdict()).breaks).toEqual([{ kind: 'deleted', from: 1, to: journalStory.length + 1 }]);
  });
});

describe('without its key', () => {
  test.each([
    ['gone', () => rm(path.join(folder, 'journal.key'))],
    ['something else', () => writeFile(path.join(folder, 'journal.key'), 'hello')],
  ])('%s: the journal is put aside whole, and another one begins that says so', async (_what, deed) => {
    const store = await open();
    await tellStays(store, 'a');
    await store.close();
    await deed();
    const again = await open();
    expect(again.setAside).toBe('journal.aside-2026-11-23T09-00-00.000Z');
    await tellStays(again, 'b');
    await again.close();
    expect(await readdir(path.join(root, again.setAside ?? ''))).toContain('journal-000001.sqlite');
    expect(await eventsOf('journal.')).toMatchObject([{ because: 'keyMissing', setAside: again.setAside }]);
    expect(await verdict()).toMatchObject({ breaks: [], first: 1, lineage: 'firstKey' });
  });
});

describe('room on the disk', () => {
  test('a stay begins only where there is room for all of it; one that has begun is written to its end', async () => {
    const { journal } = await open({ limits: { leastFreeBytes: Number.MAX_SAFE_INTEGER } });
    for (const event of ['desk.started', 'desk.reopened', 'stay.begun'] as const) {
      await expect(journal.append(null, journalSamples[event])).rejects.toMatchObject({ trouble: 'full' });
    }
    await expect(journal.append('a', journalSamples['stay.wiped'])).resolves.toMatchObject({ stay: 'a' });
  });
});

test('a head that can’t be kept in its second place is told once and stops nobody', async () => {
  await writeFile(path.join(root, 'taken'), '');
  const store = await open({ headFile: path.join(root, 'taken', 'head.json') });
  await tellStays(store, 'a', 'b');
  await store.close();
  expect(troubles).toEqual(["the journal's head can't be kept in its second place: io"]);
  expect(await texts()).toHaveLength(2 * journalStory.length + 1);
});
