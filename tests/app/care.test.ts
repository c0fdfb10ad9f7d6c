// Key care in its own window, as it starts for training.
import { expect, test } from 'vitest';
import { withCareDesk } from '../support/care-desk.ts';

/** Each has a desk of its own, and waits for it more than it works. */
const besideOthers = { timeout: 180_000, concurrent: true } as const;

test('a new key gets a PIN, is looked through, and is erased by the same hand', besideOthers, () =>
  withCareDesk(async (desk) => {
    const fresh = (await desk.practice()).keys.find(({ kind }) => kind === 'modern');
    const keyId = fresh?.id ?? '';
    await desk.hands({ type: 'key.plugIn', keyId });
    const first = await desk.until('key');
    expect(first.key.pin).toBe('none');
    expect(first.key.technical.versions).toContain('FIDO_2_1');

    await desk.press('Set a PIN');
    await desk.until('pin', ({ ask }) => ask === 'choose');
    await desk.typePin();
    await desk.until('pin', ({ ask }) => ask === 'again');
    await desk.typePin();
    expect((await desk.until('key', ({ done }) => done === 'setPin')).key.pin).toBe('set');

    await desk.press('Accounts');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin();
    expect((await desk.until('accounts')).accounts).toEqual([]);
    await desk.press('Back');
    await desk.until('key');

    await desk.press('Erase the key');
    await desk.until('confirm');
    await desk.press('Erase it');
    await desk.until('hand', ({ step }) => step === 'takeOut');
    await desk.hands({ type: 'key.takeOut', keyId });
    await desk.until('hand', ({ step }) => step === 'plugIn');
    await desk.hands({ type: 'key.plugIn', keyId });
    await desk.until('erasing', ({ state }) => state === 'waiting');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    expect((await desk.until('key', ({ done }) => done === 'erase')).key.pin).toBe('none');
  }),
);

test('another key is refused, and keeps what is on it', besideOthers, () =>
  withCareDesk(async (desk) => {
    const { keys } = await desk.practice();
    const set = keys.find(({ kind }) => kind === 'pinSet');
    const fresh = keys.find(({ kind }) => kind === 'modern');
    if (!set || !fresh) throw new Error('the tray has fewer keys than this story needs');
    await desk.hands({ type: 'key.plugIn', keyId: set.id });
    await desk.until('key', ({ key }) => key.pin === 'set');
    await desk.press('Erase the key');
    await desk.until('confirm');
    await desk.press('Erase it');
    await desk.until('hand');
    await desk.hands({ type: 'key.takeOut', keyId: set.id });
    await desk.until('hand', ({ step }) => step === 'plugIn');
    await desk.hands({ type: 'key.plugIn', keyId: fresh.id });
    await desk.until('hand', ({ why }) => why === 'otherKey');
    await desk.hands({ type: 'key.takeOut', keyId: fresh.id });
    await desk.until('hand', ({ why, step }) => why === 'erase' && step === 'plugIn');
    await desk.press('Back');
    await desk.until('insert');
    await desk.hands({ type: 'key.plugIn', keyId: set.id });
    await desk.until('key', ({ key }) => key.pin === 'set');
  }),
);

test('the care door refuses what it can not read, what is older, and what is not offered', besideOthers, () =>
  withCareDesk(async (desk) => {
    const page = await desk.page('care');
    const { visit } = await desk.picture();
    const answers = await page.evaluate(async (now) => {
      const say = (given: unknown) =>
        (Reflect.get(globalThis, 'firstkey') as { say(said: unknown): Promise<unknown> }).say(given);
      return [
        await say({ visit: now, intent: { type: 'start' } }),
        await say({ visit: now, intent: { type: 'care.begin', task: 'everything' } }),
        await say({ visit: now, intent: { type: 'confirm', also: 1 } }),
        await say({ visit: now + 1, intent: { type: 'help.open' } }),
        await say({ visit: now, intent: { type: 'confirm' } }),
      ];
    }, visit);
    expect(answers).toEqual([
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'olderVisit' },
      { taken: false, because: 'notAllowedNow' },
    ]);
  }),
);
