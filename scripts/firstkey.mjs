// npm run firstkey -- keys list: takes care of security keys in a terminal. docs/command-line.md says what can be asked for.
// Sets up what is missing and builds, and then only the command itself talks: its output can be piped.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const path = await import('node:path');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { buildFolder } = await import('./set-up/places.mjs');
  await ensurePackages();
  const { buildApp } = await import('./build/build-app.mjs');
  await buildApp();
  const command = spawn(process.execPath, [path.join(buildFolder, 'main', 'cli.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The terminal sends Ctrl+C to both; this process waits until the other has made the key let go.
  process.on('SIGINT', () => {});
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(name, () => command.kill(name));
  return new Promise((resolve, reject) => {
    command.once('error', reject);
    command.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
});
