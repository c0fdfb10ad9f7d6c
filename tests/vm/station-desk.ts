// A desk under an account of its own, in the guest: says whether it may open a key's device, and what it sees through the service.
import { open } from 'node:fs/promises';
import { connectKeyService } from '../../main/adapters/key-host/connect-key-service.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../../main/adapters/key-host/key-host-supervisor.ts';
import { patientClock } from './guest-slowness.ts';

const [socket, device] = process.argv.slice(2);
if (socket === undefined || device === undefined) throw new Error('usage: station-desk SOCKET DEVICE');
const clock = patientClock();
const troubles: unknown[] = [];
const opened = await open(device, 'r+').then(
  () => 'opened',
  (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'failed'),
);
const host = superviseKeyHost({
  clock,
  spawn: () => connectKeyService(socket),
  start: { links: 'hid', rpId: 'login.microsoft.com' },
  onTrouble: (trouble) => troubles.push(trouble),
});
const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
const end = (model: string | null): void => {
  process.stdout.write(`${JSON.stringify({ opened, model, troubles })}\n`);
  process.exit(model === null ? 1 : 0);
};
clock.after(6_000, () => end(null));
keys.watch((fact) => {
  if (fact.type !== 'key.inserted') return;
  const call = { signal: new AbortController().signal, deadlineMs: 3_000 };
  void keys.describe(fact.key, call).then((described) => end(described.ok ? described.value.model : null));
});
