// A display for windows: the one that is there, or a private virtual one for as long as it is needed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say, SetUpProblem } from './say.mjs';

const startDeadlineMs = 15_000;
/** The desk's own screen; windows in tests choose their size inside it. */
const screen = '1920x1080x24';

/**
 * Runs `use` with an environment in which windows can open. Without a display that is a virtual one (Xvfb), which is gone
 * when `use` has settled.
 *
 * @template Result
 * @param {(environment: NodeJS.ProcessEnv) => Promise<Result>} use starts its programs with this environment
 * @returns {Promise<Result>}
 * @throws {SetUpProblem} when there is no display and no Xvfb
 */
export async function withDisplay(use) {
  if (hasDisplay()) return use(windowEnvironment({}));
  const display = await startVirtualDisplay();
  try {
    return await use(windowEnvironment({ DISPLAY: display.name }));
  } finally {
    await display.stop();
  }
}

/** @returns {boolean} whether windows can open without help */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Starts Xvfb on a number that it picks itself among the free ones.
 *
 * @returns {Promise<{ name: string, stop: () => Promise<void> }>} `name` is what DISPLAY has to be
 */
export async function startVirtualDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-dpi', '96', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const killServer = () => server.kill('SIGKILL');
  process.once('exit', killServer);
  const number = await firstLine(server);
  say('display', `none here, so windows open on a virtual one (Xvfb :${number}, ${screen})`);
  return {
    name: `:${number}`,
    stop: async () => {
      process.off('exit', killServer);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<string>} the display number, once it accepts windows */
function firstLine(server) {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      server.kill('SIGKILL');
      reject(new SetUpProblem(`Xvfb did not start within ${startDeadlineMs / 1000} seconds.`));
    }, startDeadlineMs);
    let text = '';
    server.stdio[3]?.on('data', (part) => {
      text += part;
      if (!text.includes('\n')) return;
      clearTimeout(tooLate);
      resolve(text.trim());
    });
    server.once('error', () => {
      clearTimeout(tooLate);
      reject(new SetUpProblem('There is no display, and no Xvfb to stand in for it. On Debian: apt-get install xvfb'));
    });
    server.once('exit', (code) => {
      clearTimeout(tooLate);
      reject(new SetUpProblem(`Xvfb ended with code ${code} before it had a display.`));
    });
  });
}

/**
 * @param {NodeJS.ProcessEnv} extra
 * @returns {NodeJS.ProcessEnv} this process's environment; without a session bus Electron is told so, or it looks for one
 * and complains for as long as it runs
 */
function windowEnvironment(extra) {
  return { DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...process.env, ...extra };
}
