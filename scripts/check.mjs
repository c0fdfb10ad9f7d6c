// npm run check: everything about the sources that needs no running.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { ensurePackages } = await import('./set-up/packages.mjs');
  await ensurePackages();
  const { runStaticChecks } = await import('./check/static-checks.mjs');
  const { passed, failed } = await runStaticChecks((line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});
