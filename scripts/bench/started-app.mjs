// One start of one application: from the moment it is asked for until its first picture stands, and its orderly end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { hasProcessAccounts, isRunning, readTree } from './process-tree.mjs';

const readyDeadlineMs = 120_000;
const endDeadlineMs = 20_000;

/**
 * @typedef {object} StartedApp
 * @property {number} readyMs from the start to the line that says the first picture stands
 * @property {() => Promise<import('./process-tree.mjs').TreeProcess[]>} processes its processes now; Linux only
 * @property {() => Promise<void>} end resolves when all its processes are gone
 */

/**
 * @param {import('./contestants.mjs').Contestant} contestant
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<StartedApp>} once it is ready
 * @throws {Error} when it ends before, or is not ready in time
 */
export async function startApp({ name, executable, args, isReady }, environment) {
  const startedMs = performance.now();
  const app = spawn(executable, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  app.stderr.on('data', (part) => (complaints = `${complaints}${part}`.slice(-4_000)));
  const gone = once(app, 'exit');
  const end = () => endApp(app, gone);
  try {
    const readyMs = await /** @type {Promise<number>} */ (
      new Promise((resolve, reject) => {
        const tooLate = setTimeout(() => reject(new Error(`the ${name} was not ready in time`)), readyDeadlineMs);
        createInterface({ input: app.stdout }).on('line', (line) => {
          if (isReady(jsonOf(line))) resolve(performance.now() - startedMs);
        });
        gone.then(
          ([code]) => reject(new Error(`the ${name} ended with code ${code} before it was ready\n${complaints}`)),
          reject,
        );
        app.once('error', reject);
        void gone.catch(() => undefined).finally(() => clearTimeout(tooLate));
      })
    );
    return { readyMs, processes: () => readTree(app.pid ?? 0), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * @param {import('node:child_process').ChildProcess} app
 * @param {Promise<unknown>} gone
 */
async function endApp(app, gone) {
  const members = hasProcessAccounts() && app.pid !== undefined ? await readTree(app.pid) : [];
  if (app.exitCode === null && app.signalCode === null && app.pid !== undefined) {
    const forced = setTimeout(() => app.kill('SIGKILL'), endDeadlineMs);
    app.kill('SIGTERM');
    await gone;
    clearTimeout(forced);
  }
  // The next start must not share the machine with what is left of this one.
  const untilMs = performance.now() + endDeadlineMs;
  for (const { pid } of members) {
    while (performance.now() < untilMs && (await isRunning(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
    if (await isRunning(pid)) process.kill(pid, 'SIGKILL');
  }
}

/** @param {string} line @returns {unknown} null when it is not JSON */
function jsonOf(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
