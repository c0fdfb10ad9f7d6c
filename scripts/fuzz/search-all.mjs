// All searches of one `npm run fuzz`, as many at a time as the machine has processors, told line by line.

import { availableParallelism } from 'node:os';
import { keepInput } from './found.mjs';
import { searchTarget } from './search.mjs';

/**
 * @param {object} order
 * @param {string} order.workerFile
 * @param {readonly string[]} order.targets
 * @param {number} order.seed
 * @param {number} order.runs
 * @param {number} order.seconds for each target
 * @returns {Promise<boolean>} whether every promise was kept
 */
export async function searchAll({ workerFile, targets, seed, runs, seconds }) {
  const waiting = [...targets];
  let tried = 0;
  let broken = 0;
  const work = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const search = await searchTarget({ workerFile, target, seed, runs, seconds });
      const { result } = search;
      tried += result.runs;
      tell(line(target, search));
      if (!result.finding) continue;
      broken += 1;
      const file = await keepInput(target, result.finding.input);
      tell(`  ${result.finding.problem}\n  kept as ${file}\n${indented(result.finding.stack)}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), targets.length) }, work));
  tell(`${tried.toLocaleString('en')} inputs, ${broken === 0 ? 'every promise kept' : `${broken} targets broke a promise`}`);
  return broken === 0;
}

/** @param {string} target @param {import('./search.mjs').SearchResult} search @returns {string} */
function line(target, { result, seconds, heapGrowthBytes }) {
  const { runs, kept, edges, mostSteps, mostBytes, finding } = result;
  const rate = Math.round(runs / Math.max(seconds, 0.001));
  return [
    `${finding ? '✗' : '✓'} ${target.padEnd(20)}`,
    `${runs.toLocaleString('en')} inputs (${rate.toLocaleString('en')} a second)`,
    `${kept} led on, ${edges} edges`,
    `at most ${mostSteps} steps and ${mostBytes} bytes, heap ${heapGrowthBytes >= 0 ? '+' : ''}${(heapGrowthBytes / 2 ** 20).toFixed(0)} MiB`,
  ].join('  ');
}

/** @param {string} text @returns {string} */
function indented(text) {
  return text.replaceAll(/^/gm, '    ');
}

/** @param {string} text */
function tell(text) {
  process.stdout.write(`${text}\n`);
}
