// authenticatorConfig and what follows from it: PIN length, forced change, always-UV, enterprise attestation, long touch;
// and the persistent token with what it opens.
import { createDecipheriv, createHmac, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { creation, managedKey, PERMISSION, requestOf, type ManagedKey } from '../support/managed-key.ts';
import { asMap, sha256 } from '../support/raw-host.ts';

const RP = 'login.microsoft.com';
const HASH = new Uint8Array(32).fill(0xcd);
const latest = { ...KEY_KINDS.latest, memory: { pin: TRAINING_PIN } };

async function make(key: ManagedKey, changes: readonly (readonly [number, unknown])[] = [], rpId = RP) {
  const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.make, rpId);
  const param: (readonly [number, unknown])[] = [[7, { rk: true }], [8, await key.pin.macWith(token, HASH)], [9, 2], ...changes];
  return key.host.cbor(0x01, creation(rpId, param));
}

const optionsOf = async (key: ManagedKey) => (await key.info()).get(4);
const flagsOf = (answer: { readonly map: ReadonlyMap<unknown, unknown> }) => (answer.map.get(2) as Uint8Array)[32] ?? 0;

describe('minimum PIN length', () => {
  test('grows only; a shorter PIN must be changed, and ends the token', async () => {
    const key = await managedKey(latest);
    expect((await key.config(3, new Map([[1, 8]]))).status).toBe(0);
    expect((await key.info()).get(0x0d)).toBe(8);
    expect((await key.info()).get(0x0c)).toBe(true);
    expect((await key.pin.token(TRAINING_PIN, PERMISSION.make, RP)).status).toBe(0x37);
    expect((await key.pin.changePin(TRAINING_PIN, '1234567')).status).toBe(0x37);
    expect((await key.pin.changePin(TRAINING_PIN, '12345678')).status).toBe(0);
    expect((await key.info()).get(0x0c)).toBe(false);
  });

  test('a smaller one is 0x37, a forced change without a PIN 0x35, too many sites 0x28', async () => {
    const key = await managedKey(latest);
    expect((await key.config(3, new Map([[1, 3]]))).status).toBe(0x37);
    expect((await key.config(3, new Map([[1, 64]]))).status).toBe(0x37);
    expect((await key.config(3, new Map([[2, ['a', 'b', 'c']]]))).status).toBe(0x28);
    expect((await key.config(3, new Map([[2, [1]]]))).status).toBe(0x11);
    const fresh = await managedKey(KEY_KINDS.latest);
    expect((await fresh.config(3, new Map([[3, true]]), false)).status).toBe(0x35);
    expect((await fresh.config(3, new Map([[1, 6]]), false)).status).toBe(0);
  });

  test('is told to the sites on the list alone', async () => {
    const key = await managedKey(latest);
    await key.config(
      3,
      new Map<number, unknown>([
        [1, 6],
        [2, [RP]],
      ]),
    );
    const told = await make(key, [[6, { minPinLength: true }]]);
    expect(flagsOf(told)).toBe(0xc5);
    const output = Uint8Array.of(...Buffer.from('minPinLength'), 6);
    expect((told.map.get(2) as Uint8Array).slice(-output.length)).toEqual(output);
    expect(flagsOf(await make(key, [[6, { minPinLength: true }]], 'other.example'))).toBe(0x45);
  });

  test('reset takes it back', async () => {
    const key = await managedKey(latest);
    await key.config(2);
    await key.config(3, new Map([[1, 8]]));
    expect(key.key.inspection).toMatchObject({ minPinLength: 8, forcePinChange: true, alwaysUv: true });
    const again = await key.again();
    expect((await again.host.cbor(0x07)).status).toBe(0);
    expect(key.key.inspection).toMatchObject({ minPinLength: 4, forcePinChange: false, alwaysUv: false });
  });
});

describe('always-UV', () => {
  test('is a toggle; on, nothing goes without the PIN and U2F is off', async () => {
    const key = await managedKey(latest);
    expect(await optionsOf(key)).toMatchObject({ alwaysUv: false, makeCredUvNotRqd: true });
    expect((await key.info()).get(1)).toContain('U2F_V2');
    await make(key);
    expect((await key.config(2)).status).toBe(0);
    expect(await optionsOf(key)).toMatchObject({ alwaysUv: true });
    expect(await optionsOf(key)).not.toHaveProperty('makeCredUvNotRqd');
    expect((await key.info()).get(1)).not.toContain('U2F_V2');
    expect((await key.host.cbor(0x01, creation(RP))).status).toBe(0x36);
    expect((await key.host.cbor(0x02, requestOf([1, RP], [2, HASH]))).status).toBe(0x36);
    expect((await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [5, { up: false }]))).status).toBe(0);
    expect((await make(key)).status).toBe(0);
    expect((await key.config(2)).status).toBe(0);
    expect((await key.host.cbor(0x01, creation(RP))).status).toBe(0);
  });

  test('out of the box it wants a PIN before anything', async () => {
    const key = await managedKey(KEY_KINDS.alwaysUv);
    expect((await key.host.cbor(0x01, creation(RP, [[7, { rk: true }]]))).status).toBe(0x36);
    expect((await key.pin.setPin(TRAINING_PIN)).status).toBe(0);
    expect((await make(key)).status).toBe(0);
  });

  test('with a finger enrolled the key asks for it by itself', async () => {
    const memory = { pin: TRAINING_PIN, fingers: ['right-index'] };
    const key = await managedKey({ ...KEY_KINDS.latest, memory });
    await key.config(2);
    const made = await key.host.cbor(0x01, creation(RP));
    expect([made.status, flagsOf(made)]).toEqual([0, 0x45]);
  });
});

describe('enterprise attestation', () => {
  test('off until it is switched on; then the certificate names this key', async () => {
    const key = await managedKey(latest);
    expect(await optionsOf(key)).toMatchObject({ ep: false });
    expect((await make(key, [[10, 1]])).status).toBe(0x02);
    expect((await key.config(1)).status).toBe(0);
    expect(await optionsOf(key)).toMatchObject({ ep: true });
    const certificateOf = (answer: Awaited<ReturnType<typeof make>>) => {
      const [der] = asMap(answer.map.get(3)).get('x5c') as Uint8Array[];
      return new X509Certificate(der ?? new Uint8Array(0));
    };
    const serial = Buffer.from('FK-2026-0008');
    for (const kind of [1, 2]) {
      const made = await make(key, [[10, kind]]);
      expect(made.map.get(4)).toBe(true);
      expect(certificateOf(made).raw.includes(serial)).toBe(true);
    }
    // Kind 1 is for the maker's own list; kind 2 is the platform's word.
    const elsewhere = await make(key, [[10, 1]], 'other.example');
    expect(elsewhere.map.has(4)).toBe(false);
    expect(certificateOf(elsewhere).raw.includes(serial)).toBe(false);
    expect((await make(key, [[10, 2]], 'other.example')).map.get(4)).toBe(true);
    expect((await make(key, [[10, 3]])).status).toBe(0x02);
  });

  test('one key says yes and stays without', async () => {
    const key = await managedKey({ ...KEY_KINDS.homemade, memory: { pin: TRAINING_PIN } });
    expect((await key.config(1)).status).toBe(0);
    expect(await optionsOf(key)).toMatchObject({ ep: false });
    const fresh = await managedKey(KEY_KINDS.homemade);
    expect((await fresh.config(3, new Map([[1, 6]]), false)).status).toBe(0x36);
  });
});

describe('long touch for a reset', () => {
  test('a tap is not enough once it is on', async () => {
    const key = await managedKey(latest);
    expect((await key.info()).get(0x18)).toBe(false);
    expect((await key.info()).get(0x1f)).toEqual([1, 2, 3, 4]);
    expect((await key.config(4)).status).toBe(0);
    const again = await key.again();
    expect((await again.info()).get(0x18)).toBe(true);
    key.key.autoTouch(1_000, [{}]);
    expect((await again.host.cbor(0x07)).status).toBe(0x2f);
    expect(key.key.inspection.isPinSet).toBe(true);
    const third = await again.again();
    key.key.autoTouch(1_000, [{}, { heldMs: 5_000 }]);
    expect((await third.host.cbor(0x07)).status).toBe(0);
    expect(key.key.inspection.isPinSet).toBe(false);
    expect((await third.info()).get(0x18)).toBe(false);
  });
});

test('sub-commands a key lacks are 0x3E, and without the PIN it is 0x36', async () => {
  const modern = await managedKey({ ...KEY_KINDS.modern, memory: { pin: TRAINING_PIN } });
  for (const subCommand of [1, 2, 4, 5, 0xff]) expect((await modern.config(subCommand)).status).toBe(0x3e);
  expect((await modern.config(3, new Map([[1, 6]]), false)).status).toBe(0x36);
});

describe('the persistent token', () => {
  test('lists and counts, changes nothing, and outlives the power', async () => {
    const key = await managedKey(latest);
    await make(key);
    expect(await optionsOf(key)).toMatchObject({ perCredMgmtRO: true });
    const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.readLists);
    const again = await key.again();
    expect(Object.fromEntries((await again.credentials(1, undefined, token)).map)).toEqual({ 1: 1, 2: 99 });
    expect(asMap((await again.credentials(2, undefined, token)).map.get(3)).get('id')).toBe(RP);
    const hash = new Map([[1, await sha256(Buffer.from(RP))]]);
    const listed = await again.credentials(4, hash, token);
    expect(listed.map.get(9)).toBe(1);
    const target = new Map([[2, listed.map.get(7)]]);
    expect((await again.credentials(6, target, token)).status).toBe(0x33);
    expect((await again.pin.token(TRAINING_PIN, PERMISSION.readLists | PERMISSION.manage)).status).toBe(0x02);
    await again.pin.changePin(TRAINING_PIN, '314159');
    expect((await again.credentials(1, undefined, token)).status).toBe(0x33);
  });

  test('opens an identifier that stays and a state that follows the credentials', async () => {
    const key = await managedKey(latest);
    const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.readLists);
    const read = async (field: number, name: string) => {
      const sealed = (await key.info()).get(field) as Uint8Array;
      expect(sealed).toHaveLength(32);
      return { sealed, opened: open(token, name, sealed) };
    };
    const [first, second] = [await read(0x19, 'encIdentifier'), await read(0x19, 'encIdentifier')];
    expect(first.sealed).not.toEqual(second.sealed);
    expect(first.opened).toEqual(second.opened);
    const before = await read(0x1e, 'encCredStoreState');
    expect((await read(0x1e, 'encCredStoreState')).opened).toEqual(before.opened);
    await make(key);
    expect((await read(0x1e, 'encCredStoreState')).opened).not.toEqual(before.opened);
    expect((await read(0x19, 'encIdentifier')).opened).toEqual(first.opened);
  });

  test('a key without it refuses the permission', async () => {
    const modern = await managedKey({ ...KEY_KINDS.modern, memory: { pin: TRAINING_PIN } });
    expect((await modern.pin.token(TRAINING_PIN, PERMISSION.readLists)).status).toBe(0x40);
    expect((await modern.info()).has(0x19)).toBe(false);
  });
});

/** AES-128-CBC under HKDF-SHA-256 with a salt of zeros (CTAP 2.3 §6.4), the HKDF written out. */
function open(token: Uint8Array, name: string, sealed: Uint8Array): Buffer {
  const extracted = createHmac('sha256', new Uint8Array(32)).update(token).digest();
  const key = createHmac('sha256', extracted).update(name).update(Uint8Array.of(1)).digest().subarray(0, 16);
  const decipher = createDecipheriv('aes-128-cbc', key, sealed.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]);
}
