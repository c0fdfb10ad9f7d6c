// The two applications that are started against each other, on the same runtime, with the same switches and the same window.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasDisplay } from '../set-up/display.mjs';
import { inProject, projectRoot } from '../set-up/places.mjs';

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} executable
 * @property {readonly string[]} args
 * @property {(line: unknown) => boolean} isReady whether this line of its stdout, read as JSON, says that its first picture stands
 */

/** The desk's own screen. */
const frame = '1920x1080';

/**
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} electron
 * @returns {Promise<{ desk: Contestant, bareWindow: Contestant, remove: () => Promise<void> }>} each with a folder of its own to
 * keep its data in, until `remove`
 */
export async function contestants(electron) {
  const folder = await mkdtemp(path.join(tmpdir(), 'firstkey-bench-'));
  // A virtual display has no graphics processor, and Chromium's attempts to find one would fall on either side at random.
  const switches = [...electron.extraArguments, ...(hasDisplay() ? [] : ['--disable-gpu'])];
  const { executable } = electron;
  return {
    desk: {
      name: 'desk',
      executable,
      args: [...switches, projectRoot, '--world=training', `--data=${path.join(folder, 'desk')}`, `--frame=${frame}`],
      isReady: (line) => member(line, 'firstkey') === 'ready',
    },
    bareWindow: {
      name: 'bare window',
      executable,
      args: [
        ...switches,
        inProject('tests', 'bench', 'bare-window'),
        `--profile=${path.join(folder, 'bare')}`,
        `--frame=${frame}`,
      ],
      isReady: (line) => member(line, 'window') === 'ready',
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @param {unknown} value @param {string} name @returns {unknown} */
function member(value, name) {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
