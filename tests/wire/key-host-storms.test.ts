// A storm of devices, of words from a key, and of requests: what reaches the desk stays little, and in the end true.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TouchWatch } from '../../main/keyhost/ceremony/touch-watch.ts';
import type { KeyProgress } from '../../main/ports/key.ts';
import { CTAP20_KEY, TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

const named = (type: 'key.inserted' | 'key.removed') =>
  desk.facts.flatMap((fact) => (fact.type === type ? [fact.key.insertion] : []));
const present = () => named('key.inserted').filter((insertion) => !named('key.removed').includes(insertion));

async function makeKeys(count: number): Promise<VirtualKey[]> {
  return await Promise.all(Array.from({ length: count }, () => desk.makeKey({ model: CTAP20_KEY, memory: {} })));
}

describe('plugging and pulling', () => {
  test('a hundred times a second for ten seconds: some twenty facts a second, and in the end the truth', async () => {
    const key = await desk.makeKey(TRAINING_KEYS.pinSet);
    for (let round = 0; round < 1_000; round += 1) {
      desk.usb.plug(key);
      await desk.clock.advance(5);
      desk.usb.unplug(key);
      await desk.clock.advance(5);
    }
    await desk.clock.advance(200);
    expect(desk.facts.length).toBeGreaterThan(20);
    expect(desk.facts.length).toBeLessThanOrEqual(210);
    expect(present()).toEqual([]);
    expect(new Set(named('key.inserted')).size).toBe(named('key.inserted').length);
    const ref = await desk.plug(key);
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
  });

  test('a person’s plugging is told at once', async () => {
    const key = await desk.makeKey(TRAINING_KEYS.pinSet);
    desk.usb.plug(key);
    await desk.clock.advance(0);
    expect(named('key.inserted').length).toBe(1);
    await desk.clock.advance(100);
    desk.usb.unplug(key);
    await desk.clock.advance(0);
    expect(named('key.removed').length).toBe(1);
  });

  test('thirty keys at once are all told within a second, and each is its own', async () => {
    for (const key of await makeKeys(30)) desk.usb.plug(key);
    await desk.clock.advance(1_000);
    expect(new Set(present()).size).toBe(30);
    const outcomes = await desk.run(
      Promise.all(present().map((insertion) => desk.keys.describe({ insertion }, desk.ceremony()))),
    );
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  });

  test('thirty keys, all pulled and plugged ten times a second: never more than eighty facts in a second', async () => {
    const keys = await makeKeys(30);
    for (let second = 0; second < 3; second += 1) {
      const before = desk.facts.length;
      for (let round = 0; round < 10; round += 1) {
        for (const key of keys) desk.usb.plug(key);
        await desk.clock.advance(50);
        for (const key of keys) desk.usb.unplug(key);
        await desk.clock.advance(50);
      }
      expect(desk.facts.length - before).toBeLessThanOrEqual(160);
    }
    expect(desk.facts.length).toBeLessThanOrEqual(320);
    await desk.clock.advance(3_000);
    expect(present()).toEqual([]);
  });

  test('a hub of endless keys: as many as there is room for, and the next when one leaves', async () => {
    const keys = await makeKeys(140);
    for (const key of keys) desk.usb.plug(key);
    await desk.clock.advance(2_000);
    const first = present();
    expect(first.length).toBe(32);
    for (const key of keys.slice(0, 2)) desk.usb.unplug(key);
    await desk.clock.advance(2_000);
    expect(present().length).toBe(32);
    expect(present().filter((insertion) => !first.includes(insertion)).length).toBe(2);
    for (const key of keys.slice(2)) desk.usb.unplug(key);
    await desk.clock.advance(10_000);
    expect(present()).toEqual([]);
  });
});

describe('a key that never makes up its mind', () => {
  test('blinks and works a thousand times a second: the desk hears ten a second, and in the end the last word', async () => {
    const { clock } = desk;
    const told: KeyProgress[] = [];
    const watch = new TouchWatch(clock, (progress) => told.push(progress));
    for (let ms = 0; ms < 4_000; ms += 1) {
      watch.onProgress(ms % 2 === 0 ? 'processing' : 'touchNeeded');
      await clock.advance(1);
    }
    expect(told.length).toBeLessThanOrEqual(41);
    expect(told.length).toBeGreaterThan(1);
    watch.onProgress('processing');
    await clock.advance(200);
    expect(told.at(-1)).toBe('touched');
    watch.onProgress('touchNeeded');
    watch.close();
    const before = told.length;
    await clock.advance(1_000);
    expect(told.length).toBe(before);
  });
});
