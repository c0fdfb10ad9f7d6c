// One registration, from looking at a fresh key to its proof, again and again: how much of it is the host's (framing, PIN
// protocol, CBOR, checks, two processes), how much the key's own. Plain Node, real time; the line on stdout is the result.
// As at the desk every person gets a fresh key host; a few more registrations in the same process show what being new costs.
//   node registration.js <the bundled key host> <persons>
import { fork } from 'node:child_process';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../../main/adapters/key-host/key-host-supervisor.ts';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { Ceremony, KeyRef } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { creationOptions, RP_ID } from '../support/key-host-desk.ts';
import { hostProcessOf } from '../../main/cli/program/child-host.ts';

type Verb = 'describe' | 'setPin' | 'makeCredential' | 'prove';

/** Milliseconds. `key` is the time inside the virtual key without the wait for its finger, `host` all the rest. */
interface Share {
  readonly host: number;
  readonly key: number;
}

const [hostFile = '', wanted = '0'] = process.argv.slice(2);
/** As many as the host allows in its ten seconds: each asks three times for the PIN. */
const registrationsPerHost = 4;
const stepWithinMs = 20_000;

const clock = systemClock();
const host = superviseKeyHost({
  spawn: () => hostProcessOf(fork(hostFile, { serialization: 'advanced', execArgv: [] })),
  start: { links: 'virtual', rpId: RP_ID },
  clock,
});
const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: true });
const cells = new SecretCells();
const tray = host.channel('tray');
let lastInsertion: string | null = null;
let inside = { tookMs: 0, touchWaitMs: 0 };
tray.onMessage((message) => {
  const { tookMs, touchWaitMs } = message as typeof inside;
  inside = { tookMs: inside.tookMs + tookMs, touchWaitMs: inside.touchWaitMs + touchWaitMs };
});

await new Promise<void>((resolve) => host.onUp(resolve));
type Registration = Readonly<Record<Verb, Share>>;
const first: Registration[] = [];
const later: Registration[] = [];
for (let person = 0; person < Number(wanted); person += 1) {
  for (let count = 0; count < registrationsPerHost; count += 1) {
    const registration = await register(await freshKey());
    (count === 0 ? first : later).push(registration);
  }
  lastInsertion = null;
  await keys.forget();
}
await keys.close();
process.stdout.write(`${JSON.stringify({ first, later })}\n`);

function freshKey(): Promise<KeyRef> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error('the fresh key was not seen')), stepWithinMs);
    const stop = keys.watch((fact) => {
      // The one that was there before is told first.
      if (fact.type !== 'key.inserted' || fact.key.insertion === lastInsertion) return;
      clearTimeout(tooLate);
      stop();
      lastInsertion = fact.key.insertion;
      resolve(fact.key);
    });
    tray.post('fresh');
  });
}

async function register(key: KeyRef): Promise<Registration> {
  const pin = cells.put(new TextEncoder().encode('836194'));
  const ceremony = (): Ceremony => ({ signal: new AbortController().signal, deadlineMs: stepWithinMs });
  const describe = await shareOf(() => keys.describe(key, ceremony()));
  const setPin = await shareOf(() => keys.setPin(key, pin, ceremony()));
  const makeCredential = await shareOf(() => keys.makeCredential(key, creationOptions(), pin, ceremony()));
  const prove = await shareOf(() => keys.prove(key, makeCredential.value, pin, ceremony()));
  pin.wipe();
  return { describe: describe.share, setPin: setPin.share, makeCredential: makeCredential.share, prove: prove.share };
}

/** What the key told while `work` ran came before its answer: both travel in one pipe, in order. */
async function shareOf<Value>(work: () => Promise<Outcome<Value>>): Promise<{ readonly share: Share; readonly value: Value }> {
  inside = { tookMs: 0, touchWaitMs: 0 };
  const startedMs = performance.now();
  const outcome = await work();
  const tookMs = performance.now() - startedMs;
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.reason)}`);
  return { share: { host: tookMs - inside.tookMs, key: inside.tookMs - inside.touchWaitMs }, value: outcome.value };
}
