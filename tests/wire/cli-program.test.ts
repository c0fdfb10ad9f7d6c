// `firstkey keys …` as processes: the command under plain Node, the key host as it ships, virtual keys, pipes and a real
// pseudo-terminal. What is typed in secret is in nothing that comes out, and nothing is left running.
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cliBench, documentOf, until, type CliBench, type Ended, type Running } from '../support/cli-bench.ts';
import { foundIn } from '../support/planted.ts';

const planted = { present: 'pLanted-4711', chosen: 'qLanted-0815' };
const trainingPin = '271828';

let bench: CliBench;

beforeAll(async () => {
  bench = await cliBench();
}, 60_000);
afterAll(() => bench.remove());
afterEach(() => bench.killAll());

const start = (...commandLine: readonly string[]): Running => bench.start(commandLine);

/** Runs a command in training to its end with these lines as its standard input. */
const run = (commandLine: string, lines: readonly string[] = []): Promise<Ended> =>
  bench.run(['--world=training', ...commandLine.split(' ')], lines);

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

  test('is done to the key that is touched, of any make', async () => {
    for (const [meant, other, model] of [
      ['ctap20', 'modern-a', 'Firstkey Training Key 2019'],
      ['u2f', 'modern-c', 'Firstkey Training U2F'],
    ] as const) {
      const ended = await run(`info --json --touch --training-key ${meant} --training-key ${other}`);
      expect(ended.exitCode).toBe(0);
      expect(documentOf(ended)).toMatchObject({ ok: true, key: { description: { model } } });
      expect(ended.errors).toContain('{"step":"choose"}');
    }
  });

  test('of several keys wants to know which', async () => {
    const ended = await run('info --training-key ctap20 --training-key modern-a');
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('--touch');
    const both = await run('info --json --touch --key 1204 --training-key ctap20');
    expect(documentOf(both)).toMatchObject({ ok: false, exitCode: 2 });
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
    return lines.filter((line) => line.includes(bench.keyHostFile));
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
  const atTerminal = (commandLine: string): Running => bench.atTerminal([...commandLine.split(' '), '--world=training']);

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

  test('touches the key that is meant, of several', async () => {
    const ended = await atTerminal('info --training-key ctap20 --training-key modern-a').ended;
    expect(ended.exitCode).toBe(0);
    expect(ended.output).toContain('Touch the key you mean');
    expect(ended.output).toContain('Firstkey Training Key 2019');
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
