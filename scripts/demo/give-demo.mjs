// Tells the wanted stories one after the other, each with a report of its own, and says whether all went well.

import path from 'node:path';
import { say } from '../set-up/say.mjs';
import { writeReport } from './report.mjs';
import { tellStory } from './tell-story.mjs';

/**
 * @param {object} options
 * @param {readonly import('./stories.mjs').Story[]} options.stories
 * @param {string} options.folder each story gets a folder in it
 * @param {string} options.language
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {NodeJS.ProcessEnv} options.environment
 * @param {string} options.frame
 * @returns {Promise<0 | 1>} the exit code: 1 when a step of any story failed
 */
export async function giveDemo({ stories, folder, language, electron, environment, frame }) {
  let failed = 0;
  for (const story of stories) {
    const place = path.join(folder, language === 'en' ? story.name : `${story.name}-${language}`);
    const told = await tellStory({ story, folder: place, electron, environment, frame, language });
    const page = await writeReport(place, told);
    const outcome = told.failure === null ? 'done' : `FAILED at “${told.failure.step}”: ${told.failure.message}`;
    say('demo', `${outcome} (${story.name}); the report is ${page}`);
    if (told.failure !== null) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}
