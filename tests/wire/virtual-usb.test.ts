import { describe, expect, test } from 'vitest';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { withQuirks } from '../../main/simulator/key/key-model.ts';
import { MODERN_KEY, TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import type { BusEvent } from '../../main/simulator/key/virtual-usb.ts';
import { keyBench } from '../support/key-bench.ts';
import { HID, RawHost, reportsOf } from '../support/raw-host.ts';

const never = new AbortController().signal;

describe('the bus', () => {
  test('lists what is plugged in, in slot order, and tells insertions and removals', async () => {
    const { usb, key, surroundings } = await keyBench(TRAINING_KEYS.modern);
    const events: string[] = [];
    const tell = (event: BusEvent) => void events.push(event.type === 'inserted' ? `+${event.plugged.path}` : `-${event.path}`);
    const stop = usb.watch(tell);
    const second = await createVirtualKey({ ...MODERN_KEY, serial: '000123' }, surroundings);
    usb.plug(second, 7);
    usb.unplug(key);
    usb.plug(key);
    stop();
    usb.unplug(second);
    expect(events).toEqual(['+virtual-usb-1', '+virtual-usb-7', '-virtual-usb-1', '+virtual-usb-1']);
    expect(await usb.list()).toEqual([
      { path: 'virtual-usb-1', vendorId: 0x1209, productId: 1, product: 'Firstkey Training Key', plug: 'usb-c' },
    ]);
  });

  test('a key fits into one slot only, a slot takes one key only', async () => {
    const { usb, key, surroundings } = await keyBench(TRAINING_KEYS.modern);
    expect(() => usb.plug(key, 2)).toThrow(/plugged in already/u);
    const second = await createVirtualKey(MODERN_KEY, surroundings);
    expect(() => usb.plug(second, 1)).toThrow(/taken/u);
    expect(usb.plug(second).path).toBe('virtual-usb-2');
  });

  test('an empty slot cannot be opened', async () => {
    const { usb } = await keyBench(TRAINING_KEYS.modern);
    await expect(usb.open('virtual-usb-9')).rejects.toBeInstanceOf(PacketLinkClosed);
  });

  test('reports of another size than 64 are a bug of the caller', async () => {
    const { link } = await keyBench(TRAINING_KEYS.modern);
    await expect(link.write(new Uint8Array(65))).rejects.toBeInstanceOf(RangeError);
  });

  test('a read that is aborted leaves the report for the next reader', async () => {
    const { link, clock } = await keyBench(TRAINING_KEYS.modern);
    const stop = new AbortController();
    const given = link.read(stop.signal);
    stop.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    const host = new RawHost(link, clock);
    await host.init();
    await expect(link.read(AbortSignal.abort(new Error('never started')))).rejects.toThrow('never started');
  });
});

describe('pulling the key out', () => {
  test('closes every handle: waiting reads, later reads and writes reject', async () => {
    const { usb, key, path, link } = await keyBench(TRAINING_KEYS.modern);
    const other = await usb.open(path);
    const waiting = [link.read(never), other.read(never)];
    usb.unplug(key);
    for (const read of waiting) await expect(read).rejects.toBeInstanceOf(PacketLinkClosed);
    await expect(link.read(never)).rejects.toBeInstanceOf(PacketLinkClosed);
    await expect(link.write(new Uint8Array(64))).rejects.toBeInstanceOf(PacketLinkClosed);
    expect(key.isPowered).toBe(false);
  });

  test('while it waits for a touch: nothing is made, and the light is out', async () => {
    const { usb, key, link, clock } = await keyBench(TRAINING_KEYS.modern);
    const host = new RawHost(link, clock);
    await host.init();
    await host.sendCbor(0x0b);
    await host.nextMessage();
    usb.unplug(key);
    expect(key.awaitingTouch).toBe(false);
    expect(key.touch()).toBe(false);
    await clock.advance(60_000);
    expect(clock.pendingWaits).toBe(0);
  });

  test('channels do not survive it', async () => {
    const { link, clock, replug } = await keyBench(TRAINING_KEYS.modern);
    const host = new RawHost(link, clock);
    await host.init();
    const again = new RawHost(await replug(), clock);
    await again.send(HID.ping, Uint8Array.of(1), host.channel);
    expect(await again.nextMessage()).toMatchObject({ command: HID.error, payload: Uint8Array.of(0x0b) });
  });

  test.each([1, 2, 3, 4])('after %i reports in either direction', async (reports) => {
    const { usb, key, link, clock } = await keyBench(TRAINING_KEYS.modern);
    usb.unplugAfterReports(key, reports);
    const host = new RawHost(link, clock);
    const story = async () => {
      await host.init(); // 2 reports
      await host.write(...reportsOf(host.channel, HID.ping, new Uint8Array(100))); // 4 more
      await host.nextMessage();
    };
    await expect(story()).rejects.toBeInstanceOf(PacketLinkClosed);
    expect(key.isPowered).toBe(false);
  });

  test('a closed handle closes only itself', async () => {
    const { usb, path, link, clock } = await keyBench(TRAINING_KEYS.modern);
    await link.close();
    await link.close();
    const host = new RawHost(await usb.open(path), clock);
    await host.init();
    await expect(link.read(never)).rejects.toBeInstanceOf(PacketLinkClosed);
  });

  test('the quirk leaves-after-reset goes and comes back by itself', async () => {
    const { usb, key, link, clock } = await keyBench({
      model: withQuirks(MODERN_KEY, 'leaves-after-reset'),
      memory: { pin: '1234' },
    });
    const events: string[] = [];
    usb.watch(({ type }) => void events.push(type));
    key.autoTouch(0);
    const host = new RawHost(link, clock);
    await host.init();
    await host.sendCbor(0x07);
    await clock.advance(0);
    expect(key.isPowered).toBe(false);
    await clock.advance(400);
    expect(events).toEqual(['inserted', 'removed', 'inserted']);
    const back = new RawHost(await usb.open('virtual-usb-1'), clock);
    await back.init();
    const { map } = await back.cbor(0x04);
    expect(map.get(4)).toMatchObject({ clientPin: false });
  });
});
