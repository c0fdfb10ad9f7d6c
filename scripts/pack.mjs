// npm run pack: the packages that can be made on this machine, into release/. npm run pack -- deb makes only that one.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, secondsSince } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { prepare } = await import('./set-up/prepare.mjs');
  const electron = await prepare(process.platform === 'linux' ? ['pack'] : []);
  const { packApp, unpackedFolder } = await import('./pack/pack-app.mjs');
  const { projectRoot } = await import('./set-up/places.mjs');
  const path = await import('node:path');
  const { statSync } = await import('node:fs');

  if (electron.trainingOnly) {
    say('pack', `with Electron ${electron.version}, so the packages are named training-only: they are for trying, not for desks`);
  }
  const named = process.argv.slice(2);
  const startedMs = performance.now();
  const packages = await packApp(electron, named.length > 0 ? named : targetsHere(electron.trainingOnly));
  process.stdout.write(`\n${path.relative(projectRoot, unpackedFolder())}/\n`);
  for (const file of packages) {
    process.stdout.write(`${path.relative(projectRoot, file)} (${(statSync(file).size / 1e6).toFixed(0)} MB)\n`);
  }
  say('pack', `done in ${secondsSince(startedMs)}`);
  return 0;

  /**
   * AppImage needs a download of its own, so it is left out where the official Electron can't be had either.
   *
   * @param {boolean} trainingOnly
   * @returns {string[]}
   */
  function targetsHere(trainingOnly) {
    if (process.platform === 'win32') return ['nsis', 'msi'];
    if (process.platform === 'darwin') return ['dmg'];
    return ['dir', 'tar.gz', 'deb', ...(trainingOnly ? [] : ['AppImage'])];
  }
});
