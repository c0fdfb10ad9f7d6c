// The journey without touching the screen, on the keyboard in front of the desk; and what axe finds on four of its screens.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { waitFor, type DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { languages } from '../../contract/intent.ts';
import { keyOnly, personAt, sayOnKiosk, withStoryDesk } from '../support/story-desk.ts';
import { hasXKeyboard, XKeyboard } from '../support/x-keyboard.ts';

const storyDeadlineMs = 240_000;
const drawnWithinMs = 30_000;
const pin = '836194';
/** More stops than any screen has. */
const mostStops = 25;

interface Focus {
  readonly label: string;
  /** A ring is drawn around it, it is on the screen, and nothing covers it. */
  readonly isSeen: boolean;
}

// Without an X server there is no keyboard that the desk itself would have to bring to its pages.
describe.runIf(hasXKeyboard)('with nothing but the keyboard', () => {
  test('a person gets to the touch of their key', { timeout: storyDeadlineMs }, () =>
    withStoryDesk(async (desk) => {
      const keyboard = await XKeyboard.of(desk.app);
      const kiosk = await desk.page('kiosk');
      const person = await personAt(desk, { story: { ...keyOnly, pass: 'several' } });
      await person.arrive();
      const { slip } = await desk.practice();

      await goTo(keyboard, kiosk, 'Start');
      await keyboard.press('Return');
      await desk.until(['plan']);
      await keyboard.press('Escape');
      await desk.until(['attract']);
      // Where nothing is chosen, Enter goes on.
      await keyboard.press('Return');
      await desk.until(['plan']);

      await goTo(keyboard, kiosk, 'Windows');
      await keyboard.press('space');
      await goTo(keyboard, kiosk, 'Mac', 'Down');
      await keyboard.press('space');
      await goTo(keyboard, kiosk, 'Once', 'Down');
      await keyboard.press('Right');
      await desk.until(
        ['plan'],
        ({ screen }) => screen.kind === 'plan' && screen.devices.join() === 'windows,mac' && screen.passUse === 'several',
      );
      expect(await focusOn(kiosk)).toEqual({ label: 'Several times', isSeen: true });
      await goTo(keyboard, kiosk, 'Continue');
      await keyboard.press('Return');

      // Microsoft's page takes the keyboard when it comes, gives it back when asked, and the way back leads out of it.
      await atPage(desk, 'https:');
      await keyboard.press('shift+F6');
      await atPage(desk, 'app://kiosk/');
      await goTo(keyboard, kiosk, 'Show keyboard');
      await keyboard.press('Escape');
      await desk.until(['plan']);
      await goTo(keyboard, kiosk, 'Continue');
      await keyboard.press('Return');
      await atPage(desk, 'https:');
      const page = await desk.page('login.microsoftonline.com');
      await page.locator('input[name="loginfmt"]').waitFor({ timeout: drawnWithinMs });
      await keyboard.press('shift+F6', 'F6');
      await atPage(desk, 'https:');

      await goTo(keyboard, page, 'Work e-mail address');
      await keyboard.type(slip.userName);
      await goTo(keyboard, page, 'Next');
      await keyboard.press('Return');
      await page.locator('input[name="accesspass"]').waitFor({ timeout: drawnWithinMs });
      await goTo(keyboard, page, 'Temporary Access Pass');
      await keyboard.type(slip.pass);
      await keyboard.press('Return');
      await page.locator('button[name="LoginOptions"]').first().waitFor({ timeout: drawnWithinMs });
      await goTo(keyboard, page, 'No');
      await keyboard.press('space');

      await desk.until(['insertKey']);
      await atPage(desk, 'app://kiosk/');
      await desk.untilPractice(({ keys }) => keys.length > 0, 'the tray of keys');
      await desk.hands({ type: 'key.plugIn', keyId: 'modern-a' });
      await desk.until(['keyReady']);
      await keyboard.press('Return');
      await desk.until(['pin']);
      await keyboard.type(pin);
      await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.count === pin.length);
      await keyboard.press('Escape');
      await desk.until(['keyReady']);
      await keyboard.press('Return');
      await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.count === 0);
      await goTo(keyboard, kiosk, '5');
      await keyboard.type(pin);
      await keyboard.press('Return');
      await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
      await keyboard.type(pin);
      await keyboard.press('Return');
      await desk.until(['touch'], ({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    }),
  );
});

test('axe finds nothing in the window, in English and in Arabic', { timeout: storyDeadlineMs }, () =>
  withStoryDesk(async (desk) => {
    const kiosk = await desk.page('kiosk');
    const judged: string[] = [];
    const findings: string[] = [];
    const judge = async (name: string) => {
      if (!['attract', 'plan', 'pin', 'done'].includes(name)) return;
      for (const language of languages.filter((each) => each !== 'nl')) {
        await speak(desk, kiosk, language);
        const { violations, passes } = await new AxeBuilder({ page: kiosk }).setLegacyMode().analyze();
        judged.push(`${name} ${language} ${passes.length > 10}`);
        for (const { id, nodes } of violations)
          findings.push(...nodes.map(({ target }) => `${name} ${language}: ${id} at ${target.join(' ')}`));
      }
      await speak(desk, kiosk, 'en');
    };
    const person = await personAt(desk, { onScreen: judge });
    await person.goThrough();
    expect(findings).toEqual([]);
    expect(judged).toEqual(['attract', 'plan', 'pin', 'done'].flatMap((name) => [`${name} en true`, `${name} ar true`]));
  }),
);

async function speak(desk: DeskInHand, kiosk: Page, language: 'en' | 'ar' | 'nl'): Promise<void> {
  await sayOnKiosk(desk, { type: 'look.language', language });
  await kiosk.locator(`html[lang="${language}"]`).waitFor({ state: 'attached', timeout: drawnWithinMs });
  await desk.atRest();
}

/** Presses the key until this part has the focus. Every stop on the way can be seen. */
async function goTo(keyboard: XKeyboard, page: Page, label: string, key = 'Tab'): Promise<void> {
  const stops: string[] = [];
  let at = await focusOn(page);
  for (let stop = 0; at.label !== label; stop += 1) {
    if (stop === mostStops) throw new Error(`${key} never came to ${label}, only to: ${stops.join(', ')}`);
    await keyboard.press(key);
    const before = at;
    at = await waitFor(`the focus to leave ${before.label}`, async () => {
      const now = await focusOn(page);
      return now.label === before.label ? null : now;
    });
    stops.push(at.label);
    // Beyond the last part comes the page as a whole, once around.
    if (at.label !== '') expect(at).toEqual({ label: at.label, isSeen: true });
  }
}

async function focusOn(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const part = document.activeElement;
    if (!(part instanceof HTMLElement) || part === document.body || part.matches('[data-title]'))
      return { label: '', isSeen: false };
    const labels = part instanceof HTMLInputElement ? [...(part.labels ?? [])] : [];
    const label = part.getAttribute('aria-label') ?? (labels[0] ?? part).innerText;
    const ringed = [part, ...labels].some((each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const within = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const uncovered = onTop !== null && [part, ...labels].some((each) => each.contains(onTop));
    return { label: label.trim(), isSeen: ringed && within && uncovered };
  });
}

/** The window's keys go to the page with this address now. */
async function atPage(desk: DeskInHand, address: string): Promise<void> {
  await waitFor(`the keyboard to be at ${address}`, () =>
    desk.app.evaluate(
      ({ webContents }, start) => webContents.getFocusedWebContents()?.getURL().startsWith(start) || null,
      address,
    ),
  );
}
