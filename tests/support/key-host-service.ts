// The key service as it ships, under an account of its own, with a folder only it and the desk's group may enter.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RP_ID } from './key-host-desk.ts';
import { bundleOf } from './key-host-process.ts';

/** Accounts that exist nowhere but in a test: numbers are all the kernel asks for. */
export const accounts = {
  service: { uid: 20_011, gid: 20_010 },
  desk: { uid: 20_012, gid: 20_010 },
  stranger: { uid: 20_013, gid: 20_013 },
} as const;

/** Whoever brings it may take care of keys. */
export const careToken = 'a token of thirty-two characters';
const sha256Of = (text: string) => createHash('sha256').update(text).digest('base64url');

export interface KeyServiceBench {
  readonly socketPath: string;
  /** What the service and its sessions wrote. */
  readonly output: readonly string[];
  /** Starts the service and waits until its door is open. */
  start(): Promise<void>;
  /** The running service. */
  readonly service: ChildProcess;
  /** Serves one client over two pipes, as on Windows. */
  session(): ChildProcess;
  /** Ends the service with `signal` and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Runs the other account's desk; resolves with its last line, parsed. */
  /** What came of a desk of that account; `giveUpMs` for whoever may not come in, and more for whoever may. */
  deskAs(account: { readonly uid: number; readonly gid: number }, giveUpMs: number): Promise<unknown>;
  remove(): Promise<void>;
}

export async function keyServiceBench(): Promise<KeyServiceBench> {
  const programs = await bundleOf({
    'key-service': 'main/keyhost/service/index.ts',
    desk: 'tests/support/key-host-foreign-desk.ts',
  });
  await chmod(programs, 0o755);
  const folder = await mkdtemp(path.join(tmpdir(), 'firstkey-keys-'));
  await chown(folder, accounts.service.uid, accounts.service.gid);
  await chmod(folder, 0o750);
  const socketPath = path.join(folder, 'keys.sock');
  const output: string[] = [];
  const offer = ['--rp-id', RP_ID, '--links', 'virtual', `--care-token-sha256=${sha256Of(careToken)}`];
  let service: ChildProcess | null = null;
  const running = () => {
    if (!service) throw new Error('the service does not run');
    return service;
  };
  const bench: KeyServiceBench = {
    socketPath,
    output,
    start: async () => {
      const program = path.join(programs, 'key-service.js');
      const child = spawn(process.execPath, [program, '--listen', socketPath, ...offer], {
        ...accounts.service,
        cwd: '/',
        env: {},
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      service = child;
      await new Promise<void>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (chunk: Buffer) => {
            output.push(chunk.toString());
            if (chunk.toString().includes('ready')) resolve();
          });
        }
        child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${output.join('')}`)));
      });
    },
    get service() {
      return running();
    },
    session: () =>
      spawn(process.execPath, [path.join(programs, 'key-service.js'), '--session', '--stdout', ...offer], {
        ...accounts.service,
        cwd: '/',
        env: {},
      }),
    stop: async (signal = 'SIGTERM') => {
      const child = running();
      service = null;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    deskAs: async (account, giveUpMs) => {
      const child = spawn(process.execPath, [path.join(programs, 'desk.js'), socketPath, String(giveUpMs)], {
        ...account,
        cwd: '/',
        env: {},
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await new Promise((resolve) => child.once('close', resolve));
      const [last = ''] = said.trim().split('\n').slice(-1);
      if (!last.startsWith('{')) throw new Error(`the other desk said: ${said}`);
      return JSON.parse(last);
    },
    remove: async () => {
      if (service) await bench.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
      await rm(programs, { recursive: true, force: true });
    },
  };
  return bench;
}
