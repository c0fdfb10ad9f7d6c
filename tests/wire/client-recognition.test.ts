// Which key is it: the touched one among several, the same one after it was pulled out, the one that may be erased.
import { describe, expect, test } from 'vitest';
import { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import { recognise } from '../../main/fido/care/key-likeness.ts';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { keyBench } from '../support/key-bench.ts';
import { make, openClient, pinBytes, refusalOf, valueOf } from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { selectTouched } from '../support/select-touched.ts';

const PIN = pinBytes(TRAINING_PIN);

/** Several keys on one bus, with one clock, and our client on each. */
async function several(...kinds: readonly KeyKindName[]) {
  const clock = new ManualClock();
  const surroundings = { clock, randomBytes: seededRandomBytes(kinds.join()) };
  const attestation = await trainingAttestation(surroundings);
  const usb = new VirtualUsb(clock);
  const { signal } = new AbortController();
  const opened = await Promise.all(
    kinds.map(async (kind) => {
      const { model } = KEY_KINDS[kind];
      const memory = model.ctap2 === undefined ? {} : { pin: TRAINING_PIN };
      const virtual = await createVirtualKey(model, surroundings, { attestation, memory });
      const link = await usb.open(usb.plug(virtual).path);
      const channel = await clock.runUntil(CtapHidChannel.open(link, surroundings, { signal }));
      return { virtual, key: new SecurityKey(channel, surroundings) };
    }),
  );
  return { clock, usb, signal, virtuals: opened.map(({ virtual }) => virtual), keys: opened.map(({ key }) => key) };
}

describe('the touched key among several', () => {
  test.each<[readonly KeyKindName[], number]>([
    [['modern', 'modern', 'modern'], 1],
    [['modern', 'ctap20', 'latest'], 1],
    [['modern', 'preview21'], 1],
    [['ctap20', 'modern'], 1],
    [['u2fOnly', 'modern'], 1],
    [['u2fOnly', 'modern', 'ctap20'], 0],
    [['modern', 'u2fOnly', 'ctap20'], 2],
    [['unsorted', 'deafToCancel', 'byteCounting'], 0],
    [['alwaysUv', 'fingerprint', 'homemade'], 2],
  ])('%j: number %i', async (kinds, touched) => {
    const { clock, keys, virtuals, signal } = await several(...kinds);
    virtuals[touched]?.autoTouch(3_000);
    const chosen = valueOf(await clock.runUntil(selectTouched(keys, { signal })));
    expect(keys.indexOf(chosen)).toBe(touched);
    for (const virtual of virtuals) {
      if (virtual.model.ctap2 !== undefined) expect(virtual.inspection.pinRetriesLeft).toBe(8);
      expect(virtual.inspection.credentialIds).toEqual([]);
    }
  });

  test('the others have let go: each can be asked something at once', async () => {
    const { clock, keys, virtuals, signal } = await several('modern', 'ctap20', 'latest');
    virtuals[0]?.autoTouch(100);
    valueOf(await clock.runUntil(selectTouched(keys, { signal })));
    expect(virtuals.map(({ awaitingTouch }) => awaitingTouch)).toEqual([false, false, false]);
    const described = await clock.runUntil(Promise.all(keys.map((key) => key.describe({ signal }))));
    expect(described.map(({ kind }) => kind)).toEqual(['ctap2', 'ctap2', 'ctap2']);
  });

  test('a key that is pulled out meanwhile is no longer in the choice', async () => {
    const { clock, keys, virtuals, signal, usb } = await several('modern', 'latest');
    virtuals[1]?.autoTouch(5_000);
    const choosing = selectTouched(keys, { signal });
    await clock.advance(1_000);
    if (virtuals[0]) usb.unplug(virtuals[0]);
    expect(valueOf(await clock.runUntil(choosing))).toBe(keys[1]);
  });

  test('a key of U2F alone that nobody touches is asked as long as others are, and then gives up too', async () => {
    const { clock, keys, virtuals, signal } = await several('u2fOnly');
    const startedMs = clock.nowMs();
    const choosing = clock.runUntil(selectTouched(keys, { signal }));
    expect(refusalOf(await choosing)).toEqual({ kind: 'touchTimeout' });
    expect(clock.nowMs() - startedMs).toBeGreaterThan(80_000);
    expect(virtuals[0]?.inspection.credentialIds).toEqual([]);
  });

  test('a key of U2F alone tells that it wants a touch, and stops asking when the choice is called off', async () => {
    const { clock, keys, virtuals } = await several('u2fOnly', 'modern');
    const stop = new AbortController();
    const told: string[] = [];
    const choosing = selectTouched(keys.slice(0, 1), { signal: stop.signal, onProgress: (progress) => told.push(progress) });
    await clock.advance(1_000);
    expect([told, virtuals[0]?.awaitingTouch]).toEqual([['touchNeeded'], true]);
    stop.abort(new Error('enough'));
    await expect(clock.runUntil(choosing)).rejects.toThrow('enough');
    expect(clock.pendingWaits).toBeLessThanOrEqual(1);
  });

  test('a key asked again after it gave up is still found', async () => {
    const { clock, keys, virtuals, signal } = await several('modern', 'latest');
    virtuals[0]?.autoTouch('never');
    const choosing = selectTouched(keys, { signal });
    await clock.advance(45_000);
    virtuals[1]?.touch();
    expect(valueOf(await clock.runUntil(choosing))).toBe(keys[1]);
  });
});

describe('the same key after a replug', () => {
  test('by all that it shows of itself', async () => {
    const bench = await keyBench({ model: KEY_KINDS.modern.model, memory: { pin: TRAINING_PIN } });
    const first = await openClient(bench, bench.link);
    const before = valueOf(await first.run(first.key.likeness(first.call)));
    const second = await openClient(bench, await bench.replug());
    expect(recognise(before, valueOf(await second.run(second.key.likeness(second.call))))).toBe('likeness');
    const other = await keyBench(KEY_KINDS.latest);
    const third = await openClient(other, other.link);
    expect(recognise(before, valueOf(await third.run(third.key.likeness(third.call))))).toBe('different');
  });

  test('although the latest key shows itself differently every time', async () => {
    const bench = await keyBench({ model: KEY_KINDS.latest.model, memory: { pin: TRAINING_PIN } });
    const { key, call, run } = await openClient(bench, bench.link);
    const before = valueOf(await run(key.likeness(call)));
    expect(recognise(before, valueOf(await run(key.likeness(call))))).toBe('likeness');
  });

  test('by an identity under encryption, which tells two alike apart', async () => {
    const bench = await keyBench({ model: KEY_KINDS.latest.model, memory: { pin: TRAINING_PIN } }, { seed: 'one' });
    const first = await openClient(bench, bench.link);
    const identity = valueOf(await first.run(first.key.identity(PIN, first.call)));
    const infoOf = async ({ key, call, run }: typeof first) => {
      const description = await run(key.describe(call));
      if (description.kind !== 'ctap2') throw new Error('no CTAP2');
      return description.info;
    };
    const second = await openClient(bench, await bench.replug());
    expect(identity.isOf(await infoOf(second))).toBe(true);
    const twin = await keyBench({ model: KEY_KINDS.latest.model, memory: { pin: TRAINING_PIN } }, { seed: 'two' });
    expect(identity.isOf(await infoOf(await openClient(twin, twin.link)))).toBe(false);
    const old = await keyBench({ model: KEY_KINDS.modern.model, memory: { pin: TRAINING_PIN } });
    const third = await openClient(old, old.link);
    expect(refusalOf(await third.run(third.key.identity(PIN, third.call)))).toEqual({
      kind: 'notOffered',
      feature: 'identity',
    });
  });
});

describe('erasing the key that is meant', () => {
  async function meant(kind: KeyKindName) {
    const bench = await keyBench({ model: KEY_KINDS[kind].model, memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(10);
    const first = await openClient(bench, bench.link);
    const likeness = valueOf(await first.run(first.key.likeness(first.call)));
    return { bench, likeness };
  }

  test.each<[KeyKindName, 'fresh' | 'notSeen']>([
    ['modern', 'fresh'],
    ['ctap20', 'fresh'],
    ['preview21', 'fresh'],
    ['latest', 'fresh'],
    ['homemade', 'fresh'],
    ['byteCounting', 'fresh'],
    ['shortResetWindow', 'notSeen'],
  ])('%s: afterwards it is %s', async (kind, state) => {
    const { bench, likeness } = await meant(kind);
    const { key, call, run } = await openClient(bench, await bench.replug());
    expect(valueOf(await run(key.reset(call, { likeness })))).toEqual({ recognisedBy: 'likeness', state });
    expect(bench.key.inspection).toMatchObject({ isPinSet: false, credentialIds: [] });
  });

  test.each<[KeyKindName, number]>([
    ['modern', 11_000],
    ['shortResetWindow', 6_000],
  ])('%s, too late after %i ms: nothing is lost', async (kind, waitMs) => {
    const { bench, likeness } = await meant(kind);
    const { key, call, run } = await openClient(bench, await bench.replug());
    await bench.clock.advance(waitMs);
    expect(refusalOf(await run(key.reset(call, { likeness })))).toEqual({ kind: 'resetNotAllowed' });
    expect(bench.key.inspection.isPinSet).toBe(true);
  });

  test('a key of the same model in another state is another key, and stays as it is', async () => {
    const { likeness } = await meant('modern');
    const other = await keyBench({ model: KEY_KINDS.modern.model, memory: {} });
    other.key.autoTouch(10);
    const client = await openClient(other, other.link);
    valueOf(await client.run(client.key.setPin(PIN, client.call)));
    valueOf(await make(client, TRAINING_PIN));
    const again = await openClient(other, await other.replug());
    expect(refusalOf(await again.run(again.key.reset(again.call, { likeness })))).toEqual({ kind: 'anotherKey' });
    expect(other.key.inspection.credentialIds).toHaveLength(1);
  });

  test('a long touch where the key was set to want one', async () => {
    const { bench } = await meant('latest');
    const { key, call, run } = await openClient(bench, await bench.replug());
    valueOf(await run(key.settings.enableLongTouchForReset(PIN, call)));
    const again = await openClient(bench, await bench.replug());
    bench.key.autoTouch(10, [{ heldMs: 5_500 }]);
    expect(valueOf(await again.run(again.key.reset(again.call))).state).toBe('fresh');
  });
});
