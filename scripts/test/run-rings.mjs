// Runs the static checks and the rings one after the other, and adds up what they came to.

import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runStaticChecks } from '../check/static-checks.mjs';
import { inProject, projectRoot, reportsFolder } from '../set-up/places.mjs';
import { secondsSince } from '../set-up/say.mjs';
import { checksName } from './rings.mjs';
import { addTallies, tallyLine, tallyOf } from './tally.mjs';

/** @typedef {import('./rings.mjs').Ring} Ring */
/** @typedef {import('./tally.mjs').Tally} Tally */

const ringDeadlineMs = 30 * 60_000;

/**
 * @param {{ checks: boolean, rings: readonly Ring[], filters: readonly string[] }} chosen `filters` are parts of test file names
 * @returns {Promise<Tally>} of everything together
 */
export async function runRings({ checks, rings, filters }) {
  /** @type {string[]} */
  const summary = [];
  /** @type {Tally} */
  let total = { passed: 0, failed: 0, skipped: 0, note: null };
  /** @param {string} name @param {Tally} tally @param {string} time */
  const add = (name, tally, time) => {
    total = addTallies(total, tally);
    const note = tally.note === null ? '' : ` — ${tally.note}`;
    summary.push(`${tally.failed === 0 ? '✓' : '✗'} ${name}: ${tallyLine(tally)} (${time})${note}`);
  };
  if (checks) {
    print(`\n— ${checksName} —`);
    const startedMs = performance.now();
    add(checksName, { ...(await runStaticChecks(print)), skipped: 0, note: null }, secondsSince(startedMs));
  }
  for (const ring of rings) {
    print(`\n— ${ring.name} —`);
    const startedMs = performance.now();
    if (ring.notHere === null) add(ring.name, await runRing(ring, filters), secondsSince(startedMs));
    else summary.push(`– ${ring.name}: not on this machine: ${ring.notHere}`);
  }
  print(`\n${summary.join('\n')}\n`);
  return total;
}

/** @param {Ring} ring @param {readonly string[]} filters @returns {Promise<Tally>} */
async function runRing(ring, filters) {
  const report = path.join(reportsFolder, 'tests', `${ring.name}.json`);
  await mkdir(path.dirname(report), { recursive: true });
  await rm(report, { force: true });
  const vitest = spawn(
    process.execPath,
    [
      inProject('node_modules/vitest/vitest.mjs'),
      'run',
      ...['--project', ring.name],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...filters,
    ],
    { cwd: projectRoot, stdio: ['ignore', 1, 2], signal: AbortSignal.timeout(ringDeadlineMs) },
  );
  const exitCode = await new Promise((resolve) => {
    vitest.once('error', () => resolve(1));
    vitest.once('exit', (code) => resolve(code ?? 1));
  });
  return tallyOf(await readReport(report), exitCode);
}

/** @param {string} file @returns {Promise<import('./tally.mjs').VitestReport | null>} */
async function readReport(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
