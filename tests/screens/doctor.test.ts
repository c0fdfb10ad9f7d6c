// The doctor's page: every finding has a page of its own that fits, the list is turned and come back to where it was left, and what
// is printed for the policy owner is read by everybody.
import { AxeBuilder } from '@axe-core/playwright';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCodes } from '../../contract/doctor.ts';
import { foretoldCodes } from '../../contract/foretold.ts';
import { drawDoctorPage } from '../../main/compose/draw-doctor-page.ts';
import { buildFolder, inProject } from '../../scripts/set-up/places.mjs';
import { illReport } from '../support/doctor-page-samples.ts';
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
    const first = gallery.page.getByRole('listitem').nth(1);
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
    expect(await gallery.page.getByRole('listitem').nth(1).innerText()).toBe(name);
    expect(gallery.complaints()).toEqual([]);
  },
);

test.each([
  ['doctor-ill', 'What to change, and where, on paper', true],
  ['doctor-printing', 'Printing', false],
  ['doctor-printed', 'The printer has it.', true],
  ['doctor-cancelled', 'The printing was called off.', true],
  ['doctor-no-printer', 'The printer doesn’t answer.', true],
  ['doctor-refused', 'The printer did not take it.', true],
] as const)('%s says of the printer: %s', async (name, says, mayPrint) => {
  await gallery.resize(1366, 768);
  await gallery.show(name);
  const row = gallery.page.getByRole('listitem').first();
  expect(await row.getByRole('status').innerText()).toBe(says);
  expect(await row.getByRole('button', { name: 'Print', exact: true, disabled: false }).count()).toBe(mayPrint ? 1 : 0);
});

describe('the page for the policy owner', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firstkey-sheet-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // A4, Letter and a phone's browser, in CSS pixels.
  test.each([
    ['en', 'paper', 794, 1123],
    ['nl', 'paper', 816, 1056],
    ['ar', 'paper', 794, 1123],
    ['en', 'phone', 390, 844],
  ] as const)('%s on a %s of %i × %i: axe finds nothing, and nothing is cut', async (language, on, width, height) => {
    const file = path.join(folder, `${language}-${on}.html`);
    const name = `Sign-in ${'rule-of-the-house-'.repeat(12)}`;
    await writeFile(file, await drawDoctorPage(illReport({ policy: name }), language, path.join(buildFolder, 'renderer')));
    await gallery.resize(width, height);
    await gallery.page.emulateMedia({ media: on === 'paper' ? 'print' : 'screen' });
    await gallery.page.goto(pathToFileURL(file).href);
    await gallery.page.evaluate(() => document.fonts.ready);
    const seen = await gallery.page.evaluate(() => ({
      tooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      face: [...document.fonts].some(({ status }) => status === 'loaded'),
      scripts: document.scripts.length,
    }));
    expect(seen).toEqual({ tooWide: false, face: true, scripts: 0 });
    const { violations } = await new AxeBuilder({ page: gallery.page })
      .setLegacyMode(true)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 100)).join(' ')}`)).toEqual([]);
    await gallery.page.screenshot({ path: inProject(`reports/screens/doctor-page-${language}-${on}.png`), fullPage: true });
    expect(gallery.complaints()).toEqual([]);
  });
});
