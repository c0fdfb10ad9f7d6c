// The running desk as the demonstration holds it: its pages, its pictures, and the practice desk beside it.

import { _electron, errors } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../set-up/places.mjs';
import { composePicture } from './window-picture.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('../../contract/snapshot.ts').Snapshot} Snapshot */
/** @typedef {import('../../contract/practice.ts').PracticeSnapshot} PracticeSnapshot */
/** @typedef {import('../../contract/practice.ts').PracticeIntent} PracticeIntent */

const stepDeadlineMs = 60_000;
/** A desk starts in two or three seconds. */
const driverDeadlineMs = 30_000;

export class DeskInHand {
  /**
   * @param {import('@playwright/test').ElectronApplication} app
   * @param {string} dataFolder
   */
  constructor(app, dataFolder) {
    this.app = app;
    this.dataFolder = dataFolder;
    /** Everything the desk's processes have printed. */
    this.output = '';
    for (const stream of [app.process().stdout, app.process().stderr])
      stream?.on('data', (/** @type {Buffer} */ data) => (this.output += String(data)));
  }

  /**
   * @param {{ electron: import('../set-up/electron-runtime.mjs').ElectronRuntime, environment: NodeJS.ProcessEnv, frame: string }} options
   */
  static async open({ electron, environment, frame }) {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'firstkey-demo-'));
    const launch = async (/** @type {number} */ timeout) => {
      const app = await _electron.launch({
        executablePath: electron.executable,
        args: [...electron.extraArguments, projectRoot, '--world=training', `--data=${dataFolder}`, `--frame=${frame}`],
        env: plainEnvironment(environment),
        timeout,
      });
      try {
        await app.evaluate(rememberHidden);
      } catch (error) {
        await app.close();
        throw error;
      }
      return app;
    };
    const app = await launch(driverDeadlineMs).catch((/** @type {unknown} */ error) => {
      if (isDriverLost(error)) return launch(stepDeadlineMs);
      throw error;
    });
    const desk = new DeskInHand(app, dataFolder);
    // A page's first question is answered as soon as there is somebody to answer; until then nothing can be said.
    await Promise.all([desk.picture(), desk.practice()]);
    return desk;
  }

  /** What the desk itself had to say, for a failed story. @returns {string[]} */
  get complaints() {
    return this.output.match(/^.*(?:Firstkey|key host).*(?:\n +at .*)*/gm) ?? [];
  }

  /** Ends the desk; what it kept stays in its folder until `close`. */
  async stop() {
    await this.app.close();
  }

  async close() {
    await this.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  /** The page of this host, once it is there. @param {string} host @returns {Promise<Page>} */
  async page(host) {
    return waitFor(
      `the page of ${host}`,
      async () =>
        this.app
          .context()
          .pages()
          .find((page) => hostOf(page.url()) === host) ?? null,
    );
  }

  /** @returns {Promise<Snapshot>} what the kiosk page draws now */
  async picture() {
    return (await this.page('kiosk')).evaluate(() =>
      /** @type {import('../../contract/bridge.ts').KioskBridge} */ (Reflect.get(globalThis, 'firstkey')).hello(),
    );
  }

  /** @returns {Promise<PracticeSnapshot>} */
  async practice() {
    return (await this.page('practice')).evaluate(() =>
      /** @type {import('../../contract/bridge.ts').PracticeBridge} */ (Reflect.get(globalThis, 'firstkey')).hello(),
    );
  }

  /** What the person's hands do beside the screen: keys and phone. @param {PracticeIntent} intent */
  async hands(intent) {
    const page = await this.page('practice');
    const answer = await page.evaluate(
      (said) => /** @type {import('../../contract/bridge.ts').PracticeBridge} */ (Reflect.get(globalThis, 'firstkey')).say(said),
      intent,
    );
    if (!answer.taken) throw new Error(`${intent.type} was not possible: ${answer.because}`);
  }

  /**
   * Waits until the screen is one of these and fulfils `also`.
   * @param {readonly string[]} kinds
   * @param {(picture: Snapshot) => boolean} [also]
   * @param {number} [withinMs]
   */
  async until(kinds, also = () => true, withinMs = stepDeadlineMs) {
    const seen = await waitFor(
      `the screen ${kinds.join(' or ')}`,
      async () => {
        const picture = await this.picture();
        return kinds.includes(picture.screen.kind) && also(picture) ? picture : null;
      },
      async () => `the desk shows ${JSON.stringify((await this.picture()).screen)}`,
      withinMs,
    );
    // The page draws at most ten pictures a second; a person acts on what is drawn.
    await new Promise((resolve) => setTimeout(resolve, 250));
    return seen;
  }

  /** @param {(practice: PracticeSnapshot) => boolean} is @param {string} what */
  async untilPractice(is, what) {
    return waitFor(what, async () => {
      const practice = await this.practice();
      return is(practice) ? practice : null;
    });
  }

  /** Waits until nothing moves any more that is going to stop: a picture shows where things came to rest. */
  async atRest() {
    for (const host of ['kiosk', 'practice']) {
      const page = await this.page(host);
      await waitFor(`${host} to come to rest`, () => page.evaluate(isAtRest).then((rests) => rests || null));
    }
  }

  /** The whole window as it stands, as PNG. @returns {Promise<Buffer>} */
  async windowPicture() {
    const views = await this.app.evaluate(async ({ BaseWindow }) => {
      const [window] = BaseWindow.getAllWindows();
      if (!window) return [];
      const pictures = [];
      for (const view of window.contentView.children) {
        if (!('webContents' in view)) continue;
        const { webContents } = /** @type {import('electron').WebContentsView} */ (view);
        const bounds = view.getBounds();
        if (bounds.width === 0 || bounds.height === 0) continue;
        // A view that is hidden would still give what it last showed.
        if (Reflect.get(view, 'isHidden')) continue;
        const picture = await webContents.capturePage();
        pictures.push({ bounds, png: picture.toPNG().toString('base64') });
      }
      return pictures;
    });
    return composePicture(views.map(({ bounds, png }) => ({ bounds, png: Buffer.from(png, 'base64') })));
  }
}

/**
 * @template Value
 * @param {string} what
 * @param {() => Promise<Value | null>} look
 * @param {() => Promise<string>} [instead]
 * @param {number} [withinMs]
 * @returns {Promise<Value>}
 */
export async function waitFor(what, look, instead = async () => 'it did not come', withinMs = stepDeadlineMs) {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look().catch((/** @type {unknown} */ error) => {
      // A page may be on its way to another address at the moment it is asked.
      if (error instanceof Error && /navigation|destroyed|closed/i.test(error.message)) return null;
      throw error;
    });
    if (seen !== null) return seen;
    if (performance.now() > untilMs) throw new Error(`waited for ${what}; ${await instead()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A process that is just starting now and then takes the driver's connection and never answers on it, or forgets what it was
 * asked. The desk itself is not to blame, and starts again.
 *
 * @param {unknown} error
 */
function isDriverLost(error) {
  return error instanceof errors.TimeoutError || (error instanceof Error && error.message.includes('garbage collected'));
}

/**
 * Runs in the desk's process: Electron can hide a view, but older ones can't be asked whether they did.
 * @param {typeof import('electron')} electron
 */
function rememberHidden({ View }) {
  const setVisible = Reflect.get(View.prototype, 'setVisible');
  View.prototype.setVisible = function (visible) {
    Reflect.set(this, 'isHidden', !visible);
    setVisible.call(this, visible);
  };
}

/** Runs in a page. Two frames on, because what a new picture moves has begun by then. */
const isAtRest = `(async () => {
  for (const _ of [1, 2]) await new Promise((resolve) => requestAnimationFrame(resolve));
  return document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect.getComputedTiming().endTime === Infinity);
})()`;

/** @param {string} address */
function hostOf(address) {
  return URL.canParse(address) ? new URL(address).host : '';
}

/** @param {NodeJS.ProcessEnv} environment @returns {Record<string, string>} */
function plainEnvironment(environment) {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
