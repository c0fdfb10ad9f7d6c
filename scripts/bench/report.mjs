// reports/bench/index.json: every figure of a run, for comparing runs.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reportsFolder } from '../set-up/places.mjs';

/**
 * @param {object} run
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} run.electron
 * @param {number} run.rounds
 * @param {number} run.settleSeconds
 * @param {{ before: ReturnType<typeof import('./machine.mjs').machineNow>, after: ReturnType<typeof import('./machine.mjs').machineNow> }} run.machine
 * @param {readonly import('./comparison.mjs').Comparison[]} run.comparisons
 * @param {Record<string, Record<string, number>>} run.memoryByProcess MB
 * @param {import('./without-a-window.mjs').RegistrationResult} run.registration
 * @param {readonly import('./without-a-window.mjs').SessionResult[]} run.session
 * @returns {Promise<string>} the file's path
 */
export async function writeReport({ electron, ...run }) {
  const file = path.join(reportsFolder, 'bench', 'index.json');
  await mkdir(path.dirname(file), { recursive: true });
  const { version, trainingOnly } = electron;
  await writeFile(
    file,
    `${JSON.stringify({ electron: { version, trainingOnly }, node: process.versions.node, ...run }, null, 2)}\n`,
  );
  return file;
}
