// The place of Microsoft's page: told once it stands, inside its own frame, and again when it moves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../contract/intent.ts';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

const frames = async (): Promise<readonly Frame[]> =>
  (await gallery.said()).flatMap((intent) => (intent.type === 'page.frame' ? [intent.frame] : []));

/** The inside of the drawn border. */
const drawnFrame = () =>
  gallery.page.evaluate(() => {
    const words = [...document.querySelectorAll('main p')].find((part) => part.textContent?.includes('Microsoft'));
    const frame = words?.parentElement?.parentElement;
    if (!frame) throw new Error('no frame is drawn');
    const { left, top, right, bottom } = frame.getBoundingClientRect();
    return { left: left + 4, top: top + 4, right: right - 4, bottom: bottom - 4 };
  });

describe.each([
  ['sign-in', 1920, 1080],
  ['sign-in', 1366, 768],
  ['sign-in-keyboard', 1366, 768],
  ['sign-in', 1080, 1920],
  ['phone', 1920, 1080],
  ['phone', 1080, 1920],
] as const)('%s on %d × %d', (name, width, height) => {
  test('the told rectangle lies inside the frame and fills it', async () => {
    await gallery.resize(width, height);
    await gallery.show(name);
    const told = (await frames()).at(-1);
    const drawn = await drawnFrame();
    if (told === undefined) throw new Error('no frame was told');
    expect(told.x).toBeGreaterThanOrEqual(drawn.left - 0.5);
    expect(told.y).toBeGreaterThanOrEqual(drawn.top - 0.5);
    expect(told.x + told.width).toBeLessThanOrEqual(drawn.right + 0.5);
    expect(told.y + told.height).toBeLessThanOrEqual(drawn.bottom + 0.5);
    expect(told.width * told.height).toBeGreaterThan(0.9 * (drawn.right - drawn.left) * (drawn.bottom - drawn.top));
  });
});

test('a moved frame is told again, and a frame that is gone is told as nothing', async () => {
  await gallery.resize(1366, 768);
  await gallery.show('sign-in');
  const before = (await frames()).at(-1);
  await gallery.resize(1280, 720);
  await gallery.page.waitForFunction(
    (told) => JSON.stringify(window.gallery.said.at(-1)) !== told,
    JSON.stringify({ type: 'page.frame', frame: before }),
  );
  expect((await frames()).at(-1)).not.toEqual(before);
  await gallery.show('insert');
  expect(await frames()).toEqual([{ x: 0, y: 0, width: 0, height: 0 }]);
});

test('a frame that stands still is told once', async () => {
  await gallery.resize(1366, 768);
  await gallery.show('attract');
  await gallery.show('sign-in');
  const told = await frames();
  expect(new Set(told.map((frame) => JSON.stringify(frame))).size, JSON.stringify(told)).toBe(told.length);
  await gallery.page.waitForTimeout(400);
  expect(await frames()).toEqual(told);
});
