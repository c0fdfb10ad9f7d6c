// Makes packages for the machine this runs on, with electron-builder and electron-builder.yml.

import { Arch, build, Platform } from 'electron-builder';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inProject, projectRoot } from '../set-up/places.mjs';
import { runtimeConfiguration } from './training-package.mjs';

const sevenZip = '/usr/bin/7za';

/**
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} electron
 * @param {readonly string[]} targets electron-builder's names: `dir`, `tar.gz`, `deb` …
 * @param {string} [output] folder for the packages, `release` when left out
 * @returns {Promise<string[]>} the packages; for `dir` alone none, its result is {@link unpackedFolder}
 */
export async function packApp(electron, targets, output = inProject('release')) {
  // Where the operating system has the tools, they are used: electron-builder would download its own.
  if (existsSync(sevenZip)) process.env['ELECTRON_BUILDER_7ZIP_PATH'] ??= sevenZip;
  if (process.platform === 'linux') process.env['CUSTOM_FPM_PATH'] ??= inProject('scripts/pack/deb-package.mjs');
  return build({
    projectDir: projectRoot,
    targets: Platform.current().createTarget([...targets], process.arch === 'arm64' ? Arch.arm64 : Arch.x64),
    publish: 'never',
    config: { ...runtimeConfiguration(electron), directories: { output } },
  });
}

/** @param {string} [output] as for {@link packApp} @returns {string} where the unpacked application is, on Linux and Windows */
export function unpackedFolder(output = inProject('release')) {
  const arch = process.arch === 'x64' ? '' : `${process.arch}-`;
  const system = { darwin: 'mac', win32: 'win' }[/** @type {string} */ (process.platform)] ?? 'linux';
  return path.join(output, `${system}-${arch}unpacked`);
}
