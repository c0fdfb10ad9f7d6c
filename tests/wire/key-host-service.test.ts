// The key host as a service under another account: who may use it, what hostile bytes do to it, and what a desk notices of
// its falls.
import { createHash } from 'node:crypto';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { connectKeyService } from '../../main/adapters/key-host/connect-key-service.ts';
import { createKeyHostCarePort } from '../../main/adapters/key-host/key-host-care-port.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import {
  superviseKeyHost,
  type KeyHostSupervisor,
  type KeyHostTrouble,
} from '../../main/adapters/key-host/key-host-supervisor.ts';
import { createTrayClient, type TrayClient } from '../../main/adapters/key-host/tray-client.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { KeyHostStart } from '../../main/keyhost/life-protocol.ts';
import { encodeFrame, FrameError, FrameReader } from '../../main/keyhost/service/frames.ts';
import { openKeeper } from '../../main/keyhost/service/keeper.ts';
import type { KeyFact, KeyPort, KeyRef } from '../../main/ports/key.ts';
import { keyHostProtocolVersion } from '../../main/keyhost/life-protocol.ts';
import { RP_ID } from '../support/key-host-desk.ts';
import { accounts, careToken, keyServiceBench, type KeyServiceBench } from '../support/key-host-service.ts';

/** A busy machine starts a process, a service and a key slowly. */
const comesInWithinMs = 20_000;
const staysOutForMs = 2_000;

/** Other accounts can only be put on by root. */
const mayChangeAccount = process.getuid?.() === 0;

interface Desk {
  readonly host: KeyHostSupervisor;
  readonly keys: KeyPort;
  readonly tray: TrayClient;
  readonly facts: KeyFact[];
  readonly troubles: KeyHostTrouble[];
}

let bench: KeyServiceBench;
let desks: Desk[];
let sockets: Socket[];

async function soon(holds: () => boolean, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function openDesk(start: KeyHostStart = { links: 'virtual', rpId: RP_ID }, freshHostAfterForget = false): Desk {
  const clock = systemClock();
  const troubles: KeyHostTrouble[] = [];
  const facts: KeyFact[] = [];
  const host = superviseKeyHost({
    clock,
    spawn: () => connectKeyService(bench.socketPath),
    start,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget });
  keys.watch((fact) => facts.push(fact));
  const desk = { host, keys, tray: createTrayClient({ host, clock }), facts, troubles };
  desks.push(desk);
  return desk;
}

async function upDesk(): Promise<Desk> {
  const desk = openDesk();
  await soon(() => desk.tray.keys.length > 0);
  return desk;
}

async function closeDesk(desk: Desk): Promise<void> {
  desks = desks.filter((other) => other !== desk);
  desk.tray.close();
  await desk.keys.close();
}

/** A client that writes what it likes. */
function rawClient(): { readonly socket: Socket; readonly heard: unknown[]; readonly closed: Promise<void> } {
  const socket = connect(bench.socketPath);
  sockets.push(socket);
  const heard: unknown[] = [];
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => heard.push(...reader.push(chunk)));
  socket.on('error', () => undefined);
  return { socket, heard, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}

/** The most memory each process that serves a client has had (proc(5), VmHWM). */
async function sessionPeakBytes(): Promise<readonly number[]> {
  const { pid } = bench.service;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const peaks = children
    .trim()
    .split(' ')
    .map(async (child) => {
      const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      return kilobytes === undefined ? [] : [Number(kilobytes) * 1_024];
    });
  return (await Promise.all(peaks)).flat();
}

/** The kinds of trouble that another account's desk had; fails when it got any further. */
function troublesOf(said: unknown): readonly string[] {
  const { troubles } = said as { troubles?: readonly KeyHostTrouble[] };
  if (!troubles) throw new Error(`it was let in: ${JSON.stringify(said)}`);
  return [...new Set(troubles.map(({ trouble }) => trouble))];
}

const ceremony = () => ({ signal: new AbortController().signal, deadlineMs: 15_000 });

describe.runIf(mayChangeAccount)('the key service', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    bench = await keyServiceBench();
    await bench.start();
  }, 60_000);
  afterAll(async () => bench.remove());
  beforeEach(() => {
    desks = [];
    sockets = [];
  });
  afterEach(async () => {
    for (const desk of desks) await closeDesk(desk);
    for (const socket of sockets) socket.destroy();
  });

  describe('who may come in', () => {
    test('the desk’s account: a key described, a PIN, a credential, and none for another site', async () => {
      expect(await bench.deskAs(accounts.desk, comesInWithinMs)).toMatchObject({
        uid: accounts.desk.uid,
        described: true,
        set: true,
        made: true,
        elsewhere: { ok: false, reason: { code: 'key.refused', detail: { statusName: 'rpIdNotAllowed' } } },
      });
    });

    test('not a third account', async () => {
      expect(troublesOf(await bench.deskAs(accounts.stranger, staysOutForMs))).toEqual(['exited']);
    });

    test('not the service’s own account, whose folder anybody of it could fill', async () => {
      expect(troublesOf(await bench.deskAs(accounts.service, staysOutForMs))).toEqual(['notStarted']);
    });

    test('one at a time: a second is told so, and gets its turn when the first is gone', async () => {
      const first = await upDesk();
      const second = openDesk();
      await soon(() => second.troubles.some(({ trouble }) => trouble === 'refused'));
      expect(second.troubles[0]).toEqual({ trouble: 'refused', because: 'busy', version: keyHostProtocolVersion });
      expect(second.host.isUp).toBe(false);
      expect(first.host.isUp).toBe(true);
      expect(first.troubles).toEqual([]);
      await closeDesk(first);
      await soon(() => second.host.isUp);
    });

    test('whoever holds the door without a word is shown out', async () => {
      const startedMs = performance.now();
      const { heard, closed } = rawClient();
      await closed;
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(heard).toEqual([]);
      await upDesk();
    });
  });

  describe('what was agreed', () => {
    test.each([
      ['another relying party', { links: 'virtual', rpId: 'evil.example' }],
      ['other keys', { links: 'hid', rpId: RP_ID }],
    ] as const)('%s is refused', async (_, start) => {
      const desk = openDesk(start);
      await soon(() => desk.troubles.length > 0);
      expect(desk.troubles[0]).toEqual({ trouble: 'refused', because: 'start', version: keyHostProtocolVersion });
      expect(desk.host.isUp).toBe(false);
    });

    test('another version is refused, and told which one is spoken here', async () => {
      const { socket, heard, closed } = rawClient();
      const start = { type: 'start', version: 1, links: 'virtual', rpId: RP_ID };
      socket.write(encodeFrame({ channel: 'life', body: start }));
      await closed;
      expect(heard).toEqual([
        { channel: 'life', body: { type: 'refused', because: 'version', version: keyHostProtocolVersion } },
      ]);
    });
  });

  test('over two pipes, as on Windows: the same start, the same end', async () => {
    const child = bench.session();
    const heard: unknown[] = [];
    const reader = new FrameReader();
    child.stdout?.on('data', (chunk: Buffer) => heard.push(...reader.push(chunk)));
    const start = { type: 'start', version: keyHostProtocolVersion, links: 'virtual', rpId: RP_ID };
    child.stdin?.write(encodeFrame({ channel: 'life', body: start }));
    await soon(() => heard.length > 0);
    expect(heard).toEqual([{ channel: 'life', body: { type: 'ready' } }]);
    child.stdin?.end();
    await soon(() => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
  });

  test('care is the service’s to grant: not by what a client says at its start, but by the token', async () => {
    const clock = systemClock();
    const cells = new SecretCells();
    const wanted = createHash('sha256').update('a token that a desk made up').digest('base64url');
    const desk = openDesk({ links: 'virtual', rpId: RP_ID, careTokenSha256B64u: wanted });
    await soon(() => desk.tray.keys.length > 0);
    const inspected: unknown[] = [];
    for (const token of ['a token that a desk made up', careToken]) {
      const care = createKeyHostCarePort({ host: desk.host, clock, token: cells.put(new TextEncoder().encode(token)) });
      const inserted = new Promise<KeyRef>((resolve) => {
        care.watch((fact) => {
          if (fact.type === 'key.inserted') resolve(fact.key);
        });
      });
      if (inspected.length === 0) await desk.tray.plugIn('modern-a');
      inspected.push(await care.inspect(await inserted, ceremony()));
      await care.close();
    }
    expect(inspected).toMatchObject([{ reason: { detail: { statusName: 'careNotGranted' } } }, { ok: true }]);
  });

  describe('hostile bytes', () => {
    const start = encodeFrame({
      channel: 'life',
      body: { type: 'start', version: keyHostProtocolVersion, links: 'virtual', rpId: RP_ID },
    });
    const framed = (...body: number[]) => Buffer.from([0, 0, 0, body.length, ...body]);
    test.each([
      ['noise', Buffer.alloc(50_000, 0xa5)],
      ['a length of four gigabytes', Buffer.of(0xff, 0xff, 0xff, 0xff, 1)],
      ['a length of nothing', Buffer.of(0, 0, 0, 0)],
      ['CBOR that claims more than there is', framed(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
      ['CBOR nested without end', framed(...Buffer.alloc(200, 0x81))],
      ['a float', framed(0xf9, 0x3c, 0x00)],
      ['a map with numbers for names', framed(0xa1, 0x01, 0x02)],
    ])('%s ends that client and nothing else', async (_, bytes) => {
      for (const before of [Buffer.alloc(0), Buffer.from(start)]) {
        const { socket, closed } = rawClient();
        socket.write(Buffer.concat([before, bytes]));
        await closed;
      }
      const desk = await upDesk();
      expect(desk.troubles.filter(({ trouble }) => trouble !== 'refused' && trouble !== 'exited')).toEqual([]);
      expect(bench.service.exitCode).toBeNull();
    });

    test('a flood of requests whose answers nobody fetches: hung up on, memory bounded', async () => {
      const { socket, closed } = rawClient();
      socket.write(start);
      socket.pause();
      const flood = Buffer.concat(
        Array.from({ length: 2_000 }, (_unused, index) =>
          encodeFrame({ channel: 'key', body: { verb: 'watch', id: index + 1 } }),
        ),
      );
      const pour = () => {
        while (!socket.destroyed && socket.writableLength < 1_000_000) socket.write(flood);
      };
      socket.on('drain', pour);
      pour();
      const peaks: number[] = [];
      const look = setInterval(() => void sessionPeakBytes().then((bytes) => peaks.push(...bytes)), 50);
      // What waits in the kernel is fetched in the end, or the close would never be seen.
      setTimeout(() => socket.resume(), 500);
      await closed;
      clearInterval(look);
      expect(peaks.length).toBeGreaterThan(0);
      expect(Math.max(...peaks)).toBeLessThan(400 * 1_048_576);
      await upDesk();
    });

    test('a hundred connections at once: one is served, the others are shown out', async () => {
      const clients = Array.from({ length: 100 }, () => rawClient());
      await Promise.all(clients.map(({ closed }) => closed));
      await upDesk();
      expect(bench.service.exitCode).toBeNull();
    });
  });

  describe('falls', () => {
    test('a desk that forgets gets a fresh process', async () => {
      const desk = openDesk({ links: 'virtual', rpId: RP_ID }, true);
      await soon(() => desk.tray.keys.length > 0);
      await desk.tray.plugIn('modern-a');
      await soon(() => desk.facts.some(({ type }) => type === 'key.inserted'));
      const startedMs = performance.now();
      await desk.keys.forget();
      expect(desk.host.isUp).toBe(true);
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      // Virtual keys live in the process that is gone.
      await soon(() => desk.tray.keys.length > 0 && desk.tray.keys.every(({ state }) => state === 'inTray'));
      expect(desk.troubles).toEqual([]);
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)('the service is restarted (%s): the desk is back by itself', async (signal) => {
      const desk = await upDesk();
      await bench.stop(signal);
      await soon(() => desk.facts.some(({ type }) => type === 'key.hostDown'), 20_000);
      await bench.start();
      await soon(() => desk.facts.some(({ type }) => type === 'key.hostUp'));
      await desk.tray.plugIn('modern-a');
      await soon(() => desk.facts.at(-1)?.type === 'key.inserted');
      const inserted = desk.facts.at(-1);
      if (inserted?.type !== 'key.inserted') throw new Error('no key');
      expect(await desk.keys.describe(inserted.key, ceremony())).toMatchObject({ ok: true });
    });

    test('wrote nothing of what was typed', async () => {
      await bench.deskAs(accounts.desk, comesInWithinMs);
      expect(bench.output.join('')).not.toContain('pLanted');
    });
  });
});

describe('where a service may be opened', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firstkey-door-'));
    await chmod(folder, 0o750);
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));
  const open = () => openKeeper({ socketPath: path.join(folder, 'keys.sock'), session: [process.execPath] });

  test.each([
    [0o770, /0750/],
    [0o755, /0750/],
  ])('not in a folder of mode %o', async (mode, why) => {
    await chmod(folder, mode);
    await expect(open()).rejects.toThrow(why);
  });

  test('not in place of a file', async () => {
    await writeFile(path.join(folder, 'keys.sock'), 'something');
    await expect(open()).rejects.toThrow(/no socket/);
  });

  test('not beside another that lives, but in place of one that died', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(/another service/);
    await first.close();
    const second = await open();
    await second.close();
  });

  test.runIf(mayChangeAccount)('not in a folder of somebody else', async () => {
    await chown(folder, accounts.stranger.uid, accounts.stranger.gid);
    await expect(open()).rejects.toThrow(/account of this service/);
  });
});

describe('frames', () => {
  const message = {
    channel: 'key',
    body: { verb: 'prove', id: 7, pin: Uint8Array.of(1, 2, 3), list: [1, -7, null, true, 'é'], nested: { deep: [{}] } },
  };

  test('arrive as they were sent, in pieces of any size', () => {
    const two = Buffer.concat([encodeFrame(message), encodeFrame({ a: 1 })]);
    for (let size = 1; size <= two.length; size += 1) {
      const reader = new FrameReader();
      const heard: unknown[] = [];
      for (let at = 0; at < two.length; at += size) heard.push(...reader.push(Uint8Array.from(two.subarray(at, at + size))));
      expect(heard).toEqual([message, { a: 1 }]);
    }
  });

  test('leave nothing of a PIN in what was read', () => {
    const chunk = encodeFrame(message);
    const [heard] = [...new FrameReader().push(chunk)];
    expect(chunk.every((byte) => byte === 0)).toBe(true);
    expect(heard).toEqual(message);
  });

  test('take nothing that the other side could not read', () => {
    for (const wrong of [undefined, 1.5, () => 1, 10n, { a: undefined }, { a: new Uint8Array(2_000_000) }]) {
      expect(() => encodeFrame(wrong)).toThrow(FrameError);
    }
  });
});
