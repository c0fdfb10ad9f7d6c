// Whether the built application still belongs to its sources. Sizes and times of change are enough: a needless build costs
// two seconds, and every way of changing a file changes its time.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { inProject, projectRoot } from '../set-up/places.mjs';

/** Everything the application is built from. */
const inputs = [
  'contract',
  'main',
  'preload',
  'renderer',
  'assets',
  'scripts/build',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];

/** @returns {Promise<string>} a digest over name, size and time of change of every input */
export async function inputsDigest() {
  const digest = createHash('sha256');
  for (const input of inputs) {
    for (const file of (await filesUnder(inProject(input))).toSorted()) {
      const { size, mtimeMs } = await stat(file);
      digest.update(`${path.relative(projectRoot, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return digest.digest('hex');
}

/** @param {string} folder of a built application @returns {Promise<string | null>} the digest it was built from */
export async function builtFrom(folder) {
  return readFile(stampIn(folder), 'utf8').catch(() => null);
}

/** @param {string} folder @returns {string} the file that says what a build was made from, written last */
export function stampIn(folder) {
  return path.join(folder, 'built-from');
}

/** @param {string} place @returns {Promise<string[]>} */
async function filesUnder(place) {
  const found = await stat(place).catch(() => null);
  if (found === null) return [];
  if (found.isFile()) return [place];
  const entries = await readdir(place, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
