// What the walls are read from. The real one reads this machine; tests bring one that was written down on another.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile, readlink, stat } from 'node:fs/promises';

export interface Machine {
  /** Null on Windows. */
  readonly uid: number | null;
  readonly groups: readonly number[];
  /** Null when there is no such file. Rejects when it can't be read. */
  text(file: string): Promise<string | null>;
  /** Where a symbolic link leads; null when there is none. */
  link(file: string): Promise<string | null>;
  /** Of a folder; none when it is not there. */
  names(folder: string): Promise<readonly string[]>;
  /** Whether this account may. */
  may(what: 'read' | 'write', file: string): Promise<boolean>;
  /** Null when there is no such file. */
  owner(file: string): Promise<{ readonly uid: number; readonly mode: number } | null>;
  /** What a program of the system printed; null when it failed. */
  output(program: string, parameters: readonly string[]): Promise<string | null>;
}

const programMs = 10_000;

export function thisMachine(): Machine {
  return {
    uid: process.getuid?.() ?? null,
    groups: process.getgroups?.() ?? [],
    text: (file) => orNull(readFile(file, 'utf8')),
    link: async (file) => readlink(file).catch(() => null),
    names: async (folder) => (await orNull(readdir(folder))) ?? [],
    may: (what, file) =>
      access(file, what === 'read' ? constants.R_OK : constants.W_OK).then(
        () => true,
        () => false,
      ),
    owner: (file) => orNull(stat(file)),
    output: (program, parameters) =>
      new Promise((resolve) => {
        const options = { timeout: programMs, windowsHide: true, maxBuffer: 1_048_576 };
        execFile(program, [...parameters], options, (problem, output) => resolve(problem ? null : output));
      }),
  };
}

async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** errno(3). */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
