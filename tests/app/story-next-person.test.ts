// The next person finds the desk as it was: no language, no large letters, no sign-in of somebody else. And nobody has to say
// that they leave.
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { faceOf, journalOf, keyOnly, personAt, sayOnKiosk, startAgain, withStoryDesk } from '../support/story-desk.ts';

const storyDeadlineMs = 180_000;
const drawnWithinMs = 30_000;
const signInHost = 'login.microsoftonline.com';
/** Of the 90 seconds without a touch, the last 20 are the warning's (docs/settings.md, `idleMs`). */
const warnedAfterMs = 70_000;
const warningMs = 20_000;

describe.concurrent('the next person', () => {
  test('meets the desk in its own language and look', { timeout: storyDeadlineMs }, () =>
    withStoryDesk(async (desk) => {
      const kiosk = await desk.page('kiosk');
      await desk.until(['attract']);
      await desk.atRest();
      const asItWas = await faceOf(kiosk);

      // Chosen before the start, left by starting again.
      const arabic = await personAt(desk, { language: 'ar' });
      await arabic.arrive();
      await arabic.press('attract.text.larger');
      await arabic.press('attract.contrast.high');
      await expect
        .poll(() => lookOf(kiosk), { timeout: drawnWithinMs })
        .toEqual({ lang: 'ar', dir: 'rtl', text: '1.5', contrast: 'high' });
      await arabic.start();
      await expect
        .poll(() => lookOf(kiosk), { timeout: drawnWithinMs })
        .toEqual({ lang: 'ar', dir: 'rtl', text: '1.5', contrast: 'high' });
      await startAgain(desk);
      await desk.atRest();
      await expect.poll(() => faceOf(kiosk), { timeout: drawnWithinMs }).toBe(asItWas);

      // Chosen on the way.
      const english = await personAt(desk);
      await english.arrive();
      await english.start();
      await sayOnKiosk(desk, { type: 'look.language', language: 'ar' });
      await sayOnKiosk(desk, { type: 'look.textSize', textSize: 2 });
      await sayOnKiosk(desk, { type: 'look.contrast', contrast: 'high' });
      await sayOnKiosk(desk, { type: 'look.motion', motion: 'reduced' });
      await sayOnKiosk(desk, { type: 'look.controlsLower', controlsLower: true });
      await expect
        .poll(() => lookOf(kiosk), { timeout: drawnWithinMs })
        .toEqual({ lang: 'ar', dir: 'rtl', text: '2', contrast: 'high' });
      await startAgain(desk);
      await desk.atRest();
      await expect.poll(() => faceOf(kiosk), { timeout: drawnWithinMs }).toBe(asItWas);
    }),
  );

  test('is asked who they are, on a page that remembers nobody', { timeout: storyDeadlineMs }, () =>
    withStoryDesk(async (desk) => {
      const first = await personAt(desk, { story: { ...keyOnly, pass: 'several' } });
      await first.arrive();
      await first.start();
      await first.plan();
      const firstPage = await signInPage(desk);
      await firstPage.evaluate(() => {
        localStorage.setItem('kept', 'kept');
        document.cookie = 'kept=kept; max-age=9999; path=/';
      });
      expect(await keptOn(desk, firstPage)).toEqual({ cookies: ['kept'], local: 1 });
      const { slip } = await desk.practice();
      // They say that they want to stay signed in.
      await first.signIn();
      await desk.until(['insertKey']);
      await startAgain(desk);

      const second = await personAt(desk, { story: { ...keyOnly, pass: 'several' } });
      await second.arrive();
      expect((await desk.practice()).slip.userName).not.toBe(slip.userName);
      await second.start();
      await second.plan();
      const page = await signInPage(desk);
      const name = page.locator('input[name="loginfmt"]');
      await name.waitFor({ timeout: drawnWithinMs });
      expect(await name.inputValue()).toBe('');
      expect(await page.content()).not.toContain(slip.userName);
      expect(await keptOn(desk, page)).toEqual({ cookies: [], local: 0 });
      expect(await historyOf(desk)).toBe(1);
      await second.signIn();
      await desk.until(['insertKey']);
    }),
  );
});

describe.concurrent('nobody there', () => {
  test('the desk warns; any key keeps the stay; nobody again, and it forgets', { timeout: storyDeadlineMs }, () =>
    withStoryDesk(async (desk) => {
      const kiosk = await desk.page('kiosk');
      const person = await personAt(desk);
      await person.arrive();
      await person.start();
      await person.plan();
      await person.signIn();
      await desk.until(['insertKey']);
      const { visit } = await desk.picture();
      await hurryLongWaits(desk);
      await pressAnyKey(desk);

      await desk.until(['insertKey'], ({ overlay }) => overlay?.kind === 'idle');
      expect((await longWaitsOf(desk)).at(-1)).toBe(warnedAfterMs);
      await kiosk.getByRole('alertdialog').waitFor({ timeout: drawnWithinMs });
      await pressAnyKey(desk);
      const kept = await desk.until(['insertKey'], ({ overlay }) => overlay === null);
      expect(kept.visit).toBeGreaterThan(visit);
      await kiosk.getByRole('alertdialog').waitFor({ state: 'detached', timeout: drawnWithinMs });

      await desk.until(['insertKey'], ({ overlay }) => overlay?.kind === 'idle');
      const warnedAtMs = performance.now();
      await desk.until(['attract']);
      expect(performance.now() - warnedAtMs).toBeGreaterThan(warningMs - 1_000);
      await desk.stop();
      expect((await journalOf(desk)).slice(-2).map(({ body }) => body)).toEqual([
        { event: 'stay.ended', how: 'idle', ways: [] },
        { event: 'stay.wiped', leftovers: 0 },
      ]);
    }),
  );
});

/** What nobody watches passes ten times as fast in the desk's process; the warning, which somebody may, takes its time. */
const hurryLongWaits = (desk: DeskInHand) =>
  desk.app.evaluate(() => {
    const longMs = 60_000;
    const times = 10;
    const wait = globalThis.setTimeout;
    const now = performance.now.bind(performance);
    const startedMs = now();
    const asked: number[] = [];
    performance.now = () => startedMs + (now() - startedMs) * times;
    const hurried = (run: (...given: unknown[]) => void, delayMs = 0, ...given: unknown[]) => {
      if (delayMs < longMs) return wait(run, delayMs, ...given);
      asked.push(delayMs);
      return wait(run, delayMs / times, ...given);
    };
    Object.assign(globalThis, { setTimeout: hurried, longWaits: asked });
  });

/** How long the desk meant to wait, milliseconds, each time it was long. */
const longWaitsOf = (desk: DeskInHand): Promise<readonly number[]> =>
  desk.app.evaluate(() => [...(Reflect.get(globalThis, 'longWaits') as number[])]);

const pressAnyKey = (desk: DeskInHand) =>
  desk.app.evaluate(({ webContents }) => {
    const contents = webContents.getAllWebContents().find((each) => each.getURL() === 'app://kiosk/');
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'x' });
    contents?.sendInputEvent({ type: 'keyUp', keyCode: 'x' });
  });

async function lookOf(kiosk: Page) {
  return kiosk.evaluate(() => {
    const { lang, dir, dataset } = document.documentElement;
    return { lang, dir, text: dataset['text'], contrast: dataset['contrast'] };
  });
}

async function signInPage(desk: DeskInHand): Promise<Page> {
  await desk.until(['signIn'], ({ host }) => host?.state === 'verified');
  return desk.page(signInHost);
}

async function keptOn(desk: DeskInHand, page: Page) {
  const cookies = await desk.app.evaluate(
    ({ webContents }, host) =>
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL().includes(host))
        ?.session.cookies.get({}),
    signInHost,
  );
  return { cookies: cookies?.map(({ name }) => name), local: await page.evaluate(() => localStorage.length) };
}

const historyOf = (desk: DeskInHand) =>
  desk.app.evaluate(
    ({ webContents }, host) =>
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL().includes(host))
        ?.navigationHistory.length(),
    signInHost,
  );
