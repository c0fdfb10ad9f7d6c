// Bundles the application beside the old one and swaps them in one step: a window that starts meanwhile, or a second build
// in another terminal, never sees half of it.

import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { buildFolder, cacheFolder, projectRoot } from '../set-up/places.mjs';
import { say, secondsSince, SetUpProblem } from '../set-up/say.mjs';
import { bundles } from './bundles.mjs';
import { stampIn } from './freshness.mjs';

/**
 * @param {string} digest of the inputs, kept with the build
 * @throws {SetUpProblem} when an entry file is missing or the sources do not build; the old build then stays
 */
export async function bundleApp(digest) {
  const startedMs = performance.now();
  const fresh = path.join(cacheFolder, `build-${process.pid}`);
  const planned = bundles(fresh);
  const missing = planned.flatMap(({ entries }) => entries).filter((entry) => !existsSync(entry));
  if (missing.length > 0) {
    throw new SetUpProblem(
      `The build needs ${missing.map((file) => path.relative(projectRoot, file)).join(', ')}, which is not there.`,
    );
  }
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    for (const { name, config } of planned) await buildBundle(name, config);
    await writeFile(stampIn(fresh), digest);
    await swapIn(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  say('build', `${planned.map(({ name }) => name).join(', ')} built in ${secondsSince(startedMs)}`);
}

/** @param {string} name @param {import('vite').InlineConfig} config */
async function buildBundle(name, config) {
  // Vite takes NODE_ENV from whoever starts it; a test runner's would put React's development half into the application.
  const outside = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build(config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SetUpProblem(`${name} does not build.\n\n${message}`, { cause });
  } finally {
    if (outside === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = outside;
  }
}

/** @param {string} fresh the folder that becomes the build */
async function swapIn(fresh) {
  const old = `${fresh}-old`;
  // Another terminal may swap in its own build between the two renames; the last one to finish stays.
  for (let attemptsLeft = 3; ; attemptsLeft -= 1) {
    try {
      if (existsSync(buildFolder)) await rename(buildFolder, old);
      await rename(fresh, buildFolder);
      break;
    } catch (error) {
      if (attemptsLeft === 0) throw error;
    }
    await rm(old, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
}
