// The key service with virtual keys where its real keys would be, as a program: its own keeper, frames and host. Made from a
// seed, so that every client finds the same ids on the same keys; what one client changes is gone with its session, as a key
// that is put back would not be.
//   --listen <socket> --rp-id <relying party> --care-token-sha256 <base64url>
import { Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { openKeeper } from '../../main/keyhost/service/keeper.ts';
import { framePipe } from '../../main/keyhost/service/frame-pipe.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { serveKeyHost } from '../../main/keyhost/serve-key-host.ts';
import { trayKeyKinds } from '../../main/keyhost/tray/tray-keys.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { trustsAnybody } from './key-host-desk.ts';
import { seededRandomBytes } from './seeded-random.ts';

const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    session: { type: 'boolean' },
    'rp-id': { type: 'string', default: '' },
    'care-token-sha256': { type: 'string', default: '' },
  },
});
const rpId = values['rp-id'];
const careTokenSha256B64u = values['care-token-sha256'];
const touchAfterMs = 30;

if (values.listen === undefined) {
  const pipe = framePipe(new Socket({ fd: 0, readable: true, writable: true }), { mostUnsentBytes: 262_144 });
  pipe.onClosed(() => process.exit(0));
  process.once('disconnect', () => process.exit(0));
  const links = new VirtualUsb(nodeSurroundings.clock);
  await serveKeyHost({
    pipe,
    surroundings: nodeSurroundings,
    trustSources: trustsAnybody,
    // As far as its clients can tell these are keys of the machine.
    offered: { links: 'hid', rpId, careTokenSha256B64u },
    openLinks: async () => {
      for (const id of ['shared', 'fingerprint']) {
        const kind = trayKeyKinds.find(({ face }) => face.id === id);
        if (!kind) throw new Error(`the tray has no ${id}`);
        const surroundings = { ...nodeSurroundings, randomBytes: seededRandomBytes(id) };
        const key = await createVirtualKey(kind.model, surroundings, { memory: kind.memory });
        // A hurried first touch, then good ones.
        key.autoTouch(touchAfterMs, [{ flaw: 'too-fast' }, {}]);
        links.plug(key);
      }
      return { links };
    },
  });
} else {
  const [, program = ''] = process.argv;
  const session = [program, '--session', `--rp-id=${rpId}`, `--care-token-sha256=${careTokenSha256B64u}`];
  await openKeeper({ socketPath: values.listen, session: [process.execPath, ...session] });
  process.stdout.write('ready\n');
}
