// One picture after the other on the same screen: what stays, what moves, where the focus goes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
  await gallery.resize(1920, 1080);
});
afterAll(() => gallery.close());

/** Where the body of the drawn key lies, in whole pixels. */
const keyBody = () =>
  gallery.page.evaluate(() => {
    const body = document.querySelector('main svg rect[width="144"]');
    if (body === null) throw new Error('no key is drawn');
    const { left, top, width, height } = body.getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
  });

const inPort = [
  'key-ready',
  'saving-pin',
  'touch-preparing',
  'touch',
  'touch-touched',
  'saving',
  'saving-checking',
  'touch-prove',
];

describe.each([
  ['wide', 1920, 1080],
  ['short', 1366, 768],
] as const)('on a %s panel', (_panel, width, height) => {
  test('the key stays where it is, the same drawing, from plugged in until it works', async () => {
    await gallery.resize(width, height);
    await gallery.show('checking-key');
    const first = await keyBody();
    await gallery.page.evaluate(() => document.querySelector('main svg rect[width="144"]')?.setAttribute('data-marked', ''));
    for (const name of inPort) {
      await gallery.follow(name);
      expect(await keyBody(), name).toEqual(first);
      expect(await gallery.page.locator('main svg rect[data-marked]').count(), `${name} drew another key`).toBe(1);
    }
  });
});

describe('the ground', () => {
  test('is night only while the key wants a finger, and just after', async () => {
    await gallery.show('key-ready');
    const grounds: (string | null)[] = [];
    for (const name of ['touch-preparing', 'touch', 'touch-touched', 'saving', 'touch-prove', 'works']) {
      await gallery.follow(name);
      grounds.push(await gallery.page.locator('[data-screen]').getAttribute('data-ground'));
    }
    expect(grounds).toEqual(['paper', 'deep', 'deep', 'paper', 'deep', 'paper']);
  });

  test('the night is pushed away by success, once, and never for someone who asked for still pictures', async () => {
    const nights = () => gallery.page.locator('[data-ground=deep][aria-hidden=true]').count();
    await gallery.show('touch-prove', { motion: 'full' });
    await gallery.follow('works', { motion: 'full' });
    expect(await nights()).toBe(1);
    await gallery.page.waitForFunction(() => document.querySelector('[data-ground=deep][aria-hidden=true]') === null);
    await gallery.show('touch-prove');
    await gallery.follow('works');
    expect(await nights()).toBe(0);
  });
});

describe('the focus', () => {
  const focused = () => gallery.page.evaluate(() => document.activeElement?.textContent ?? '');

  test('goes to the headline of a new screen, and stays put while one is typed on', async () => {
    await gallery.show('key-ready');
    await gallery.page.getByRole('button', { name: 'Choose a PIN' }).focus();
    await gallery.follow('pin-empty');
    expect(await focused()).toBe('Choose a PIN for your key');
    await gallery.page.getByRole('button', { name: '5', exact: true }).focus();
    await gallery.follow('pin');
    expect(await focused()).toBe('5');
    await gallery.follow('pin-wrong');
    expect(await focused()).toBe('5');
  });

  test('comes back to where it was when a panel closes', async () => {
    await gallery.show('insert');
    await gallery.page.getByRole('button', { name: 'My key doesn’t fit' }).focus();
    await gallery.follow('overlay-key-does-not-fit');
    expect(await focused()).toBe('Plug in my key');
    await gallery.follow('insert');
    expect(await focused()).toBe('My key doesn’t fit');
  });
});

describe('what a screen keeps', () => {
  test('its buttons stay while a panel lies over it', async () => {
    await gallery.show('pin-enter');
    const buttons = await gallery.page.locator('footer button').allTextContents();
    await gallery.follow('overlay-forgot-pin');
    expect(await gallery.page.locator('footer button').allTextContents()).toEqual(buttons);
  });

  test('a reason not to go on is gone with the screen it was for', async () => {
    await gallery.show('pin-empty');
    await gallery.page.getByRole('button', { name: 'Next' }).click({ force: true });
    await gallery.follow('pin');
    expect(await gallery.page.locator('footer [role=status]').textContent()).toBe('');
  });

  test('a turned page is the first one again for the next screen', async () => {
    await gallery.show('done', { textSize: 1.5 });
    await gallery.page.getByRole('button', { name: 'What to do next' }).click();
    await gallery.follow('wiping', { textSize: 1.5 });
    await gallery.follow('done', { textSize: 1.5 });
    expect(await gallery.page.getByRole('heading', { level: 1 }).textContent()).toBe('You’re ready, Noor');
  });
});
