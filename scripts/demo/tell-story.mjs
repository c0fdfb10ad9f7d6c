// Tells one story: opens the desk, lets the person go through it, and keeps picture, time and outcome of every step.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeskInHand } from './desk-in-hand.mjs';
import { readLabels } from './labels.mjs';
import { Person } from './person.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} text what the person does or sees
 * @property {number} seconds since the step before
 * @property {string} picture file name
 */

/**
 * @typedef {object} ToldStory
 * @property {import('./stories.mjs').Story} story
 * @property {string} language
 * @property {string} electronVersion
 * @property {readonly Step[]} steps
 * @property {import('../../contract/practice.ts').PracticeLedger | null} ledger what the account held at the end
 * @property {number} seconds
 * @property {{ step: string, message: string } | null} failure
 */

/**
 * @param {object} options
 * @param {import('./stories.mjs').Story} options.story
 * @param {string} options.folder where pictures go; emptied first
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {NodeJS.ProcessEnv} options.environment
 * @param {string} options.frame
 * @param {string} options.language
 * @returns {Promise<ToldStory>}
 */
export async function tellStory({ story, folder, electron, environment, frame, language }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  /** @type {Step[]} */
  const steps = [];
  /** @type {ToldStory['failure']} */
  let failure = null;
  let now = 'opening the desk';
  const startedMs = performance.now();
  let lastMs = startedMs;
  const desk = await DeskInHand.open({ electron, environment, frame });
  /** @type {ToldStory['ledger']} */
  let ledger = null;

  /** @param {string} name @param {string} text */
  const show = async (name, text) => {
    now = name;
    const seconds = (performance.now() - lastMs) / 1000;
    // The time of the step ended with the screen; its movements may take longer.
    await desk.atRest();
    const picture = `${String(steps.length + 1).padStart(2, '0')}-${name}.png`;
    await writeFile(path.join(folder, picture), await desk.windowPicture());
    steps.push({ name, text, seconds, picture });
    lastMs = performance.now();
  };

  try {
    const person = new Person({ desk, story, language, label: await readLabels(language), show, note: (name) => (now = name) });
    ledger = await person.goThrough();
  } catch (error) {
    failure = { step: now, message: [error instanceof Error ? error.message : String(error), ...desk.complaints].join('\n') };
    await show('failed', failure.message).catch(() => undefined);
  } finally {
    await desk.close();
  }
  return {
    story,
    language,
    electronVersion: electron.version,
    steps,
    ledger,
    seconds: (performance.now() - startedMs) / 1000,
    failure,
  };
}
