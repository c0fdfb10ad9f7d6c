// Builds the application when its sources have changed. The bundler is loaded only then, so that a second start is fast.

import { buildFolder } from '../set-up/places.mjs';
import { builtFrom, inputsDigest } from './freshness.mjs';

/**
 * @returns {Promise<'built' | 'fresh'>} `fresh` when the build already belonged to the sources
 * @throws {import('../set-up/say.mjs').SetUpProblem} when an entry file is missing or the sources do not build
 */
export async function buildApp() {
  const digest = await inputsDigest();
  if ((await builtFrom(buildFolder)) === digest) return 'fresh';
  const { bundleApp } = await import('./bundle-app.mjs');
  await bundleApp(digest);
  return 'built';
}
