// What the operating system has to bring, kept once. Each need is looked for by what is really used (a library, a program, a
// file), so any Linux can tell what it lacks; the package names are Debian's.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { say, secondsSince, SetUpProblem } from './say.mjs';

/** @typedef {{ debian: string } & ({ library: string } | { program: string } | { file: string })} Need */
/** @typedef {'window' | 'display' | 'pack' | 'typing' | 'browser' | 'guest'} Purpose */

/** @type {Record<Purpose, Need[]>} */
export const needs = {
  // What Electron's executable is linked against beyond any Debian base system, and node-hid's with it.
  window: [
    { debian: 'libasound2', library: 'libasound.so.2' },
    { debian: 'libatk-bridge2.0-0', library: 'libatk-bridge-2.0.so.0' },
    { debian: 'libatk1.0-0', library: 'libatk-1.0.so.0' },
    { debian: 'libatspi2.0-0', library: 'libatspi.so.0' },
    { debian: 'libcairo2', library: 'libcairo.so.2' },
    { debian: 'libcups2', library: 'libcups.so.2' },
    { debian: 'libdbus-1-3', library: 'libdbus-1.so.3' },
    { debian: 'libdrm2', library: 'libdrm.so.2' },
    { debian: 'libexpat1', library: 'libexpat.so.1' },
    { debian: 'libgbm1', library: 'libgbm.so.1' },
    { debian: 'libglib2.0-0', library: 'libgio-2.0.so.0' },
    { debian: 'libgtk-3-0', library: 'libgtk-3.so.0' },
    { debian: 'libnspr4', library: 'libnspr4.so' },
    { debian: 'libnss3', library: 'libnss3.so' },
    { debian: 'libpango-1.0-0', library: 'libpango-1.0.so.0' },
    { debian: 'libudev1', library: 'libudev.so.1' },
    { debian: 'libusb-1.0-0', library: 'libusb-1.0.so.0' },
    { debian: 'libx11-6', library: 'libX11.so.6' },
    { debian: 'libxcb1', library: 'libxcb.so.1' },
    { debian: 'libxcomposite1', library: 'libXcomposite.so.1' },
    { debian: 'libxdamage1', library: 'libXdamage.so.1' },
    { debian: 'libxext6', library: 'libXext.so.6' },
    { debian: 'libxfixes3', library: 'libXfixes.so.3' },
    { debian: 'libxkbcommon0', library: 'libxkbcommon.so.0' },
    { debian: 'libxrandr2', library: 'libXrandr.so.2' },
  ],
  display: [{ debian: 'xvfb', program: 'Xvfb' }],
  pack: [
    { debian: 'dpkg', program: 'dpkg-deb' },
    { debian: 'p7zip-full', program: '7za' },
  ],
  // Real keystrokes through the display, for tests.
  typing: [{ debian: 'xdotool', program: 'xdotool' }],
  // A browser that is not ours, as a judge of the twin's pages.
  browser: [{ debian: 'chromium', program: 'chromium' }],
  // The Linux guest of the vm ring and the independent clients in it.
  guest: [
    { debian: 'busybox-static', file: '/usr/share/doc/busybox-static' },
    { debian: 'cpio', program: 'cpio' },
    { debian: 'fido2-tools', program: 'fido2-token' },
    { debian: 'python3-fido2', file: '/usr/lib/python3/dist-packages/fido2' },
    { debian: 'qemu-system-x86', program: 'qemu-system-x86_64' },
    { debian: 'systemd', file: '/lib/systemd/systemd' },
    { debian: 'udev', file: '/lib/udev/fido_id' },
    { debian: 'xz-utils', program: 'xz' },
  ],
};

/**
 * Makes sure that everything for the purposes is installed: installs it when this is root on Debian, and otherwise says the
 * exact line. Elsewhere than on Linux nothing is needed.
 *
 * @param {readonly Purpose[]} purposes
 * @throws {SetUpProblem} with the line to run, when something is missing and can't be installed from here
 */
export function ensureSystemPackages(purposes) {
  if (process.platform !== 'linux') return;
  const missing = missingPackages(purposes);
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!programExists('apt-get')) {
    throw new SetUpProblem(
      `This system lacks what Debian calls ${missing.join(', ')}. Install your distribution's packages for these and run the command again.`,
    );
  }
  if (process.getuid?.() !== 0)
    throw new SetUpProblem(`Some system packages are missing. Run this, then the command again:\n\n  sudo ${line}`);
  const startedMs = performance.now();
  say('system', `installing ${missing.join(', ')}`);
  runApt(['update', '-qq']);
  runApt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  const still = missingPackages(purposes);
  if (still.length > 0)
    throw new SetUpProblem(`${still.join(', ')} could not be installed. Run this and look at its messages:\n\n  ${line}`);
  say('system', `installed in ${secondsSince(startedMs)}`);
}

/** @param {readonly Purpose[]} purposes @returns {string[]} Debian's names of what is missing */
export function missingPackages(purposes) {
  const wanted = purposes.flatMap((purpose) => needs[purpose]);
  const libraries = wanted.some((need) => 'library' in need) ? installedLibraries() : null;
  return wanted.filter((need) => !isThere(need, libraries)).map((need) => need.debian);
}

/** @param {Need} need @param {Set<string> | null} libraries null when they can't be listed: then nothing is claimed @returns {boolean} */
function isThere(need, libraries) {
  if ('library' in need) return libraries === null || libraries.has(need.library);
  return 'program' in need ? programExists(need.program) : existsSync(need.file);
}

/** @returns {Set<string> | null} the names the dynamic linker knows */
function installedLibraries() {
  const listed = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  if (listed.status !== 0) return null;
  return new Set(listed.stdout.split('\n').map((line) => line.trim().split(' ')[0] ?? ''));
}

/** @param {string} name @returns {boolean} */
function programExists(name) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Shows what apt says only when it fails: on success that is hundreds of lines. @param {string[]} commandLine */
function runApt(commandLine) {
  // Another installation may hold the lock; apt then waits for it, for so long.
  const apt = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...commandLine], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (apt.status !== 0) process.stderr.write(`${apt.stdout ?? ''}${apt.stderr ?? ''}${apt.error?.message ?? ''}\n`);
}
