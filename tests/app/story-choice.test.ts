// Two keys of the training tray in the ports of the real window: the desk asks which one is meant, the hand answers on the
// practice desk, and the other key stays as it was.
import { expect, test } from 'vitest';
import type { DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { faceOf, personAt, withStoryDesk } from '../support/story-desk.ts';

const storyDeadlineMs = 180_000;
const meant = { id: 'ctap20', name: 'Firstkey Training Key 2019' } as const;
const other = { id: 'modern-a', name: 'Firstkey Training Key A' } as const;

const asked = (desk: DeskInHand) =>
  desk.until(['chooseKey'], ({ screen }) => screen.kind === 'chooseKey' && screen.state === 'waiting');

test('of two keys the touched one is set up', { timeout: storyDeadlineMs }, () =>
  withStoryDesk(async (desk) => {
    const person = await personAt(desk);
    await person.arrive();
    await person.start();
    await person.plan();
    await person.signIn();
    await desk.until(['insertKey']);
    await desk.untilPractice(({ keys }) => keys.length > 0, 'the tray of keys');
    for (const { id } of [other, meant]) await desk.hands({ type: 'key.plugIn', keyId: id });
    await asked(desk);
    await desk.untilPractice(({ keys }) => keys.filter(({ state }) => state === 'blinking').length === 2, 'both keys blinking');

    const kiosk = await desk.page('kiosk');
    await desk.atRest();
    const face = await faceOf(kiosk);
    expect(face).toContain('heading "Touch the key you want"');
    expect(face).toContain('img "Two keys blink. Put a finger on the golden disc of the one you mean."');
    for (const way of ['Back', 'Help', 'Start again']) expect(face).toContain(`button "${way}"`);
    // What is new is where a screen reader and the keys are.
    await expect.poll(() => kiosk.evaluate(() => document.activeElement?.textContent)).toBe('Touch the key you want');

    // Taking one out is an answer, and plugging it in again is the question again.
    await desk.hands({ type: 'key.takeOut', keyId: meant.id });
    const left = await desk.until(['keyReady']);
    expect(left.screen).toMatchObject({ key: { model: other.name } });
    await desk.hands({ type: 'key.plugIn', keyId: meant.id });
    await asked(desk);

    // Backwards by keyboard alone, and forwards again.
    await kiosk.getByRole('button', { name: 'Back', exact: true }).focus();
    await kiosk.keyboard.press('Enter');
    await desk.until(['plan']);
    await desk.untilPractice(({ keys }) => keys.every(({ state }) => state !== 'blinking'), 'no key blinking');
    await person.press('plan.next');
    await asked(desk);

    const tray = await desk.page('practice');
    await tray.getByRole('button', { name: meant.name }).click();
    await tray.getByRole('button', { name: 'Touch', exact: true }).click();
    const ready = await desk.until(['keyReady']);
    expect(ready.screen).toMatchObject({ key: { model: meant.name } });
    await person.press('keyReady.next.none');
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ask === 'choose');
    await person.choosePin();
    await person.touchTwice(meant.id);
    const { keys } = await desk.practice();
    expect(keys.find(({ id }) => id === other.id)?.state).toBe('plugged');
  }),
);
