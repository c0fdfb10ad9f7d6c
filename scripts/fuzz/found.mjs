// Inputs that once broke a promise, kept as text so that a change can be read: tests/fuzz/found/<target>/<digest>.hex.
// `npm test` and every search try them first.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../set-up/places.mjs';

const bytesPerLine = 32;
const folderOf = (/** @type {string} */ target) => inProject('tests/fuzz/found', target);

/** @param {string} target @returns {Promise<Uint8Array[]>} in the order of their names */
export async function foundInputs(target) {
  const names = await readdir(folderOf(target)).catch(() => []);
  const texts = names
    .filter((name) => name.endsWith('.hex'))
    .toSorted()
    .map((name) => readFile(path.join(folderOf(target), name), 'utf8'));
  return (await Promise.all(texts)).map((text) => Uint8Array.from(Buffer.from(text.replaceAll(/\s+/g, ''), 'hex')));
}

/** @param {string} target @param {Uint8Array} input @returns {Promise<string>} the file, relative to the project */
export async function keepInput(target, input) {
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const file = path.join(folderOf(target), `${digest}.hex`);
  const lines =
    Buffer.from(input)
      .toString('hex')
      .match(new RegExp(`.{1,${bytesPerLine * 2}}`, 'g')) ?? [];
  await mkdir(folderOf(target), { recursive: true });
  await writeFile(file, `${lines.join('\n')}\n`);
  return path.relative(inProject('.'), file);
}
