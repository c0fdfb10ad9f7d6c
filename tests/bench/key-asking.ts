// How long the process that asks a key host is ever held by what keys do: it describes keys, sets PINs and registers, while
// the keys of the training tray are plugged in and taken out in a storm, with its event loop watched. The key host is the
// application's own, in its own process. Plain Node, real time; the line on stdout is the result.
//   node key-asking.js <the bundled key host> <seconds>
import { fork } from 'node:child_process';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../../main/adapters/key-host/key-host-supervisor.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import { trayMessageSchema, type TrayRequest } from '../../main/keyhost/tray/tray-protocol.ts';
import type { Ceremony, KeyRef } from '../../main/ports/key.ts';
import { RP_ID, creationOptions } from '../support/key-host-desk.ts';
import { hostProcessOf } from '../../main/cli/program/child-host.ts';
import { watchTurns } from './turn-times.ts';

/** As `Omit`, for each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const [hostFile = '', seconds = '0'] = process.argv.slice(2);
const WARM_UP_MS = 2_000;
const STORM_EVERY_MS = 25;
const PAUSE_MS = 20;
const PIN = '836194';

const clock = systemClock();
const host = superviseKeyHost({
  spawn: () => hostProcessOf(fork(hostFile, { serialization: 'advanced', execArgv: [] })),
  start: { links: 'virtual', rpId: RP_ID },
  clock,
});
const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
const cells = new SecretCells();
const there = new Map<string, KeyRef>();
let facts = 0;
keys.watch((fact) => {
  facts += 1;
  if (fact.type === 'key.inserted') there.set(fact.key.insertion, fact.key);
  if (fact.type === 'key.removed') there.delete(fact.key.insertion);
});
await new Promise<void>((resolve) => host.onUp(resolve));

const tray = host.channel('tray');
let trayKeys: readonly string[] = [];
tray.onMessage((body) => {
  const message = trayMessageSchema.parse(body);
  if (message.type === 'keys') trayKeys = message.keys.map(({ id }) => id);
});
let requests = 1;
const ask = (request: DistributiveOmit<TrayRequest, 'id'>): void => tray.post({ ...request, id: requests++ });
ask({ verb: 'open' });
/** All but the first come and go; those that blink are touched. */
const storm = setInterval(() => {
  const [staying, ...others] = trayKeys;
  if (staying === undefined) return;
  ask({ verb: 'plugIn', keyId: staying });
  ask({ verb: 'touch', keyId: staying, how: 'finger' });
  for (const [index, keyId] of others.entries()) ask({ verb: (requests + index) % 2 === 0 ? 'plugIn' : 'takeOut', keyId });
}, STORM_EVERY_MS);

const ceremony = (): Ceremony => ({ signal: new AbortController().signal, deadlineMs: 10_000 });
let turns = watchTurns();
let isWarm = false;
const asked = { ok: 0, refused: 0 };
const tell = ({ ok }: { readonly ok: boolean }): void => void (asked[ok ? 'ok' : 'refused'] += 1);
const startedMs = performance.now();
const isOver = (afterMs: number): boolean => performance.now() - startedMs > afterMs;
while (!isOver(WARM_UP_MS + Number(seconds) * 1_000)) {
  if (!isWarm && isOver(WARM_UP_MS)) {
    isWarm = true;
    turns.stop();
    turns = watchTurns();
  }
  // As a desk does: the keys that are there now. Some are gone before they are asked, which is part of what is measured.
  await Promise.all(
    [...there.values()].map(async (key) => {
      tell(await keys.describe(key, ceremony()));
      const pin = cells.put(new TextEncoder().encode(PIN));
      tell(await keys.setPin(key, pin, ceremony()));
      tell(await keys.makeCredential(key, creationOptions(), pin, ceremony()));
      pin.wipe();
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
const times = turns.stop();
clearInterval(storm);
const result = { facts, ...asked, ...times };
export type KeyAskingResult = typeof result;
process.stdout.write(`${JSON.stringify(result)}\n`);
await keys.close();
