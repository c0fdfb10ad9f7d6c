// The part of Electron that starts an application given on the command line: electron [-r module] [switches] folder [args].
// The training runtime comes without one. It is a module that awaits, because the application's own main module has to be
// evaluated before Electron says it is ready (protocol privileges can only be declared before).

import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Electron's own default application uses these too; they are not in its public types. */
const internals = /** @type {{ setVersion(version: string): void, setAppPath(folder: string): void }} */ (
  /** @type {unknown} */ (app)
);

/** @type {string[]} */
const required = [];
/** @type {string | undefined} */
let folder;
for (let at = 1; at < process.argv.length && folder === undefined; at += 1) {
  const argument = process.argv[at] ?? '';
  if (argument === '-r' || argument === '--require') {
    at += 1;
    required.push(process.argv[at] ?? '');
  } else if (!argument.startsWith('-')) {
    folder = path.resolve(argument);
  }
}

if (process.argv.includes('--version')) {
  process.stdout.write(`v${process.versions['electron']}\n`);
  app.exit(0);
} else if (folder === undefined) {
  process.stderr.write('Usage: electron [-r module] [switches] folder [arguments]\n');
  app.exit(2);
} else {
  await startApplication(folder);
}

/** @param {string} packageFolder holds the application's package.json */
async function startApplication(packageFolder) {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const manifest = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  app.name = manifest.productName ?? manifest.name;
  if (manifest.version !== undefined) internals.setVersion(manifest.version);
  internals.setAppPath(packageFolder);
  app.setPath('userData', path.join(app.getPath('appData'), app.name));
  const require = createRequire(path.join(packageFolder, 'package.json'));
  for (const name of required) require(name);
  await import(pathToFileURL(require.resolve(packageFolder)).href);
}
