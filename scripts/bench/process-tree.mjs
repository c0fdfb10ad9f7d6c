// A program with all the processes it started, as Linux accounts for them in /proc (proc(5)): memory, time of computing, role.

import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ, the unit of times in /proc/<pid>/stat; 100 on every architecture Electron runs on. */
const ticksPerSecond = 100;

/**
 * @typedef {object} ProcessStat
 * @property {number} pid
 * @property {number} parent
 * @property {number} cpuMs of this process and of those of its children that ended and were waited for
 */

/**
 * @typedef {object} TreeProcess
 * @property {number} pid
 * @property {string} role `main`, `renderer 4`, `gpu-process`, `network service`, `key host`, …; the number grows with the order of starting
 * @property {number} cpuMs
 * @property {number} pssBytes memory of its own and its share of what it shares with others
 */

/** @returns {boolean} whether this machine keeps these accounts */
export function hasProcessAccounts() {
  return process.platform === 'linux';
}

/**
 * @param {string} text of /proc/<pid>/stat; the name in the second field is in brackets and may hold anything
 * @returns {ProcessStat}
 */
export function parseStat(text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (/** @type {number} */ field) => Number(fields[field - 3]);
  const ticks = [14, 15, 16, 17].reduce((sum, field) => sum + number(field), 0);
  return { pid: Number.parseInt(text, 10), parent: number(4), cpuMs: (ticks * 1_000) / ticksPerSecond };
}

/** @param {string} text of /proc/<pid>/smaps_rollup @returns {number} bytes */
export function parsePss(text) {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
}

/**
 * @param {string} commandLine of a process of Electron; arguments are parted by zero bytes, or by spaces where Chromium's zygote
 * wrote the line anew
 * @returns {string}
 */
export function roleOf(commandLine) {
  const value = (/** @type {string} */ name) => new RegExp(String.raw`[\0 ]--${name}=([^\0 ]*)`).exec(commandLine)?.[1];
  const type = value('type');
  switch (type) {
    case undefined:
      return 'main';
    case 'renderer':
      return `renderer ${value('renderer-client-id') ?? ''}`;
    case 'utility':
      return utilityNames.get(value('utility-sub-type') ?? '') ?? value('utility-sub-type') ?? type;
    default:
      return type;
  }
}

/** The interfaces by which Chromium and Electron name their utility processes. */
const utilityNames = new Map([
  ['network.mojom.NetworkService', 'network service'],
  ['node.mojom.NodeService', 'key host'],
]);

/**
 * @param {number} root the process whose tree it is
 * @returns {Promise<TreeProcess[]>} the root first; processes that end while they are read are left out
 */
export async function readTree(root) {
  const stats = (await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readStat))).filter(
    (stat) => stat !== null,
  );
  const processes = await Promise.all(membersOf(root, stats).map(readProcess));
  return processes.filter((found) => found !== null);
}

/** @param {number} root @param {readonly ProcessStat[]} stats @returns {ProcessStat[]} the root and everything below it */
export function membersOf(root, stats) {
  const own = stats.filter(({ pid }) => pid === root);
  return [...own, ...stats.filter(({ parent }) => parent === root).flatMap(({ pid }) => membersOf(pid, stats))];
}

/** @param {number} pid @returns {Promise<boolean>} false too for one that ended and is only waiting to be noticed */
export async function isRunning(pid) {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '';
}

/** @param {string} pid @returns {Promise<ProcessStat | null>} */
async function readStat(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : parseStat(text);
}

/** @param {ProcessStat} stat @returns {Promise<TreeProcess | null>} */
async function readProcess({ pid, cpuMs }) {
  const [commandLine, rollup] = await Promise.all(
    ['cmdline', 'smaps_rollup'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => null)),
  );
  if (!commandLine || !rollup) return null;
  return { pid, role: roleOf(commandLine), cpuMs, pssBytes: parsePss(rollup) };
}
