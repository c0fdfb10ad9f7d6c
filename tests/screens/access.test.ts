// Independent judge: axe, on every screen, on paper, at night and in high contrast.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Look } from '../../contract/snapshot.ts';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
  await gallery.resize(1366, 768);
});
afterAll(() => gallery.close());

/** One showing of each kind of screen; in the usual look every fixture is judged, elsewhere these. */
const oneOfEach =
  /^(attract|plan|phone-first|sign-in|sign-in-keyboard|sign-in-unverified|insert-rehearsal|insert-again|choose-key|choose-key-unanswered|checking-key|key-ready|key-refused|pin|pin-guessable|pin-few-tries|pin-last-try|replug-take-out|saving-pin|touch|touch-notice|saving|works|phone-app|phone|phone-registered|finishing|done-one-way|done-all|interrupted|wiping|closed|overlay-.*|trouble-.*(throttled|pass\.expired))$/;

const looks: readonly { readonly called: string; readonly look: Partial<Look> }[] = [
  { called: 'usual', look: {} },
  { called: 'high contrast', look: { contrast: 'high' } },
  { called: 'Arabic, large', look: { language: 'ar', textSize: 1.5 } },
];

describe.each(looks)('axe finds nothing, $called', ({ called, look }) => {
  test('on any screen', { timeout: 600_000 }, async () => {
    const judged = gallery.names.filter((name) => oneOfEach.test(name) || (called === 'usual' && !name.startsWith('trouble-')));
    expect(judged.length).toBeGreaterThan(30);
    const found: string[] = [];
    for (const name of judged) {
      await gallery.show(name, look);
      // Behind a panel everything is inert and veiled: what lies in the panel is what counts.
      const axe = new AxeBuilder({ page: gallery.page })
        .setLegacyMode(true)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
      const { violations } = await (name.startsWith('overlay-') ? axe.include('dialog') : axe).analyze();
      for (const { id, nodes } of violations)
        found.push(
          ...nodes.map(
            (node) => `${name}: ${id}: ${node.html.slice(0, 120)} ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`,
          ),
        );
    }
    expect(found).toEqual([]);
  });
});

test('what changes while one waits is announced', async () => {
  await gallery.show('phone-registered');
  expect(await gallery.page.locator('[aria-live=polite]', { hasText: 'Waiting for phone sign-in' }).count()).toBeGreaterThan(0);
  await gallery.show('works');
  expect(await gallery.page.locator('[data-told]').textContent()).toBe('It works');
  await gallery.show('overlay-idle');
  expect(await gallery.page.getByRole('alertdialog').count()).toBe(1);
  await gallery.show('insert-rehearsal');
  await gallery.page.waitForFunction(() => document.body.textContent?.includes('Your pass ends in 9 minutes.'));
});

test('every drawing has a name that says something, or is silent', async () => {
  for (const name of gallery.names.filter((each) => !each.startsWith('trouble-'))) {
    await gallery.show(name);
    const unnamed = await gallery.page.evaluate(() =>
      [...document.querySelectorAll('svg')]
        .filter((svg) => svg.getAttribute('aria-hidden') !== 'true' && svg.closest('[aria-hidden=true]') === null)
        .filter((svg) => svg.getAttribute('role') !== 'img' || (svg.getAttribute('aria-label') ?? '').split(' ').length < 3)
        .map((svg) => svg.outerHTML.slice(0, 100)),
    );
    expect(unnamed, name).toEqual([]);
  }
});
