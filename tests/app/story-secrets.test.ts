// A whole stay with planted secrets, and then a search of everything that could have kept one. The PIN is typed on the desk's
// own keyboard, the pass on Microsoft's page and on the phone.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor, type DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { foundIn, foundInFolder, type Planted } from '../support/planted.ts';
import { journalOf, openStoryDesk, personAt, storyCalled, type JournalLine } from '../support/story-desk.ts';
import { hasXKeyboard, XKeyboard } from '../support/x-keyboard.ts';

const storyDeadlineMs = 240_000;
const pin = '907162548339';
/** How every JSON Web Token of the twin begins: `{"typ":`. Less of it stands in some signature of the journal, by chance. */
const tokenBeginning = 'eyJ0eXAi';

interface Seen {
  readonly pictures: string;
  readonly keys: readonly string[];
  readonly html: string;
  readonly heap: string;
  readonly dots: string;
}

// Without an X server there is no keyboard that knows nothing of the pages.
describe.runIf(hasXKeyboard)('after a whole stay', () => {
  let desk: DeskInHand;
  let planted: Planted;
  let name: string;
  let seen: Seen;
  let whileOpen: readonly string[];
  let journal: readonly JournalLine[];

  beforeAll(async () => {
    desk = await openStoryDesk();
    const keyboard = await XKeyboard.of(desk.app);
    const kiosk = await desk.page('kiosk');
    await listen(kiosk);
    let atPin: Pick<Seen, 'html' | 'heap' | 'dots' | 'keys'> | null = null;
    const person = await personAt(desk, {
      story: storyCalled('whole'),
      pin,
      typePin: (typed) => keyboard.type(typed),
      async onScreen(screen) {
        if (screen === 'attract') {
          const { slip } = await desk.practice();
          planted = { PIN: pin, pass: slip.pass, 'user name': slip.userName, token: tokenBeginning };
          name = slip.displayName;
        }
        if (screen === 'key-checked') await forgetKeys(kiosk);
        if (screen !== 'pin') return;
        atPin = {
          html: await everythingOn(kiosk),
          heap: await heapOf(desk, kiosk),
          dots: (await kiosk.locator('[role="img"][dir="ltr"]').getAttribute('aria-label')) ?? '',
          keys: await heardKeys(kiosk),
        };
        // Tab is the page's: it shows that the page would have heard.
        await keyboard.press('Tab');
        await waitFor('the page to hear a key', async () => (await heardKeys(kiosk)).includes('keydown Tab') || null);
      },
    });
    await person.goThrough();
    if (atPin === null) throw new Error('the story had no PIN screen');
    seen = { ...(atPin as Omit<Seen, 'pictures'>), pictures: await heardPictures(kiosk) };
    whileOpen = await foundInFolder(desk.dataFolder, planted);
    await desk.stop();
    journal = await journalOf(desk);
  }, storyDeadlineMs);
  afterAll(() => desk.close());

  const without = (...names: readonly string[]): Planted =>
    Object.fromEntries(Object.entries(planted).filter(([each]) => !names.includes(each)));

  test('the key took every digit, and the page heard of none', () => {
    expect(seen.dots).toContain(String(pin.length));
    expect(seen.keys).toEqual([]);
  });

  test('the page holds no PIN: not in what it draws, and not in anything its scripts can reach', () => {
    expect(foundIn('the page', seen.html, without('user name'))).toEqual([]);
    expect(foundIn('the heap', seen.heap, without('user name', 'token'))).toEqual([]);
  });

  test('no picture the page was shown holds a secret', () => {
    expect(seen.pictures).toContain('"kind":"done"');
    expect(foundIn('the pictures', seen.pictures, planted)).toEqual([]);
  });

  test('the disk holds none while the desk runs and none afterwards', async () => {
    expect(whileOpen).toEqual([]);
    expect(await foundInFolder(desk.dataFolder, planted)).toEqual([]);
  });

  test('the desk printed none', () => {
    expect(foundIn('the output', desk.output, planted)).toEqual([]);
  });

  test('the journal tells the stay and not the person', () => {
    const told = JSON.stringify(journal);
    expect(journal.map(({ body }) => body.event)).toEqual(
      expect.arrayContaining(['pin.set', 'credential.made', 'phone.signInOn', 'stay.wiped']),
    );
    const [first = '', ...rest] = name.split(' ');
    for (const part of [name, first, ...rest]) expect(told).not.toContain(part);
    expect(foundIn('the journal', told, planted)).toEqual([]);
  });

  test('a secret that did get somewhere would have been found', async () => {
    const folder = path.join(desk.dataFolder, 'planted');
    await mkdir(folder);
    await writeFile(path.join(folder, 'wide'), Buffer.concat([Buffer.alloc(5, 1), Buffer.from(`x${pin}x`, 'utf16le')]));
    await writeFile(path.join(folder, pin), JSON.stringify({ [tokenBeginning]: planted['pass'] }));
    expect(await foundInFolder(desk.dataFolder, planted)).toEqual(
      expect.arrayContaining([
        'PIN (UTF-16) in planted/wide',
        `PIN (plain) in the name planted/${pin}`,
        `pass (plain) in planted/${pin}`,
        `token (plain) in planted/${pin}`,
      ]),
    );
    // The page's own language, which its scripts certainly reach, shows that the heap was read.
    expect(foundIn('the heap', seen.heap, { here: seen.dots })).not.toEqual([]);
  });
});

/** Writes down in the page everything the page is told: pictures through its bridge, and keys. */
async function listen(kiosk: Page): Promise<void> {
  await kiosk.evaluate(() => {
    const heard = { pictures: [] as string[], keys: [] as string[] };
    Reflect.set(globalThis, 'heard', heard);
    const bridge = Reflect.get(globalThis, 'firstkey') as { onShow(listener: (picture: unknown) => void): void };
    bridge.onShow((picture) => heard.pictures.push(JSON.stringify(picture)));
    for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input'])
      window.addEventListener(
        type,
        (event) => heard.keys.push(`${type} ${event instanceof KeyboardEvent ? event.key : ''}`),
        true,
      );
  });
}

const heardPictures = (kiosk: Page) =>
  kiosk.evaluate(() => (Reflect.get(globalThis, 'heard') as { pictures: string[] }).pictures.join('\n'));
const forgetKeys = (kiosk: Page) =>
  kiosk.evaluate(() => void (Reflect.get(globalThis, 'heard') as { keys: string[] }).keys.splice(0));
const heardKeys = (kiosk: Page) => kiosk.evaluate(() => (Reflect.get(globalThis, 'heard') as { keys: string[] }).keys);

/** What the page draws, with what stands in its fields and in its stores. */
async function everythingOn(kiosk: Page): Promise<string> {
  return kiosk.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input')].map(({ value }) => value),
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      document.title,
      location.href,
    ]),
  );
}

/** Every string and object of the page's scripts, as its engine writes them down (Chrome DevTools Protocol: HeapProfiler). */
async function heapOf(desk: DeskInHand, kiosk: Page): Promise<string> {
  const session = await desk.app.context().newCDPSession(kiosk);
  const parts: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot');
  await session.detach();
  return parts.join('');
}
