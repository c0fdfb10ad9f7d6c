// Which Electron runs here. In this order: the one a developer names, the official one of package.json, the training one.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from './places.mjs';
import { say, SetUpProblem } from './say.mjs';
import { cachedTrainingRuntime, fetchTrainingRuntime, trainingRuntimeFits, trainingRuntimeMarker } from './training-runtime.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable
 * @property {string} folder of the executable and its resources
 * @property {string} version such as `45.4.1`
 * @property {boolean} trainingOnly the field world refuses to start on it
 * @property {string[]} extraArguments go before the application's path
 */

const officialFolder = inProject('node_modules/electron/dist');
const installDeadlineMs = 10 * 60_000;

/**
 * Finds the runtime, and gets it the first time. Needs the npm packages in place.
 *
 * @returns {Promise<ElectronRuntime>}
 * @throws {SetUpProblem} when no Electron can be had
 */
export async function resolveElectron() {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named !== undefined && named !== '') return runtimeIn(path.resolve(named));
  if (await officialIsInstalled()) return runtimeIn(officialFolder);
  const cached = cachedTrainingRuntime();
  if (cached !== null) return runtimeIn(cached);
  say('Electron', `getting ${await wantedVersion()} from Electron's own releases`);
  if (await installOfficial()) return runtimeIn(officialFolder);
  if (!trainingRuntimeFits()) {
    throw new SetUpProblem(
      "Electron could not be downloaded. Behind a company network, name your mirror in ELECTRON_MIRROR, or unpack Electron's\n" +
        'release for this machine and name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  say('Electron', "the official release can't be reached from here; an older one will do for training, and only for that");
  return runtimeIn(await fetchTrainingRuntime());
}

/** @param {string} folder @returns {Promise<ElectronRuntime>} */
async function runtimeIn(folder) {
  const executable = path.join(folder, executableName());
  if (!existsSync(executable)) throw new SetUpProblem(`There is no Electron at ${executable}.`);
  return {
    executable,
    folder,
    version: (await readFile(path.join(folder, 'version'), 'utf8')).trim().replace(/^v/, ''),
    trainingOnly: existsSync(path.join(folder, trainingRuntimeMarker)),
    extraArguments: sandboxArguments(),
  };
}

/**
 * Chromium refuses to run its sandbox as root, so root (containers, build machines) runs without it and everybody else with
 * the full one. Installed desks never run as root.
 *
 * @returns {string[]}
 */
function sandboxArguments() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** @returns {string} the executable in an Electron folder on this platform */
function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @returns {Promise<boolean>} */
async function officialIsInstalled() {
  const installed = await readFile(path.join(officialFolder, 'version'), 'utf8').catch(() => '');
  return (
    installed.trim().replace(/^v/, '') === (await wantedVersion()) && existsSync(path.join(officialFolder, executableName()))
  );
}

/** @returns {Promise<string>} the version of the installed electron package, which the lock pins */
async function wantedVersion() {
  return JSON.parse(await readFile(inProject('node_modules/electron/package.json'), 'utf8')).version;
}

/** Runs the package's own download, which checks Electron's checksums. @returns {Promise<boolean>} whether it worked */
async function installOfficial() {
  const install = spawn(process.execPath, [inProject('node_modules/electron/install.js')], {
    stdio: 'ignore',
    signal: AbortSignal.timeout(installDeadlineMs),
  });
  const exitCode = await new Promise((resolve) => {
    install.once('error', () => resolve(1));
    install.once('exit', resolve);
  });
  return exitCode === 0 && officialIsInstalled();
}
