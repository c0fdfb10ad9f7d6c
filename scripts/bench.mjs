// npm run bench: how the desk compares with a bare Electron window and its host with the key's own time, as ratios in one run.
// Writes reports/bench/index.json and a table. Aims are reported, not enforced: it fails only when something can't be measured.
//   npm run bench -- --rounds 15          how often each is measured (7)
//   npm run bench -- --settle 5           seconds from the first picture to the look at the memory (4)

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { prepare } = await import('./set-up/prepare.mjs');
  const { withDisplay } = await import('./set-up/display.mjs');
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '7' }, settle: { type: 'string', default: '4' } },
  });
  const [rounds, settle] = [Number(values.rounds), Number(values.settle)];
  if (!Number.isInteger(rounds) || rounds < 1) throw new SetUpProblem('--rounds takes a whole number from 1 on.');
  if (!(settle >= 0 && settle <= 60)) throw new SetUpProblem('--settle takes seconds, from 0 to 60.');

  const electron = await prepare();
  const { machineNow } = await import('./bench/machine.mjs');
  const { benchWindows } = await import('./bench/windows.mjs');
  const { benchWithoutWindow } = await import('./bench/without-a-window.mjs');
  const { ratioTable } = await import('./bench/comparison.mjs');
  const { writeReport } = await import('./bench/report.mjs');

  const before = machineNow();
  const windows = await withDisplay((environment) => benchWindows({ electron, environment, rounds, settleMs: settle * 1_000 }));
  const { comparisons, registration, session } = await benchWithoutWindow({ rounds });
  const after = machineNow();
  const all = [...windows.comparisons, ...comparisons];
  const page = await writeReport({
    electron,
    rounds,
    settleSeconds: settle,
    machine: { before, after },
    comparisons: all,
    memoryByProcess: windows.memoryByProcess,
    registration,
    session,
  });
  process.stdout.write(`${ratioTable(all)}\n`);
  const [first] = session;
  if (first)
    process.stdout.write(
      `session: ${Math.round(first.stepsPerSecond)} steps a second, each with its picture; ${first.stepsPerStay} steps in a stay\n`,
    );
  process.stdout.write(
    `median of ${rounds} rounds on ${before.processors} processors; load average ${before.loadAverage.join(' ')} before, ${after.loadAverage.join(' ')} after\n`,
  );
  say('bench', `every figure is in ${page}`);
  return 0;
});
