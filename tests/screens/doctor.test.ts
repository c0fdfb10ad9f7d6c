// The doctor's page: every finding has a page of its own that fits, and the list is turned and come back to where it was left.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCodes } from '../../contract/doctor.ts';
import { foretoldCodes } from '../../contract/foretold.ts';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

const titles = (): Promise<string> => gallery.page.getByRole('heading', { level: 1 }).innerText();

test('every finding there can be is on the list once, page by page', { timeout: 120_000 }, async () => {
  await gallery.resize(1366, 768);
  await gallery.show('doctor-ill');
  let seen = 0;
  for (;;) {
    seen += await gallery.page.getByRole('button', { name: 'Details' }).count();
    const next = gallery.page.getByRole('button', { name: /^Page \d+ of / });
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(seen).toBe(checkCodes.length + foretoldCodes.length);
});

test.each(['en', 'nl', 'ar'] as const)(
  'details fit in %s, and lead back to their page of the list',
  { timeout: 120_000 },
  async (language) => {
    await gallery.resize(1366, 768);
    await gallery.show('doctor-ill', { language });
    const list = await titles();
    const first = gallery.page.getByRole('listitem').first();
    const name = await first.innerText();
    await first.getByRole('button').click();
    expect(name).toContain(await titles());
    await gallery.keep(`doctor-finding-${language}`);
    const cut = await gallery.page.evaluate(
      () => [...document.querySelectorAll('[data-fits]')].filter((part) => part.scrollHeight > part.clientHeight + 1).length,
    );
    expect(cut).toBe(0);
    await gallery.page.keyboard.press('Escape');
    expect(await titles()).toBe(list);
    expect(await gallery.page.getByRole('listitem').first().innerText()).toBe(name);
    expect(gallery.complaints()).toEqual([]);
  },
);
