// npm run build: the application, from the sources into build/.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { ensurePackages } = await import('./set-up/packages.mjs');
  await ensurePackages();
  const { buildApp } = await import('./build/build-app.mjs');
  if ((await buildApp()) === 'fresh') say('build', 'nothing has changed since the last one');
  return 0;
});
