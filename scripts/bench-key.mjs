// npm run bench:key: our CTAP client beside a raw exchange of its own frames, python3-fido2 and libfido2's tools, on one
// device in the Linux guest, as ratios in one run. Writes reports/bench/key.json; docs/performance.md says how to read it.
//   npm run bench:key -- --rounds 9       how often each step is measured (30)

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { mkdir, writeFile } = await import('node:fs/promises');
  const path = await import('node:path');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { ensureSystemPackages } = await import('./set-up/system-packages.mjs');
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new SetUpProblem('--rounds takes a whole number from 1 on.');

  await ensurePackages();
  const { rings } = await import('./test/rings.mjs');
  const vm = rings.find(({ name }) => name === 'vm');
  if (vm?.notHere) throw new SetUpProblem(vm.notHere);
  ensureSystemPackages(vm?.purposes ?? []);
  const { reportsFolder } = await import('./set-up/places.mjs');
  const { machineNow } = await import('./bench/machine.mjs');
  const { ratioTable } = await import('./bench/comparison.mjs');
  const { benchKeys } = await import('./bench-key/measure.mjs');
  const { keyComparisons, otherFigures } = await import('./bench-key/comparisons.mjs');

  const before = machineNow();
  const { guest: result, asking } = await benchKeys(rounds);
  const machine = { before, after: machineNow() };
  const comparisons = keyComparisons(result);
  const page = path.join(reportsFolder, 'bench', 'key.json');
  await mkdir(path.dirname(page), { recursive: true });
  await writeFile(page, `${JSON.stringify({ rounds, machine, comparisons, result, asking }, null, 2)}\n`);
  process.stdout.write(`${ratioTable(comparisons)}\n${otherFigures(result, asking).join('\n')}\n`);
  say('bench', `every figure is in ${page}`);
  return 0;
});
