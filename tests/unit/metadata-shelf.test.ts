// The desk's copy of the metadata: the last good one stays, whatever comes.
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MetadataShelf, type MetadataTrouble } from '../../main/adapters/metadata-file/metadata-shelf.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { NOW_MS, entryOf, makeMetadataService, signBlob, type MetadataService } from '../support/metadata-maker.ts';
import { scriptedHttp, type ScriptedAnswer } from '../support/scripted-http.ts';

const AAGUID = 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf';
const URL_OF_SERVICE = 'https://mds3.fidoalliance.org/';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let service: MetadataService;
let folder: string;
let keptFile: string;
let importFile: string;
let clock: DeskClock;
beforeAll(async () => {
  service = await makeMetadataService();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-metadata-'));
  keptFile = path.join(folder, 'kept', 'metadata');
  importFile = path.join(folder, 'blob.jwt');
  clock = new DeskClock(NOW_MS);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Desk {
  readonly shelf: MetadataShelf;
  readonly troubles: readonly MetadataTrouble[];
  readonly asked: () => number;
}

async function open({
  file = false,
  answers,
  graceDays = 90,
}: {
  readonly file?: boolean;
  readonly answers?: readonly ScriptedAnswer[];
  readonly graceDays?: number;
} = {}): Promise<Desk> {
  const http = scriptedHttp(...(answers ?? []));
  const { shelf, troubles } = await MetadataShelf.open({
    keptFile,
    settings: {
      metadataFile: file ? importFile : null,
      metadataUrl: answers ? URL_OF_SERVICE : null,
      metadataGraceDays: graceDays,
    },
    clock,
    http,
    roots: [service.root.der],
  });
  return { shelf, troubles, asked: () => http.asked.length };
}

const blob = (no: number, nextUpdate = '2026-12-01') =>
  signBlob(service, { no, nextUpdate, entries: [entryOf({ aaguid: AAGUID })] });
const put = (text: string) => writeFile(importFile, text);
const number = (shelf: MetadataShelf) => shelf.inUse?.blob.no ?? null;
const refresh = (shelf: MetadataShelf) => shelf.refresh(new AbortController().signal);

describe('an empty shelf', () => {
  test('has nothing, and that is no trouble', async () => {
    const { shelf, troubles } = await open();
    expect(troubles).toEqual([]);
    expect(shelf.inUse).toBeNull();
    expect(shelf.signedText).toBeNull();
    expect(await refresh(shelf)).toEqual([]);
  });

  test("says when the administrator's file is not there, or can not be read", async () => {
    expect((await open({ file: true })).troubles).toEqual([{ from: 'file', why: { kind: 'unreadable', code: 'ENOENT' } }]);
    await mkdir(importFile);
    expect((await open({ file: true })).troubles).toEqual([{ from: 'file', why: { kind: 'unreadable', code: 'EISDIR' } }]);
  });
});

describe("the administrator's file", () => {
  test('is taken, and kept for a start without it', async () => {
    await put(`\uFEFF${await blob(7)}\r\n`);
    const first = await open({ file: true });
    expect(first.troubles).toEqual([]);
    expect(first.shelf.inUse?.blob.entries.has(AAGUID)).toBe(true);
    await rm(importFile);
    const next = await open();
    expect(next.troubles).toEqual([]);
    expect(number(next.shelf)).toBe(7);
    expect(next.shelf.signedText).toBe(first.shelf.signedText);
  });

  test('is taken when it is newer, while the desk runs and at its next start', async () => {
    await put(await blob(7));
    const { shelf } = await open({ file: true });
    await put(await blob(8));
    expect(await refresh(shelf)).toEqual([]);
    expect(number(shelf)).toBe(8);
    await put(await blob(9));
    expect(number((await open({ file: true })).shelf)).toBe(9);
  });

  test('is refused when it is older, and what was good stays', async () => {
    await put(await blob(8));
    await open({ file: true });
    await put(await blob(7));
    const { shelf, troubles } = await open({ file: true });
    expect(troubles).toEqual([{ from: 'file', why: { kind: 'older', no: 7, currentNo: 8 } }]);
    expect(number(shelf)).toBe(8);
    expect(number((await open()).shelf)).toBe(8);
  });

  test('with the number in use is nothing new', async () => {
    await put(await blob(7));
    await open({ file: true });
    await put(await blob(7, '2027-12-01'));
    const { shelf, troubles } = await open({ file: true });
    expect(troubles).toEqual([]);
    expect(shelf.inUse?.blob.nextUpdateMs).toBe(Date.UTC(2026, 11, 1));
  });

  test('that is not believed is refused by name, and what was good stays', async () => {
    await put(await blob(7));
    const { shelf } = await open({ file: true });
    const stranger = await makeMetadataService();
    for (const [text, why] of [
      [await signBlob(stranger, { no: 99 }), { kind: 'path', fault: 'noRoot' }],
      ['<!doctype html>', { kind: 'notSigned' }],
      ['', { kind: 'notSigned' }],
      [`${(await blob(99)).slice(0, -8)}AAAAAAAA`, { kind: 'signature' }],
    ] as const) {
      await put(text);
      expect(await refresh(shelf)).toEqual([{ from: 'file', why }]);
      expect(number(shelf)).toBe(7);
    }
    expect(number((await open()).shelf)).toBe(7);
  });
});

describe('what was kept', () => {
  test("outlives its signer's certificates on a desk that reaches nobody", async () => {
    await put(await blob(7));
    await open({ file: true });
    await rm(importFile);
    clock = new DeskClock(NOW_MS + 800 * DAY_MS);
    const { shelf, troubles } = await open();
    expect(troubles).toEqual([]);
    expect(number(shelf)).toBe(7);
    expect(shelf.inUse?.stale).toBe(true);
    // The same as a file is not believed any more.
    await rm(keptFile);
    await put(await blob(7));
    expect((await open({ file: true })).troubles).toEqual([{ from: 'file', why: { kind: 'path', fault: 'expired' } }]);
  });

  test.each<[string, (content: string) => string, MetadataTrouble[]]>([
    ['changed', (content) => content.replace(/.{8}$/, 'AAAAAAAA'), [{ from: 'kept', why: { kind: 'signature' } }]],
    ['cut', (content) => content.slice(0, 200), [{ from: 'kept', why: { kind: 'notSigned' } }]],
    ['written by something else', () => 'hello', []],
    [
      'believed before its signer was',
      (content) => content.replace(/ 1 \d+\n/, ' 1 1000\n'),
      [{ from: 'kept', why: { kind: 'path', fault: 'notYetValid' } }],
    ],
  ])('is not believed when it was %s, and makes room for the next', async (_what, change, troubles) => {
    await put(await blob(7));
    await open({ file: true });
    await writeFile(keptFile, change(await readFile(keptFile, 'utf8')));
    const broken = await open();
    expect(broken.troubles).toEqual(troubles);
    expect(broken.shelf.inUse).toBeNull();
    expect(number((await open({ file: true })).shelf)).toBe(7);
    expect(number((await open()).shelf)).toBe(7);
  });

  test('is written whole, for this user only, with nothing left beside it', async () => {
    await put(await blob(7));
    await open({ file: true });
    expect(await readdir(path.dirname(keptFile))).toEqual(['metadata']);
    if (process.platform !== 'win32') expect((await stat(keptFile)).mode & 0o077).toBe(0);
  });

  test('a folder in its place is told, and the metadata is used all the same', async () => {
    await put(await blob(7));
    await mkdir(keptFile, { recursive: true });
    const { shelf, troubles } = await open({ file: true });
    expect(troubles).toEqual([
      { from: 'kept', why: { kind: 'unreadable', code: 'EISDIR' } },
      { from: 'file', why: { kind: 'notKept', code: expect.stringMatching(/^E(ISDIR|PERM|EXIST|NOTEMPTY)$/) } },
    ]);
    expect(number(shelf)).toBe(7);
  });
});

describe('the service', () => {
  test('is never asked where the settings do not allow it, nor before an update is due', async () => {
    await put(await blob(7));
    const without = await open({ file: true });
    await refresh(without.shelf);
    expect(without.asked()).toBe(0);
    const fresh = await open({ file: true, answers: [] });
    expect(await refresh(fresh.shelf)).toEqual([]);
    expect(fresh.asked()).toBe(0);
  });

  test('is asked when the desk has nothing, and when the next one is due', async () => {
    const answers = [new Response(await blob(7)), new Response(await blob(8, '2027-01-01'))];
    const { shelf, asked } = await open({ answers });
    expect(await refresh(shelf)).toEqual([]);
    expect(number(shelf)).toBe(7);
    await clock.advance(8 * DAY_MS);
    expect(await refresh(shelf)).toEqual([]);
    expect(asked()).toBe(1);
    await clock.advance(DAY_MS);
    expect(await refresh(shelf)).toEqual([]);
    expect(number(shelf)).toBe(8);
    expect(number((await open()).shelf)).toBe(8);
  });

  test.each<[string, () => ScriptedAnswer, MetadataTrouble['why']]>([
    ['no answer', () => 'unreachable', { kind: 'unreachable' }],
    ['a refusal', () => new Response('', { status: 503 }), { kind: 'status', status: 503 }],
    ["a hotel's page", () => new Response('<!doctype html>'), { kind: 'notSigned' }],
  ])('%s is told, and asked again after an hour', async (_what, answer, why) => {
    const { shelf, asked } = await open({ answers: [answer(), new Response(await blob(7))] });
    expect(await refresh(shelf)).toEqual([{ from: 'service', why }]);
    await clock.advance(HOUR_MS - 1);
    expect(await refresh(shelf)).toEqual([]);
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect(await refresh(shelf)).toEqual([]);
    expect(number(shelf)).toBe(7);
  });

  test('that never answers is late after two minutes', async () => {
    const { shelf } = await open({ answers: ['hangs'] });
    const refreshing = refresh(shelf);
    await clock.advance(119_999);
    const still = await Promise.race([refreshing.then(() => 'done'), Promise.resolve('waiting')]);
    expect(still).toBe('waiting');
    await clock.advance(1);
    expect(await refreshing).toEqual([{ from: 'service', why: { kind: 'late' } }]);
  });

  test('is let go at once when the desk closes', async () => {
    const { shelf } = await open({ answers: ['hangs'] });
    const closing = new AbortController();
    const refreshing = shelf.refresh(closing.signal);
    closing.abort(new Error('closing'));
    await expect(refreshing).rejects.toThrow('closing');
  });

  test('is asked once by two that ask at the same time', async () => {
    const { shelf, asked } = await open({ answers: [new Response(await blob(7))] });
    await Promise.all([refresh(shelf), refresh(shelf)]);
    expect(asked()).toBe(1);
  });
});

test('metadata is stale when its successor has been due for longer than the desk allows', async () => {
  await put(await blob(7));
  const { shelf } = await open({ file: true, graceDays: 10 });
  expect(shelf.inUse?.stale).toBe(false);
  await clock.advance(Date.UTC(2026, 11, 11) - NOW_MS);
  expect(shelf.inUse?.stale).toBe(false);
  await clock.advance(1);
  expect(shelf.inUse?.stale).toBe(true);
});
