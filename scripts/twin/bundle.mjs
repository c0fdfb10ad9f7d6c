// The twin out of its TypeScript sources, as modules that Node can load.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { bundles } from '../build/bundles.mjs';
import { cacheFolder, inProject } from '../set-up/places.mjs';

/**
 * @typedef {object} TwinModules
 * @property {typeof import('../../main/simulator/entra/twin.ts').createTwin} createTwin
 * @property {typeof import('../../main/simulator/practice/colleagues.ts').nextColleague} nextColleague
 */

/** The folder is there while they load, and gone afterwards. @returns {Promise<TwinModules>} */
export async function loadTwin() {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'twin-'));
  try {
    const main = bundles(folder).find(({ name }) => name === 'main');
    if (!main) throw new Error('there is no bundle of the main processes');
    const input = {
      twin: inProject('main/simulator/entra/twin.ts'),
      colleagues: inProject('main/simulator/practice/colleagues.ts'),
    };
    await build({
      ...main.config,
      build: { ...main.config.build, rolldownOptions: { ...main.config.build?.rolldownOptions, input } },
    });
    const load = (/** @type {string} */ name) => import(pathToFileURL(path.join(folder, 'main', `${name}.js`)).href);
    const [{ createTwin }, { nextColleague }] = await Promise.all([load('twin'), load('colleagues')]);
    return { createTwin, nextColleague };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
