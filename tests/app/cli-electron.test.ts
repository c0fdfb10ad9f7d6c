// `firstkey keys …` by the application's own executable: no window, no display, and none of Chromium's switches.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ElectronRuntime, resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { projectRoot } from '../../scripts/set-up/places.mjs';
import { foundIn } from '../support/planted.ts';

const planted = { pin: 'pLanted-4711' };
const endsWithinMs = 40_000;

let electron: ElectronRuntime;
/** Where the application puts what it needs for the moment. */
let folder: string;

beforeAll(async () => {
  electron = await resolveElectron();
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-terminal-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

interface Start {
  readonly lines?: readonly string[];
  /** Runs when the output says so. */
  readonly interruptAt?: string;
}

/** Starts the application without a display, as over a remote shell. */
function keys(commandLine: string, { lines = [], interruptAt }: Start = {}): Promise<Ended> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const child = spawn(electron.executable, [...electron.extraArguments, projectRoot, 'keys', ...commandLine.split(' ')], {
    env: { ...environment, TMPDIR: folder },
    stdio: 'pipe',
  });
  let [output, errors, isInterrupted] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (interruptAt === undefined || isInterrupted || !output.includes(interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`did not end: ${output}${errors}`));
    }, endsWithinMs);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output, errors });
    });
  });
}

describe.runIf(process.platform === 'linux')('the application in a terminal', () => {
  test('lists keys, and leaves no folder behind', async () => {
    const ended = await keys('list --json --training-key modern-a');
    expect(ended, ended.errors).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(ended.output)).toMatchObject({ ok: true, keys: [{ description: { model: 'Firstkey Training Key A' } }] });
    expect(await readdir(folder)).toEqual([]);
  });

  test('sets a PIN that comes through a pipe, and says nothing of it', async () => {
    const ended = await keys('set-pin --json --training-key modern-a', { lines: [planted.pin] });
    expect(ended, ended.errors).toMatchObject({ exitCode: 0, output: '{"ok":true,"done":"pinSet"}\n' });
    expect(foundIn('output', ended.output + ended.errors, planted)).toEqual([]);
  });

  test('ends with 130 when it is interrupted', async () => {
    const ended = await keys('watch --json --training-key modern-a', { interruptAt: '"inserted"' });
    expect(ended, ended.errors).toMatchObject({ exitCode: 130 });
    expect(ended.output).toContain('"end":"interrupted"');
  });

  test.each([
    ['--help', 0],
    ['nothing', 2],
    ['list --load-extension=/x', 2],
    ['list --proxy-server=127.0.0.1:1', 2],
    ['list --remote-debugging-port=0', 87],
  ])('%s ends with %i before anything is started', async (commandLine, exitCode) => {
    expect(await keys(commandLine)).toMatchObject({ exitCode });
  });
});
