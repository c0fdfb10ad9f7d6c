// Every screen, in every language, text size and format: nothing scrolls, nothing is cut, everything can be hit.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Look } from '../../contract/snapshot.ts';
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
const languages = ['en', 'nl', 'ar'] as const;

/** How far words may be drawn smaller than asked for when they are longer than their place. At the usual size: not at all. */
const leastText = { 1: 1, 1.5: 0.73, 2: 0.6 } as const;

const looks = languages.flatMap((language) => ([1, 1.5, 2] as const).map((textSize) => ({ language, textSize })));

async function measureAll(names: readonly string[], look: Partial<Look>, scale: number): Promise<readonly string[]> {
  const limits = { targetPx: 56 * Math.min(1, scale), gapPx: 12 * scale, leastText: leastText[look.textSize ?? 1] };
  const found = await gallery.onEach(names, look, measureScreen, limits);
  return found.map(({ name, finding }) => `${name}: ${finding.what}: ${finding.where}`);
}

/** Trouble differs in its words alone: where all of it is not looked at, the longest stand for it. */
const longTrouble = /^trouble-.*(forbidden|noAccess|throttled|wrongAccount)$/;
const some = (names: readonly string[]) => names.filter((name) => !name.startsWith('trouble-') || longTrouble.test(name));

describe.each(panels)('on a $panel panel of $width × $height', ({ panel, width, height }) => {
  const scale = Math.min(width / (width > height ? 1366 : 1080), height / (width > height ? 768 : 1920), 1);
  beforeAll(() => gallery.resize(width, height));

  // Beside the practice desk the short format only has more height; one language of long words stands for all in large text.
  const here =
    panel === 'beside the practice desk' ? looks.filter(({ language, textSize }) => textSize === 1 || language === 'nl') : looks;
  test.each(here)('everything fits in $language at text size $textSize', { timeout: 300_000 }, async ({ language, textSize }) => {
    const names = panel === 'short' && textSize === 1 ? gallery.names : some(gallery.names);
    expect(names.length).toBeGreaterThan(60);
    expect(await measureAll(names, { language, textSize }, scale)).toEqual([]);
  });

  test('everything fits with the controls lower', { timeout: 300_000 }, async () => {
    expect(await measureAll(some(gallery.names), { controlsLower: true }, scale)).toEqual([]);
  });
});

test('no screen complained to the console', () => {
  expect(gallery.complaints()).toEqual([]);
});
