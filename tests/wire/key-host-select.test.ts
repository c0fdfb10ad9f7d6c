// Which of several plugged keys is meant, by touch, through the wall: of every make together, with keys that come and go
// meanwhile, called off, and not touched at all.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyProgress, KeyRef } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

interface Plugged {
  readonly key: VirtualKey;
  readonly ref: KeyRef;
}

async function laidOut(kind: KeyKindName): Promise<VirtualKey> {
  const { model, memory } = KEY_KINDS[kind];
  return await desk.makeKey({ model, memory: model.ctap2 ? { pin: TRAINING_PIN, ...memory } : memory });
}

async function plugged(...kinds: readonly KeyKindName[]): Promise<readonly Plugged[]> {
  const all: Plugged[] = [];
  for (const kind of kinds) {
    const key = await laidOut(kind);
    all.push({ key, ref: await desk.plug(key) });
  }
  return all;
}

const oneOf = (all: readonly Plugged[], index: number): Plugged => {
  const one = all[index];
  if (!one) throw new Error('there are fewer keys');
  return one;
};

/** A choice that goes on until something comes of it. */
function choosing(except: readonly KeyRef[] = [], deadlineMs = 60_000) {
  const control = new AbortController();
  const told: KeyProgress[] = [];
  const onProgress = (progress: KeyProgress) => void told.push(progress);
  const outcome = desk.keys.selectTouched(except, { signal: control.signal, deadlineMs, onProgress });
  outcome.catch(() => undefined);
  return { outcome, told, control };
}

const asking = (all: readonly Plugged[]): readonly boolean[] => all.map(({ key }) => key.awaitingTouch);
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'ok' : outcome.reason.code);

describe('the touched key', () => {
  test.each([0, 1, 2])('of a modern one, one of 2019 and one of U2F alone: number %i', async (index) => {
    const all = await plugged('modern', 'ctap20', 'u2fOnly');
    const { outcome, told } = choosing();
    await desk.clock.advance(1_000);
    expect(asking(all)).toEqual([true, true, true]);
    const meant = oneOf(all, index);
    meant.key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: meant.ref });
    expect(told.at(-1)).toBe('touchNeeded');
    // The others have let go; one of U2F has no way to be told and stops by itself.
    const stillLit = all.filter(({ key }) => key.awaitingTouch && key.model.ctap2 !== undefined);
    expect(stillLit).toEqual([]);
    for (const { key } of all) {
      expect(key.inspection.credentialIds).toEqual([]);
      if (key.model.ctap2) expect(key.inspection.pinRetriesLeft).toBe(8);
    }
    const described = await Promise.all(all.map(({ ref }) => desk.run(desk.keys.describe(ref, desk.ceremony()))));
    expect(described.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
  });

  test('of many makes at once', async () => {
    const all = await plugged('alwaysUv', 'fingerprint', 'homemade', 'deafToCancel', 'preview21', 'latest', 'unsorted');
    const { outcome } = choosing();
    await desk.clock.advance(3_000);
    const meant = oneOf(all, 5);
    meant.key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: meant.ref });
  });

  test('is never one of those that were left out, which do not even blink', async () => {
    const all = await plugged('modern', 'modern', 'modern');
    const [done, meant] = [oneOf(all, 0), oneOf(all, 2)];
    const { outcome } = choosing([done.ref]);
    await desk.clock.advance(500);
    expect(asking(all)).toEqual([false, true, true]);
    expect(done.key.touch()).toBe(false);
    meant.key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: meant.ref });
  });

  test('may be a single one', async () => {
    const all = await plugged('modern');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    oneOf(all, 0).key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: oneOf(all, 0).ref });
  });

  test('on the care conversation too, for whoever has the token', async () => {
    const all = await plugged('modern', 'ctap20');
    const outcome = desk.care.selectTouched([], desk.ceremony());
    await desk.clock.advance(500);
    oneOf(all, 1).key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: oneOf(all, 1).ref });
    await desk.close();
    desk = await openKeyHostDesk({ careToken: 'a token that somebody made up, long' });
    const others = await plugged('modern', 'modern');
    expect(await desk.run(desk.care.selectTouched([], desk.ceremony()))).toMatchObject({
      reason: { code: 'key.refused', detail: { statusName: 'careNotGranted' } },
    });
    expect(asking(others)).toEqual([false, false]);
  });
});

describe('keys that come and go meanwhile', () => {
  test('one that is plugged in joins, and may be the one', async () => {
    const all = await plugged('modern', 'ctap20');
    const { outcome } = choosing();
    await desk.clock.advance(2_000);
    const late = await laidOut('latest');
    const ref = await desk.plug(late);
    await desk.clock.advance(500);
    expect([...asking(all), late.awaitingTouch]).toEqual([true, true, true]);
    late.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: ref });
  });

  test('one that is pulled out drops out, and the others go on', async () => {
    const all = await plugged('modern', 'ctap20', 'u2fOnly');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    for (const index of [0, 2]) {
      desk.usb.unplug(oneOf(all, index).key);
      await desk.clock.advance(500);
    }
    expect(oneOf(all, 1).key.awaitingTouch).toBe(true);
    oneOf(all, 1).key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: oneOf(all, 1).ref });
  });

  test('one that comes back is asked again, as another insertion', async () => {
    const all = await plugged('modern', 'modern');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    const { key, ref } = oneOf(all, 0);
    desk.usb.unplug(key);
    await desk.clock.advance(500);
    const again = await desk.plug(key);
    await desk.clock.advance(500);
    key.touch();
    expect(await desk.run(outcome)).toEqual({ ok: true, value: again });
    expect(again).not.toEqual(ref);
  });

  test('when the last one has gone, that is what is told', async () => {
    const all = await plugged('modern', 'ctap20');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    for (const { key } of all) desk.usb.unplug(key);
    expect(codeOf(await desk.run(outcome))).toBe('key.removed');
  });

  test('without any there is nothing to wait for', async () => {
    expect(codeOf(await desk.run(choosing().outcome))).toBe('key.removed');
    const all = await plugged('modern');
    expect(codeOf(await desk.run(choosing([oneOf(all, 0).ref]).outcome))).toBe('key.removed');
    expect(asking(all)).toEqual([false]);
  });
});

describe('a choice that comes to nothing', () => {
  test('called off: no key blinks any more, and each can be asked something at once', async () => {
    const all = await plugged('modern', 'ctap20', 'latest');
    const { outcome, control } = choosing();
    await desk.clock.advance(500);
    expect(asking(all)).toEqual([true, true, true]);
    control.abort(new Error('back'));
    await expect(outcome).rejects.toThrow('back');
    await desk.clock.advance(500);
    expect(asking(all)).toEqual([false, false, false]);
    expect(codeOf(await desk.run(desk.keys.describe(oneOf(all, 1).ref, desk.ceremony())))).toBe('ok');
  });

  test('forgotten with everything else', async () => {
    const all = await plugged('modern', 'u2fOnly');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    await desk.run(desk.keys.forget());
    await expect(outcome).rejects.toThrow('forgotten');
    expect(oneOf(all, 0).key.awaitingTouch).toBe(false);
    await desk.clock.advance(20_000);
    expect(asking(all)).toEqual([false, false]);
  });

  test.each([10_000, 60_000])('nobody touches one within %i ms', async (deadlineMs) => {
    const all = await plugged('modern', 'ctap20', 'u2fOnly');
    const startedMs = desk.clock.nowMs();
    expect(codeOf(await desk.run(choosing([], deadlineMs).outcome))).toBe('key.touchTimeout');
    expect(desk.clock.nowMs() - startedMs).toBeLessThanOrEqual(deadlineMs + 3_000);
    await desk.clock.advance(15_000);
    expect(asking(all)).toEqual([false, false, false]);
  });

  test('asked far too often, keys are left in peace', async () => {
    const all = await plugged('modern', 'modern');
    const codes: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const { outcome, control } = choosing();
      await desk.clock.advance(50);
      control.abort(new Error('again'));
      codes.push(await outcome.then(codeOf, () => 'called off'));
    }
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'called off'));
    expect(codes).toContain('key.refused');
    expect(asking(all)).toEqual([false, false]);
  });

  test('a host that falls meanwhile is told as that', async () => {
    await plugged('modern', 'modern');
    const { outcome } = choosing();
    await desk.clock.advance(500);
    desk.killHost();
    expect(codeOf(await desk.run(outcome))).toBe('key.hostDown');
    desk.troubles.length = 0;
    await desk.clock.advance(3_000);
  });
});
