// The key host as a service of the machine, under an account of its own, for a desk whose account may not open keys.
//   --listen <socket>   serves one client after the other on a local socket
//   --session           serves the one client on standard input, a socket: the keeper's child, or systemd's Accept=yes
//   --session --stdout  the same over two pipes, with the answers on standard output: scripts/pack/windows
// Both take --rp-id, the one relying party, and --links (hid or virtual); a client that wants another is refused. With
// --care-token-sha256 (base64url) whoever brings that token may take care of keys; without, nobody may. --metadata names the file
// in which a desk keeps the FIDO metadata, --metadata-grace-days how long it counts after its time.
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { parseArgs } from 'node:util';
import { keyHostStartSchema, type KeyHostStart } from '../life-protocol.ts';
import { stopOnBugs } from '../stop-on-bugs.ts';
import { NotServed, openKeeper, type Keeper } from './keeper.ts';
import { serveSession } from './session.ts';

/** EX_USAGE and EX_CONFIG of sysexits. */
const exitCodes = { usage: 64, config: 78 } as const;
const standardInput = 0;

stopOnBugs('key service');

const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    session: { type: 'boolean' },
    stdout: { type: 'boolean', default: false },
    'rp-id': { type: 'string' },
    links: { type: 'string', default: 'hid' },
    'care-token-sha256': { type: 'string' },
    metadata: { type: 'string' },
    'metadata-grace-days': { type: 'string', default: '0' },
  },
});
const careTokenSha256B64u = values['care-token-sha256'];
const offered = keyHostStartSchema.safeParse({
  links: values.links,
  rpId: values['rp-id'],
  ...(careTokenSha256B64u === undefined ? {} : { careTokenSha256B64u }),
  ...(values.metadata === undefined
    ? {}
    : { metadata: { keptFile: values.metadata, graceDays: Number(values['metadata-grace-days']) } }),
});

if (!offered.success || (values.listen === undefined) === (values.session === undefined)) {
  process.stderr.write(
    'usage: --listen <socket> | --session [--stdout], with --rp-id <relying party>, --links hid | virtual, --care-token-sha256, --metadata\n',
  );
  process.exitCode = exitCodes.usage;
} else if (values.listen === undefined) {
  serveSession(values.stdout ? twoPipes() : new Socket({ fd: standardInput, readable: true, writable: true }), offered.data);
} else {
  void keep(values.listen, offered.data);
}

function twoPipes(): Duplex {
  return Duplex.from({ readable: process.stdin, writable: process.stdout });
}

async function keep(socketPath: string, { links, rpId, careTokenSha256B64u: care, metadata }: KeyHostStart): Promise<void> {
  // The file that was started: the bundler may have put this module's code into another.
  const [, program = ''] = process.argv;
  const careToken = care === undefined ? [] : [`--care-token-sha256=${care}`];
  const kept = metadata ? [`--metadata=${metadata.keptFile}`, `--metadata-grace-days=${metadata.graceDays}`] : [];
  const session = [program, '--session', '--rp-id', rpId, '--links', links, ...careToken, ...kept];
  try {
    const keeper = await openKeeper({ socketPath, session: [process.execPath, ...session] });
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
