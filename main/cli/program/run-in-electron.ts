// `firstkey keys …` and `firstkey doctor` in the package: the application's own executable, without a window.
//
// On Linux Chromium chooses what it draws on before any script runs, and ends where there is no display. So the process that
// was started starts itself again with the switches of one that draws on nothing, and only passes on signals and the exit
// code. It never becomes ready itself: that is all it does before its main module has been loaded.
import { app } from 'electron';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { startKeyHostProcess } from '../../compose/key-host-process.ts';
import { windowlessSwitches, type TerminalCommand } from '../../shell/command-line.ts';
import { runtimeProblem } from '../../shell/runtime-fitness.ts';
import { announced } from './announced.ts';
import { runCommandLine } from './run-command-line.ts';

/** Whether this process has to start itself again, and must not become ready. */
export function startsAgain({ windowless }: TerminalCommand): boolean {
  return process.platform === 'linux' && !windowless;
}

/** Resolves with the exit code. */
export async function runInElectron(commandLine: TerminalCommand): Promise<number> {
  const { given, before } = commandLine;
  const parsed = announced(given);
  if (typeof parsed === 'number') return parsed;
  if (startsAgain(commandLine)) return runAgain([...windowlessSwitches, ...before, ...given]);
  app.disableHardwareAcceleration();
  app.dock?.hide();
  // Chromium wants a folder of its own. Nothing of a key or a person gets into it, and it goes with the command.
  const folder = mkdtempSync(path.join(tmpdir(), 'firstkey-command-'));
  app.setPath('userData', folder);
  app.setPath('sessionData', folder);
  try {
    await app.whenReady();
    return await runCommandLine(parsed, {
      openHttp: async (settings) => (await import('../../compose/real-world.ts')).openRealWorld(settings).http,
      pagesFolder: path.join(app.getAppPath(), 'build', 'renderer'),
      appData: () => app.getPath('appData'),
      startHost: () => startKeyHostProcess(path.join(app.getAppPath(), 'build', 'main', 'keyhost.js')),
      runtimeProblem: (world) =>
        runtimeProblem(world, {
          execPath: process.execPath,
          electronVersion: process.versions.electron,
          exists: existsSync,
        }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runAgain(commandLine: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, commandLine, { stdio: 'inherit' });
  // The terminal sends Ctrl+C to both; this process waits until the other has made the key let go.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
