// The desk and a bare Electron window, started in turns on the same runtime and display.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inProject, projectRoot } from '../set-up/places.mjs';

const frame = '1920x1080';
const readyWithinMs = 120_000;
/** Memory is read once things have come to rest. */
const restMs = 3_000;

/**
 * @typedef {object} WindowFigures
 * @property {number[]} deskStartMs
 * @property {number[]} bareStartMs
 * @property {number[]} deskMemoryKib
 * @property {number[]} kioskMemoryKib without the practice page's process and the key host
 * @property {number[]} bareMemoryKib
 */

/**
 * @param {object} options
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {NodeJS.ProcessEnv} options.environment
 * @param {number} options.runs
 * @returns {Promise<WindowFigures>}
 */
export async function measureWindows({ electron, environment, runs }) {
  /** @type {WindowFigures} */
  const figures = { deskStartMs: [], bareStartMs: [], deskMemoryKib: [], kioskMemoryKib: [], bareMemoryKib: [] };
  for (let run = 0; run < runs; run += 1) {
    const desk = await measureOne(
      electron,
      environment,
      (folder) => [projectRoot, '--world=training', `--data=${folder}`, `--frame=${frame}`],
      isDeskReady,
    );
    const bare = await measureOne(
      electron,
      environment,
      (folder) => [inProject('tests', 'bench', 'bare-window'), `--profile=${folder}`, `--frame=${frame}`],
      isBareReady,
    );
    figures.deskStartMs.push(desk.startMs);
    figures.bareStartMs.push(bare.startMs);
    figures.bareMemoryKib.push(total(bare.processes));
    figures.deskMemoryKib.push(total(desk.processes));
    figures.kioskMemoryKib.push(total(withoutPractice(desk.processes)));
  }
  return figures;
}

/** @typedef {{ kib: number, command: string }} ProcessMemory */

/**
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} electron
 * @param {NodeJS.ProcessEnv} environment
 * @param {(folder: string) => string[]} argumentsFor
 * @param {(line: string) => boolean} isReady
 * @returns {Promise<{ startMs: number, processes: ProcessMemory[] }>}
 */
async function measureOne(electron, environment, argumentsFor, isReady) {
  const folder = await mkdtemp(path.join(tmpdir(), 'firstkey-bench-'));
  const startedMs = performance.now();
  const child = spawn(electron.executable, [...electron.extraArguments, ...argumentsFor(folder)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('a window did not come up to be measured')), readyWithinMs);
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!isReady(line)) return;
        clearTimeout(late);
        resolve(undefined);
      });
      child.once('exit', () => reject(new Error('a window ended before it could be measured')));
    });
    const startMs = performance.now() - startedMs;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    return { startMs, processes: await memoryOf(child.pid ?? 0) };
  } finally {
    child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string} line */
const isDeskReady = (line) => line.includes('"firstkey":"ready"');
/** @param {string} line */
const isBareReady = (line) => line.includes('"window":"ready"');

/** Proportional memory (smaps_rollup Pss) of a process and everything below it. @param {number} root @returns {Promise<ProcessMemory[]>} */
async function memoryOf(root) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0));
  }
  /** @param {number} pid @returns {boolean} */
  const belongs = (pid) => pid === root || (pid > 1 && belongs(parents.get(pid) ?? 0));
  const own = [...parents.keys()].filter(belongs);
  return Promise.all(
    own.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { kib: Number(/^Pss:\s+(\d+) kB/mu.exec(rollup)?.[1] ?? 0), command: command.replaceAll('\0', ' ') };
    }),
  );
}

/** @param {readonly ProcessMemory[]} processes */
const total = (processes) => processes.reduce((sum, { kib }) => sum + kib, 0);

/**
 * The kiosk alone: of the two pages' processes the larger one counts (the kiosk draws more), and of the utility processes only
 * the network's.
 * @param {readonly ProcessMemory[]} processes @returns {ProcessMemory[]}
 */
function withoutPractice(processes) {
  const pages = processes
    .filter(({ command }) => command.includes('--type=renderer'))
    .toSorted((one, other) => other.kib - one.kib);
  const hosts = processes.filter(({ command }) => command.includes('--utility-sub-type=node.mojom.NodeService'));
  return processes.filter((process) => !pages.slice(1).includes(process) && !hosts.includes(process));
}
