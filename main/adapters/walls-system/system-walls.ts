// The walls of whatever system this is.
import path from 'node:path';
import type { WallsPort, WallsSeen } from '../../ports/walls.ts';
import type { DeskOnMachine } from './desk-on-machine.ts';
import { fusesOtherwise } from './electron-fuses.ts';
import { linuxWalls } from './linux-walls.ts';
import { macosWalls } from './macos-walls.ts';
import { thisMachine } from './machine.ts';
import { windowsWalls } from './windows-walls.ts';

export interface SystemWallsOptions {
  /** The executable that runs, and whether it is the packaged desk. */
  readonly program: string;
  /** Electron's folder of resources. */
  readonly resources: string;
  readonly packaged: boolean;
  /** Null: the desk runs on its defaults. */
  readonly settingsFile: string | null;
  readonly keyService: string | null;
}

export function systemWalls({ program, resources, packaged, settingsFile, keyService }: SystemWallsOptions): WallsPort {
  const machine = thisMachine();
  const desk: DeskOnMachine = {
    program,
    packaged,
    guarded: [
      // The archive itself is no file to Electron: whoever may change it may change its folder.
      ...(packaged ? [program, path.dirname(program), resources, path.join(resources, 'app.asar.unpacked')] : []),
      ...(settingsFile === null ? [] : [settingsFile, path.dirname(settingsFile)]),
    ],
    keyService,
    fusesOtherwise: () => fusesOtherwise(fusesFile(program)),
  };
  const look = { linux: linuxWalls, win32: windowsWalls, darwin: macosWalls }[process.platform as string];
  // Electron runs on no other system.
  return { look: (): Promise<WallsSeen> => (look ?? linuxWalls)(machine, desk) };
}

/** On macOS the executable is small, and the wire is in the framework beside it. */
function fusesFile(program: string): string {
  const framework = '../Frameworks/Electron Framework.framework/Electron Framework';
  return process.platform === 'darwin' ? path.join(path.dirname(program), framework) : program;
}
