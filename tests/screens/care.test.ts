// The pages for staff, key care and the doctor's: everything fits in every language, text size and format, axe finds nothing, and presses say what they promise.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';
import { measureScreen } from '../support/screen-geometry.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

const panels = [
  { panel: 'wide', width: 1920, height: 1080 },
  { panel: 'short', width: 1366, height: 768 },
  { panel: 'portrait', width: 1080, height: 1920 },
  { panel: 'beside the practice desk', width: 1440, height: 1080 },
] as const;
const looks = (['en', 'nl', 'ar'] as const).flatMap((language) =>
  ([1, 1.5, 2] as const).map((textSize) => ({ language, textSize })),
);
/** Seated staff: words may be drawn smaller than asked for when large text does not fit, never smaller than at the usual size. */
const leastText = { 1: 0.9, 1.5: 0.6, 2: 0.45 } as const;

describe.each(panels)('on a $panel panel of $width × $height', ({ panel, width, height }) => {
  const scale = Math.min(width / (width > height ? 1366 : 1080), height / (width > height ? 768 : 1920), 1);
  beforeAll(() => gallery.resize(width, height));

  test.each(looks)('everything fits in $language at text size $textSize', { timeout: 120_000 }, async (look) => {
    expect(gallery.careNames.length).toBeGreaterThan(35);
    const limits = { targetPx: 52 * Math.min(1, scale), gapPx: 10 * scale, leastText: leastText[look.textSize] };
    const found = await gallery.onEach([...gallery.careNames, ...gallery.doctorNames], look, measureScreen, limits);
    expect(found.map(({ name, finding }) => `${name}: ${finding.what}: ${finding.where}`)).toEqual([]);
  });

  test.runIf(panel === 'wide' || panel === 'short')('pictures are kept for people to look at', { timeout: 120_000 }, async () => {
    for (const name of [...gallery.careNames, ...gallery.doctorNames]) {
      await gallery.show(name);
      await gallery.keep(`${name}-${panel.split(' ')[0]}`);
    }
    await gallery.show('care-key', { language: 'ar', contrast: 'high' });
    await gallery.keep(`care-key-ar-contrast-${panel.split(' ')[0]}`);
    await gallery.show('care-key', { language: 'nl', textSize: 2 });
    await gallery.keep(`care-key-nl-largest-${panel.split(' ')[0]}`);
    expect(gallery.complaints()).toEqual([]);
  });
});

/** Runs in the page. Colours fade from one look to the next, one part handing on to the parts in it: judged when all rest. */
async function comeToRest(): Promise<void> {
  const untilMs = performance.now() + 5_000;
  for (let quietFrames = 0; quietFrames < 3 && performance.now() < untilMs;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const moving = document.getAnimations().some(({ effect, playState }) => {
      return playState === 'running' && Number(effect?.getComputedTiming().endTime) < Infinity;
    });
    quietFrames = moving ? 0 : quietFrames + 1;
  }
}

describe.each([
  { called: 'usual', look: {} },
  { called: 'high contrast', look: { contrast: 'high' } },
  { called: 'Arabic, large', look: { language: 'ar', textSize: 1.5 } },
] as const)('axe finds nothing, $called', ({ look }) => {
  test('on any screen', { timeout: 300_000 }, async () => {
    await gallery.resize(1366, 768);
    const found: string[] = [];
    for (const name of [...gallery.careNames, ...gallery.doctorNames]) {
      await gallery.show(name, look);
      await gallery.page.evaluate(comeToRest);
      const axe = new AxeBuilder({ page: gallery.page })
        .setLegacyMode(true)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
      const { violations } = await (/^care-(confirm|panel)/.test(name) ? axe.include('dialog') : axe).analyze();
      for (const { id, nodes } of violations) found.push(...nodes.map((node) => `${name}: ${id}: ${node.html.slice(0, 120)}`));
    }
    expect(found).toEqual([]);
  });
});

const press = (name: string) => gallery.page.getByRole('button', { name, exact: true }).first().click();

describe('what is pressed is said', () => {
  beforeAll(() => gallery.resize(1920, 1080));

  test('a task begins, and the details turn without a word to the desk', async () => {
    await gallery.show('care-key');
    await press('Technical details');
    await gallery.page.getByText('FIDO_2_1').waitFor();
    await press('Back');
    await press('Accounts');
    expect(await gallery.careSaid()).toEqual([{ type: 'care.begin', task: 'accounts' }]);
  });

  test('an account is deleted only after it was said what is lost, and keeping it is what Enter does', async () => {
    await gallery.show('care-accounts');
    await press('Delete');
    expect(await gallery.careSaid()).toEqual([{ type: 'account.delete', credentialIdB64u: 'credential-1' }]);
    await gallery.show('care-confirm-account');
    await gallery.page.keyboard.press('Enter');
    expect(await gallery.careSaid()).toEqual([{ type: 'back' }]);
    await gallery.show('care-confirm-account');
    await press('Delete the account');
    expect(await gallery.careSaid()).toEqual([{ type: 'confirm' }]);
  });

  test('a finger is named by choosing it', async () => {
    await gallery.show('care-fingers');
    await press('Teach a finger');
    await press('Left thumb');
    expect(await gallery.careSaid()).toEqual([{ type: 'fingerprint.teach', name: 'Left thumb' }]);
    await gallery.show('care-fingers');
    await press('Rename');
    await press('Right thumb');
    expect(await gallery.careSaid()).toEqual([{ type: 'fingerprint.rename', templateIdB64u: 'AAE', name: 'Right thumb' }]);
  });

  test('the shortest PIN goes up by presses, and never below what the key has', async () => {
    await gallery.show('care-settings');
    // Beyond the least it is not yet pressable: what it does then is nothing.
    for (let presses = 0; presses < 9; presses += 1)
      await gallery.page.getByRole('button', { name: 'One fewer', exact: true }).dispatchEvent('click');
    await press('One more');
    await press('Set');
    expect(await gallery.careSaid()).toEqual([
      { type: 'setting.change', change: { setting: 'minPinLength', length: 6, forceChange: false } },
    ]);
  });

  test('a long list is turned page by page', async () => {
    await gallery.show('care-accounts-many');
    expect(await gallery.page.getByText('portal-9.meridian.example').count()).toBe(0);
    await press('Page 2 of 2');
    await gallery.page.getByText('portal-9.meridian.example').waitFor();
  });

  test('a digit of the PIN is pressed on the pad; letters are there too', async () => {
    await gallery.show('care-pin');
    await press('4');
    expect(await gallery.careSaid()).toEqual([{ type: 'pin.press', symbol: '4' }]);
  });

  test('Escape goes back, and says so once', async () => {
    await gallery.show('care-accounts');
    await gallery.page.keyboard.press('Escape');
    expect(await gallery.careSaid()).toEqual([{ type: 'back' }]);
  });
});
