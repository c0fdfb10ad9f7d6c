// A desk under another account than the test's: connects to the key service whose socket is named on the command line, plugs
// a practice key in, sets its PIN and makes a credential. Prints what came of it as one line of JSON; the second argument is how
// many milliseconds that may take.
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { connectKeyService } from '../../main/adapters/key-host/connect-key-service.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost, type KeyHostTrouble } from '../../main/adapters/key-host/key-host-supervisor.ts';
import { createTrayClient } from '../../main/adapters/key-host/tray-client.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { KeyProgress, KeyRef } from '../../main/ports/key.ts';
import { creationOptions, RP_ID } from './key-host-desk.ts';

const clock = systemClock();
const troubles: KeyHostTrouble[] = [];
const host = superviseKeyHost({
  clock,
  spawn: () => connectKeyService(process.argv[2] ?? ''),
  start: { links: 'virtual', rpId: RP_ID },
  onTrouble: (trouble) => troubles.push(trouble),
});
const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
const tray = createTrayClient({ host, clock });
const pin = new SecretCells().put(new TextEncoder().encode('pLanted-5501'));
const giveUpMs = Number(process.argv[3]);

const plugged = new Promise<KeyRef>((resolve) => {
  keys.watch((fact) => {
    if (fact.type === 'key.inserted') resolve(fact.key);
  });
});
tray.onKeys(([first]) => {
  if (first?.state === 'inTray') void tray.plugIn(first.id);
});
const ceremony = {
  signal: new AbortController().signal,
  deadlineMs: 15_000,
  onProgress: (progress: KeyProgress) => {
    if (progress === 'touchNeeded') void tray.touch('modern-a', 'finger');
  },
};

async function story(): Promise<unknown> {
  const key = await plugged;
  const described = await keys.describe(key, ceremony);
  const set = await keys.setPin(key, pin, ceremony);
  const made = await keys.makeCredential(key, creationOptions(), pin, ceremony);
  const elsewhere = await keys.makeCredential(key, creationOptions({ rp: { id: 'evil.example', name: 'x' } }), pin, ceremony);
  return { described: described.ok, set: set.ok, made: made.ok, elsewhere };
}

const gaveUp = new Promise<unknown>((resolve) => setTimeout(() => resolve({ troubles: [...troubles] }), giveUpMs).unref());
const told = await Promise.race([story(), gaveUp]);
process.stdout.write(`${JSON.stringify({ ...(told as object), uid: process.getuid?.() })}\n`);
await keys.close();
process.exit(0);
