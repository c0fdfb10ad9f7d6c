// The touch of a key that knows U2F alone: asked again and again, for a while, without leaving anything behind.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { touchU2f } from '../../main/fido/hid/u2f-touch.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const WANTS_TOUCH = Uint8Array.of(0x69, 0x85);
const REGISTERED = Uint8Array.of(5, 4, 0x90, 0x00);

/** A key that answers so, the last again and again. */
function askedOf(...answers: readonly Uint8Array[]) {
  const clock = new ManualClock();
  const apdus: Uint8Array[] = [];
  const told: number[] = [];
  const msg = (apdu: Uint8Array): Promise<Uint8Array> => {
    apdus.push(apdu);
    return Promise.resolve(answers[apdus.length - 1] ?? answers.at(-1) ?? new Uint8Array(0));
  };
  const touch = (signal = new AbortController().signal) =>
    touchU2f(
      { device: { canMsg: true }, msg },
      { clock, randomBytes: seededRandomBytes('u2f touch') },
      { signal, onKeepalive: (status) => told.push(status) },
    );
  return { clock, apdus, told, touch };
}

describe('the touch of a U2F key', () => {
  test('is waited for by asking again; each question is a registration at a site that can’t exist', async () => {
    const { clock, apdus, told, touch } = askedOf(WANTS_TOUCH, WANTS_TOUCH, REGISTERED);
    expect(await clock.runUntil(touch())).toBe('touched');
    expect(told).toEqual([2, 2]);
    expect(apdus).toHaveLength(3);
    const [apdu = new Uint8Array(0)] = apdus;
    expect([...apdu.subarray(0, 7)]).toEqual([0, 1, 0, 0, 0, 0, 64]);
    expect(Buffer.from(apdu.subarray(39, 71))).toEqual(createHash('sha256').update('touch.invalid').digest());
    expect(apdu).toHaveLength(73);
  });

  test('is given up after half a minute', async () => {
    const { clock, touch } = askedOf(WANTS_TOUCH);
    const startedMs = clock.nowMs();
    expect(await clock.runUntil(touch())).toBe('late');
    expect(clock.nowMs() - startedMs).toBe(30_000);
    expect(clock.pendingWaits).toBe(0);
  });

  test.each([[Uint8Array.of(0x6d, 0x00)], [Uint8Array.of(0x69, 0x86)], [Uint8Array.of(0x90)]])(
    'is not to be had of a key that answers %j',
    async (answer) => {
      const { apdus, touch } = askedOf(answer);
      expect(await touch()).toBe('refused');
      expect(apdus).toHaveLength(1);
    },
  );

  test('is no longer asked for when that is called off', async () => {
    const { clock, apdus, touch } = askedOf(WANTS_TOUCH);
    const stop = new AbortController();
    const touching = touch(stop.signal);
    await clock.advance(300);
    stop.abort(new Error('enough'));
    await expect(touching).rejects.toThrow('enough');
    expect(apdus).toHaveLength(2);
  });
});
