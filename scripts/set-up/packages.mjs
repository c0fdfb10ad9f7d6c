// The locked npm packages. npm leaves its own account of what it installed in node_modules/.package-lock.json, written as
// its last step: comparing that with package-lock.json needs no stamp of ours and sees an interrupted installation too.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { inProject, projectRoot } from './places.mjs';
import { say, secondsSince, SetUpProblem } from './say.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

/**
 * @param {Lock} wanted package-lock.json
 * @param {Lock | null} installed node_modules/.package-lock.json, null when there is none
 * @returns {string | null} why the packages have to be installed again, or null when they are those of the lock.
 * Optional packages may be absent: they belong to other platforms.
 */
export function packagesProblem(wanted, installed) {
  if (installed === null) return 'not installed yet';
  for (const [place, locked] of Object.entries(wanted.packages)) {
    if (place === '') continue;
    const found = installed.packages[place];
    if (found === undefined) {
      if (locked.optional || locked.devOptional) continue;
      return `${place} is missing`;
    }
    if (found.version !== locked.version || found.integrity !== locked.integrity) return `${place} changed in the lock`;
  }
  const extra = Object.keys(installed.packages).find((place) => !Object.hasOwn(wanted.packages, place));
  return extra === undefined ? null : `${extra} is no longer in the lock`;
}

/** Installs the locked packages when those in node_modules are not they. */
export async function ensurePackages() {
  const wanted = await readLock(inProject('package-lock.json'));
  if (wanted === null) throw new SetUpProblem('package-lock.json is missing: this is not a complete copy of Firstkey.');
  const problem = packagesProblem(wanted, await readLock(inProject('node_modules/.package-lock.json')));
  if (problem === null) return;
  say('packages', `${problem}; npm ci installs the locked ones (about half a minute)`);
  const startedMs = performance.now();
  const exitCode = await runNpm(['ci', '--no-progress', '--loglevel=error', '--no-update-notifier']);
  if (exitCode !== 0) throw new SetUpProblem('npm ci could not install the packages; its message is above.');
  say('packages', `installed in ${secondsSince(startedMs)}`);
}

/** @param {string} file @returns {Promise<Lock | null>} */
async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** @param {string[]} commandLine @returns {Promise<number>} npm's exit code */
function runNpm(commandLine) {
  // On Windows npm is a command script, which only a shell starts; the arguments are all ours.
  const npm = spawn('npm', commandLine, { cwd: projectRoot, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  return new Promise((resolve, reject) => {
    npm.once('error', reject);
    npm.once('exit', (code) => resolve(code ?? 1));
  });
}
