// Key care in its own window, as it starts for training: the practice desk's keys, the real key host, the real PIN capture.
import { _electron, type ElectronApplication } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CareBridge, PracticeBridge } from '../../contract/bridge.ts';
import type { CareIntent, CareScreenKind, CareScreenOf, CareSnapshot } from '../../contract/care.ts';
import type { PracticeIntent, PracticeSnapshot } from '../../contract/practice.ts';
import { waitFor } from '../../scripts/demo/desk-in-hand.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { projectRoot } from '../../scripts/set-up/places.mjs';

const storyDeadlineMs = 180_000;
const pin = '836194';
const lookMs = 3_000;
const betweenLooksMs = 100;
const betweenPicturesMs = 300;
const drawnWithinMs = 30_000;

class CareDesk {
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

  async say(intent: CareIntent) {
    const { visit } = await this.picture();
    return (await this.page('care')).evaluate((said) => (Reflect.get(globalThis, 'firstkey') as CareBridge).say(said), {
      visit,
      intent,
    });
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
  async typePin(): Promise<void> {
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

async function withCareDesk(story: (desk: CareDesk) => Promise<void>): Promise<void> {
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

test('a new key gets a PIN, is looked through, and is erased by the same hand', { timeout: storyDeadlineMs }, () =>
  withCareDesk(async (desk) => {
    const fresh = (await desk.practice()).keys.find(({ kind }) => kind === 'modern');
    const keyId = fresh?.id ?? '';
    await desk.hands({ type: 'key.plugIn', keyId });
    const first = await desk.until('key');
    expect(first.key.pin).toBe('none');
    expect(first.key.technical.versions).toContain('FIDO_2_1');

    await desk.press('Set a PIN');
    await desk.until('pin', ({ ask }) => ask === 'choose');
    await desk.typePin();
    await desk.until('pin', ({ ask }) => ask === 'again');
    await desk.typePin();
    expect((await desk.until('key', ({ done }) => done === 'setPin')).key.pin).toBe('set');

    await desk.press('Accounts');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin();
    expect((await desk.until('accounts')).accounts).toEqual([]);
    await desk.press('Back');
    await desk.until('key');

    await desk.press('Erase the key');
    await desk.until('confirm');
    await desk.press('Erase it');
    await desk.until('hand', ({ step }) => step === 'takeOut');
    await desk.hands({ type: 'key.takeOut', keyId });
    await desk.until('hand', ({ step }) => step === 'plugIn');
    await desk.hands({ type: 'key.plugIn', keyId });
    await desk.until('erasing', ({ state }) => state === 'waiting');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    expect((await desk.until('key', ({ done }) => done === 'erase')).key.pin).toBe('none');
  }),
);

test('another key is refused, and keeps what is on it', { timeout: storyDeadlineMs }, () =>
  withCareDesk(async (desk) => {
    const { keys } = await desk.practice();
    const set = keys.find(({ kind }) => kind === 'pinSet');
    const fresh = keys.find(({ kind }) => kind === 'modern');
    if (!set || !fresh) throw new Error('the tray has fewer keys than this story needs');
    await desk.hands({ type: 'key.plugIn', keyId: set.id });
    await desk.until('key', ({ key }) => key.pin === 'set');
    await desk.press('Erase the key');
    await desk.until('confirm');
    await desk.press('Erase it');
    await desk.until('hand');
    await desk.hands({ type: 'key.takeOut', keyId: set.id });
    await desk.until('hand', ({ step }) => step === 'plugIn');
    await desk.hands({ type: 'key.plugIn', keyId: fresh.id });
    await desk.until('hand', ({ why }) => why === 'otherKey');
    await desk.hands({ type: 'key.takeOut', keyId: fresh.id });
    await desk.until('hand', ({ why, step }) => why === 'erase' && step === 'plugIn');
    await desk.press('Back');
    await desk.until('insert');
    await desk.hands({ type: 'key.plugIn', keyId: set.id });
    await desk.until('key', ({ key }) => key.pin === 'set');
  }),
);

test('the care door refuses what it can not read, what is older, and what is not offered', { timeout: storyDeadlineMs }, () =>
  withCareDesk(async (desk) => {
    const page = await desk.page('care');
    const { visit } = await desk.picture();
    const answers = await page.evaluate(async (now) => {
      const say = (given: unknown) =>
        (Reflect.get(globalThis, 'firstkey') as { say(said: unknown): Promise<unknown> }).say(given);
      return [
        await say({ visit: now, intent: { type: 'start' } }),
        await say({ visit: now, intent: { type: 'care.begin', task: 'everything' } }),
        await say({ visit: now, intent: { type: 'confirm', also: 1 } }),
        await say({ visit: now + 1, intent: { type: 'help.open' } }),
        await say({ visit: now, intent: { type: 'confirm' } }),
      ];
    }, visit);
    expect(answers).toEqual([
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'unreadable' },
      { taken: false, because: 'olderVisit' },
      { taken: false, because: 'notAllowedNow' },
    ]);
  }),
);
