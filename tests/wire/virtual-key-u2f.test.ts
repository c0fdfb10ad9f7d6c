// U2F messages: registration and authentication by polling, on a U2F key and on a CTAP 2 key that offers it.
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench, type KeyBench } from '../support/key-bench.ts';
import { creation, managedKey, PERMISSION, requestOf } from '../support/managed-key.ts';
import { asMap, HID, RawHost } from '../support/raw-host.ts';

const RP = 'login.example';
const APPLICATION = createHash('sha256').update(RP).digest();
const CHALLENGE = new Uint8Array(32).fill(0x11);
const SIGN = 0x03;
const CHECK_ONLY = 0x07;
const SILENTLY = 0x08;

interface Reply {
  readonly status: number;
  readonly data: Buffer;
}

async function start(name: KeyKindName) {
  const bench = await keyBench(KEY_KINDS[name]);
  const host = new RawHost(bench.link, bench.clock);
  await host.init();
  return { ...bench, host };
}

async function exchange(host: RawHost, request: Uint8Array): Promise<Reply> {
  await host.send(HID.msg, request);
  let message = await host.nextMessage();
  while (message.command !== HID.msg) message = await host.nextMessage();
  const whole = Buffer.from(message.payload);
  return { status: whole.readUInt16BE(whole.length - 2), data: whole.subarray(0, -2) };
}

/** With an extended length, as hosts send it over HID. */
function apdu(instruction: number, control: number, data: Uint8Array): Uint8Array {
  return Uint8Array.of(0, instruction, control, 0, 0, data.length >> 8, data.length & 0xff, ...data, 0, 0);
}

const registerApdu = () => apdu(1, 0, Buffer.concat([CHALLENGE, APPLICATION]));
const signApdu = (control: number, keyHandle: Uint8Array, application: Uint8Array = APPLICATION) =>
  apdu(2, control, Buffer.concat([CHALLENGE, application, Uint8Array.of(keyHandle.length), keyHandle]));

/** Asks again and again, as a host does, while the key says that it wants a touch. */
async function poll({ host, clock }: { readonly host: RawHost } & Pick<KeyBench, 'clock'>, message: Uint8Array): Promise<Reply> {
  for (let turns = 0; turns < 40; turns += 1) {
    const reply = await exchange(host, message);
    if (reply.status !== 0x6985) return reply;
    await clock.advance(250);
  }
  throw new Error('nobody touched the key');
}

function readRegistration(data: Buffer) {
  expect(data[0]).toBe(0x05);
  const point = data.subarray(1, 66);
  const handleBytes = data[66] ?? 0;
  const keyHandle = data.subarray(67, 67 + handleBytes);
  const certificateAt = 67 + handleBytes;
  const certificateBytes = 4 + data.readUInt16BE(certificateAt + 2);
  const certificate = data.subarray(certificateAt, certificateAt + certificateBytes);
  return { point, keyHandle, certificate, signature: data.subarray(certificateAt + certificateBytes) };
}

function keyOf(point: Uint8Array) {
  const [x, y] = [point.slice(1, 33), point.slice(33)].map((half) => Buffer.from(half).toString('base64url'));
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' });
}

describe.each<KeyKindName>(['u2fOnly', 'latest', 'preview21'])('%s', (name) => {
  test('registers with a touch, signs with another, and the signatures verify', async () => {
    const key = await start(name);
    expect((await exchange(key.host, registerApdu())).status).toBe(0x6985);
    expect(key.key.awaitingTouch).toBe(true);
    key.key.touch();
    const { point, keyHandle, certificate, signature } = readRegistration((await poll(key, registerApdu())).data);
    const leaf = new X509Certificate(certificate);
    expect(leaf.verify(new X509Certificate(key.attestation.rootCertificateDer).publicKey)).toBe(true);
    const registered = Buffer.concat([Buffer.of(0), APPLICATION, CHALLENGE, keyHandle, point]);
    expect(verify('sha256', registered, leaf.publicKey, signature)).toBe(true);
    expect(key.key.inspection.u2fRegistrations).toBe(1);

    // One touch, one operation.
    key.key.autoTouch(300);
    for (const [control, presence, counter] of [
      [SIGN, 1, 1],
      [SILENTLY, 0, 2],
    ] as const) {
      const { status, data } = await poll(key, signApdu(control, keyHandle));
      expect([status, data[0], data.readUInt32BE(1)]).toEqual([0x9000, presence, counter]);
      const signed = Buffer.concat([APPLICATION, data.subarray(0, 5), CHALLENGE]);
      expect(verify('sha256', signed, keyOf(point), data.subarray(5))).toBe(true);
    }
  });

  test('knows its own key handles, for their own site', async () => {
    const key = await start(name);
    key.key.autoTouch(100);
    const { keyHandle } = readRegistration((await poll(key, registerApdu())).data);
    expect((await exchange(key.host, signApdu(CHECK_ONLY, keyHandle))).status).toBe(0x6985);
    expect((await exchange(key.host, signApdu(CHECK_ONLY, keyHandle, new Uint8Array(32)))).status).toBe(0x6a80);
    expect((await exchange(key.host, signApdu(CHECK_ONLY, new Uint8Array(64)))).status).toBe(0x6a80);
    expect((await exchange(key.host, signApdu(0x55, keyHandle))).status).toBe(0x6a80);
  });
});

test('a key that always verifies its owner refuses U2F, whatever touches it', async () => {
  const key = await start('alwaysUv');
  key.key.autoTouch(0);
  expect((await exchange(key.host, registerApdu())).status).toBe(0x6986);
  expect((await exchange(key.host, signApdu(SIGN, new Uint8Array(64)))).status).toBe(0x6986);
  expect((await exchange(key.host, apdu(3, 0, new Uint8Array(0)))).status).toBe(0x9000);
});

test('a touch counts for ten seconds, and only if it was asked for', async () => {
  const key = await start('u2fOnly');
  expect(key.key.touch()).toBe(false);
  expect((await exchange(key.host, registerApdu())).status).toBe(0x6985);
  key.key.touch();
  await key.clock.advance(10_500);
  expect((await exchange(key.host, registerApdu())).status).toBe(0x6985);
  expect(key.key.inspection.u2fRegistrations).toBe(0);
});

test('short and extended lengths are one; a length that lies is 0x6700', async () => {
  const key = await start('u2fOnly');
  key.key.autoTouch(0);
  const data = Buffer.concat([CHALLENGE, APPLICATION]);
  const short = Uint8Array.of(0, 1, 0, 0, 64, ...data);
  for (const message of [short, Uint8Array.of(...short, 0), registerApdu(), registerApdu().slice(0, -2)]) {
    expect((await poll(key, message)).status).toBe(0x9000);
  }
  for (const message of [short.slice(0, -1), registerApdu().slice(0, -3), apdu(2, 3, data), apdu(2, 3, data.subarray(1))]) {
    expect((await exchange(key.host, message)).status).toBe(0x6700);
  }
});

test('what one protocol made the other can use', async () => {
  const key = await managedKey({ ...KEY_KINDS.latest, memory: { pin: TRAINING_PIN } });
  const { keyHandle, point } = readRegistration((await poll(key, registerApdu())).data);
  const allowed = [{ id: Uint8Array.from(keyHandle), type: 'public-key' }];
  const hash = new Uint8Array(32).fill(0xcd);
  const got = await key.host.cbor(0x02, requestOf([1, RP], [2, hash], [3, allowed]));
  expect(got.status).toBe(0);
  const signed = Buffer.concat([got.map.get(2) as Uint8Array, hash]);
  expect(verify('sha256', signed, keyOf(point), got.map.get(3) as Uint8Array)).toBe(true);
  // It is excluded where it is listed, and a reset forgets it.
  const { token } = await key.pin.token(TRAINING_PIN, PERMISSION.make, RP);
  const param = await key.pin.macWith(token, hash);
  const excluding = creation(RP, [
    [5, allowed],
    [8, param],
    [9, 2],
  ]);
  expect((await key.host.cbor(0x01, excluding)).status).toBe(0x19);

  const made = await key.host.cbor(0x01, creation(RP));
  const authData = made.map.get(2) as Uint8Array;
  const id = authData.slice(55, 55 + 64);
  const credential = asMap(asMap(made.map.get(3)));
  expect(credential.get('alg')).toBe(-7);
  expect((await poll(key, signApdu(SIGN, id))).status).toBe(0x9000);
  expect((await key.host.cbor(0x07)).status).toBe(0);
  expect((await exchange(key.host, signApdu(CHECK_ONLY, keyHandle))).status).toBe(0x6a80);
});

test('a key without U2F refuses the message', async () => {
  const key = await start('modern');
  await key.host.send(HID.msg, apdu(3, 0, new Uint8Array(0)));
  expect(await key.host.nextMessage()).toMatchObject({ command: HID.error, payload: Uint8Array.of(0x01) });
});
