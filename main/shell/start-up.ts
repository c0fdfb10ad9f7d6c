// The first lines of the process: what it may be started with, and on what. Every word on the command line is attacker's ground:
// a switch can open a debugger, swap the network or load code, so the only safe list is the list of what is allowed.
import { app, Menu } from 'electron';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { World } from '../../contract/snapshot.ts';
import { declareAppScheme, type DeskFace } from './window/app-protocol.ts';
import { readCommandLine, readTerminalCommand } from './command-line.ts';
import type { CommandLineSurroundings, TerminalCommand } from './command-line.ts';
import { dataFolderOf } from './data-folder.ts';
import { stopSpellChecker } from './lock-down.ts';
import { runtimeProblem } from './runtime-fitness.ts';
import type { WindowSize } from './window/window-layout.ts';

/** What a supervisor sees when the desk ends. */
export const exitCodes = {
  crashed: 70,
  hostileCommandLine: 87,
  unfitRuntime: 88,
  alreadyRunning: 89,
  unreadableSettings: 90,
  noCareToken: 91,
} as const;

export interface StartUp {
  readonly world: World;
  /** Everything the desk keeps lies in this folder, each world in one of its own. */
  readonly dataFolder: string;
  readonly frame: WindowSize | null;
  readonly face: DeskFace;
}

/**
 * Call first, at the top level of the main module, before anything is awaited.
 *
 * @param configured the world the settings name; a command line may ask for training instead, never for the field. Null: the
 *   settings were refused, and a desk is opened that serves nobody; it keeps its record with the field's
 * @returns null when the desk must not start; the process is ending then, and the reason is on stderr
 */
export function beginStartUp(configured: World | null): StartUp | null {
  const commandLine = readCommandLine(process.argv.slice(1), ownSurroundings());
  if ('refused' in commandLine) return end(exitCodes.hostileCommandLine, commandLine.refused);
  const world = commandLine.world ?? configured ?? 'field';
  if (world !== 'training' && commandLine.trainingOnly.length > 0) {
    return end(exitCodes.hostileCommandLine, `not allowed outside training: ${commandLine.trainingOnly.join(' ')}`);
  }
  // Whoever serves nobody may be shown by any runtime.
  const problem = runtimeProblem(configured === null ? 'training' : world, {
    execPath: process.execPath,
    electronVersion: process.versions.electron,
    exists: existsSync,
  });
  if (problem !== null) return end(exitCodes.unfitRuntime, problem);

  const dataFolder = commandLine.dataFolder ?? dataFolderOf(app.getPath('appData'));
  const windowFolder = path.join(dataFolder, world, 'window');
  mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
  // Chromium's own files apart from the desk's, and never where a switch says. The lock of the single instance lies here too.
  app.setPath('userData', windowFolder);
  app.setPath('sessionData', windowFolder);
  // A second start ends at once; the first one hears of it and does nothing with what came along, which anybody can choose.
  if (!app.requestSingleInstanceLock()) {
    return end(
      exitCodes.alreadyRunning,
      'it is already running. Close it first: the desk and key care share a journal and the keys.',
    );
  }

  // As root Chromium only starts without a sandbox, and then both switches together stop its helper processes.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // No menu, no shortcuts: the default one reloads, zooms, closes and opens the developer tools.
  Menu.setApplicationMenu(null);
  for (const [name, value] of ownSwitches) app.commandLine.appendSwitch(name, value);
  // Otherwise Electron runs a script of advice for developers in every page, Microsoft's as well.
  process.env['ELECTRON_DISABLE_SECURITY_WARNINGS'] = 'true';
  // Pages see an ordinary Chromium: the application's name and version tell an attacker what to look for.
  app.userAgentFallback = app.userAgentFallback.replace(/ (?!Mozilla|AppleWebKit|Chrome|Safari)[^\s()]+\/[\w.]+/g, '');
  app.on('session-created', stopSpellChecker);
  declareAppScheme();
  return { world, dataFolder, frame: commandLine.frame, face: commandLine.face };
}

/** The command that this process was started for; null when it is to be a desk. */
export function terminalCommandGiven(): TerminalCommand | { readonly refused: string } | null {
  return readTerminalCommand(process.argv.slice(1), ownSurroundings());
}

function ownSurroundings(): CommandLineSurroundings {
  return {
    packaged: app.isPackaged,
    root: process.getuid?.() === 0,
    hasSwitch: (name) => app.commandLine.hasSwitch(name),
  };
}

// Nothing is fetched, reported or looked up in the background, and a swipe or a pinch moves nothing.
const ownSwitches: readonly (readonly [string, string])[] = [
  ['disable-background-networking', ''],
  ['disable-component-update', ''],
  ['disable-breakpad', ''],
  ['no-pings', ''],
  ['overscroll-history-navigation', '0'],
  ['disable-pinch', ''],
];

function end(exitCode: number, message: string): null {
  process.stderr.write(`Firstkey does not start: ${message}\n`);
  app.exit(exitCode);
  return null;
}
