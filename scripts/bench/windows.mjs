// The desk against a bare window: starts one after the other, round by round, and after each start the memory at rest.

import { say } from '../set-up/say.mjs';
import { compare } from './comparison.mjs';
import { contestants } from './contestants.mjs';
import { hasProcessAccounts } from './process-tree.mjs';
import { startApp } from './started-app.mjs';

/** Start and memory should stay within so many times the bare window's. Reported, not enforced. */
const aim = 1.3;
const bytesPerMB = 1e6;

/** @typedef {import('./process-tree.mjs').TreeProcess} TreeProcess */
/** @typedef {{ readyMs: number, cpuMs: number, atRest: readonly TreeProcess[] }} Start */

/**
 * @typedef {object} WindowsResult
 * @property {import('./comparison.mjs').Comparison[]} comparisons
 * @property {Record<string, Record<string, number>>} memoryByProcess MB by role, of the last round, by contestant
 */

/**
 * @param {object} options
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {NodeJS.ProcessEnv} options.environment with a display
 * @param {number} options.rounds
 * @param {number} options.settleMs between the first picture and the look at the memory, the same for both
 * @returns {Promise<WindowsResult>}
 */
export async function benchWindows({ electron, environment, rounds, settleMs }) {
  const { desk, bareWindow, remove } = await contestants(electron);
  try {
    /** @param {import('./contestants.mjs').Contestant} contestant */
    const start = (contestant) => startOnce(contestant, environment, settleMs);
    // The first start of each fills the disk's cache and makes its folders; everyday starts are what is measured.
    await start(bareWindow);
    await start(desk);
    /** @type {Start[]} */
    const ours = [];
    /** @type {Start[]} */
    const theirs = [];
    for (let round = 1; round <= rounds; round += 1) {
      theirs.push(await start(bareWindow));
      ours.push(await start(desk));
      say('bench', `round ${round} of ${rounds}: bare window ${seconds(theirs)}, desk ${seconds(ours)}`);
    }
    return {
      comparisons: comparisonsOf(ours, theirs),
      memoryByProcess: { desk: byProcess(ours.at(-1)), 'bare window': byProcess(theirs.at(-1)) },
    };
  } finally {
    await remove();
  }
}

/**
 * @param {import('./contestants.mjs').Contestant} contestant
 * @param {NodeJS.ProcessEnv} environment
 * @param {number} settleMs
 * @returns {Promise<Start>}
 */
async function startOnce(contestant, environment, settleMs) {
  const app = await startApp(contestant, environment);
  try {
    if (!hasProcessAccounts()) return { readyMs: app.readyMs, cpuMs: 0, atRest: [] };
    const cpuMs = sumOf(await app.processes(), ({ cpuMs: own }) => own);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return { readyMs: app.readyMs, cpuMs, atRest: await app.processes() };
  } finally {
    await app.end();
  }
}

/** @param {readonly Start[]} ours @param {readonly Start[]} theirs */
function comparisonsOf(ours, theirs) {
  const peer = 'bare window';
  const start = compare({
    what: 'start to first usable screen',
    peer,
    unit: 'ms',
    ours: ours.map(({ readyMs }) => readyMs),
    theirs: theirs.map(({ readyMs }) => readyMs),
    aim,
  });
  if (!hasProcessAccounts()) return [start];
  const memoryOf = (/** @type {Start} */ { atRest }) => sumOf(atRest, ({ pssBytes }) => pssBytes) / bytesPerMB;
  const withoutPractice = (/** @type {Start} */ { atRest }) =>
    memoryOf({ readyMs: 0, cpuMs: 0, atRest: withoutPracticePage(atRest) });
  return [
    start,
    compare({
      what: 'computing until then, all processes',
      peer,
      unit: 'ms',
      ours: ours.map(({ cpuMs }) => cpuMs),
      theirs: theirs.map(({ cpuMs }) => cpuMs),
    }),
    compare({ what: 'memory at rest', peer, unit: 'MB', ours: ours.map(memoryOf), theirs: theirs.map(memoryOf), aim }),
    compare({
      what: 'memory without the practice desk’s page',
      peer,
      unit: 'MB',
      ours: ours.map(withoutPractice),
      theirs: theirs.map(memoryOf),
      aim,
    }),
  ];
}

/**
 * The desk loads the practice page after the kiosk's, so its process is the renderer that came last.
 *
 * @param {readonly TreeProcess[]} processes
 * @returns {readonly TreeProcess[]}
 */
export function withoutPracticePage(processes) {
  const order = (/** @type {TreeProcess} */ { role }) => Number(role.replace('renderer ', ''));
  const renderers = processes
    .filter(({ role }) => role.startsWith('renderer '))
    .toSorted((one, other) => order(one) - order(other));
  const practice = renderers.length > 1 ? renderers.at(-1) : undefined;
  return processes.filter((found) => found !== practice);
}

/** @param {Start | undefined} start @returns {Record<string, number>} */
function byProcess(start) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const { role, pssBytes } of start?.atRest ?? []) sums[role] = (sums[role] ?? 0) + pssBytes / bytesPerMB;
  return Object.fromEntries(Object.entries(sums).map(([role, mb]) => [role, Math.round(mb * 10) / 10]));
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => number} value
 */
function sumOf(items, value) {
  return items.reduce((sum, item) => sum + value(item), 0);
}

/** @param {readonly Start[]} starts @returns {string} the last one */
function seconds(starts) {
  return `${((starts.at(-1)?.readyMs ?? 0) / 1_000).toFixed(2)} s`;
}
