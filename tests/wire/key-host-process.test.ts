// The key host in a process of its own, as Electron starts it: the training tray, a kill in the middle of everything, and
// what such a process leaves behind.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { practiceKeyKinds } from '../../contract/practice.ts';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import {
  superviseKeyHost,
  type KeyHostSupervisor,
  type KeyHostTrouble,
} from '../../main/adapters/key-host/key-host-supervisor.ts';
import { createTrayClient, type TrayClient } from '../../main/adapters/key-host/tray-client.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import { readAttestationObject } from '../../main/fido/webauthn/attestation-object.ts';
import type { KeyFact, KeyPort, KeyProgress, KeyRef } from '../../main/ports/key.ts';
import { watchTurns } from '../bench/turn-times.ts';
import { creationOptions, RP_ID } from '../support/key-host-desk.ts';
import { bundleKeyHost, type BundledKeyHost } from '../support/key-host-process.ts';

/** The PIN of the practice keys that come with one. */
const STARTING_PIN = '271828';
const NEW_PIN = 'pLanted-5501';

let bundle: BundledKeyHost;
let host: KeyHostSupervisor;
let keys: KeyPort;
let tray: TrayClient;
let facts: KeyFact[];
let troubles: KeyHostTrouble[];
/** How long this machine took for the last start of a host, milliseconds. */
let startMs = 0;
const cells = new SecretCells();
const pin = (text: string) => cells.put(new TextEncoder().encode(text));

beforeAll(async () => {
  bundle = await bundleKeyHost();
}, 60_000);
afterAll(async () => {
  await bundle.remove();
});
beforeEach(async () => {
  const clock = systemClock();
  const startedMs = performance.now();
  facts = [];
  troubles = [];
  host = superviseKeyHost({
    clock,
    spawn: () => bundle.spawn(),
    start: { links: 'virtual', rpId: RP_ID },
    onTrouble: (trouble) => troubles.push(trouble),
  });
  keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
  tray = createTrayClient({ host, clock });
  keys.watch((fact) => facts.push(fact));
  await soon(() => tray.keys.length > 0);
  startMs = performance.now() - startedMs;
});
afterEach(async () => {
  tray.close();
  await keys.close();
});

function ceremony(onProgress: (progress: KeyProgress) => void = () => undefined) {
  return { signal: new AbortController().signal, deadlineMs: 15_000, onProgress };
}

/** Puts a finger on the key whenever it blinks. */
const touching = (keyId: string) => (progress: KeyProgress) => {
  if (progress === 'touchNeeded') void tray.touch(keyId, 'finger');
};

async function nextInsertion(act: () => Promise<unknown>): Promise<KeyRef> {
  const before = facts.length;
  await act();
  await soon(() => facts.slice(before).some(({ type }) => type === 'key.inserted'));
  const inserted = facts.slice(before).findLast((fact) => fact.type === 'key.inserted');
  if (!inserted) throw new Error('nothing was plugged in');
  return inserted.key;
}

const pluggedIn = (keyId: string) => nextInsertion(() => tray.plugIn(keyId));
const stateOf = (keyId: string) => tray.keys.find(({ id }) => id === keyId)?.state;

/** Until `holds`, at most for the time of a test. */
async function soon(holds: () => boolean, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the training tray', { timeout: 60_000 }, () => {
  test('holds one of each kind, none plugged in', () => {
    expect(new Set(tray.keys.map(({ kind }) => kind))).toEqual(new Set(practiceKeyKinds));
    expect(new Set(tray.keys.map(({ name }) => name)).size).toBe(tray.keys.length);
    expect(tray.keys.filter(({ state }) => state !== 'inTray')).toEqual([]);
    const [first, second] = tray.keys;
    expect([first?.plug, second?.plug]).toEqual(['usb-a', 'usb-c']);
    expect(tray.keys.filter(({ startingPin }) => startingPin === STARTING_PIN).map(({ kind }) => kind)).toEqual([
      'fingerprint',
      'pinSet',
      'shared',
      'mustChange',
      'lastTry',
      'locked',
    ]);
  });

  test('each key is what its place in the tray says', async () => {
    const seen: unknown[] = [];
    for (const { id } of tray.keys) {
      const described = await keys.describe(await pluggedIn(id), ceremony());
      seen.push(
        described.ok ? [id, described.value.plug, described.value.pin, described.value.unusable?.code ?? null] : described.reason,
      );
      await tray.takeOut(id);
    }
    expect(seen).toEqual([
      ['modern-a', 'usb-a', 'none', null],
      ['modern-c', 'usb-c', 'none', null],
      ['latest', 'usb-c', 'none', null],
      ['fingerprint', 'usb-a', 'set', null],
      ['pin-set', 'usb-a', 'set', null],
      ['shared', 'usb-c', 'set', null],
      ['ctap20', 'usb-a', 'none', null],
      ['must-change', 'usb-c', 'mustChange', null],
      ['last-try', 'usb-a', 'set', null],
      ['full', 'usb-c', 'none', 'key.full'],
      ['locked', 'usb-a', 'set', 'key.pinLocked'],
      ['u2f', 'usb-a', 'unsupported', 'key.tooOld'],
    ]);
  });

  test('a whole set-up by hand: plug, PIN, touch, attested by a root that the tray hands out, proof', async () => {
    const roots: Uint8Array[] = [];
    tray.onRoots((der) => roots.push(...der));
    const ref = await pluggedIn('modern-a');
    expect(await keys.setPin(ref, pin(NEW_PIN), ceremony())).toMatchObject({ ok: true });
    const made = await keys.makeCredential(ref, creationOptions(), pin(NEW_PIN), ceremony(touching('modern-a')));
    if (!made.ok) throw new Error(made.reason.code);
    const proof = await keys.prove(ref, made.value, pin(NEW_PIN), ceremony(touching('modern-a')));
    expect(proof).toMatchObject({ ok: true, value: { credentialIdB64u: made.value.credentialIdB64u } });

    const { attestationStatement } = readAttestationObject(Buffer.from(made.value.attestationObjectB64u, 'base64url'));
    const chain = attestationStatement.get('x5c');
    const leaf = new X509Certificate((chain as readonly Uint8Array[])[0] ?? '');
    const [root] = roots.map((der) => new X509Certificate(der));
    expect(root && leaf.verify(root.publicKey)).toBe(true);
  });

  test('says what is not possible, and shows what is', async () => {
    expect(await tray.touch('modern-a', 'finger')).toBe(false);
    expect(await tray.takeOut('modern-a')).toBe(false);
    expect(await tray.plugIn('no such key')).toBe(false);
    const ref = await pluggedIn('pin-set');
    expect(await tray.plugIn('pin-set')).toBe(false);
    expect(stateOf('pin-set')).toBe('plugged');
    const making = keys.makeCredential(ref, creationOptions(), pin(STARTING_PIN), ceremony());
    await soon(() => stateOf('pin-set') === 'blinking');
    expect(await tray.takeOut('pin-set')).toBe(true);
    expect(await making).toEqual({ ok: false, reason: { code: 'key.removed' } });
    expect(stateOf('pin-set')).toBe('inTray');
  });

  test('a renewed key is as it came out of the box', async () => {
    const ref = await pluggedIn('modern-c');
    expect(await keys.setPin(ref, pin(NEW_PIN), ceremony())).toMatchObject({ ok: true });
    expect(await tray.renew('modern-c')).toBe(true);
    expect(stateOf('modern-c')).toBe('inTray');
    const again = await pluggedIn('modern-c');
    expect(await keys.describe(again, ceremony())).toMatchObject({ value: { pin: 'none' } });
  });

  test('a storm of plugging and pulling', async () => {
    const waves = Array.from({ length: 60 }, async (_, index) => {
      const id = tray.keys[index % 4]?.id ?? '';
      return (await tray.plugIn(id)) && (await tray.takeOut(id));
    });
    await Promise.all(waves);
    const inserted = facts.filter(({ type }) => type === 'key.inserted').length;
    expect(inserted).toBeGreaterThan(0);
    await soon(() => facts.filter(({ type }) => type === 'key.removed').length === inserted);
    expect(await keys.describe(await pluggedIn('modern-a'), ceremony())).toMatchObject({ ok: true });
    expect(troubles).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('a storm in which all that come are asked never holds whoever asks', async () => {
    let asked = 0;
    const stop = keys.watch((fact) => {
      if (fact.type !== 'key.inserted') return;
      asked += 1;
      void keys.describe(fact.key, ceremony());
    });
    const storm = async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all(tray.keys.slice(0, 4).map(async ({ id }) => (await tray.plugIn(id)) && (await tray.takeOut(id))));
        // Faster, and the keeper ends the host for what the tray tells of each hand.
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    await storm(10);
    const turns = watchTurns();
    await storm(80);
    const { ownMs } = turns.stop();
    stop();
    expect(asked).toBeGreaterThan(10);
    // Processor time of this thread between two of its turns: what others take of the machine is not counted.
    expect(ownMs).toBeLessThan(50);
    expect(troubles).toEqual([]);
  });
});

describe('the process', { timeout: 60_000 }, () => {
  test('killed while a key blinks: the ceremony ends, the host is back, the key is told anew', async () => {
    const ref = await pluggedIn('pin-set');
    const making = keys.makeCredential(ref, creationOptions(), pin(STARTING_PIN), ceremony());
    await soon(() => stateOf('pin-set') === 'blinking');
    facts.length = 0;
    const killedAtMs = performance.now();
    bundle.children.at(-1)?.kill('SIGKILL');
    expect(await making).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
    await soon(() => facts.some(({ type }) => type === 'key.hostUp'));
    const backAfterMs = performance.now() - killedAtMs;
    await soon(() => facts.some(({ type }) => type === 'key.inserted'));
    expect(facts.map(({ type }) => type)).toEqual(['key.hostDown', 'key.removed', 'key.hostUp', 'key.inserted']);
    // Two seconds, or on a machine that is that slow now, no longer than a start takes.
    expect(backAfterMs).toBeLessThan(Math.max(2_000, 2 * startMs));
    const again = facts.findLast((fact) => fact.type === 'key.inserted')?.key ?? ref;
    expect(again).not.toEqual(ref);
    expect(await keys.describe(again, ceremony())).toMatchObject({ ok: true });
  });

  test('stopped dead, without ending: its keeper notices and starts another', async () => {
    const child = bundle.children.at(-1);
    child?.kill('SIGSTOP');
    await soon(() => facts.some(({ type }) => type === 'key.hostUp'));
    expect(troubles).toEqual([{ trouble: 'notAnswering' }, { trouble: 'exited', exitCode: null }]);
    expect(bundle.children.at(-1)).not.toBe(child);
  });

  test('ends by itself when the desk is gone', async () => {
    const child = bundle.children.at(-1);
    await pluggedIn('modern-a');
    child?.disconnect();
    await soon(() => child?.exitCode !== null);
    expect(child?.exitCode).toBe(0);
  });

  test('refuses to be started by hand, and by another build', async () => {
    const byHand = spawnSync(process.execPath, [bundle.file], { timeout: 15_000, encoding: 'utf8' });
    expect(byHand.status).not.toBe(0);
    const older = bundle.spawn();
    const exited = new Promise((resolve) => older.onExit(resolve));
    older.post({ channel: 'life', body: { type: 'start', version: 0, links: 'virtual', rpId: RP_ID } });
    expect(await exited).toBe(70);
  });

  test('with the links of this machine: up, and replaced by a fresh process after every stay', async () => {
    const clock = systemClock();
    const real = superviseKeyHost({ clock, spawn: () => bundle.spawn(), start: { links: 'hid', rpId: RP_ID } });
    const realKeys = createKeyHostKeyPort({ host: real, clock, freshHostAfterForget: true });
    await soon(() => real.isUp);
    const first = bundle.children.at(-1);
    await realKeys.forget();
    expect(first?.signalCode).toBe('SIGKILL');
    expect(real.isUp).toBe(true);
    expect(bundle.children.at(-1)).not.toBe(first);
    await realKeys.close();
  });

  test('has written nothing of what was typed', async () => {
    const ref = await pluggedIn('modern-a');
    await keys.setPin(ref, pin(NEW_PIN), ceremony());
    await keys.makeCredential(ref, creationOptions({ algorithms: [] }), pin(NEW_PIN), ceremony());
    bundle.children.at(-1)?.kill('SIGTERM');
    await soon(() => facts.some(({ type }) => type === 'key.hostUp'));
    expect(bundle.output.join('')).not.toContain('pLanted');
  });
});
