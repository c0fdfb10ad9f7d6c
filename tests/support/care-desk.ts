// The key care page in its own window, as it starts for training, and the hands in front of it: the practice desk's keys, the
// real key host, the real PIN capture.
import { _electron, type ElectronApplication } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import type { CareBridge, PracticeBridge } from '../../contract/bridge.ts';
import type { CareScreenKind, CareScreenOf, CareSnapshot } from '../../contract/care.ts';
import type { PracticeIntent, PracticeKeyKind, PracticeSnapshot, PracticeTouch } from '../../contract/practice.ts';
import { waitFor } from '../../scripts/demo/desk-in-hand.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { projectRoot } from '../../scripts/set-up/places.mjs';

/** A PIN that is chosen here. */
export const chosenPin = '836194';
/** The PIN of training keys that come with one. */
export const trainingPin = '271828';
const lookMs = 3_000;
const betweenLooksMs = 100;
const betweenPicturesMs = 300;
const drawnWithinMs = 30_000;

export class CareDesk {
  readonly app: ElectronApplication;
  output = '';

  constructor(app: ElectronApplication) {
    this.app = app;
    for (const stream of [app.process().stdout, app.process().stderr])
      stream?.on('data', (bytes: Buffer) => (this.output += String(bytes)));
  }

  page(host: 'care' | 'practice') {
    return waitFor(`the page of ${host}`, async () => {
      const pages = this.app.context().pages();
      return pages.find((page) => page.url() === `app://${host}/`) ?? null;
    });
  }

  async picture(): Promise<CareSnapshot> {
    return (await this.page('care')).evaluate(() => (Reflect.get(globalThis, 'firstkey') as CareBridge).hello());
  }

  async practice(): Promise<PracticeSnapshot> {
    return (await this.page('practice')).evaluate(() => (Reflect.get(globalThis, 'firstkey') as PracticeBridge).hello());
  }

  async hands(intent: PracticeIntent): Promise<void> {
    const answer = await (
      await this.page('practice')
    ).evaluate((said) => (Reflect.get(globalThis, 'firstkey') as PracticeBridge).say(said), intent);
    expect(answer, JSON.stringify(intent)).toEqual({ taken: true });
  }

  /** Plugs the first key of this kind in; its id in the tray. */
  async plugIn(kind: PracticeKeyKind): Promise<string> {
    const key = (await this.practice()).keys.find((each) => each.kind === kind);
    if (!key) throw new Error(`the tray has no ${kind}`);
    await this.hands({ type: 'key.plugIn', keyId: key.id });
    return key.id;
  }

  /** Lays a finger on the key once it blinks. */
  async touch(keyId: string, how: PracticeTouch = 'finger'): Promise<void> {
    await waitFor('the key to blink', async () => {
      const { keys } = await this.practice();
      return keys.some(({ id, state }) => id === keyId && state === 'blinking') ? true : null;
    });
    await this.hands({ type: 'key.touch', keyId, how });
  }

  async until<Kind extends CareScreenKind>(kind: Kind, also: (screen: CareScreenOf<Kind>) => boolean = () => true) {
    const found = await waitFor(
      `the screen ${kind}`,
      async () => {
        const screen = (await this.picture()).screen;
        return screen.kind === kind && also(screen as CareScreenOf<Kind>) ? (screen as CareScreenOf<Kind>) : null;
      },
      async () => `the page shows ${JSON.stringify((await this.picture()).screen)}\n${this.output}`,
      30_000,
    );
    // The page gets ten pictures a second at most, so what the desk knows may not be drawn yet; a person presses what is drawn.
    await (await this.page('care')).locator(`[data-screen="${kind}"]`).waitFor();
    await new Promise((resolve) => setTimeout(resolve, betweenPicturesMs));
    return found;
  }

  async press(name: string): Promise<void> {
    await (await this.page('care')).getByRole('button', { name, exact: true }).click();
  }

  /** Presses a button in the row that says `row`. */
  async pressIn(row: string, name: string): Promise<void> {
    const found = (await this.page('care')).getByRole('listitem').filter({ hasText: row });
    await found.getByRole('button', { name, exact: true }).click();
  }

  async #hasTyped(count: number, withinMs: number): Promise<boolean> {
    for (const untilMs = performance.now() + withinMs; performance.now() < untilMs;) {
      // The door takes so much a second, looks as well as presses.
      await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
      const { screen } = await this.picture();
      if (screen.kind === 'pin' && screen.count === count) return true;
    }
    return false;
  }

  /** On the pad, as a finger would. */
  async typePin(pin = chosenPin): Promise<void> {
    const before = (await this.picture()).visit;
    for (const [place, digit] of [...pin].entries()) {
      await this.press(digit);
      // A finger that is quicker than the page presses on the screen before; whoever sees no dot presses again.
      if (await this.#hasTyped(place + 1, lookMs)) continue;
      await this.press(digit);
      expect(await this.#hasTyped(place + 1, drawnWithinMs)).toBe(true);
    }
    await this.press('Next');
    await waitFor('the next screen', async () => ((await this.picture()).visit > before ? true : null));
  }
}

export async function withCareDesk(story: (desk: CareDesk) => Promise<void>): Promise<void> {
  const electron = await resolveElectron();
  const data = await mkdtemp(path.join(tmpdir(), 'firstkey-care-'));
  const app = await _electron.launch({
    executablePath: electron.executable,
    args: [...electron.extraArguments, projectRoot, '--world=training', '--care', `--data=${data}`, '--frame=1366x768'],
  });
  const desk = new CareDesk(app);
  try {
    await waitFor('the tray of keys', async () => ((await desk.practice()).keys.length > 0 ? true : null));
    await desk.until('insert');
    await story(desk);
    expect(desk.output).not.toContain('bug');
  } finally {
    await app.close();
    await rm(data, { recursive: true, force: true });
  }
}
