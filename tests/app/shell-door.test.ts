// The guarded door: what a page can send, what it gets back, and what never reaches the desk.
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk();
  await desk.until('the first picture', () => desk.host((host) => host.ready));
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.host((host) => {
    host.said.length = 0;
    host.notices.length = 0;
  });
});

/** Says something through the page's own bridge. */
const say = (said: unknown) =>
  desk.kiosk.evaluate(
    (given) => (globalThis as unknown as { firstkey: { say(said: unknown): Promise<unknown> } }).firstkey.say(given),
    said,
  );
const notices = () => desk.host((host) => [...host.notices]);

describe('what a page can say', () => {
  it('gets the picture it asked for, and its intents arrive as they were said', async () => {
    expect(await desk.kiosk.locator('#picture').textContent()).toBe('Visit 1');
    expect(await say({ visit: 1, intent: { type: 'start' } })).toEqual({ taken: true });
    expect(await desk.host((host) => [...host.said])).toEqual([{ visit: 1, intent: { type: 'start' } }]);
  });

  it.each([
    ['nothing', undefined],
    ['text', 'start'],
    ['an unknown intent', { visit: 1, intent: { type: 'wipe.everything' } }],
    ['an intent with one member too many', { visit: 1, intent: { type: 'start', world: 'field' } }],
    ['a visit that is no number', { visit: '1', intent: { type: 'start' } }],
    ['a visit below zero', { visit: -1, intent: { type: 'start' } }],
    ['a symbol longer than one', { visit: 1, intent: { type: 'pin.press', symbol: 'x'.repeat(17) } }],
    ['a frame beyond any screen', { visit: 1, intent: { type: 'page.frame', frame: { x: 0, y: 0, width: 1e9, height: 1 } } }],
    ['a list', [{ visit: 1, intent: { type: 'start' } }]],
    ['the practice desk’s intent', { type: 'fold' }],
  ])('refuses %s', async (_name, said) => {
    expect(await say(said)).toEqual({ taken: false, because: 'unreadable' });
    expect(await desk.host((host) => host.said.length)).toBe(0);
    expect(await notices()).toEqual([{ notice: 'door.refused', door: 'kiosk', because: 'unreadable' }]);
  });

  it('refuses ten megabytes without looking through them', async () => {
    const answer = await desk.kiosk.evaluate(() => {
      const { firstkey } = globalThis as unknown as { firstkey: { say(said: unknown): Promise<unknown> } };
      return firstkey.say({ visit: 1, intent: { type: 'pin.press', symbol: 'x'.repeat(10_000_000) } });
    });
    expect(answer).toEqual({ taken: false, because: 'unreadable' });
    expect(await notices()).toEqual([{ notice: 'door.refused', door: 'kiosk', because: 'tooLarge' }]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses an own member called %s', async (name) => {
    const answer = await desk.kiosk.evaluate((member) => {
      const { firstkey } = globalThis as unknown as { firstkey: { say(said: unknown): Promise<unknown> } };
      return firstkey.say(JSON.parse(`{"visit":1,"intent":{"type":"start","${member}":{"taken":true}}}`));
    }, name);
    // The bridge between the page's world and ours drops `__proto__` on the way; what is left is a plain intent.
    const arrived = await desk.host((host) => [...host.said]);
    expect(answer).toEqual(
      name === '__proto__' && arrived.length === 1 ? { taken: true } : { taken: false, because: 'unreadable' },
    );
    for (const { intent } of arrived) expect(Object.keys(intent)).toEqual(['type']);
    expect(await desk.host(() => 'taken' in {})).toBe(false);
  });

  it('answers "too many" to a page that shouts, and listens again when it calms down', async () => {
    const answers = await desk.kiosk.evaluate(() => {
      const { firstkey } = globalThis as unknown as { firstkey: { say(said: unknown): Promise<unknown> } };
      return Promise.all(Array.from({ length: 300 }, () => firstkey.say({ visit: 1, intent: { type: 'start' } })));
    });
    const arrived = await desk.host((host) => host.said.length);
    expect(arrived).toBeGreaterThanOrEqual(30);
    expect(arrived).toBeLessThan(150);
    expect(answers).toContainEqual({ taken: false, because: 'tooMany' });
    await desk.until(
      'the door to listen again',
      async () => JSON.stringify(await say({ visit: 1, intent: { type: 'start' } })) === '{"taken":true}',
    );
  });

  it('keeps the practice desk behind a door of its own', async () => {
    const answer = await desk
      .practice()
      .evaluate(() =>
        (globalThis as unknown as { firstkey: { say(said: unknown): Promise<unknown> } }).firstkey.say({ type: 'fold' }),
      );
    expect(answer).toEqual({ taken: true });
    expect(await desk.host((host) => [host.said.length, host.practised.length])).toEqual([0, 1]);
  });

  it('gives the page three verbs and nothing else', async () => {
    const face = await desk.kiosk.evaluate(() => {
      const { firstkey } = globalThis as unknown as { firstkey: object };
      return { verbs: Object.keys(firstkey).toSorted(), require: 'require' in globalThis, process: 'process' in globalThis };
    });
    expect(face).toEqual({ verbs: ['hello', 'onShow', 'say'], require: false, process: false });
  });
});

describe('pictures', () => {
  it('come ten a second at most, and the last one always', async () => {
    await desk.kiosk.evaluate(() => void ((globalThis as unknown as { seen: { pictures: unknown[] } }).seen.pictures.length = 0));
    await desk.host(async (host) => {
      for (let visit = 100; visit < 150; visit += 1) {
        host.shell.kioskDoor.show(host.snapshotOf(visit));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    await desk.until('the last picture', async () => (await desk.kiosk.locator('#picture').textContent()) === 'Visit 149');
    const visits = await desk.kiosk.evaluate(() =>
      (globalThis as unknown as { seen: { pictures: { visit: number }[] } }).seen.pictures.map(({ visit }) => visit),
    );
    expect(visits[0]).toBe(100);
    expect(visits.length).toBeGreaterThanOrEqual(3);
    // Fifty pictures took half a second or more; ten of them a second is what may come.
    expect(visits.length).toBeLessThan(25);
    expect(visits).toEqual(visits.toSorted((a, b) => a - b));
  });
});

describe('who may speak', () => {
  it('turns away a page that is not the kiosk page, though it stands in the kiosk view', async () => {
    const answer = await desk.app.evaluate(async ({ webContents }) => {
      const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
      await kiosk?.loadURL('about:blank');
      return kiosk?.executeJavaScript(
        'Promise.allSettled([firstkey.hello(), firstkey.say({ visit: 1, intent: { type: "start" } })]).then((all) => all.map(({ status }) => status))',
      );
    });
    expect(answer).toEqual(['rejected', 'rejected']);
    expect(await desk.host((host) => host.said.length)).toBe(0);
    expect(await notices()).toEqual([
      { notice: 'door.refused', door: 'kiosk', because: 'foreignSender' },
      { notice: 'door.refused', door: 'kiosk', because: 'foreignSender' },
    ]);
  });

  it('does not even hear another window with the same preload', async () => {
    const preload = path.join(desk.folder, 'preload', 'kiosk.cjs');
    const answer = await desk.app.evaluate(async ({ WebContentsView, session }, file) => {
      const stranger = new WebContentsView({
        webPreferences: { preload: file, session: session.fromPartition('stranger'), sandbox: true },
      });
      await stranger.webContents.loadURL('data:text/html,<title>Stranger</title>');
      const heard: unknown = await stranger.webContents.executeJavaScript(
        'firstkey.say({ visit: 1, intent: { type: "start" } }).catch((error) => error.message)',
      );
      stranger.webContents.close();
      return heard;
    }, preload);
    expect(answer).toContain("No handler registered for 'kiosk/say'");
  });
});

describe('a fall of the kiosk page', () => {
  it('is told at once, and the page comes back with the whole picture', async () => {
    await desk.app.evaluate(async ({ webContents }) => {
      const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'about:blank');
      await kiosk?.loadURL('app://kiosk/');
    });
    await desk.app.evaluate(({ webContents }) => {
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL() === 'app://kiosk/')
        ?.forcefullyCrashRenderer();
    });
    await desk.until('the fall to be told', () => desk.host((host) => host.gone.length > 0));
    expect(await desk.host((host) => host.gone[0])).toMatchObject({ what: 'crashed', reloading: true });
    await desk.until('the page to come back', () =>
      desk.app.evaluate(async ({ webContents }) => {
        const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
        if (!kiosk || kiosk.isCrashed() || kiosk.isLoading()) return false;
        return (await kiosk.executeJavaScript('document.getElementById("picture")?.textContent')) === 'Visit 1';
      }),
    );
  });

  it('comes back after a hang as well', async () => {
    await desk.host((host) => void (host.gone.length = 0));
    await desk.app.evaluate(({ webContents }) => {
      const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
      void kiosk?.executeJavaScript('setTimeout(() => { for (;;); }, 0)').catch(() => undefined);
    });
    await desk.until('the hang to be told', () => desk.host((host) => host.gone.length > 0), 30_000);
    expect(await desk.host((host) => host.gone[0])).toEqual({ what: 'hung', reloading: true });
    await desk.until('the page to come back', () =>
      desk.app.evaluate(async ({ webContents }) => {
        const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
        if (!kiosk || kiosk.isCrashed() || kiosk.isLoading()) return false;
        return (await kiosk.executeJavaScript('document.getElementById("picture")?.textContent')) === 'Visit 1';
      }),
    );
  });
});
