// Pictures of the screens for people to look at, in reports/screens; the test itself holds them to their ground colours.
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Look } from '../../contract/snapshot.ts';
import { inProject } from '../../scripts/set-up/places.mjs';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

const main = [
  'attract',
  'plan',
  'phone-first',
  'sign-in',
  'insert',
  'choose-key',
  'choose-key-unanswered',
  'key-ready',
  'key-refused',
  'pin',
  'pin-wrong',
  'touch',
  'portal',
  'portal-save-keyboard',
  'shared-key',
  'choose-account',
  'choose-account-many',
  'no-route',
  'works',
  'phone',
  'phone-registered',
  'done',
  'done-one-way',
  'overlay-idle',
  'closed',
] as const;

interface Series {
  readonly called: string;
  readonly width: number;
  readonly height: number;
  readonly look: Partial<Look>;
  readonly names: (all: readonly string[]) => readonly string[];
}

const untroubled = (all: readonly string[]) => all.filter((name) => !name.startsWith('trouble-') || name.endsWith('throttled'));

const series: readonly Series[] = [
  { called: 'wide', width: 1920, height: 1080, look: {}, names: untroubled },
  { called: 'short', width: 1366, height: 768, look: {}, names: () => main },
  { called: 'portrait', width: 1080, height: 1920, look: {}, names: () => main },
  { called: 'wide-nl', width: 1920, height: 1080, look: { language: 'nl' }, names: () => main },
  { called: 'wide-ar', width: 1920, height: 1080, look: { language: 'ar' }, names: () => main },
  { called: 'wide-contrast', width: 1920, height: 1080, look: { contrast: 'high' }, names: () => main },
  { called: 'wide-large', width: 1920, height: 1080, look: { textSize: 1.5 }, names: () => main },
  { called: 'short-largest', width: 1366, height: 768, look: { textSize: 2 }, names: () => main },
];

/** Colour of the ground of each look, in the last pixel row, where no part is drawn. */
const grounds = { paper: [0xf4, 0xf1, 0xeb], deep: [0x08, 0x3a, 0x40], high: [0, 0, 0] } as const;
const nightScreens = new Set([
  'attract',
  'attract-training',
  'touch',
  'touch-genuine',
  'touch-touched',
  'touch-sign-in',
  'touch-prove',
  'touch-notice',
  'choose-key',
  'choose-key-lost',
  'choose-key-sign-in',
  'choose-key-prove',
]);

describe.each(series)('$called', ({ called, width, height, look, names }) => {
  test('the screens stand on their ground', { timeout: 300_000 }, async () => {
    await gallery.resize(width, height);
    for (const name of names(gallery.names)) {
      await gallery.show(name, look);
      const picture = `${called}-${name}`;
      await gallery.keep(picture);
      const {
        data,
        width: drawnWidth,
        height: drawnHeight,
      } = PNG.sync.read(await readFile(inProject('reports/screens', `${picture}.png`)));
      expect([drawnWidth, drawnHeight], picture).toEqual([width, height]);
      if (name.startsWith('overlay-')) continue;
      const at = ((height - 3) * width + 3) * 4;
      const ground = look.contrast === 'high' ? grounds.high : nightScreens.has(name) ? grounds.deep : grounds.paper;
      expect([...data.subarray(at, at + 3)], `${picture}: the ground at its foot`).toEqual(ground);
    }
  });
});
