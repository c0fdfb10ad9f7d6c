// electron-builder calls this when an application folder is complete, before it sets the fuses and signs.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readFuses } from '../set-up/fuses.mjs';
import { trainingRuntimeMarker } from '../set-up/training-runtime.mjs';
import { trainingOnlyName } from './training-package.mjs';

/**
 * Fuses that stay as Electron builds them, because electron-builder's own fuse writer does not know them yet. The state is
 * checked, so it is a decision too.
 *
 * @type {import('../set-up/fuses.mjs').Fuses}
 */
export const fusesKeptAsBuilt = { wasmTrapHandlers: true };

/**
 * @param {import('electron-builder').AfterPackContext} context
 * @throws {Error} when the runtime has a fuse that nobody decided, or is for training and the package does not say so
 */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  // Electron's own start page: it would run any folder named on the command line.
  await rm(path.join(resources, 'default_app.asar'), { force: true });
  const { config } = packager;
  await requireDecidedFuses(binaryWithFuses(appOutDir, electronPlatformName, packager), config.electronFuses ?? {});
  if (existsSync(path.join(appOutDir, trainingRuntimeMarker)) && !config.artifactName?.includes(trainingOnlyName)) {
    throw new Error('This Electron is for training only; npm run pack makes packages that say so.');
  }
}

/** @param {string} binary @param {object} decided by electron-builder.yml */
async function requireDecidedFuses(binary, decided) {
  for (const [name, state] of Object.entries(await readFuses(binary))) {
    if (Object.hasOwn(decided, name)) continue;
    const kept = /** @type {Record<string, boolean | undefined>} */ (fusesKeptAsBuilt)[name];
    if (kept !== state)
      throw new Error(`Electron has the fuse ${name}, ${state ? 'on' : 'off'}; decide it in electron-builder.yml`);
  }
}

/**
 * @param {string} folder
 * @param {string} platform
 * @param {import('electron-builder').AfterPackContext['packager']} packager
 * @returns {string}
 */
function binaryWithFuses(folder, platform, packager) {
  const name = packager.appInfo.productFilename;
  if (platform === 'darwin') {
    return path.join(folder, `${name}.app/Contents/Frameworks/Electron Framework.framework/Electron Framework`);
  }
  return path.join(folder, platform === 'win32' ? `${name}.exe` : (packager.config.executableName ?? name));
}
