// Opens the built gallery in a real Electron window and shows its screens one after the other.
import { _electron, type JSHandle, type Page } from '@playwright/test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CareIntent } from '../../contract/care.ts';
import type { Intent } from '../../contract/intent.ts';
import type { Look } from '../../contract/snapshot.ts';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { buildFolder, inProject } from '../../scripts/set-up/places.mjs';

export interface GalleryWindow {
  readonly page: Page;
  readonly names: readonly string[];
  /** Those of the key care page. */
  readonly careNames: readonly string[];
  /** Those of the doctor's page. */
  readonly doctorNames: readonly string[];
  /** Sets the panel's size in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  show(name: string, look?: Partial<Look>): Promise<void>;
  /** Shows the next picture to the same screen. */
  follow(name: string, look?: Partial<Look>): Promise<void>;
  /**
   * Shows one screen after the other and runs `look` on each inside the page, without waiting for frames: layout is measured
   * as it is made. `look` must not use anything from outside itself.
   */
  onEach<Finding, Given>(
    names: readonly string[],
    as: Partial<Look>,
    look: (given: Given) => readonly Finding[],
    given: Given,
  ): Promise<readonly { readonly name: string; readonly finding: Finding }[]>;
  /** What the shown screen said. */
  said(): Promise<readonly Intent[]>;
  careSaid(): Promise<readonly CareIntent[]>;
  /**
   * Loads another of the desk's pages, with `bridge` (a script's text) as its `window.firstkey`. Bridges of earlier calls are
   * set before it, so the last one counts.
   */
  open(file: string, bridge: string): Promise<void>;
  /** Keeps a picture in reports/screens, once every movement that ends has ended. */
  keep(name: string): Promise<void>;
  /** What went wrong on the page since the last call: errors and refused policies. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

const picturesFolder = inProject('reports/screens');

export async function openGallery(): Promise<GalleryWindow> {
  const electron = await resolveElectron();
  const data = await mkdtemp(path.join(tmpdir(), 'firstkey-gallery-'));
  await mkdir(picturesFolder, { recursive: true });
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electron.folder;
  const app = await _electron.launch({
    args: [
      inProject('tests/support/gallery-host'),
      `--user-data-dir=${data}`,
      `--pages=${path.join(buildFolder, 'renderer')}`,
      '--force-device-scale-factor=1',
    ],
  });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.waitForFunction(() => 'gallery' in window);
  const devtools = await app.context().newCDPSession(page);
  const { names, careNames, doctorNames } = await page.evaluate(() => {
    const { gallery } = window;
    return { names: gallery.names, careNames: gallery.careNames, doctorNames: gallery.doctorNames };
  });
  const show = async (name: string, look: Partial<Look> = {}): Promise<void> => {
    await page.evaluate(({ screen, as }) => window.gallery.show(screen, as), { screen: name, as: look });
    await settled(page);
  };

  return {
    page,
    names,
    careNames,
    doctorNames,
    async resize(width, height) {
      await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      await page.waitForFunction(([w, h]) => window.innerWidth === w && window.innerHeight === h, [width, height]);
    },
    show,
    async follow(name, look = {}) {
      await page.evaluate(({ screen, as }) => window.gallery.follow(screen, as), { screen: name, as: look });
      await settled(page);
    },
    async onEach<Finding, Given>(
      wanted: readonly string[],
      as: Partial<Look>,
      look: (given: Given) => readonly Finding[],
      given: Given,
    ) {
      const [first] = wanted;
      if (first === undefined) return [];
      // The first one brings in the faces of its language.
      await show(first, as);
      const looking = (await page.evaluateHandle(`(${String(look)})`)) as JSHandle<(given: Given) => readonly Finding[]>;
      return page.evaluate(
        ({ screens, lookOf, run, argument }) =>
          screens.flatMap((name) => {
            window.gallery.show(name, lookOf);
            return run(argument as Given).map((finding) => ({ name, finding }));
          }),
        { screens: wanted, lookOf: as, run: looking, argument: given },
      ) as Promise<readonly { readonly name: string; readonly finding: Finding }[]>;
    },
    said: () => page.evaluate(() => [...window.gallery.said]),
    careSaid: () => page.evaluate(() => [...window.gallery.careSaid]),
    async open(file, bridge) {
      await page.addInitScript(bridge);
      await page.goto(`gallery://pages/${file}`);
      await page.waitForFunction(() => (document.getElementById('root')?.childElementCount ?? 0) > 0);
      await settled(page);
    },
    async keep(name) {
      await page.evaluate(async () => {
        const ending = document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().endTime) < Infinity);
        await Promise.allSettled(ending.map(({ finished }) => finished));
      });
      await page.screenshot({ path: path.join(picturesFolder, `${name}.png`) });
    },
    complaints: () => complaints.splice(0),
    async close() {
      await app.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Two frames after the faces are in: layout has been measured, and measured again. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
