// `firstkey keys …`, `doctor` and `settings` as processes: the command under plain Node with the key host as it ships, on pipes or on a pseudo-terminal.
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { bundleOf } from './key-host-process.ts';

const endsWithinMs = 20_000;

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<Ended>;
}

export interface CliBench {
  readonly keyHostFile: string;
  /** Where the other programs were bundled to, by the names they were given. */
  program(name: string): string;
  /** Starts the room's command with these arguments, its pipes open. */
  start(commandLine: readonly string[]): Running;
  /** Runs it to its end with these lines as its standard input. */
  run(commandLine: readonly string[], lines?: readonly string[]): Promise<Ended>;
  /** On a pseudo-terminal of its own (util-linux, script(1)). All that the terminal shows is its output. */
  atTerminal(commandLine: readonly string[]): Running;
  /** Ends whatever still runs. */
  killAll(): void;
  remove(): Promise<void>;
}

export interface CliBenchOptions {
  /** More programs to be bundled: name and source. */
  readonly programs?: Readonly<Record<string, string>>;
  /** The first word of every command; `keys` when left out. */
  readonly room?: 'keys' | 'doctor' | 'settings';
  /** A command that runs the program behind it, for a world of its own. */
  readonly inside?: readonly string[];
}

export async function cliBench({ programs = {}, room = 'keys', inside = [] }: CliBenchOptions = {}): Promise<CliBench> {
  const folder = await bundleOf({ cli: 'main/cli/index.ts', keyhost: 'main/keyhost/index.ts', ...programs });
  const started = new Set<ChildProcess>();
  const fileOf = (name: string) => path.join(folder, `${name}.js`);
  const commandOf = (commandLine: readonly string[]) => [...inside, process.execPath, fileOf('cli'), room, ...commandLine];
  const spawned = ([command = '', ...parameters]: readonly string[]): Running => {
    const running = follow(spawn(command, parameters, { stdio: 'pipe' }));
    started.add(running.child);
    return running;
  };
  const start = (commandLine: readonly string[]) => spawned(commandOf(commandLine));
  return {
    keyHostFile: fileOf('keyhost'),
    program: fileOf,
    start,
    run(commandLine, lines = []) {
      const running = start(commandLine);
      running.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
      return running.ended;
    },
    atTerminal: (commandLine) => spawned(['script', '-qefc', commandOf(commandLine).map(quoted).join(' '), '/dev/null']),
    killAll() {
      for (const child of started) child.kill('SIGKILL');
      started.clear();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** One word for a shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

function follow(child: ChildProcess): Running {
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  // A command that ended before it read all of its input.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output, errors });
    });
  });
  return { child, output: () => output, errors: () => errors, ended };
}

/** Waits until it is so, at most as long as a command may take. */
export async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const untilMs = performance.now() + endsWithinMs;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`did not come: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The one document of a command with `--json`. */
export function documentOf({ output }: Ended): Record<string, unknown> {
  expect(output.trimEnd()).not.toContain('\n');
  return JSON.parse(output) as Record<string, unknown>;
}

/** The steps of a command with `--json`, in order. */
export function stepsOf({ errors }: Ended): readonly Record<string, unknown>[] {
  return errors
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
