// The key host as a service of the machine, under an account of its own, for a desk whose account may not open keys.
//   --listen <socket>   serves one client after the other on a local socket
//   --session           serves the one client on standard input, a socket: the keeper's child, or systemd's Accept=yes
//   --session --stdout  the same over two pipes, with the answers on standard output: assets/station/windows
// service-options.ts has the rest: the one relying party, who may take care of keys, and which keys get a PIN here whatever a
// desk says of it.
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { KeyHostStart } from '../life-protocol.ts';
import { stopOnBugs } from '../stop-on-bugs.ts';
import { NotServed, openKeeper, type Keeper } from './keeper.ts';
import { readServiceOptions, sessionArguments, usage } from './service-options.ts';
import { serveSession } from './session.ts';

/** EX_USAGE and EX_CONFIG of sysexits. */
const exitCodes = { usage: 64, config: 78 } as const;
const standardInput = 0;

stopOnBugs('key service');

const [, program = '', ...args] = process.argv;
const asked = readServiceOptions(args);

if (asked === null) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = exitCodes.usage;
} else if ('socketPath' in asked.serves) {
  void keep(asked.serves.socketPath, asked.offered);
} else {
  const isPiped = asked.serves.client === 'twoPipes';
  serveSession(isPiped ? twoPipes() : new Socket({ fd: standardInput, readable: true, writable: true }), asked.offered);
}

function twoPipes(): Duplex {
  return Duplex.from({ readable: process.stdin, writable: process.stdout });
}

async function keep(socketPath: string, offered: KeyHostStart): Promise<void> {
  try {
    // The file that was started: the bundler may have put this module's code into another.
    const keeper = await openKeeper({ socketPath, session: [process.execPath, program, ...sessionArguments(offered)] });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(keeper));
    process.stdout.write('key service: ready\n');
  } catch (error) {
    if (!(error instanceof NotServed)) throw error;
    process.stderr.write(`key service: ${error.message}\n`);
    process.exitCode = exitCodes.config;
  }
}

async function end(keeper: Keeper): Promise<void> {
  await keeper.close();
  process.exit(0);
}
