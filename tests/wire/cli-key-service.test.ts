// `firstkey keys …` where a service holds the keys: the settings name its socket, the service runs as another process, and its
// technicians' token opens it. The settings file is the machine's own; a mount namespace gives the command one.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cliBench, documentOf, stepsOf, until, type CliBench, type Ended } from '../support/cli-bench.ts';
import { RP_ID } from '../support/key-host-desk.ts';
import { foundIn } from '../support/planted.ts';

const pin = '271828';
const planted = { token: 'a token of thirty-two characters', pin };
const readyWithinMs = 20_000;

let place: string;
let bench: CliBench;
let service: ChildProcess;
const socketPath = () => path.join(place, 'keys.sock');

// Root alone may show one process another /etc, and a service's folder must not belong to whoever connects.
const mayRun = process.platform === 'linux' && process.getuid?.() === 0;

beforeAll(async () => {
  if (!mayRun) return;
  place = await mkdtemp(path.join(tmpdir(), 'firstkey-keys-'));
  await chmod(place, 0o750);
  const etc = path.join(place, 'etc');
  await mkdir(path.join(etc, 'firstkey'), { recursive: true });
  await writeFile(
    path.join(etc, 'firstkey', 'settings.json'),
    JSON.stringify({ world: 'rehearsal', registrationRpId: RP_ID, keyService: socketPath() }),
  );
  bench = await cliBench({
    programs: { service: 'tests/support/key-service-of-virtual-keys.ts' },
    // Nothing of this environment: it may name files of the /etc that is hidden.
    inside: [
      'env',
      '-i',
      `PATH=${process.env['PATH'] ?? ''}`,
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mount --bind ${etc} /etc && exec "$@"`,
      'sh',
    ],
  });
  const hash = createHash('sha256').update(planted.token).digest('base64url');
  const parameters = ['--listen', socketPath(), '--rp-id', RP_ID, `--care-token-sha256=${hash}`];
  service = spawn(process.execPath, [bench.program('service'), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!service.stdout) throw new Error('the service has no output');
  await once(service.stdout, 'data', { signal: AbortSignal.timeout(readyWithinMs) });
}, 60_000);
afterEach(() => bench?.killAll());
afterAll(async () => {
  service?.kill('SIGKILL');
  await bench?.remove();
  if (place !== undefined) await rm(place, { recursive: true, force: true });
});

async function run(command: string, lines: readonly string[]): Promise<Ended> {
  const ended = await bench.run([...command.split(' '), '--json'], lines);
  expect(foundIn('what came out', ended.output + ended.errors, planted)).toEqual([]);
  return ended;
}

interface Listed {
  readonly keys: readonly { readonly name: string; readonly description: { readonly model: string } }[];
}

/** How a command calls the key of this model. */
async function nameOf(model: string): Promise<string> {
  const { keys } = documentOf(await run('list', [planted.token])) as unknown as Listed;
  const key = keys.find(({ description }) => description.model === model);
  if (!key) throw new Error(`no ${model} among ${JSON.stringify(keys)}`);
  return key.name;
}

test.runIf(mayRun)('the token comes first, then the PIN: accounts are listed, and one is deleted by its id', async () => {
  const name = await nameOf('Firstkey Training Key S');
  const listed = documentOf(await run(`credentials list --key ${name}`, [planted.token, pin])) as unknown as {
    accounts: readonly { credentialIdB64u: string; userName: string }[];
  };
  const samuel = listed.accounts.find(({ userName }) => userName === 'samuel.okafor@meridian.example');
  expect(listed.accounts).toHaveLength(4);
  const ended = await run(`credentials delete --yes ${samuel?.credentialIdB64u} --key ${name}`, [planted.token, pin]);
  expect(documentOf(ended)).toEqual({ ok: true, done: 'accountDeleted' });
});

test.runIf(mayRun)(
  'a finger is taught with a hurried touch among the good ones; one that is there is renamed and removed',
  async () => {
    const name = await nameOf('Firstkey Training Key Bio');
    const taught = await run(`fingerprints add --name Index --key ${name}`, [planted.token, pin]);
    expect(documentOf(taught)).toMatchObject({ ok: true, fingerprint: { name: 'Index' } });
    expect(
      stepsOf(taught)
        .filter(({ step }) => step === 'sample')
        .map(({ quality, left }) => `${String(quality)} ${String(left)}`),
    ).toEqual(['tooFast 4', 'good 3', 'good 2', 'good 1', 'good 0']);
    const { fingerprints } = documentOf(await run(`fingerprints list --key ${name}`, [planted.token, pin])) as unknown as {
      fingerprints: readonly { templateIdB64u: string; name: string }[];
    };
    const [there] = fingerprints;
    expect(there?.name).toBe('Left thumb');
    const id = there?.templateIdB64u ?? '';
    expect(documentOf(await run(`fingerprints rename ${id} Thumb --key ${name}`, [planted.token, pin]))).toEqual({
      ok: true,
      done: 'fingerprintRenamed',
    });
    expect(documentOf(await run(`fingerprints remove --yes ${id} --key ${name}`, [planted.token, pin]))).toEqual({
      ok: true,
      done: 'fingerprintRemoved',
    });
  },
);

test.runIf(mayRun)('another token opens nothing', async () => {
  const ended = await run('info', ['a token that nobody gave out']);
  expect(ended.exitCode).not.toBe(0);
  expect(documentOf(ended)).toMatchObject({ ok: false, reason: { code: 'key.refused' } });
});

test.runIf(mayRun)('without a token nothing is asked of the service', async () => {
  expect(documentOf(await run('info', []))).toMatchObject({ ok: false, exitCode: 2, trouble: 'noToken' });
  expect(documentOf(await run('info', ['short']))).toMatchObject({ ok: false, exitCode: 2, trouble: 'noToken' });
});

test.runIf(mayRun)('a service that has its client says so, and the command ends', async () => {
  const desk = connect(socketPath());
  try {
    await once(desk, 'connect');
    const ended = await run('list', [planted.token]);
    expect(ended.exitCode).toBe(3);
    expect(documentOf(ended)).toMatchObject({ reason: { code: 'key.serviceBusy' } });
  } finally {
    desk.destroy();
  }
});

test.runIf(mayRun)('at a terminal the token is asked for and not shown', async () => {
  const running = bench.atTerminal(['list']);
  await until(() => /token/i.test(running.output()), running.output);
  running.child.stdin?.write(`${planted.token}\r`);
  const ended = await running.ended;
  expect(ended.exitCode, ended.output).toBe(0);
  expect(ended.output).toContain('Firstkey Training Key S');
  expect(foundIn('the terminal', ended.output, planted)).toEqual([]);
});
