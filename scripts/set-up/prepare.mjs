// Everything a command needs before it can do its own work, each done once: the first time it installs, later it only looks.

import { buildApp } from '../build/build-app.mjs';
import { hasDisplay } from './display.mjs';
import { resolveElectron } from './electron-runtime.mjs';
import { ensurePackages } from './packages.mjs';
import { say } from './say.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * The locked npm packages, the system's libraries, the Electron runtime and the built application.
 *
 * @param {readonly import('./system-packages.mjs').Purpose[]} [purposes] what is needed beyond a window
 * @param {{ announce: boolean }} [options] whether to say which runtime it is; what is installed or built is always said
 * @returns {Promise<import('./electron-runtime.mjs').ElectronRuntime>}
 * @throws {import('./say.mjs').SetUpProblem} when something is missing that a person has to bring
 */
export async function prepare(purposes = [], { announce } = { announce: true }) {
  await ensurePackages();
  ensureSystemPackages(['window', ...(hasDisplay() ? [] : /** @type {const} */ (['display'])), ...purposes]);
  const electron = await resolveElectron();
  await buildApp();
  if (announce) announceRuntime(electron);
  return electron;
}

/** @param {import('./electron-runtime.mjs').ElectronRuntime} electron */
function announceRuntime({ version, trainingOnly, extraArguments }) {
  say('Electron', `${version}${trainingOnly ? ', for training only (it is out of support; the field world refuses it)' : ''}`);
  if (extraArguments.includes('--no-sandbox')) {
    say(
      'sandbox',
      'off, because this is root and Chromium refuses to sandbox as root; run as a normal user for the full sandbox',
    );
  }
}
