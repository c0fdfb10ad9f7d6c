// Modules out of the TypeScript sources of the main process, as Node can load them.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { cacheFolder, inProject } from '../set-up/places.mjs';
import { bundles } from './bundles.mjs';

/**
 * The built folder is there while they load, and gone afterwards.
 *
 * @param {Readonly<Record<string, string>>} sources paths in the project, by the names they are to have
 * @returns {Promise<Record<string, any>>} what each exports, by that name
 */
export async function loadModules(sources) {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'modules-'));
  try {
    const main = bundles(folder).find(({ name }) => name === 'main');
    if (!main) throw new Error('there is no bundle of the main processes');
    const input = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, inProject(source)]));
    await build({
      ...main.config,
      build: { ...main.config.build, rolldownOptions: { ...main.config.build?.rolldownOptions, input } },
    });
    const loaded = Object.keys(sources).map(async (name) => {
      const exports = await import(pathToFileURL(path.join(folder, 'main', `${name}.js`)).href);
      return /** @type {const} */ ([name, exports]);
    });
    return Object.fromEntries(await Promise.all(loaded));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
