// What can be pressed says what may be said: nothing more, nothing twice, and nothing that may be said is out of reach.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../contract/intent.ts';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
  await gallery.resize(1920, 1080);
});
afterAll(() => gallery.close());

interface Press {
  readonly label: string;
  readonly said: readonly Intent[];
}

/** Presses every button and card of a screen twice, each on a fresh showing. Runs in the page. */
function pressEverything(name: string): readonly Press[] {
  const parts = () =>
    [...(document.querySelector('dialog[open]') ?? document).querySelectorAll<HTMLElement>('button, input')].filter(
      (part) => part.getClientRects().length > 0,
    );
  window.gallery.show(name, {});
  const presses: Press[] = [];
  for (let place = 0; place < parts().length; place += 1) {
    window.gallery.show(name, {});
    const part = parts()[place];
    if (part === undefined) break;
    window.gallery.said.length = 0;
    part.click();
    part.click();
    const label = part.getAttribute('aria-label') ?? (part instanceof HTMLInputElement ? part.value : (part.textContent ?? ''));
    presses.push({ label, said: window.gallery.said.filter(({ type }) => type !== 'page.frame') });
  }
  return presses;
}

/** Typing repeats; choosing changes its mind; everything else is said once however often it is pressed. */
const repeats = new Set<Intent['type']>(['pin.press', 'pin.delete', 'keyboard.press', 'plan.device', 'plan.passUse']);

/** Not on a button of their own screen: from the panels, from the keyboard, from the frame. */
const elsewhere: Readonly<Partial<Record<Intent['type'], string>>> = {
  'look.motion': 'the display panel',
  'look.controlsLower': 'the display panel',
  'language.open': 'the language buttons of the attract screen',
};

describe('every screen', () => {
  test('says only what it may, once, and leaves nothing out', { timeout: 300_000 }, async () => {
    const names = gallery.names.filter(
      (name) => !name.startsWith('trouble-') || name.endsWith('throttled') || name.endsWith('forbidden'),
    );
    const pressing = await gallery.page.evaluateHandle(`(${String(pressEverything)})`);
    for (const name of names) {
      const { presses, allowed } = await gallery.page.evaluate(
        ({ press, screen }) => ({
          presses: (press as (screen: string) => readonly Press[])(screen),
          allowed: window.gallery.allowedOn(screen),
        }),
        { press: pressing, screen: name },
      );
      for (const { label, said } of presses) {
        for (const { type } of said) expect(allowed, `${name}: “${label}”`).toContain(type);
        if (!said.some(({ type }) => repeats.has(type)))
          expect(said.length, `${name}: “${label}” pressed twice`).toBeLessThanOrEqual(1);
      }
      const within = new Set(presses.flatMap(({ said }) => said.map(({ type }) => type)));
      const missing = allowed.filter((type) => !within.has(type) && elsewhere[type] === undefined && !waits(name, type));
      expect(missing, `${name}: allowed, but no part says it`).toEqual([]);
    }
  });

  test('a panel and the idle warning hold what they offer', async () => {
    await gallery.show('overlay-display');
    const panel = gallery.page.locator('dialog');
    await panel.getByRole('button', { name: 'Still pictures' }).click();
    await panel.getByRole('button', { name: 'Lower down' }).click();
    await panel.getByRole('button', { name: 'Largest' }).click();
    expect(await gallery.said()).toEqual([
      { type: 'look.motion', motion: 'reduced' },
      { type: 'look.controlsLower', controlsLower: true },
      { type: 'look.textSize', textSize: 2 },
    ]);
  });
});

/** A PIN that is not ready, and a plan without answers, are not sent on; their buttons say why instead. */
function waits(name: string, type: Intent['type']): boolean {
  if (type === 'pin.submit') return name.startsWith('pin-') && name !== 'pin-long';
  if (type === 'continue') return name === 'plan-empty' || name === 'works';
  if (type === 'phone.next') return name === 'done-one-way';
  if (type === 'finish') return name === 'done-all';
  return false;
}

describe('a button that can not be pressed yet', () => {
  test('says why, and sends nothing', async () => {
    await gallery.show('pin-empty');
    const next = gallery.page.getByRole('button', { name: 'Next' });
    expect(await next.getAttribute('aria-disabled')).toBe('true');
    // The button stays focusable and pressable; only automation takes its state for a wall.
    await next.click({ force: true });
    expect(await gallery.page.locator('footer [role=status]').textContent()).toBe('First type at least 6 signs.');
    expect(await gallery.said()).toEqual([]);
  });

  test('keeps its size and its place', async () => {
    await gallery.show('pin-guessable');
    const flat = await gallery.page.getByRole('button', { name: 'Next' }).boundingBox();
    await gallery.show('pin');
    const raised = await gallery.page.getByRole('button', { name: 'Next' }).boundingBox();
    expect(flat).toEqual(raised);
  });
});

describe('a screen drawn as two pages', () => {
  test('ends on the second one, and goes back to the first by itself', async () => {
    await gallery.show('done-all');
    expect(await gallery.page.getByRole('button', { name: 'Finish' }).count()).toBe(0);
    await gallery.page.getByRole('button', { name: 'What to do next' }).click();
    await gallery.page.getByRole('button', { name: 'Back' }).click();
    expect(await gallery.page.getByRole('heading', { level: 1 }).textContent()).toBe('You’re ready, Wilhelmina');
    await gallery.page.getByRole('button', { name: 'What to do next' }).click();
    await gallery.page.getByRole('button', { name: 'Finish' }).click();
    expect(await gallery.said()).toEqual([{ type: 'finish' }]);
  });
});

describe('the idle warning', () => {
  test('takes any key as an answer', async () => {
    await gallery.show('overlay-idle');
    await gallery.page.keyboard.press('x');
    expect(await gallery.said()).toEqual([{ type: 'idle.stillHere' }]);
  });

  test('takes a touch anywhere as an answer', async () => {
    await gallery.show('overlay-idle');
    await gallery.page.mouse.click(20, 1000);
    expect(await gallery.said()).toEqual([{ type: 'idle.stillHere' }]);
  });

  test('lets a person leave without keeping them first', async () => {
    await gallery.show('overlay-idle');
    await gallery.page.getByRole('button', { name: 'I’m leaving' }).click();
    expect(await gallery.said()).toEqual([{ type: 'idle.leave' }]);
  });
});
