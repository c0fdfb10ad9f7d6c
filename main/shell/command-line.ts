// What the process may be started with. Pure; `start-up.ts` asks Electron.
import path from 'node:path';
import type { DeskFace } from './window/app-protocol.ts';
import type { WindowSize } from './window/window-layout.ts';

export interface CommandLine {
  /** Null: the settings decide. The field is never asked for here. */
  readonly world: 'training' | null;
  readonly dataFolder: string | null;
  readonly frame: WindowSize | null;
  readonly face: DeskFace;
  /** What was given that only the training world takes, for the refusal's message. */
  readonly trainingOnly: readonly string[];
}

export interface CommandLineSurroundings {
  readonly packaged: boolean;
  readonly root: boolean;
  /** Whether Chromium has been given this switch, by whomever. */
  hasSwitch(name: string): boolean;
}

// Doors into the process that leave no trace in the arguments when something else took them out before we look.
const debuggingSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
];
/** Whoever can give a program arguments is no person at the kiosk, and may start `firstkey keys` as well (docs/decisions/0013). */
const careArgument = '--care';
/** The doctor's page; it reads, and nobody at the kiosk can ask for it either. */
const doctorArgument = '--doctor';
// Harmless, and what tests on small machines need.
const plainSwitches = ['--disable-gpu', '--disable-dev-shm-usage'];

/** First words of commands that need no window. */
const terminalWords: readonly string[] = ['keys', 'doctor', 'journal', 'settings'];

/** What a process that shows no window is started with: Chromium reads these before any script of ours runs. */
export const windowlessSwitches = ['--ozone-platform=headless', '--disable-gpu', '--log-level=3'] as const;

export interface TerminalCommand {
  /** From its first word on, as they were given. */
  readonly given: readonly string[];
  /** Whether the process was started with the switches of one without a window. */
  readonly windowless: boolean;
  /** What stands before it, in the order given, without those switches. */
  readonly before: readonly string[];
}

/**
 * A command for the terminal, where the arguments are one: `keys`, `doctor`, `journal` or `settings` stands first, after the
 * application's folder in a working copy. Null when they are for the desk. What stands behind is read, and refused, by the commands themselves.
 */
export function readTerminalCommand(
  all: readonly string[],
  surroundings: CommandLineSurroundings,
): TerminalCommand | { readonly refused: string } | null {
  const windowless = windowlessSwitches.every((each, index) => all[index] === each);
  const given = windowless ? all.slice(windowlessSwitches.length) : all;
  const at = given.findIndex((argument) => terminalWords.includes(argument));
  const before = given.slice(0, Math.max(at, 0));
  const { packaged, root } = surroundings;
  const isOurs = (argument: string) => !packaged && (!argument.startsWith('-') || (argument === '--no-sandbox' && root));
  if (at < 0 || !before.every(isOurs) || before.filter((each) => !each.startsWith('-')).length > 1) return null;
  const found = debuggingSwitches.find((name) => surroundings.hasSwitch(name));
  if (found !== undefined) return { refused: `--${found} is not allowed` };
  return { given: given.slice(at), windowless, before };
}

/**
 * An installed package takes nothing, or exactly `--care` or `--doctor`: that page instead of the kiosk. From a working copy: the
 * application's folder, one of the two, `--world=training`, and, in training alone, `--data=` (a folder), `--frame=` (a window's
 * size: `1366x768`), a test driver's debugging switches, and as root `--no-sandbox`, without which Chromium does not start as root.
 */
export function readCommandLine(
  given: readonly string[],
  surroundings: CommandLineSurroundings,
): CommandLine | { readonly refused: string } {
  if (surroundings.packaged) {
    const [asked, ...more] = given;
    const face = asked === undefined ? 'kiosk' : faceOf(asked);
    if (face === null || more.length > 0)
      return { refused: `an installed Firstkey takes no arguments but ${careArgument} or ${doctorArgument}` };
    const found = debuggingSwitches.find((name) => surroundings.hasSwitch(name));
    return found === undefined
      ? { world: null, dataFolder: null, frame: null, face, trainingOnly: [] }
      : { refused: `--${found} is not allowed` };
  }
  let world: CommandLine['world'] = null;
  let dataFolder: string | null = null;
  let frame: WindowSize | null = null;
  let face: DeskFace = 'kiosk';
  let folderSeen = false;
  const trainingOnly = debuggingSwitches.filter((name) => surroundings.hasSwitch(name)).map((name) => `--${name}`);
  for (const argument of given) {
    const [name, value] = splitOnce(argument);
    if (!argument.startsWith('-')) {
      if (folderSeen) return { refused: 'more than one folder was given' };
      folderSeen = true;
    } else if (argument === '--world=training') {
      world = 'training';
    } else if (name === '--data' && value !== '') {
      dataFolder = path.resolve(value);
      trainingOnly.push(name);
    } else if (name === '--frame' && frameOf(value)) {
      frame = frameOf(value);
      trainingOnly.push(name);
    } else if (faceOf(argument) !== null) {
      face = faceOf(argument) ?? face;
    } else if (plainSwitches.includes(argument) || (argument === '--no-sandbox' && surroundings.root) || isDebugging(name)) {
      trainingOnly.push(name);
    } else {
      return { refused: `${name} is not allowed` };
    }
  }
  return { world, dataFolder, frame, face, trainingOnly };
}

function faceOf(argument: string): DeskFace | null {
  return argument === careArgument ? 'care' : argument === doctorArgument ? 'doctor' : null;
}

function splitOnce(argument: string): readonly [string, string] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, ''] : [argument.slice(0, at), argument.slice(at + 1)];
}

function isDebugging(name: string): boolean {
  return debuggingSwitches.includes(name.replace(/^--/, ''));
}

function frameOf(value: string): WindowSize | null {
  const [, width, height] = /^(\d{3,5})x(\d{3,5})$/.exec(value) ?? [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}
