// The adapter to real HID devices, with a made-up operating system below it: what it tells, what it opens, how it ends.
// The real system is met in the vm ring.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchDeviceFolder } from '../../main/adapters/key-hid/device-folder.ts';
import type { HidBackend, HidListeners, ListedInterface } from '../../main/adapters/key-hid/hid-backend.ts';
import { hidLinkSource } from '../../main/adapters/key-hid/hid-link-source.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { LinkNotOpened, type LinkEvent } from '../../main/keyhost/plugged/link-source.ts';
import { ManualClock } from '../support/manual-clock.ts';

const never = new AbortController().signal;
const PATH = '/dev/hidraw3';

const KEY: ListedInterface = { path: PATH, vendorId: 0x1209, productId: 1, product: 'A key', incarnation: '17' };

/** An operating system with devices to put in and take out. */
class MadeUpSystem implements HidBackend {
  listed: ListedInterface[] = [];
  listFails = false;
  openError: Error | undefined;
  /** Called in the middle of opening. */
  whileOpening: () => void = () => undefined;
  /** Whether this system tells of changes. */
  tells = false;
  /** Says that something changed. */
  change: () => void = () => undefined;
  /** Stops telling. */
  endTelling: () => void = () => undefined;
  looks = 0;
  /** Called when a look has seen what there is, and has not told yet. */
  afterLook: () => void = () => undefined;
  listeners: HidListeners | undefined;
  readonly written: Uint8Array[] = [];
  writeError: Error | undefined;
  closed = 0;

  onChange(listener: () => void, onEnd: () => void) {
    if (!this.tells) return null;
    this.change = listener;
    this.endTelling = onEnd;
    return () => {
      this.change = () => undefined;
    };
  }

  async list() {
    this.looks += 1;
    if (this.listFails) throw new Error('enumeration failed');
    const seen = [...this.listed];
    this.afterLook();
    return seen;
  }

  async open(_path: string, listeners: HidListeners) {
    if (this.openError !== undefined) throw this.openError;
    this.listeners = listeners;
    this.whileOpening();
    return {
      write: async (bytes: Uint8Array) => {
        if (this.writeError !== undefined) throw this.writeError;
        this.written.push(bytes);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  }
}

function bench(platform: NodeJS.Platform = 'linux', checkAccess: () => Promise<void> = async () => undefined, tells = false) {
  const system = new MadeUpSystem();
  system.tells = tells;
  const clock = new ManualClock();
  const links = hidLinkSource({
    clock,
    backend: system,
    platform,
    checkAccess,
    notOpened: (obstacle, options) => new LinkNotOpened(obstacle, options),
  });
  return { system, clock, links };
}

async function watched(tells = false) {
  const parts = bench('linux', undefined, tells);
  const events: string[] = [];
  const tell = (event: LinkEvent) =>
    void events.push(
      event.type === 'inserted' ? `+${event.plugged.path}` : event.type === 'removed' ? `-${event.path}` : event.obstacle,
    );
  const stop = parts.links.watch(tell);
  await parts.clock.advance(0);
  return { ...parts, events, stop };
}

describe('watching', () => {
  test('tells what is there, what comes and what goes, within half a second', async () => {
    const { system, clock, links } = bench();
    system.listed = [KEY];
    const events: LinkEvent[] = [];
    const stop = links.watch((event) => void events.push(event));
    await clock.advance(0);
    expect(events).toEqual([{ type: 'inserted', plugged: { path: PATH, vendorId: 0x1209, productId: 1, product: 'A key' } }]);
    system.listed = [KEY, { ...KEY, path: '/dev/hidraw4', product: null }];
    await clock.advance(500);
    system.listed = [{ ...KEY, path: '/dev/hidraw4', product: null }];
    await clock.advance(500);
    expect(events.slice(1)).toEqual([
      { type: 'inserted', plugged: { path: '/dev/hidraw4', vendorId: 0x1209, productId: 1, product: null } },
      { type: 'removed', path: PATH },
    ]);
    stop();
    await clock.advance(0);
    expect(clock.pendingWaits).toBe(0);
  });

  test('another device at the same path is a removal and an insertion', async () => {
    const { system, clock, events } = await watched();
    system.listed = [KEY];
    await clock.advance(500);
    system.listed = [{ ...KEY, incarnation: '18' }];
    await clock.advance(500);
    expect(events).toEqual([`+${PATH}`, `-${PATH}`, `+${PATH}`]);
  });

  test('a look that fails changes nothing', async () => {
    const { system, clock, events } = await watched();
    system.listed = [KEY];
    await clock.advance(500);
    system.listFails = true;
    await clock.advance(2_000);
    system.listFails = false;
    await clock.advance(500);
    expect(events).toEqual([`+${PATH}`]);
  });

  test('a watch that was stopped tells nothing more, not even what it was just looking at', async () => {
    const { system, clock, events, stop } = await watched();
    system.listed = [KEY];
    stop();
    await clock.advance(5_000);
    expect(events).toEqual([]);
  });
});

describe('a system that tells of changes', () => {
  test('is asked when it tells, at once, and otherwise hardly ever', async () => {
    const { system, clock, events } = await watched(true);
    await clock.advance(60_000);
    expect(system.looks).toBeLessThanOrEqual(13);
    system.listed = [KEY];
    system.change();
    await clock.advance(100);
    expect(events).toEqual([`+${PATH}`]);
    system.listed = [];
    system.change();
    await clock.advance(100);
    expect(events).toEqual([`+${PATH}`, `-${PATH}`]);
  });

  test('what changes during a look is seen by the next', async () => {
    const { system, clock, events } = await watched(true);
    system.change();
    await clock.advance(59);
    system.afterLook = () => {
      system.afterLook = () => undefined;
      system.listed = [KEY];
      system.change();
    };
    await clock.advance(100);
    expect(events).toEqual([`+${PATH}`]);
  });

  test('a storm of words makes a handful of looks', async () => {
    const { system, clock } = await watched(true);
    const before = system.looks;
    for (let round = 0; round < 100; round += 1) {
      for (let word = 0; word < 50; word += 1) system.change();
      await clock.advance(10);
    }
    expect(system.looks - before).toBeLessThanOrEqual(17);
  });

  test('a word that got lost costs five seconds, a system that falls silent is asked as any other', async () => {
    const { system, clock, events } = await watched(true);
    system.listed = [KEY];
    await clock.advance(5_000);
    expect(events).toEqual([`+${PATH}`]);
    system.endTelling();
    system.listed = [];
    await clock.advance(500);
    expect(events).toEqual([`+${PATH}`, `-${PATH}`]);
    const before = system.looks;
    await clock.advance(5_000);
    expect(system.looks - before).toBe(10);
  });

  test('is not listened to any more when the watch is stopped', async () => {
    const { system, clock, stop } = await watched(true);
    const before = system.looks;
    stop();
    system.change();
    await clock.advance(60_000);
    expect(system.looks).toBe(before);
    expect(clock.pendingWaits).toBe(0);
  });
});

describe('the folder of device files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firstkey-dev-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  test('tells when a hidraw file comes, changes hands and goes, and of nothing else', async () => {
    let told = 0;
    const stop = watchDeviceFolder(
      folder,
      () => (told += 1),
      () => undefined,
    );
    const node = path.join(folder, 'hidraw7');
    for (const act of [() => writeFile(node, ''), () => chmod(node, 0o660), () => rm(node)]) {
      const before = told;
      await act();
      await vi.waitFor(() => expect(told).toBeGreaterThan(before), { timeout: 5_000 });
    }
    const before = told;
    await writeFile(path.join(folder, 'ttyS0'), '');
    await writeFile(path.join(folder, 'hidraw7x'), '');
    // Words come in order: when this one is here, those two would have been.
    await writeFile(path.join(folder, 'hidraw8'), '');
    await vi.waitFor(() => expect(told).toBeGreaterThan(before), { timeout: 5_000 });
    expect(told).toBe(before + 1);
    stop?.();
  });

  test('says when there is nothing to watch', () => {
    const nowhere = path.join(folder, 'none');
    expect(
      watchDeviceFolder(
        nowhere,
        () => undefined,
        () => undefined,
      ),
    ).toBeNull();
  });
});

describe('opening', () => {
  test('reports go out with a zero in front and come in as they are', async () => {
    const { system, links } = bench();
    const link = await links.open(PATH);
    await link.write(new Uint8Array(64).fill(9));
    expect(system.written).toEqual([Uint8Array.of(0, ...new Uint8Array(64).fill(9))]);
    await expect(link.write(new Uint8Array(63))).rejects.toBeInstanceOf(RangeError);
    system.listeners?.onReport(Uint8Array.of(1));
    system.listeners?.onReport(Uint8Array.of(2));
    expect([await link.read(never), await link.read(never)]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    const waiting = link.read(never);
    system.listeners?.onReport(Uint8Array.of(3));
    expect(await waiting).toEqual(Uint8Array.of(3));
  });

  test('a read that is aborted loses no report', async () => {
    const { system, links } = bench();
    const link = await links.open(PATH);
    const stop = new AbortController();
    const given = link.read(stop.signal);
    stop.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    system.listeners?.onReport(Uint8Array.of(7));
    await expect(link.read(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(await link.read(never)).toEqual(Uint8Array.of(7));
  });

  test('the key goes: pending and later calls reject, the device is given back once', async () => {
    const { system, links } = bench();
    const link = await links.open(PATH);
    const waiting = [link.read(never), link.read(never)];
    system.listeners?.onReport(Uint8Array.of(1));
    system.listeners?.onGone(new Error('could not read from HID device'));
    expect(await waiting[0]).toEqual(Uint8Array.of(1));
    await expect(waiting[1]).rejects.toBeInstanceOf(PacketLinkClosed);
    await expect(link.read(never)).rejects.toBeInstanceOf(PacketLinkClosed);
    await expect(link.write(new Uint8Array(64))).rejects.toBeInstanceOf(PacketLinkClosed);
    await link.close();
    await link.close();
    expect(system.closed).toBe(1);
  });

  test('the key goes while it is being opened', async () => {
    const { system, links } = bench();
    system.whileOpening = () => system.listeners?.onGone(new Error('gone'));
    const link = await links.open(PATH);
    await expect(link.read(never)).rejects.toBeInstanceOf(PacketLinkClosed);
    expect(system.closed).toBe(1);
  });

  test('a write that fails closes the link', async () => {
    const { system, links } = bench();
    const link = await links.open(PATH);
    const waiting = link.read(never);
    system.writeError = new Error('Cannot write to hid device');
    await expect(link.write(new Uint8Array(64))).rejects.toBeInstanceOf(PacketLinkClosed);
    await expect(waiting).rejects.toBeInstanceOf(PacketLinkClosed);
  });

  test('what nobody reads does not pile up, nor cost the link: another program may talk to the key for minutes', async () => {
    const { system, links } = bench();
    const link = await links.open(PATH);
    const numbered = (count: number): Uint8Array => {
      const report = new Uint8Array(64);
      new DataView(report.buffer).setUint32(0, count);
      return report;
    };
    for (let count = 0; count < 5_000; count += 1) system.listeners?.onReport(numbered(count));
    const read: Uint8Array[] = [];
    const waiting = new AbortController();
    for (let count = 0; count < 2_048; count += 1) read.push(await link.read(never));
    expect([read[0], read.at(-1)]).toEqual([numbered(5_000 - 2_048), numbered(4_999)]);
    const more = link.read(waiting.signal);
    waiting.abort('nothing more');
    await expect(more).rejects.toBe('nothing more');
    expect(system.closed).toBe(0);
  });
});

describe('what may stand in the way', () => {
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });

  test('udev that comes a moment later is waited for', async () => {
    let looks = 0;
    const { links, clock } = bench('linux', async () => {
      looks += 1;
      if (looks < 5) throw denied;
    });
    const link = await clock.runUntil(links.open(PATH));
    expect(link.reportBytes).toBe(64);
    expect(clock.nowMs()).toBe(1_000_400);
  });

  test('a device file that stays closed to us is a permission', async () => {
    const { links, clock } = bench('linux', () => Promise.reject(denied));
    const startedMs = clock.nowMs();
    await expect(clock.runUntil(links.open(PATH))).rejects.toMatchObject({ name: 'LinkNotOpened', obstacle: 'permission' });
    expect(clock.nowMs() - startedMs).toBeLessThan(2_000);
  });

  test('a device file that is not there is a key that is gone', async () => {
    const { links } = bench('linux', () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })));
    await expect(links.open(PATH)).rejects.toBeInstanceOf(PacketLinkClosed);
  });

  test.each([
    ['linux', 'cannot open device with path /dev/hidraw3', 'inUse'],
    ['darwin', 'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C5)', 'inUse'],
    ['darwin', 'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002E2)', 'permission'],
    ['win32', 'open_device: CreateFile: (0x00000005) Access is denied.', 'elevation'],
    ['win32', 'open_device: CreateFile: (0x00000020) The process cannot access the file', 'inUse'],
  ] as const)('%s: %s', async (platform, message, obstacle) => {
    const { links, system } = bench(platform);
    system.listed = [KEY];
    system.openError = new Error(message);
    await expect(links.open(PATH)).rejects.toMatchObject({ name: 'LinkNotOpened', obstacle });
  });

  test('a device that can’t be opened because it is not listed any more is gone', async () => {
    const { links, system } = bench();
    system.openError = new Error('cannot open device');
    await expect(links.open(PATH)).rejects.toBeInstanceOf(PacketLinkClosed);
  });
});
