// `firstkey keys …` as processes: the command under plain Node, the key host as it ships, virtual keys, pipes and a real
// pseudo-terminal. What is typed in secret is in nothing that comes out, and nothing is left running.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleOf } from '../support/key-host-process.ts';
import { foundIn } from '../support/planted.ts';

const planted = { present: 'pLanted-4711', chosen: 'qLanted-0815' };
const trainingPin = '271828';
const endsWithinMs = 15_000;

let folder: string;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await bundleOf({ cli: 'main/cli/index.ts', keyhost: 'main/keyhost/index.ts' });
}, 60_000);
afterAll(async () => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<Ended>;
}

function follow(child: ChildProcess): Running {
  started.add(child);
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output, errors });
    });
  });
  return { child, output: () => output, errors: () => errors, ended };
}

function start(...commandLine: readonly string[]): Running {
  return follow(spawn(process.execPath, [path.join(folder, 'cli.js'), 'keys', ...commandLine], { stdio: 'pipe' }));
}

/** Runs a command to its end with these lines as its standard input. */
async function run(commandLine: string, lines: readonly string[] = []): Promise<Ended> {
  const running = start('--world=training', ...commandLine.split(' '));
  running.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  return running.ended;
}

async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const untilMs = performance.now() + endsWithinMs;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`did not come: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const documentOf = ({ output }: Ended): Record<string, unknown> => {
  expect(output.trimEnd()).not.toContain('\n');
  return JSON.parse(output) as Record<string, unknown>;
};

describe('a command', () => {
  test('lists every key there is, with its name', async () => {
    const ended = await run('list --json --training-key modern-a --training-key ctap20 --training-key u2f');
    expect(ended).toMatchObject({ exitCode: 0, errors: '' });
    const { keys } = documentOf(ended) as { keys: { name: string; description: { model: string } }[] };
    expect(keys.map(({ description }) => description.model)).toEqual([
      'Firstkey Training Key A',
      'Firstkey Training Key 2019',
      'Firstkey Training U2F',
    ]);
    const name = keys[1]?.name ?? '';
    const again = await run(`info --json --key ${name} --training-key ctap20 --training-key modern-a`);
    expect(documentOf(again)).toMatchObject({ ok: true, key: { name, description: { model: 'Firstkey Training Key 2019' } } });
  });

  test('ends with 3 where there is no key', async () => {
    expect(await run('list')).toMatchObject({ exitCode: 3, output: '', errors: 'No key is plugged in.\n' });
    expect(documentOf(await run('info --json'))).toMatchObject({ ok: false, exitCode: 3 });
  });

  test('names the training keys there are', async () => {
    const ended = await run('list --json --training-key nothing');
    expect(ended.exitCode).toBe(2);
    expect(documentOf(ended)).toMatchObject({
      trouble: 'noSuchTrainingKey',
      choices: expect.arrayContaining(['modern-a']) as string[],
    });
  });

  test('that is not understood starts nothing', async () => {
    expect(await run('set-pin --json pLanted-4711')).toMatchObject({ exitCode: 2, errors: '' });
    expect(await run('--help')).toMatchObject({ exitCode: 0, errors: '' });
  });

  test('erases a key that hands pulled out and plugged in again, and says each step', async () => {
    const ended = await run('reset --yes --json --training-key pin-set');
    expect(ended.exitCode).toBe(0);
    expect(documentOf(ended)).toEqual({ ok: true, done: 'erased', recognisedBy: 'likeness', seenFresh: true });
    const steps = ended.errors.trim().split('\n');
    expect(steps.map((line) => (JSON.parse(line) as { step: string }).step).filter((step) => step !== 'wait')).toEqual([
      'remove',
      'insertAgain',
      'touch',
      'touched',
    ]);
  });

  test('sets a minimum PIN length on a key without a PIN', async () => {
    expect(documentOf(await run('config min-pin-length 8 --yes --json --training-key modern-a'))).toEqual({
      ok: true,
      done: 'configured',
      change: { setting: 'minPinLength', length: 8, forceChange: false },
    });
  });
});

describe('a PIN from a pipe', () => {
  test('is set, and is in nothing that comes out', async () => {
    for (const json of ['', ' --json']) {
      const ended = await run(`set-pin --training-key modern-a${json}`, [planted.chosen]);
      expect(ended.exitCode).toBe(0);
      expect(foundIn('output', ended.output + ended.errors, planted)).toEqual([]);
    }
  });

  test('that is wrong costs one try, which is told, and is in nothing that comes out', async () => {
    for (const json of ['', ' --json']) {
      const ended = await run(`change-pin --training-key pin-set${json}`, [planted.present, planted.chosen]);
      expect(ended.exitCode).toBe(1);
      expect(ended.output + ended.errors).toContain('key.pinWrong');
      expect(ended.output + ended.errors).toContain('7');
      expect(foundIn('output', ended.output + ended.errors, planted)).toEqual([]);
    }
  });

  test('changes the one that is there', async () => {
    expect(await run('change-pin --training-key pin-set', [trainingPin, planted.chosen])).toMatchObject({ exitCode: 0 });
  });

  test('opens the accounts of a key', async () => {
    const ended = await run('credentials list --json --training-key pin-set', [trainingPin]);
    expect(documentOf(ended)).toMatchObject({ ok: true, accounts: [] });
  });

  test('that does not come is waited for no longer than the pipe is open', async () => {
    expect(documentOf(await run('change-pin --json --training-key pin-set'))).toMatchObject({
      exitCode: 2,
      trouble: 'noPinGiven',
    });
  });

  test('typed as an argument is not repeated', async () => {
    for (const place of ['set-pin ', 'set-pin --pin=', '', 'list --', 'config min-pin-length ']) {
      const ended = await run(`${place}${planted.present}`);
      expect(ended.exitCode).toBe(2);
      expect(foundIn('output', ended.output + ended.errors, planted)).toEqual([]);
    }
  });
});

describe.runIf(process.platform === 'linux')('an end', () => {
  /** Processes that run the bundle's key host. */
  async function keyHosts(): Promise<readonly string[]> {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(ids.map(async (id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
    return lines.filter((line) => line.includes(path.join(folder, 'keyhost.js')));
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s is clean: exit code 130, and no key host', async (signal) => {
    const running = start('watch', '--world=training', '--json', '--training-key', 'modern-a');
    await until(() => running.output().includes('inserted'), running.output);
    expect(await keyHosts()).toHaveLength(1);
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended.exitCode).toBe(130);
    expect(
      ended.output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([{ event: 'inserted' }, { end: 'interrupted' }]);
    expect(await keyHosts()).toEqual([]);
  });

  test('in the middle of a reset leaves nothing running', async () => {
    const running = start('reset', '--yes', '--world=training', '--training-key', 'pin-set');
    await until(() => running.errors().includes('Touch the key'), running.errors);
    running.child.kill('SIGINT');
    expect((await running.ended).exitCode).toBe(130);
    expect(await keyHosts()).toEqual([]);
  });

  test('by force takes the key host along', async () => {
    const running = start('watch', '--world=training', '--json', '--training-key', 'modern-a');
    await until(() => running.output().includes('inserted'), running.output);
    running.child.kill('SIGKILL');
    await until(
      async () => (await keyHosts()).length === 0,
      () => 'the end of the key host',
    );
    expect(await keyHosts()).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a person at a terminal', () => {
  /** The command on a pseudo-terminal of its own (util-linux, script(1)). All that the terminal shows is its output. */
  function atTerminal(commandLine: string): Running {
    const command = `${process.execPath} ${path.join(folder, 'cli.js')} keys ${commandLine} --world=training`;
    return follow(spawn('script', ['-qefc', command, '/dev/null'], { stdio: 'pipe' }));
  }

  async function answer(running: Running, question: string, line: string): Promise<void> {
    await until(() => running.output().includes(question), running.output);
    running.child.stdin?.write(line);
  }

  test('types PINs that nobody sees', async () => {
    const running = atTerminal('change-pin --training-key pin-set');
    await answer(running, 'PIN of the key (8 tries left): ', `${trainingPin}\r`);
    await answer(running, 'New PIN, at least', `${planted.chosen}\r`);
    await answer(running, 'The new PIN again: ', `${planted.chosen}\r`);
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.output).toContain('The PIN is changed.');
    expect(foundIn('the terminal', ended.output, { ...planted, trainingPin })).toEqual([]);
  });

  test('breaks off while typing with Ctrl+C', async () => {
    const running = atTerminal('change-pin --training-key pin-set');
    await answer(running, 'PIN of the key', 'pLan');
    running.child.stdin?.write('\u0003');
    const ended = await running.ended;
    expect(ended.exitCode).toBe(130);
    expect(ended.output).toContain('Interrupted');
    expect(ended.output).not.toContain('pLan');
  });

  test('breaks off while nothing is typed with Ctrl+C, which every process there gets', async () => {
    const running = atTerminal('watch --training-key modern-a');
    await until(() => running.output().includes('Training Key A'), running.output);
    running.child.stdin?.write('\u0003');
    const ended = await running.ended;
    expect(ended.exitCode).toBe(130);
    expect(ended.output).not.toContain('fell');
  });

  test('types the name of the key that is to be erased', async () => {
    const running = atTerminal('reset --training-key pin-set');
    await until(() => /Type [0-9a-f]{6} to go on: /.test(running.output()), running.output);
    const [, name = ''] = /Type ([0-9a-f]{6}) to go on: /.exec(running.output()) ?? [];
    running.child.stdin?.write(`${name}\r`);
    const ended = await running.ended;
    expect(ended.exitCode).toBe(0);
    expect(ended.output).toContain('looks as from the factory');
  });

  test('types another word, and nothing is erased', async () => {
    const running = atTerminal('reset --training-key pin-set');
    await answer(running, 'to go on: ', 'yes\r');
    const ended = await running.ended;
    expect(ended.exitCode).toBe(130);
    expect(ended.output).toContain('Not confirmed. Nothing was changed.');
  });
});
