// npm test: sets up what is missing, then the static checks and every ring of tests. Its last line adds them all up.
//   npm test -- --ring unit --ring walk        only these (checks, unit, wire, walk, screens, app, vm)
//   npm test -- --ring unit cbor               only test files with this in their name

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { ensureSystemPackages } = await import('./set-up/system-packages.mjs');
  const { checksName, rings } = await import('./test/rings.mjs');

  const { values, positionals } = parseArgs({ options: { ring: { type: 'string', multiple: true } }, allowPositionals: true });
  const names = [checksName, ...rings.map(({ name }) => name)];
  const wanted = values.ring ?? names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new SetUpProblem(`There is no ring called ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  const chosen = rings.filter(({ name }) => wanted.includes(name));

  try {
    await ensurePackages();
    ensureSystemPackages(chosen.filter(({ notHere }) => notHere === null).flatMap((ring) => ring.purposes));
    if (chosen.some(({ windowed }) => windowed)) {
      const { prepare } = await import('./set-up/prepare.mjs');
      await prepare();
    }
  } catch (error) {
    if (!(error instanceof SetUpProblem)) throw error;
    say('set-up', `failed, so nothing was tested\n\n${error.message}\n`);
    process.stdout.write('0 passed, 1 failed\n');
    return 1;
  }

  const { runRings } = await import('./test/run-rings.mjs');
  const { tallyLine } = await import('./test/tally.mjs');
  const total = await runRings({ checks: wanted.includes(checksName), rings: chosen, filters: positionals });
  process.stdout.write(`${tallyLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
});
