// Runs the key bench: everything in the Linux guest, whose time is counted in instructions, but the conversation that players
// play, which is recorded here.

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { bundles } from '../build/bundles.mjs';
import { cacheFolder, inProject, reportsFolder } from '../set-up/places.mjs';

/** @typedef {import('../../tests/bench/key-guest.ts').KeyBenchResult} KeyBenchResult */
/** @typedef {import('../../tests/bench/key-asking.ts').KeyAskingResult} KeyAskingResult */

const guestSeconds = 900;
const askingSeconds = 8;
const playedKeys = 10;
const sources = {
  'key-guest': 'tests/bench/key-guest.ts',
  'key-devices': 'tests/bench/key-devices.ts',
  'key-conversation': 'tests/bench/key-conversation.ts',
  'key-asking': 'tests/bench/key-asking.ts',
  keyhost: 'main/keyhost/index.ts',
};

/** @param {number} rounds @returns {Promise<{ guest: KeyBenchResult, asking: KeyAskingResult }>} */
export async function benchKeys(rounds) {
  const out = path.join(reportsFolder, 'bench', 'key-guest');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await mkdir(cacheFolder, { recursive: true });
  // Inside the project, where the bundle finds the native packages.
  const folder = await mkdtemp(path.join(cacheFolder, 'bench-key-'));
  try {
    const main = bundles(folder).find(({ name }) => name === 'main');
    if (!main) throw new Error('there is no bundle of the main processes');
    const input = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, inProject(source)]));
    const rolldownOptions = { ...main.config.build?.rolldownOptions, input };
    await build({ ...main.config, build: { ...main.config.build, rolldownOptions } });
    const fileOf = (/** @type {keyof typeof sources} */ name) => path.join(folder, 'main', `${name}.js`);
    const recordings = path.join(folder, 'conversations.json');
    await promisify(execFile)(process.execPath, [fileOf('key-conversation'), recordings, String(playedKeys)], {
      timeout: 120_000,
    });
    const script = inProject('tests/bench/key_python.py');
    const node = process.execPath;
    const commands = [
      `${node} ${fileOf('key-asking')} ${fileOf('keyhost')} ${askingSeconds} >"$OUT/asking.json"`,
      `${node} ${fileOf('key-guest')} ${fileOf('key-devices')} ${script} ${recordings} "$OUT" ${rounds}`,
    ];
    await runInGuest(out, commands.join(' && '));
    const written = async (/** @type {string} */ name) => JSON.parse(await readFile(path.join(out, name), 'utf8'));
    return { guest: await written('key.json'), asking: await written('asking.json') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} out @param {string} command @returns {Promise<void>} */
function runInGuest(out, command) {
  const guest = spawn(inProject('scripts/vm/guest.sh'), ['run', out, command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, GUEST_COUNTED: '1', GUEST_SECONDS: String(guestSeconds) },
  });
  return new Promise((resolve, reject) => {
    guest.once('error', reject);
    guest.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the guest ended with code ${code}`))));
  });
}
