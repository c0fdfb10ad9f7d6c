// What only some keys do: a secret at creation, the commands of the preview, a serial number, and answers of their own.
import { describe, expect, test } from 'vitest';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { readYubikeyDevice } from '../../main/fido/metadata/yubikey-device.ts';
import { keyBench } from '../support/key-bench.ts';
import { openClient } from '../support/key-client.ts';
import { creation, managedKey, PERMISSION, requestOf, type ManagedKey } from '../support/managed-key.ts';
import { asMap, sha256 } from '../support/raw-host.ts';

const RP = 'login.example';
const HASH = new Uint8Array(32).fill(0xcd);
const latest = { ...KEY_KINDS.latest, memory: { pin: TRAINING_PIN } };

/** Salts as the extension wants them, under the agreement in force. */
async function saltInput({ pin }: ManagedKey, salts: Uint8Array): Promise<Map<number, unknown>> {
  const saltEnc = await pin.encrypt(salts);
  return requestOf([1, pin.hostKey], [2, saltEnc], [3, await pin.mac(saltEnc)], [4, 2]);
}

describe('hmac-secret-mc', () => {
  async function make(key: ManagedKey, extensions: (input: Map<number, unknown>) => unknown) {
    const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.make, RP);
    await key.pin.agree();
    const input = await saltInput(key, new Uint8Array(32).fill(1));
    const param = await key.pin.macWith(token, HASH);
    return key.host.cbor(
      0x01,
      creation(RP, [
        [6, extensions(input)],
        [7, { rk: true }],
        [8, param],
        [9, 2],
      ]),
    );
  }

  test('gives at creation what every later assertion gives', async () => {
    const key = await managedKey(latest);
    const made = await make(key, (input) => ({ 'hmac-secret': true, 'hmac-secret-mc': input }));
    expect(made.status).toBe(0);
    const createdWith = await key.pin.decrypt((made.map.get(2) as Uint8Array).slice(-48));
    const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.assert, RP);
    await key.pin.agree();
    const extensions = { 'hmac-secret': await saltInput(key, new Uint8Array(32).fill(1)) };
    const param = await key.pin.macWith(token, HASH);
    const got = await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [4, extensions], [6, param], [7, 2]));
    expect(await key.pin.decrypt((got.map.get(2) as Uint8Array).slice(-48))).toEqual(createdWith);
  });

  test('is nothing without hmac-secret, or on a key that lacks it', async () => {
    const key = await managedKey(latest);
    const alone = await make(key, (input) => ({ 'hmac-secret-mc': input }));
    expect([alone.status, (alone.map.get(2) as Uint8Array)[32]]).toEqual([0, 0x45]);
    const modern = await managedKey({ ...KEY_KINDS.modern, memory: { pin: TRAINING_PIN } });
    const made = await make(modern, (input) => ({ 'hmac-secret': true, 'hmac-secret-mc': input }));
    const authData = made.map.get(2) as Uint8Array;
    expect(Buffer.from(authData).includes('hmac-secret-mc')).toBe(false);
    expect(authData[32]).toBe(0xc5);
  });

  test('a false MAC over the salts makes no credential', async () => {
    const key = await managedKey(latest);
    const made = await make(key, (input) => ({
      'hmac-secret': true,
      'hmac-secret-mc': new Map([...input, [3, new Uint8Array(32)]]),
    }));
    expect(made.status).toBe(0x33);
    expect(key.key.inspection.credentialIds).toEqual([]);
  });
});

describe('the preview of credential management', () => {
  test('works under 0x41 with a token without permissions, renames nobody, and 0x0A is unknown', async () => {
    const key = await managedKey({ ...KEY_KINDS.preview21, memory: { pin: TRAINING_PIN, occupiedSlots: 2 } }, 1);
    const { token } = await key.pin.legacyToken(TRAINING_PIN);
    const ask = async (subCommand: number, command = 0x41) => {
      const param = await key.pin.macWith(token, Uint8Array.of(subCommand));
      return key.host.cbor(command, requestOf([1, subCommand], [3, 1], [4, param]));
    };
    expect(Object.fromEntries((await ask(1)).map)).toEqual({ 1: 2, 2: 23 });
    expect((await ask(2)).map.get(5)).toBe(2);
    expect((await ask(7)).status).toBe(0x3e);
    expect((await ask(1, 0x0a)).status).toBe(0x01);
    expect((await key.host.cbor(0x0b)).status).toBe(0x01);
    expect((await key.info()).get(1)).toEqual(['U2F_V2', 'FIDO_2_0', 'FIDO_2_1_PRE']);
  });

  test('some list sites without the hash of their names', async () => {
    const key = await managedKey({ ...KEY_KINDS.deafToCancel, memory: { pin: TRAINING_PIN, occupiedSlots: 1 } });
    const site = await key.credentials(2);
    expect(site.map.has(4)).toBe(false);
    const id = asMap(site.map.get(3)).get('id') as string;
    expect((await key.credentials(4, new Map([[1, await sha256(Buffer.from(id))]]))).map.get(9)).toBe(1);
  });
});

describe('the vendor command for a serial number', () => {
  test('is read page by page by our client, and unknown to other keys', async () => {
    const bench = await keyBench(KEY_KINDS.withSerial);
    const { channel, call, run } = await openClient(bench, bench.link);
    expect(await run(readYubikeyDevice(channel, { vendorId: 0x1050 }, call))).toMatchObject({
      serial: 31_415_926,
      firmware: '5.7.1',
      form: 'keychain',
      plug: 'usb-c',
      partNumber: 'FK-TRAINING-1',
      supportedOverUsb: ['u2f', 'fido2'],
      pinComplexity: true,
    });
    expect(await run(channel.transact(0x42, Uint8Array.of(2), call))).toEqual(Uint8Array.of(0));
    const other = await keyBench(KEY_KINDS.modern);
    const client = await openClient(other, other.link);
    await expect(client.run(client.channel.transact(0x42, Uint8Array.of(0), client.call))).rejects.toThrow('INVALID_CMD');
  });
});

describe('answers of two home-made keys', () => {
  test('a second setPIN, a touch test, an unknown sub-command', async () => {
    const memory = { pin: TRAINING_PIN };
    const [pico, cano] = [
      await managedKey({ ...KEY_KINDS.homemade, memory }),
      await managedKey({ ...KEY_KINDS.byteCounting, memory }),
    ];
    expect([(await pico.pin.setPin('12345678')).status, (await cano.pin.setPin('12345678')).status]).toEqual([0x30, 0x33]);
    const touchTest = creation(RP, [
      [8, new Uint8Array(0)],
      [9, 2],
    ]);
    expect([(await pico.host.cbor(0x01, touchTest)).status, (await cano.host.cbor(0x01, touchTest)).status]).toEqual([
      0x33, 0x31,
    ]);
    const unknown = requestOf([1, 2], [2, 0x70]);
    expect([(await pico.host.cbor(0x06, unknown)).status, (await cano.host.cbor(0x06, unknown)).status]).toEqual([0x3e, 0x00]);
  });

  test('an assertion for the one credential that was asked for need not name it', async () => {
    for (const [kind, isNamed] of [
      [KEY_KINDS.deafToCancel, false],
      [KEY_KINDS.modern, true],
    ] as const) {
      const key = await managedKey({ ...kind, memory: {} });
      const made = await key.host.cbor(0x01, creation(RP));
      const id = (made.map.get(2) as Uint8Array).slice(55, 119);
      const allowed = [{ id, type: 'public-key' }];
      expect((await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [3, allowed]))).map.has(1)).toBe(isNamed);
      const two = [...allowed, { id: new Uint8Array(64), type: 'public-key' }];
      expect((await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [3, two]))).map.has(1)).toBe(true);
    }
  });
});
