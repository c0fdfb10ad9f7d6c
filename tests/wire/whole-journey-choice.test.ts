// Several keys at once, over the real protocols: the person touches the one they mean, takes one out, plugs one in later,
// or touches none, and never gets a PIN or an account onto a key that was not chosen.
import { afterEach, describe, expect, test } from 'vitest';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { person, WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

/** A signed-in person with these keys plugged in, one a moment after the other. */
async function atKeys(...keys: readonly (keyof typeof TRAINING_KEYS)[]): Promise<readonly VirtualKey[]> {
  desk = await WholeDesk.open();
  await desk.toKey();
  const made = await Promise.all(keys.map((name) => desk.key(TRAINING_KEYS[name])));
  for (const key of made) {
    desk.host.usb.plug(key);
    await desk.host.clock.advance(300);
  }
  return made;
}

const keyAt = (keys: readonly VirtualKey[], index: number): VirtualKey => {
  const key = keys[index];
  if (!key) throw new Error('there are fewer keys');
  return key;
};

/** Until the desk asks for a choice and all of these keys blink. */
async function blinks(...keys: readonly VirtualKey[]): Promise<void> {
  await desk.untilIs(({ screen }) => screen.kind === 'chooseKey' && screen.state === 'waiting');
  for (let waited = 0; waited < 50 && !keys.every((key) => key.awaitingTouch); waited += 1) await desk.host.clock.advance(100);
  expect(keys.map(({ awaitingTouch }) => awaitingTouch)).toEqual(keys.map(() => true));
}

describe('the key that is meant', () => {
  test('is the one that is touched; the other one stays as it was', async () => {
    const keys = await atKeys('modern', 'ctap20');
    await blinks(...keys);
    expect(desk.screen('chooseKey')).toMatchObject({ purpose: 'setUp', second: false, alone: false, notice: null });
    expect(desk.picture.allowed).toEqual(expect.arrayContaining(['back', 'help.open', 'startAgain.ask']));
    const [other, meant] = [keyAt(keys, 0), keyAt(keys, 1)];
    meant.touch();
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key 2019');
    expect(other.awaitingTouch).toBe(false);
    meant.autoTouch(200);
    await desk.toWorks();
    expect(meant.inspection.credentialIds).toHaveLength(1);
    expect(other.inspection.credentialIds).toEqual([]);
    expect(other.inspection.isPinSet).toBe(false);
  });

  test('is the one that is left when the others are taken out', async () => {
    const keys = await atKeys('modern', 'ctap20');
    await blinks(...keys);
    desk.host.usb.unplug(keyAt(keys, 0));
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key 2019');
  });

  test('may be one that is plugged in while the others blink', async () => {
    const keys = await atKeys('ctap20', 'ctap20');
    await blinks(...keys);
    const late = await desk.key();
    desk.host.usb.plug(late);
    await blinks(...keys, late);
    late.touch();
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key');
  });

  test('is asked for when another key is plugged in before anything was begun', async () => {
    const [first] = await atKeys('modern');
    await desk.until('keyReady');
    const second = await desk.key(TRAINING_KEYS.ctap20);
    desk.host.usb.plug(second);
    await blinks(...(first ? [first] : []), second);
    second.touch();
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key 2019');
  });

  test('and an old one of U2F alone that is touched is told as what it is, and leaves room for the other', async () => {
    const keys = await atKeys('modern', 'u2fOnly');
    await blinks(...keys);
    keyAt(keys, 1).touch();
    await desk.until('keyRefused');
    expect(desk.screen('keyRefused').reason.code).toBe('key.tooOld');
    desk.host.usb.unplug(keyAt(keys, 1));
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key');
  });

  test('need not be touched when the one before it is known to be too old', async () => {
    const [, meant] = await atKeys('u2fOnly', 'modern');
    await desk.until('keyReady');
    expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key');
    expect(meant?.awaitingTouch).toBe(false);
  });
});

describe('a choice that nobody makes', () => {
  test('is told, and asked again at a press', async () => {
    const keys = await atKeys('modern', 'ctap20');
    await blinks(...keys);
    for (let second = 0; second < 70; second += 1) {
      desk.activity();
      await desk.host.clock.advance(1_000);
    }
    await desk.untilIs(({ screen }) => screen.kind === 'chooseKey' && screen.state === 'unanswered');
    expect(desk.screen('chooseKey').notice?.code).toBe('key.touchTimeout');
    expect(keys.map(({ awaitingTouch }) => awaitingTouch)).toEqual([false, false]);
    desk.press({ type: 'tryAgain' });
    await blinks(...keys);
    keyAt(keys, 0).touch();
    await desk.until('keyReady');
  });

  test('is left by going back, and no key blinks any more', async () => {
    const keys = await atKeys('modern', 'u2fOnly');
    await blinks(...keys);
    desk.press({ type: 'back' });
    await desk.until('plan');
    expect(keyAt(keys, 0).awaitingTouch).toBe(false);
    desk.press({ type: 'continue' });
    await desk.until('chooseKey');
  });
});

describe('the chosen key', () => {
  test('that is pulled out while its PIN is typed is not quietly replaced by the other', async () => {
    const keys = await atKeys('modern', 'modern');
    await blinks(...keys);
    const [meant, other] = [keyAt(keys, 0), keyAt(keys, 1)];
    meant.touch();
    await desk.until('keyReady');
    desk.press({ type: 'pin.begin' });
    desk.typePin(person.pin);
    await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
    desk.host.usb.unplug(meant);
    await desk.until('chooseKey');
    expect(desk.screen('chooseKey')).toMatchObject({ alone: true, notice: { code: 'key.removed' } });
    desk.host.usb.plug(meant);
    await blinks(meant, other);
    meant.touch();
    await desk.until('keyReady');
    meant.autoTouch(200);
    await desk.toWorks();
    expect([meant, other].map(({ inspection }) => inspection.isPinSet)).toEqual([true, false]);
  });

  test('is wanted back for its test, and the other gets neither its PIN nor a try', async () => {
    const keys = await atKeys('pinSet', 'pinSet');
    await blinks(...keys);
    const [meant, other] = [keyAt(keys, 0), keyAt(keys, 1)];
    meant.touch();
    await desk.until('keyReady');
    desk.press({ type: 'pin.begin' });
    await desk.untilIs(({ screen }) => screen.kind === 'pin');
    desk.typePin('271828');
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.purpose === 'make' && screen.state === 'waiting');
    meant.touch();
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.purpose === 'prove' && screen.state === 'waiting');
    desk.host.usb.unplug(meant);
    await desk.until('insertKey');
    expect(desk.screen('insertKey').notice?.code).toBe('key.removed');
    meant.autoTouch(200);
    desk.host.usb.plug(meant);
    await desk.until('works');
    expect(other.inspection).toMatchObject({ pinRetriesLeft: 8, credentialIds: [] });
  });
});

test('a second key counts while the first is still plugged in, and is not asked about', async () => {
  const [first] = await atKeys('modern');
  first?.autoTouch(200);
  await desk.toWorks();
  desk.press({ type: 'key.addSecond' });
  await desk.until('insertKey');
  const second = await desk.key(TRAINING_KEYS.ctap20);
  second.autoTouch(200);
  desk.host.usb.plug(second);
  await desk.until('keyReady');
  expect(desk.screen('keyReady').key.model).toBe('Firstkey Training Key 2019');
  await desk.toWorks();
  expect(desk.screen('works')).toMatchObject({ keysDone: 2 });
});
