// Our own desk on a kernel device: the key host in its own process over node-hid and hidraw makes the credential that the
// twin, outside the guest, has issued options for; and meets a wrong PIN and a key that is pulled out.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../../main/adapters/key-host/key-host-supervisor.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import type { Ceremony, CreationOptions, KeyFact, KeyRef, MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { guestFiles } from './guest-files.ts';
import { type GuestKey } from './guest-key.ts';
import { patientClock } from './guest-slowness.ts';
import type { TapLines } from './tap-lines.ts';

const RP_ID = 'login.microsoft.com';
const DEADLINE_MS = 120_000;
const PIN = '836194';

export interface DeskRegistersOptions {
  readonly tap: TapLines;
  readonly guestKey: GuestKey;
  readonly spawnKeyHost: () => HostProcess;
  /** Shared with the outside: the options lie there, and what was made is left there. */
  readonly outFolder: string;
}

/** In a guest on a machine that emulates it. The host would look by itself every five seconds only. */
const TOLD_WITHIN_MS = 2_500;

export async function deskRegisters({ tap, guestKey, spawnKeyHost, outFolder }: DeskRegistersOptions): Promise<void> {
  const clock = patientClock();
  const host = superviseKeyHost({
    clock,
    spawn: spawnKeyHost,
    start: { links: 'hid', rpId: RP_ID },
    onTrouble: (trouble) => console.log(`# key host: ${JSON.stringify(trouble)}`),
  });
  const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
  const facts: KeyFact[] = [];
  keys.watch((fact) => void facts.push(fact));
  const cells = new SecretCells();
  const pin = () => cells.put(new TextEncoder().encode(PIN));
  let ref: KeyRef | undefined;
  let made: MadeCredential | undefined;

  await tap.step('the key host sees a key that is plugged in', async () => {
    await guestKey.plugIn();
    ref = await factOf(facts, 'key.inserted');
  });
  await tap.step('it describes the key over hidraw', async () => {
    const described = valueOf(await keys.describe(needed(ref), ceremony()));
    if (described.pin !== 'none' || described.unusable !== null) throw new Error(JSON.stringify(described));
  });
  await tap.step('it sets the first PIN', async () => {
    valueOf(await keys.setPin(needed(ref), pin(), ceremony()));
    if (!guestKey.key.inspection.isPinSet) throw new Error('the key has no PIN');
  });
  await tap.step('it makes a credential for the options of the twin', async () => {
    const options = JSON.parse(await readFile(path.join(outFolder, guestFiles.options), 'utf8')) as CreationOptions;
    made = valueOf(await keys.makeCredential(needed(ref), options, pin(), ceremony()));
    await writeFile(path.join(outFolder, guestFiles.made), JSON.stringify(made));
  });
  await tap.step('the key proves the credential', async () => {
    const proof = valueOf(await keys.prove(needed(ref), needed(made), pin(), ceremony()));
    if (proof.signCount < 1) throw new Error(`sign count ${proof.signCount}`);
  });
  await tap.step('a wrong PIN costs one try and is told', async () => {
    const wrong = cells.put(new TextEncoder().encode('000000'));
    const outcome = await keys.prove(needed(ref), needed(made), wrong, ceremony());
    if (outcome.ok || outcome.reason.code !== 'key.pinWrong' || outcome.reason.detail?.retriesLeft !== 7) {
      throw new Error(JSON.stringify(outcome));
    }
  });
  await tap.step('pulling the key out while it blinks is told as removed', async () => {
    guestKey.key.autoTouch('never');
    const stop = guestKey.key.onAwaitingTouch((awaiting) => {
      if (awaiting) void guestKey.pullOut();
    });
    const outcome = await keys.prove(needed(ref), needed(made), pin(), ceremony());
    stop();
    guestKey.key.autoTouch(150);
    if (outcome.ok || outcome.reason.code !== 'key.removed') throw new Error(JSON.stringify(outcome));
    await factOf(facts, 'key.removed');
  });
  await tap.step('plugged in again it is a new insertion and still works', async () => {
    facts.length = 0;
    await guestKey.plugIn();
    const again = await factOf(facts, 'key.inserted');
    if (again.insertion === ref?.insertion) throw new Error('the insertion has the old name');
    valueOf(await keys.prove(again, needed(made), pin(), ceremony()));
  });
  await tap.step('the kernel tells of keys that come and go, long before anybody would look', async () => {
    const tookMs: number[] = [];
    for (const type of ['key.removed', 'key.inserted', 'key.removed', 'key.inserted', 'key.removed', 'key.inserted'] as const) {
      facts.length = 0;
      const startedMs = performance.now();
      await (type === 'key.inserted' ? guestKey.plugIn() : guestKey.pullOut());
      await factOf(facts, type);
      tookMs.push(Math.round(performance.now() - startedMs));
    }
    console.log(`# told after ${tookMs.join(', ')} ms`);
    if (Math.max(...tookMs) > TOLD_WITHIN_MS) throw new Error(`told after ${tookMs.join(', ')} ms`);
  });
  await tap.step('the key host lets go of the key', async () => {
    await keys.forget();
    await keys.close();
    await guestKey.pullOut();
  });
}

/** The key of the first fact of this type, now or within the deadline. */
async function factOf(facts: readonly KeyFact[], type: 'key.inserted' | 'key.removed'): Promise<KeyRef> {
  const untilMs = performance.now() + DEADLINE_MS;
  const never = new AbortController().signal;
  while (performance.now() < untilMs) {
    const fact = facts.find((told): told is KeyFact & { type: typeof type } => told.type === type);
    if (fact !== undefined) return fact.key;
    await nodeSurroundings.clock.wait(50, never);
  }
  throw new Error(`no ${type} was told`);
}

function ceremony(): Ceremony {
  return { signal: new AbortController().signal, deadlineMs: DEADLINE_MS };
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`refused: ${JSON.stringify(outcome.reason)}`);
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an earlier step did not go well');
  return value;
}
