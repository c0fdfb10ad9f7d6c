// Electron's fuses: one byte per switch, behind a sentinel in the executable (electronjs.org, "Electron Fuses"). Kept here
// once for three uses: the training runtime gets the factory setting, packages get ours, tests read what was really written.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const on = 0x31;
const off = 0x30;

/** In the order of the wire. Newer Electrons add to the end. */
export const fuseNames = /** @type {const} */ ([
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
  'wasmTrapHandlers',
]);

/** @typedef {typeof fuseNames[number]} FuseName */
/** @typedef {Partial<Record<FuseName, boolean>>} Fuses */

/** What an Electron nobody has touched comes with. @type {Record<FuseName, boolean>} */
export const factoryFuses = {
  runAsNode: true,
  enableCookieEncryption: false,
  enableNodeOptionsEnvironmentVariable: true,
  enableNodeCliInspectArguments: true,
  enableEmbeddedAsarIntegrityValidation: false,
  onlyLoadAppFromAsar: false,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: true,
  wasmTrapHandlers: true,
};

/** @param {string} binary @returns {Promise<Fuses>} the state of every fuse the binary has */
export async function readFuses(binary) {
  const bytes = await readFile(binary);
  const [wire] = wiresIn(bytes, binary);
  /** @type {Fuses} */
  const fuses = {};
  for (const [place, name] of namedPlaces(wire, binary)) fuses[name] = bytes[place] === on;
  return fuses;
}

/**
 * Sets every fuse of the binary.
 *
 * @param {string} binary the file that holds the wire; on macOS the framework, not the application
 * @param {Fuses} wanted has to decide every fuse the binary has
 * @throws {Error} when the binary has a fuse that `wanted` does not decide, or one this list does not know
 */
export async function writeFuses(binary, wanted) {
  const bytes = await readFile(binary);
  for (const wire of wiresIn(bytes, binary)) {
    for (const [place, name] of namedPlaces(wire, binary)) {
      const state = wanted[name];
      if (state === undefined) throw new Error(`${path.basename(binary)}: nobody has decided the fuse ${name}`);
      bytes[place] = state ? on : off;
    }
  }
  await writeFile(binary, bytes);
}

/** @typedef {{ start: number, length: number }} Wire */

/** @param {Buffer} bytes @param {string} binary @returns {[Wire, ...Wire[]]} two of them in a universal macOS binary */
function wiresIn(bytes, binary) {
  const first = bytes.indexOf(sentinel);
  if (first === -1) throw new Error(`${path.basename(binary)} has no fuses`);
  const last = bytes.lastIndexOf(sentinel);
  return last === first ? [wireAt(bytes, first)] : [wireAt(bytes, first), wireAt(bytes, last)];
}

/** @param {Buffer} bytes @param {number} found @returns {Wire} */
function wireAt(bytes, found) {
  const start = found + sentinel.length;
  if (bytes[start] !== 1) throw new Error(`fuse wire version ${bytes[start]} is unknown`);
  return { start: start + 2, length: bytes[start + 1] ?? 0 };
}

/** @param {Wire} wire @param {string} binary @returns {[place: number, name: FuseName][]} */
function namedPlaces({ start, length }, binary) {
  return Array.from({ length }, (_, index) => {
    const name = fuseNames[index];
    if (name === undefined)
      throw new Error(`${path.basename(binary)} has a fuse number ${index + 1}, which is new: name and decide it`);
    return /** @type {[number, FuseName]} */ ([start + index, name]);
  });
}
