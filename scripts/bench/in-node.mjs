// Runs a benchmark of tests/bench in plain Node, bundled as the application's main code is.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { bundles } from '../build/bundles.mjs';
import { cacheFolder, inProject } from '../set-up/places.mjs';

const runDeadlineMs = 5 * 60_000;
const entries = ['registration', 'registration-host', 'session', 'directory'];

/**
 * Bundles the benchmarks for as long as `use` needs them. The bundles stay inside the project, where they find its packages.
 *
 * @template Result
 * @param {(run: (name: string, ...args: readonly string[]) => Promise<unknown>, fileOf: (name: string) => string) => Promise<Result>} use
 * `run` resolves with the JSON a benchmark wrote; it rejects when the benchmark fails or writes none
 * @returns {Promise<Result>}
 */
export async function withNodeBenches(use) {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'bench-'));
  try {
    const main = bundles(folder).find(({ name }) => name === 'main');
    if (!main) throw new Error('there is no bundle of the main processes');
    const input = Object.fromEntries(entries.map((name) => [name, inProject('tests', 'bench', `${name}.ts`)]));
    const rolldownOptions = { ...main.config.build?.rolldownOptions, input };
    await build({ ...main.config, build: { ...main.config.build, rolldownOptions } });
    const fileOf = (/** @type {string} */ name) => path.join(folder, 'main', `${name}.js`);
    return await use((name, ...args) => runBench(fileOf(name), args), fileOf);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} file @param {readonly string[]} args @returns {Promise<unknown>} */
function runBench(file, args) {
  const bench = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: AbortSignal.timeout(runDeadlineMs),
  });
  let printed = '';
  bench.stdout.on('data', (part) => (printed += part));
  return new Promise((resolve, reject) => {
    bench.once('error', reject);
    bench.once('close', (code) => {
      if (code === 0 && printed.trim() !== '') resolve(JSON.parse(printed));
      else reject(new Error(`${path.basename(file)} ended with code ${code}`));
    });
  });
}
