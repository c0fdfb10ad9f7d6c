// npm run bench:directory: what the desk's knowledge of a tenant costs before a twin with 100,000 people and 200 policies, as
// ratios in one run, and the requests it takes. Writes reports/bench/directory.json; docs/performance.md says how to read it.
//   npm run bench:directory -- --rounds 15     how often each is measured (9)

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { mkdir, writeFile } = await import('node:fs/promises');
  const path = await import('node:path');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new SetUpProblem('--rounds takes a whole number from 1 on.');

  await ensurePackages();
  const { reportsFolder } = await import('./set-up/places.mjs');
  const { machineNow } = await import('./bench/machine.mjs');
  const { withNodeBenches } = await import('./bench/in-node.mjs');
  const { ratioTable } = await import('./bench/comparison.mjs');
  const { directoryComparisons, requestLines } = await import('./bench-directory/comparisons.mjs');

  const before = machineNow();
  const result = /** @type {import('./bench-directory/comparisons.mjs').DirectoryBenchResult} */ (
    await withNodeBenches((run) => run('directory', String(rounds)))
  );
  const machine = { before, after: machineNow() };
  const comparisons = directoryComparisons(result);
  const page = path.join(reportsFolder, 'bench', 'directory.json');
  await mkdir(path.dirname(page), { recursive: true });
  await writeFile(page, `${JSON.stringify({ node: process.versions.node, rounds, machine, comparisons, result }, null, 2)}\n`);
  process.stdout.write(`${ratioTable(comparisons)}\n${requestLines(result).join('\n')}\n`);
  process.stdout.write(
    `processor time, median of ${rounds} rounds; load average ${machine.before.loadAverage.join(' ')} before, ${machine.after.loadAverage.join(' ')} after\n`,
  );
  say('bench', `every figure is in ${page}`);
  return 0;
});
