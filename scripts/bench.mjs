// npm run bench: the desk against named peers, in one run, as ratios. Aims are reported, never asserted: a busy machine makes
// a slow desk of any program. Fails only when something could not be measured.
//   npm run bench -- --runs 7     starts of each window, taken in turns

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { prepare } = await import('./set-up/prepare.mjs');
  const { withDisplay } = await import('./set-up/display.mjs');
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
  const electron = await prepare();
  const { measureWindows } = await import('./bench/windows.mjs');
  const { measureRegistration } = await import('./bench/registration.mjs');
  const { ratioRow, tableOf, writeResults } = await import('./bench/results.mjs');
  const registration = await measureRegistration();
  const windows = await withDisplay((environment) => measureWindows({ electron, environment, runs: Number(values.runs) }));
  const rows = [
    ratioRow('start to the first usable screen', 'a bare Electron window', windows.deskStartMs, windows.bareStartMs, 1.3),
    ratioRow(
      'memory at the attract screen, with the practice desk',
      'a bare Electron window',
      windows.deskMemoryKib,
      windows.bareMemoryKib,
      1.3,
    ),
    ratioRow(
      'memory at the attract screen, without practice page and key host',
      'a bare Electron window',
      windows.kioskMemoryKib,
      windows.bareMemoryKib,
      1.3,
    ),
    ratioRow(
      'one registration: desk and key together',
      "the virtual key's own time",
      registration.wholeMs,
      registration.keyMs,
      null,
    ),
  ];
  const page = await writeResults({ electron: electron.version, runs: Number(values.runs), rows });
  process.stdout.write(`${tableOf(rows)}\n`);
  say('bench', `the figures are in ${page}`);
  return 0;
});
