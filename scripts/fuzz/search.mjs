// One search in a worker thread, watched: an input that never comes back, or takes the thread with it, is a finding too.

import { Worker } from 'node:worker_threads';
import { foundInputs } from './found.mjs';

/** @typedef {import('../../tests/fuzz/engine/fuzzer.ts').FuzzResult} FuzzResult */
/** @typedef {import('../../tests/fuzz/engine/fuzzer.ts').Finding} Finding */
/** @typedef {{ result: FuzzResult, heapGrowthBytes: number, seconds: number }} SearchResult */

const longestInputBytes = 64 * 1024;
const mostHeapMiB = 512;

/**
 * @param {object} search
 * @param {string} search.workerFile from withFuzzBundle
 * @param {string} search.target
 * @param {number} search.seed
 * @param {number | null} search.runs null for as many as `npm test` tries
 * @param {number} search.seconds
 * @param {number} [search.hangSeconds] after which one input counts as never coming back
 * @returns {Promise<SearchResult>}
 */
export async function searchTarget({ workerFile, target, seed, runs, seconds, hangSeconds = 20 }) {
  const current = new SharedArrayBuffer(8 + longestInputBytes);
  const found = await foundInputs(target);
  const startedMs = performance.now();
  const worker = new Worker(workerFile, {
    workerData: { target, seed, runs, seconds, found, current },
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMiB },
  });
  /** @type {NodeJS.Timeout | undefined} */
  let watch;
  try {
    return await new Promise((resolve, reject) => {
      const done = (/** @type {FuzzResult} */ result, heapGrowthBytes = 0) =>
        resolve({ result, heapGrowthBytes, seconds: (performance.now() - startedMs) / 1_000 });
      const broke = (/** @type {string} */ problem, /** @type {string} */ stack) => {
        const { input, number } = inputUnderWay(current);
        if (number === 0) return reject(new Error(`${target} did not begin: ${problem}\n${stack}`));
        done({ runs: number, kept: 0, edges: 0, mostSteps: 0, mostBytes: 0, finding: { input, problem, stack } });
      };
      let last = { number: 0, sinceMs: performance.now() };
      watch = setInterval(() => {
        const { number } = inputUnderWay(current);
        if (number !== last.number) last = { number, sinceMs: performance.now() };
        else if (number > 0 && performance.now() - last.sinceMs > hangSeconds * 1_000) broke('never came back', '');
      }, 250);
      worker.on('message', (/** @type {import('../../tests/fuzz/search.ts').SearchMessage} */ message) => {
        if (message.type === 'result') done(message.result, message.heapGrowthBytes);
      });
      worker.on('error', (error) => broke(`${error.name}: ${error.message}`, error.stack ?? ''));
      worker.on('exit', (code) => broke(`the thread ended with code ${code}`, ''));
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}

/** @param {string} workerFile @returns {Promise<readonly string[]>} the names of all targets */
export async function targetNames(workerFile) {
  const worker = new Worker(workerFile, { workerData: { target: null } });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (/** @type {import('../../tests/fuzz/search.ts').SearchMessage} */ message) => {
        if (message.type === 'targets') resolve(message.names);
      });
      worker.on('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}

/** @param {SharedArrayBuffer} current @returns {{ input: Uint8Array, number: number }} */
function inputUnderWay(current) {
  const [number = 0, length = 0] = new Int32Array(current, 0, 2);
  return { input: Uint8Array.from(new Uint8Array(current, 8, length)), number };
}
