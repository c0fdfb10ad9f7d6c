// The fuzzer and everything it tries, bundled with the product's code counting its branches.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { bundles } from '../build/bundles.mjs';
import { cacheFolder, inProject } from '../set-up/places.mjs';
import { instrumentPlugin } from './instrument.mjs';

/**
 * The bundle is there for as long as `use` needs it.
 *
 * @template Result
 * @param {(workerFile: string) => Promise<Result>} use
 * @returns {Promise<Result>}
 */
export async function withFuzzBundle(use) {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'fuzz-'));
  try {
    const main = bundles(folder).find(({ name }) => name === 'main');
    if (!main) throw new Error('there is no bundle of the main processes');
    const rolldownOptions = { ...main.config.build?.rolldownOptions, input: { search: inProject('tests/fuzz/search.ts') } };
    await build({ ...main.config, plugins: [instrumentPlugin()], build: { ...main.config.build, rolldownOptions } });
    return await use(path.join(folder, 'main', 'search.js'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
