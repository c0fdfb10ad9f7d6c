// The real desk in its own window, as it starts for training, and the demonstration's person in front of it.
import type { Page } from '@playwright/test';
import path from 'node:path';
import { z } from 'zod';
import { DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { readLabels } from '../../scripts/demo/labels.mjs';
import { Person } from '../../scripts/demo/person.mjs';
import { stories, type Story } from '../../scripts/demo/stories.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { linesOfFolder } from '../../main/adapters/store-sqlite/read-journal.ts';
import type { Intent, Language } from '../../contract/intent.ts';
import type { Snapshot } from '../../contract/snapshot.ts';

export async function openStoryDesk(): Promise<DeskInHand> {
  return DeskInHand.open({ electron: await resolveElectron(), environment: process.env, frame: '1366x768' });
}

/** Opens a desk for one story and closes it. What the desk had to say goes with a failure; a bug it met is one. */
export async function withStoryDesk(story: (desk: DeskInHand) => Promise<void>): Promise<void> {
  const desk = await openStoryDesk();
  try {
    await story(desk);
    const bugs = desk.complaints.filter((line) => line.includes('bug'));
    if (bugs.length > 0) throw new Error('the desk met bugs');
  } catch (error) {
    throw desk.complaints.length === 0 ? error : new Error(desk.complaints.join('\n'), { cause: error });
  } finally {
    await desk.close();
  }
}

export function storyCalled(name: string): Story {
  const story = stories.get(name);
  if (!story) throw new Error(`there is no story called ${name}`);
  return story;
}

/** A one-time pass, one key and nothing else: the shortest way from the start to the end. */
export const keyOnly: Story = { ...storyCalled('one-time'), name: 'key-only', key: 'modern-a', spare: null };

export interface PersonOptions {
  readonly story?: Story;
  readonly language?: Language;
  readonly pin?: string;
  readonly typePin?: (pin: string) => Promise<void>;
  /** Called at every screen that is worth a picture, by the names of the demonstration. */
  readonly onScreen?: (name: string) => Promise<void>;
}

export async function personAt(desk: DeskInHand, options: PersonOptions = {}): Promise<Person> {
  const { story = keyOnly, language = 'en', onScreen = async () => {}, pin, typePin } = options;
  return new Person({
    desk,
    story,
    language,
    label: await readLabels(language),
    show: (name: string) => onScreen(name),
    note: () => {},
    ...(pin === undefined ? {} : { pin }),
    ...(typePin === undefined ? {} : { typePin }),
  });
}

/** Says an intent as the kiosk page would, for the showing that is on. */
export async function sayOnKiosk(desk: DeskInHand, intent: Intent): Promise<void> {
  const { visit } = await desk.picture();
  const kiosk = await desk.page('kiosk');
  const answer = await kiosk.evaluate(
    (said) => (Reflect.get(globalThis, 'firstkey') as { say(given: unknown): Promise<{ taken: boolean }> }).say(said),
    { visit, intent },
  );
  if (!answer.taken) throw new Error(`${intent.type} was refused: ${JSON.stringify(answer)}`);
}

/** Leaves the stay in the middle, to the waiting desk. */
export async function startAgain(desk: DeskInHand): Promise<void> {
  await sayOnKiosk(desk, { type: 'startAgain.ask' });
  await sayOnKiosk(desk, { type: 'startAgain.confirm' });
  await desk.until(['attract']);
}

/**
 * Runs in the kiosk page, asked from the desk's own process. For after the page has crashed: its driver is lost with the
 * process it was in, although the desk loads the page again.
 */
export async function inReloadedKiosk<Result>(desk: DeskInHand, source: string): Promise<Result | null> {
  const answer: unknown = await desk.app.evaluate(({ webContents }, code) => {
    const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
    // A page that has just gone never answers.
    const noAnswer = new Promise((resolve) => setTimeout(() => resolve(null), 1_000));
    return kiosk === undefined || kiosk.isCrashed() ? null : Promise.race([kiosk.executeJavaScript(code, true), noAnswer]);
  }, source);
  return answer as Result | null;
}

export const pictureInReloadedKiosk = (desk: DeskInHand): Promise<Snapshot | null> =>
  inReloadedKiosk<Snapshot>(desk, `document.querySelector('[data-screen]') && firstkey.hello()`);

/** What stands on a page for eyes and ears, without the minutes that run on. */
export async function faceOf(page: Page): Promise<string> {
  const text = await page.locator('body').ariaSnapshot();
  const root = await page.evaluate(() => {
    const { lang, dir, dataset } = document.documentElement;
    return JSON.stringify({
      lang,
      dir,
      ...dataset,
      screen: document.querySelector<HTMLElement>('[data-screen]')?.dataset['screen'],
    });
  });
  return `${root}\n${text.replaceAll(/\d+ min/g, '# min')}`;
}

const row = z.object({ stay: z.string().nullable(), body: z.looseObject({ event: z.string() }) });

export interface JournalLine {
  readonly stay: string | null;
  readonly body: { readonly event: string } & Readonly<Record<string, unknown>>;
}

/** What a desk that has stopped wrote down, oldest first. */
export async function journalOf(desk: DeskInHand): Promise<readonly JournalLine[]> {
  const lines = await linesOfFolder(path.join(desk.dataFolder, 'training', 'journal'));
  const told: JournalLine[] = [];
  for await (const line of lines()) told.push(row.parse(JSON.parse(line)));
  return told;
}
