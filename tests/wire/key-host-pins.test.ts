// PIN tries, from the first wrong one to the locked key: the count is told, no try is wasted, and nothing is sent to a key
// that would not take it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeyRef } from '../../main/ports/key.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { withQuirks } from '../../main/simulator/key/key-model.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

const WRONG_PIN = '000000';
const { model } = TRAINING_KEYS.modern;

let desk: KeyHostDesk;
let key: VirtualKey;
let ref: KeyRef;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

async function bring(brought: VirtualKey): Promise<void> {
  key = brought;
  key.autoTouch(100);
  ref = await desk.plug(key);
}

async function replug(): Promise<void> {
  desk.usb.unplug(key);
  ref = await desk.plug(key);
}

const make = (pin: string) => desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(pin), desk.ceremony()));
const change = (oldPin: string, newPin: string) =>
  desk.run(desk.keys.changePin(ref, desk.secret(oldPin), desk.secret(newPin), desk.ceremony()));
const wrong = (retriesLeft: number) => ({ ok: false, reason: { code: 'key.pinWrong', detail: { retriesLeft } } });

test('from eight tries to a locked key, with a replug after every third', async () => {
  await bring(await desk.makeKey(TRAINING_KEYS.pinSet));
  expect(await make(WRONG_PIN)).toEqual(wrong(7));
  expect(await make(WRONG_PIN)).toEqual(wrong(6));
  expect(await make(WRONG_PIN)).toEqual({ ok: false, reason: { code: 'key.pinReplug', detail: { retriesLeft: 5 } } });
  // Even the right one, until it was pulled out.
  expect(await make(TRAINING_PIN)).toEqual({ ok: false, reason: { code: 'key.pinReplug', detail: { retriesLeft: 5 } } });
  expect(key.inspection.pinRetriesLeft).toBe(5);
  await replug();
  expect(await make(WRONG_PIN)).toEqual(wrong(4));
  expect(await make(WRONG_PIN)).toEqual(wrong(3));
  expect(await make(WRONG_PIN)).toMatchObject({ reason: { code: 'key.pinReplug', detail: { retriesLeft: 2 } } });
  await replug();
  expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ value: { tries: { left: 2, of: 8 } } });
  expect(await make(WRONG_PIN)).toEqual(wrong(1));
  expect(await make(WRONG_PIN)).toMatchObject({ reason: { code: 'key.pinLocked' } });
  await replug();
  expect(await make(TRAINING_PIN)).toMatchObject({ reason: { code: 'key.pinLocked' } });
  expect(await change(TRAINING_PIN, '314159')).toMatchObject({ reason: { code: 'key.pinLocked' } });
  expect(key.inspection.credentialIds).toEqual([]);
});

test('a right PIN brings all tries back', async () => {
  await bring(await desk.makeKey(TRAINING_KEYS.pinSet));
  await make(WRONG_PIN);
  await make(WRONG_PIN);
  expect(await make(TRAINING_PIN)).toMatchObject({ ok: true });
  expect(key.inspection.pinRetriesLeft).toBe(8);
});

test('a key that counts down even while it is blocked is sent nothing', async () => {
  const counting = { model: withQuirks(model, 'counts-down-while-blocked'), memory: { pin: TRAINING_PIN } };
  await bring(await desk.makeKey(counting));
  for (let attempt = 0; attempt < 3; attempt += 1) await make(WRONG_PIN);
  const before = key.inspection.pinRetriesLeft;
  for (let attempt = 0; attempt < 4; attempt += 1) await make(TRAINING_PIN);
  expect(key.inspection.pinRetriesLeft).toBe(before);
});

test('a key that must get a new PIN is never told that the PIN was wrong', async () => {
  const forcing = {
    model: withQuirks(model, 'pin-invalid-while-change-forced'),
    memory: { pin: TRAINING_PIN, forcePinChange: true },
  };
  await bring(await desk.makeKey(forcing));
  expect(await make(TRAINING_PIN)).toEqual({ ok: false, reason: { code: 'key.pinMustChange' } });
  expect(await change(WRONG_PIN, '314159')).toEqual(wrong(7));
  expect(await change(TRAINING_PIN, '314159')).toMatchObject({ ok: true });
  expect(await make('314159')).toMatchObject({ ok: true });
});

test('a PIN that no key can have is wrong without costing a try', async () => {
  await bring(await desk.makeKey(TRAINING_KEYS.pinSet));
  expect(await make('12')).toMatchObject({ reason: { code: 'key.pinWrong', detail: { statusName: 'tooShort' } } });
  expect(key.inspection.pinRetriesLeft).toBe(8);
});

test.each([
  ['too short', '123', 'tooShort'],
  ['too long', '1'.repeat(64), 'tooLong'],
  ['too many bytes in few characters', '€'.repeat(22), 'tooLong'],
])('a new PIN that is %s is refused before the key sees it', async (_, pin, statusName) => {
  await bring(await desk.makeKey(TRAINING_KEYS.modern));
  const outcome = await desk.run(desk.keys.setPin(ref, desk.secret(pin), desk.ceremony()));
  expect(outcome).toMatchObject({ reason: { code: 'key.pinRefused', detail: { statusName, minPinLength: 4 } } });
  expect(key.inspection.isPinSet).toBe(false);
});

test('a PIN of other letters than Latin ones works byte for byte', async () => {
  await bring(await desk.makeKey(TRAINING_KEYS.modern));
  const pin = 'مفتاح٧';
  expect(await desk.run(desk.keys.setPin(ref, desk.secret(pin), desk.ceremony()))).toMatchObject({ ok: true });
  expect(await make(pin)).toMatchObject({ ok: true });
});
