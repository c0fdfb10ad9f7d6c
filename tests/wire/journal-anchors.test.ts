// The journal's head on its way off the machine: to real servers, and through everything that stands in between.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logsDocument, otlpAnchor } from '../../main/adapters/anchor-servers/otlp-anchor.ts';
import { syslogAnchor, syslogMessage } from '../../main/adapters/anchor-servers/syslog-anchor.ts';
import { defaultSettings as settings } from '../../main/adapters/settings-file/settings-schema.ts';
import { openSqliteStore } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import { lookAtJournal } from '../../main/compose/look-at-journal.ts';
import { anchorsFile, openAnchors } from '../../main/compose/open-anchors.ts';
import type { JournalSeen } from '../../main/doctor/evidence.ts';
import { isHeadOf, readHead } from '../../main/journal/line.ts';
import { makeSigningKey } from '../../main/journal/signing-key.ts';
import type { AnchorMessage } from '../../main/ports/anchor.ts';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { JournalMaker } from '../support/journal-maker.ts';
import { journalOptions } from '../support/journal-options.ts';
import { journalSamples } from '../support/journal-story.ts';
import { certificatesFor, otlpServer, syslogServer, type OtlpServer, type SyslogServer } from '../support/log-servers.ts';

const atMs = Date.parse('2026-11-23T09:00:00.5Z');
const journal = new JournalMaker(makeSigningKey()).addMany(2);
const messages: readonly AnchorMessage[] = [1, 2, 3].map((sequence) => ({ head: journal.head(sequence), sequence, atMs }));
const machine = { hostname: 'desk-7', version: '0.1.0' };
const soon = (): AbortSignal => AbortSignal.timeout(5_000);

let syslog: SyslogServer;
let otlp: OtlpServer;
beforeAll(async () => {
  const company = await certificatesFor('localhost');
  [syslog, otlp] = await Promise.all([syslogServer(company), otlpServer(company)]);
});
afterAll(() => Promise.all([syslog.close(), otlp.close()]));

/** RFC 5425 §4.3, read by its own rule. */
function framesIn(bytes: Buffer): readonly string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('ascii', at, space));
    frames.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}

/** RFC 5424 §6, as far as a head uses it. */
const rfc5424 =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([\x21-\x7E]{1,255}) ([\x21-\x7E]{1,48}) ([\x21-\x7E]{1,128}) ([\x21-\x7E]{1,32}) ((?:\[(?:[^\]\\]|\\.)+\])+) (.*)$/s;

describe('syslog', () => {
  const anchor = (given: Partial<Parameters<typeof syslogAnchor>[0]> = {}) =>
    syslogAnchor({ host: 'localhost', port: syslog.port, ca: syslog.ca, ...machine, ...given });

  test('takes every head, each in a frame and in the form of RFC 5424', async () => {
    expect(await anchor().send(messages, soon())).toBeNull();
    const frames = framesIn(syslog.bytes());
    expect(frames).toHaveLength(messages.length);
    for (const [index, frame] of frames.entries()) {
      const [, priority, time, host, app, pid, id, data, text] = rfc5424.exec(frame) ?? [];
      expect([priority, time, host, app, pid, id]).toEqual([
        '109',
        '2026-11-23T09:00:00.500Z',
        'desk-7',
        'firstkey',
        '-',
        'head',
      ]);
      expect(data).toBe(`[origin software="Firstkey" swVersion="0.1.0"][meta sequenceId="${index + 1}"]`);
      const head = readHead(text ?? '');
      expect(head !== null && isHeadOf(head, journal.key)).toBe(true);
    }
  });

  test('names of machines can’t break the form', () => {
    const [head] = messages;
    const told = syslogMessage(head ?? expect.fail(), { hostname: 'büro 7\n', version: '0]1"\\' });
    expect(rfc5424.exec(told)?.slice(3, 5)).toEqual(['bro7', 'firstkey']);
    expect(told).toContain(String.raw`swVersion="0\]1\"\\"`);
  });

  test('a server that the company’s certificates do not know gets nothing', async () => {
    const stranger = await syslogServer(await certificatesFor('localhost'));
    expect(await anchor({ port: stranger.port }).send(messages, soon())).toBe('notTrusted');
    expect(await anchor({ port: stranger.port, ca: null }).send(messages, soon())).toBe('notTrusted');
    expect(stranger.bytes()).toHaveLength(0);
    await stranger.close();
  });

  test('a server of another name gets nothing', async () => {
    const other = await syslogServer(await certificatesFor('logs.example.com'));
    expect(await anchor({ port: other.port, ca: other.ca }).send(messages, soon())).toBe('notTrusted');
    expect(other.bytes()).toHaveLength(0);
    await other.close();
  });

  test('nobody there, and somebody who says nothing', async () => {
    const mute = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => void mute.listen(0, 'localhost', resolve));
    const { port } = mute.address() as AddressInfo;
    expect(await anchor({ port }).send(messages, AbortSignal.timeout(200))).toBe('late');
    await new Promise<void>((resolve) => void mute.close(() => resolve()));
    expect(await anchor({ port }).send(messages, soon())).toBe('unreachable');
    expect(await anchor().send(messages, AbortSignal.abort())).toBe('late');
  });
});

describe('OpenTelemetry', () => {
  const anchor = (given: Partial<Parameters<typeof otlpAnchor>[0]> = {}) =>
    otlpAnchor({ url: `https://localhost:${otlp.port}/v1/logs`, ca: otlp.ca, ...machine, ...given });

  test('takes one document with a record for each head', async () => {
    expect(await anchor().send(messages, soon())).toBeNull();
    expect(otlp.requests).toMatchObject([{ url: '/v1/logs', type: 'application/json' }]);
    expect(otlp.requests[0]?.document).toEqual(logsDocument(messages, machine));
    expect(otlp.requests[0]?.document).toMatchObject({
      resourceLogs: [
        {
          resource: { attributes: expect.arrayContaining([{ key: 'host.name', value: { stringValue: 'desk-7' } }]) as unknown },
          scopeLogs: [
            {
              logRecords: messages.map(({ head, sequence }) => ({
                timeUnixNano: `${atMs}000000`,
                severityNumber: 9,
                body: { stringValue: head },
                attributes: [{ key: 'firstkey.journal.sequence', value: { intValue: String(sequence) } }],
              })),
            },
          ],
        },
      ],
    });
  });

  test.each([
    [503, '{}', 'refused'],
    [401, '', 'refused'],
    [302, '', 'refused'],
    [200, '{"partialSuccess":{"rejectedLogRecords":"1"}}', 'refused'],
    [200, '<html>', 'refused'],
    [200, '', null],
    [200, '{"partialSuccess":{}}', null],
    [200, 'x'.repeat(70_000), 'unreachable'],
  ])('%i %j is %s', async (status, body, trouble) => {
    otlp.answers.push({ status, body });
    expect(await anchor().send(messages, soon())).toBe(trouble);
  });

  test('a receiver that the company’s certificates do not know gets nothing', async () => {
    const before = otlp.requests.length;
    expect(await anchor({ ca: (await certificatesFor('localhost')).authorityPem }).send(messages, soon())).toBe('notTrusted');
    expect(otlp.requests).toHaveLength(before);
    expect(await anchor().send(messages, AbortSignal.abort())).toBe('late');
  });
});

test('a desk sends its head to both as soon as it has a picture, and writes down how that goes', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'firstkey-anchors-'));
  const ca = path.join(root, 'company.pem');
  await writeFile(ca, otlp.ca);
  const headFile = path.join(root, 'head.json');
  const store = await openSqliteStore(journalOptions(path.join(root, 'training', 'journal'), { headFile }));
  const troubles: string[] = [];
  const before = framesIn(syslog.bytes()).length;
  const anchors = openAnchors({
    opened: { onStore: (tell) => tell(store) },
    parts: {
      settings: {
        ...settings,
        syslogHost: 'localhost',
        syslogPort: syslog.port,
        otlpUrl: `https://localhost:${otlp.port}/v1/logs`,
        anchorCa: ca,
        anchorEveryEntries: 2,
      },
      dataFolder: root,
      world: 'training',
      version: '0.1.0',
      onTrouble: (trouble) => troubles.push(trouble),
    },
    clock: systemClock(),
    firstPicture: Promise.resolve(),
  });
  const standings = async (): Promise<unknown> =>
    JSON.parse(await readFile(anchorsFile(root, 'training'), 'utf8').catch(() => '[]'));
  const arrived = (sequence: number): object[] =>
    (['otlp', 'syslog'] as const).map((to) => ({ to, sequence, trouble: null, sentAtMs: expect.any(Number) as number }));
  const byName = async (): Promise<unknown> =>
    ((await standings()) as { to: string }[]).toSorted((a, b) => a.to.localeCompare(b.to));
  await expect.poll(byName).toEqual(arrived(1));
  for (const event of ['stay.begun', 'stay.wiped'] as const) await store.journal.append('a', journalSamples[event]);
  await expect.poll(byName).toEqual(arrived(3));
  expect(framesIn(syslog.bytes()).length).toBe(before + 2);

  await writeFile(ca, 'nothing');
  for (const event of ['stay.begun', 'stay.wiped'] as const) await store.journal.append('b', journalSamples[event]);
  await expect.poll(() => troubles).toHaveLength(2);
  // The doctor, as another process, sees the same.
  const named = { ...settings, syslogHost: 'localhost', otlpUrl: 'https://localhost/v1/logs', journalHeadFile: headFile };
  const look = (): Promise<JournalSeen> => lookAtJournal(root, 'training', named, soon());
  const standing = (to: string): object => ({ to, trouble: 'caUnreadable' });
  await expect.poll(look).toEqual({ breaks: [], anchors: [standing('syslog'), standing('otlp')] });
  await writeFile(headFile, journal.head());
  expect(await look()).toMatchObject({ breaks: ['head'] });
  await writeFile(anchorsFile(root, 'training'), '[{"to":');
  expect((await look()).anchors).toMatchObject([{ trouble: 'notSentYet' }, { trouble: 'notSentYet' }]);
  expect(await lookAtJournal(path.join(root, 'nowhere'), 'training', settings, soon())).toEqual({ breaks: null, anchors: [] });
  expect(troubles[0]).toMatch(/^the journal's head does not reach (?:syslog|otlp): caUnreadable$/);
  anchors.close();
  await store.close();
  await rm(root, { recursive: true, force: true });
});
