// The kiosk page loaded anew, the kiosk page crashed, the key host killed: each in the middle of a stay, and each ends in a
// clear screen.
import { expect, test } from 'vitest';
import { waitFor, type DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { faceOf, inReloadedKiosk, journalOf, personAt, pictureInReloadedKiosk, withStoryDesk } from '../support/story-desk.ts';

const storyDeadlineMs = 180_000;
const drawnWithinMs = 30_000;
/** From the crash to the desk that waits for the next person. */
const backWithinMs = 10_000;

test('a page that is loaded anew shows the same screen, and the stay goes on', { timeout: storyDeadlineMs }, () =>
  withStoryDesk(async (desk) => {
    const loadedOn: string[] = [];
    const loadAnew = async (name: string) => {
      if (!['plan', 'sign-in', 'pin', 'touch'].includes(name)) return;
      loadedOn.push(name);
      const kiosk = await desk.page('kiosk');
      await desk.atRest();
      const face = await faceOf(kiosk);
      const picture = await desk.picture();
      await kiosk.reload();
      await expect.poll(() => faceOf(kiosk), { timeout: drawnWithinMs }).toBe(face);
      expect(await desk.picture()).toEqual(picture);
    };
    const person = await personAt(desk, { onScreen: loadAnew });
    const ledger = await person.goThrough();
    expect(loadedOn).toEqual(['plan', 'sign-in', 'pin', 'touch']);
    expect(ledger.keys).toHaveLength(1);
    expect(ledger.pass).toBe('used');
  }),
);

test('a page that crashes while a PIN is typed ends the stay', { timeout: storyDeadlineMs }, () =>
  withStoryDesk(async (desk) => {
    const person = await personAt(desk);
    await person.arrive();
    await person.start();
    await person.plan();
    await person.signIn();
    await person.plugIn('modern-a');
    const kiosk = await desk.page('kiosk');
    for (const digit of '8361') await kiosk.getByRole('button', { name: digit, exact: true }).click();
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.count === 4);

    const crashedAtMs = performance.now();
    await desk.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL() === 'app://kiosk/')
        ?.forcefullyCrashRenderer(),
    );
    const screen = `document.querySelector('[data-screen]')?.dataset.screen ?? null`;
    await expect
      .poll(() => inReloadedKiosk(desk, screen), { timeout: backWithinMs - (performance.now() - crashedAtMs), interval: 100 })
      .toBe('attract');
    const picture = await pictureInReloadedKiosk(desk);
    expect(picture).toMatchObject({ screen: { kind: 'attract' }, overlay: null, stops: [], pass: null, host: null });

    // The next person is served.
    await inReloadedKiosk(desk, `document.querySelector('[data-primary]').click()`);
    await waitFor('the plan', async () => (await inReloadedKiosk(desk, screen)) === 'plan' || null);

    await desk.stop();
    const told = (await journalOf(desk)).map(({ body }) => body);
    const gone = told.findIndex(({ event }) => event === 'renderer.gone');
    expect(told.slice(gone, gone + 3)).toEqual([
      { event: 'renderer.gone', what: 'crashed' },
      { event: 'stay.ended', how: 'crash', ways: [] },
      { event: 'stay.wiped', leftovers: 0 },
    ]);
  }),
);

test('a page that crashes again and again ends the desk, for its supervisor to start it anew', { timeout: storyDeadlineMs }, () =>
  withStoryDesk(async (desk) => {
    const ended = new Promise((resolve) => desk.app.process().once('exit', resolve));
    const fall = () =>
      desk.app
        .evaluate(({ webContents }) => {
          const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
          if (kiosk && !kiosk.isCrashed() && !kiosk.isLoading()) kiosk.forcefullyCrashRenderer();
        })
        .catch(() => undefined);
    const falling = setInterval(() => void fall(), 200);
    expect(await ended.finally(() => clearInterval(falling))).toBe(70);
    expect((await journalOf(desk)).filter(({ body }) => body.event === 'renderer.gone')).toHaveLength(6);
  }),
);

test(
  'a key host that is killed while the key waits for a finger is replaced, and the key is asked again',
  { timeout: storyDeadlineMs },
  () =>
    withStoryDesk(async (desk) => {
      const person = await personAt(desk);
      await person.arrive();
      await person.start();
      await person.plan();
      await person.signIn();
      await person.plugIn('modern-a');
      await person.choosePin();
      await desk.until(['touch'], ({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');

      const pid = await keyHostOf(desk);
      process.kill(pid, 'SIGKILL');
      await desk.until(['trouble'], ({ screen }) => screen.kind === 'trouble' && screen.reason.code === 'key.hostDown');
      expect(await faceOf(await desk.page('kiosk'))).toContain('button "Try again"');
      await desk.untilPractice(
        ({ keys }) => keys.some(({ id, state }) => id === 'modern-a' && state === 'plugged'),
        'the key in its port again',
      );
      expect(await keyHostOf(desk)).not.toBe(pid);

      await person.press('trouble.tryAgain');
      // A practice key lives in its host and comes back as it came out of the box.
      await desk.until(['keyReady'], ({ screen }) => screen.kind === 'keyReady' && screen.pin === 'none');
      await person.press('keyReady.next.none');
      await person.choosePin();
      await person.touchTwice('modern-a');
      await person.press('works.next');
      const ledger = await person.leave();
      expect(ledger.keys).toEqual([expect.objectContaining({ attested: true })]);

      await desk.stop();
      const told = (await journalOf(desk)).map(({ body }) => body.event);
      expect(told.filter((event) => event.startsWith('credential.'))).toEqual([
        'credential.making',
        'credential.notMade',
        'credential.making',
        'credential.made',
      ]);
    }),
);

/** The process that holds the keys, by the name an administrator sees. */
async function keyHostOf(desk: DeskInHand): Promise<number> {
  return waitFor('the key host', () =>
    desk.app.evaluate(
      ({ app }) =>
        app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Firstkey key host'))?.pid ?? null,
    ),
  );
}
