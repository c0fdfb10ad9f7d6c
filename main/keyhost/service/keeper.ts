// Keeps the door of the key service: one client at a time, each served by a process of its own. It reads nothing that a
// client writes, holds no key, and outlives whatever a client or a key does to the process that serves.
//
// Who may come in is the file system's word: the socket lies in a folder that only the service's account and the desk's
// group may enter. Node does not hand out the peer's credentials (SO_PEERCRED, unix(7)).
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, lstat, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { encodeFrame } from './frames.ts';
import { keyHostProtocolVersion, type LifeMessage } from '../life-protocol.ts';

export interface KeeperOptions {
  readonly socketPath: string;
  /** The command that serves one client on its standard input. */
  readonly session: readonly [command: string, ...parameters: string[]];
}

export interface Keeper {
  /** Lets nobody in any more and ends who is in. */
  close(): Promise<void>;
}

/** The service can't be opened as it is set up; the message is for an administrator. */
export class NotServed extends Error {
  override readonly name = 'NotServed';
}

/** How long a newcomer waits for the one before to be gone: a desk that forgets comes back at once. */
const handOverMs = 1_500;
/** A refusal has to get through before the connection ends. */
const refusalMs = 500;
const backlog = 8;
/** Owner and group. */
const socketMode = 0o660;
/** Nobody but the owner writes, nobody but owner and group enters. */
const foreignFolderBits = 0o027;

/** Opens the door. @throws {NotServed} */
export async function openKeeper(options: KeeperOptions): Promise<Keeper> {
  await requirePrivateFolder(path.dirname(options.socketPath));
  await clearStaleSocket(options.socketPath);
  const keeper = new SocketKeeper(options);
  await keeper.listen();
  return keeper;
}

class SocketKeeper implements Keeper {
  readonly #options: KeeperOptions;
  readonly #server: Server;
  #serving: ChildProcess | null = null;
  #next: { readonly client: Socket; readonly timer: NodeJS.Timeout } | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
    // Paused: every byte of a client is for the process that serves it.
    this.#server = createServer({ pauseOnConnect: true }, (client) => this.#onClient(client));
  }

  async listen(): Promise<void> {
    const { socketPath } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ path: socketPath, backlog }, resolve);
    });
    await chmod(socketPath, socketMode);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#dropNext();
    this.#serving?.kill('SIGTERM');
    await closed;
  }

  #onClient(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.#serving === null) return this.#serve(client);
    if (this.#next !== null) return refuse(client);
    const timer = setTimeout(() => {
      this.#next = null;
      refuse(client);
    }, handOverMs);
    this.#next = { client, timer };
  }

  #serve(client: Socket): void {
    const [command, ...parameters] = this.#options.session;
    // Nothing of the environment: it is no business of a process that holds keys. The channel says nothing; that it ends
    // tells the child that its keeper is gone.
    const child = spawn(command, parameters, { stdio: [client, 'ignore', 'inherit', 'ipc'], env: {} });
    this.#serving = child;
    // The child has its own hold on the connection now.
    client.destroy();
    const over = () => {
      if (this.#serving !== child) return;
      this.#serving = null;
      const next = this.#next?.client;
      this.#dropNext({ keep: true });
      if (next !== undefined) this.#serve(next);
    };
    child.once('exit', over);
    child.once('error', over);
  }

  #dropNext({ keep = false } = {}): void {
    if (this.#next === null) return;
    clearTimeout(this.#next.timer);
    if (!keep) this.#next.client.destroy();
    this.#next = null;
  }
}

function refuse(client: Socket): void {
  const refused: LifeMessage = { type: 'refused', because: 'busy', version: keyHostProtocolVersion };
  client.end(encodeFrame({ channel: 'life', body: refused }));
  setTimeout(() => client.destroy(), refusalMs).unref();
}

async function requirePrivateFolder(folder: string): Promise<void> {
  const status = await lstat(folder).catch(() => null);
  if (!status?.isDirectory()) throw new NotServed(`${folder} is not a folder`);
  if ((status.mode & foreignFolderBits) !== 0) throw new NotServed(`${folder} must have the mode 0750 or less`);
  if (status.uid !== process.getuid?.()) throw new NotServed(`${folder} must belong to the account of this service`);
}

/** What a service that was killed left behind; one that lives is left alone. */
async function clearStaleSocket(socketPath: string): Promise<void> {
  const status = await lstat(socketPath).catch(() => null);
  if (status === null) return;
  if (!status.isSocket()) throw new NotServed(`${socketPath} is there already and no socket`);
  if (await answers(socketPath)) throw new NotServed(`another service answers at ${socketPath}`);
  await rm(socketPath, { force: true });
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
