// Full use without touch: Tab and arrows reach everything in reading order, Enter presses, Escape goes back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
  await gallery.resize(1920, 1080);
});
afterAll(() => gallery.close());

const focused = () =>
  gallery.page.evaluate(() => {
    const part = document.activeElement;
    return part instanceof HTMLInputElement ? part.value : (part?.getAttribute('aria-label') ?? part?.textContent ?? '');
  });
const press = (key: string) => gallery.page.keyboard.press(key);

/** What `key` reaches, until it comes round. */
async function reached(key: string, most = 40): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let step = 0; step < most; step += 1) {
    await press(key);
    const now = await focused();
    if (seen.includes(now)) return seen;
    seen.push(now);
  }
  return seen;
}

describe('keys', () => {
  test('Tab goes through the plan in reading order and comes round', async () => {
    await gallery.show('plan');
    expect((await reached('Tab')).filter((name) => name.trim() !== '' && name.length < 40)).toEqual([
      'English',
      'Display',
      'Start again',
      'windows',
      'mac',
      'iphone',
      'android',
      'several',
      'Help',
      'Back',
      'Continue',
    ]);
  });

  test('arrows choose within one question, and go from part to part elsewhere', async () => {
    await gallery.show('plan');
    await gallery.page.locator('input[value=several]').focus();
    await press('ArrowRight');
    expect(await gallery.said()).toEqual([{ type: 'plan.passUse', passUse: 'unknown' }]);
    await gallery.show('works');
    await gallery.page.getByRole('button', { name: 'Add a second key' }).focus();
    await press('ArrowRight');
    expect(await focused()).toBe('Next: your phone');
    await press('ArrowLeft');
    expect(await focused()).toBe('Add a second key');
  });

  test('arrows follow the reading direction in Arabic', async () => {
    await gallery.show('works', { language: 'ar' });
    await gallery.page.getByRole('button', { name: 'أضف مفتاحًا ثانيًا' }).focus();
    await press('ArrowLeft');
    expect(await focused()).toBe('التالي: هاتفك');
  });

  test('Enter on the headline presses the primary button', async () => {
    await gallery.show('key-ready');
    await gallery.page.locator('h1').focus();
    await press('Enter');
    expect(await gallery.said()).toEqual([{ type: 'pin.begin' }]);
  });

  test('Escape goes back, and closes a panel', async () => {
    await gallery.show('key-ready');
    await press('Escape');
    expect(await gallery.said()).toEqual([{ type: 'back' }]);
    await gallery.show('overlay-help');
    await press('Escape');
    expect(await gallery.said()).toEqual([{ type: 'panel.close' }]);
    expect(await gallery.page.locator('dialog[open]').count()).toBe(1);
  });

  test('a panel holds the focus, on its safe answer first', async () => {
    await gallery.show('overlay-start-again');
    expect(await focused()).toBe('Stay here');
    expect(await reached('Tab', 6)).not.toContain('Help');
    await press('Escape');
    await press('Escape');
    expect(await gallery.page.locator('dialog[open]').count()).toBe(1);
  });

  test('the focus ring is drawn in two colours and lies inside the panel', async () => {
    for (const name of ['plan', 'pin', 'works', 'attract', 'sign-in-keyboard']) {
      await gallery.show(name);
      for (let step = 0; step < 8; step += 1) {
        await press('Tab');
        const ring = await gallery.page.evaluate(() => {
          const part = document.activeElement;
          const drawn = part instanceof HTMLInputElement ? part.closest('label') : part;
          if (!(drawn instanceof HTMLElement)) return null;
          const style = getComputedStyle(drawn);
          const box = drawn.getBoundingClientRect();
          const reach = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
          return {
            width: parseFloat(style.outlineWidth),
            inside:
              box.left - reach >= 0 &&
              box.top - reach >= 0 &&
              box.right + reach <= innerWidth &&
              box.bottom + reach <= innerHeight,
            visible: style.outlineStyle !== 'none',
          };
        });
        if (ring === null) continue;
        expect(ring, `${name}: ${await focused()}`).toEqual({ width: 5, inside: true, visible: true });
      }
    }
  });
});
