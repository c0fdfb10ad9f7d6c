// What small and slow keys put up with, seen by a host that tries to go beyond it.
import { describe, expect, test } from 'vitest';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { creation, managedKey, requestOf } from '../support/managed-key.ts';
import { HID, reportsOf } from '../support/raw-host.ts';

const RP = 'login.example';
const HASH = new Uint8Array(32).fill(0xcd);
const descriptor = (fill: number) => ({ id: new Uint8Array(304).fill(fill), type: 'public-key' });
const hidError = (code: number) => ({ command: HID.error, payload: Uint8Array.of(code) });

describe('the key of tiny messages', () => {
  test('says little in getInfo: no maxMsgSize, lists of two, ids of 304 bytes', async () => {
    const info = await (await managedKey(KEY_KINDS.tinyMessages)).info();
    expect([info.has(5), info.get(7), info.get(8)]).toEqual([false, 2, 304]);
  });

  test('makes ids of 304 bytes and finds them again', async () => {
    const { host } = await managedKey(KEY_KINDS.tinyMessages);
    const made = await host.cbor(0x01, creation(RP));
    const authData = Buffer.from(made.map.get(2) as Uint8Array);
    expect(authData.readUInt16BE(53)).toBe(304);
    const allowed = [{ id: Uint8Array.from(authData.subarray(55, 359)), type: 'public-key' }];
    expect((await host.cbor(0x02, requestOf([1, RP], [2, HASH], [3, allowed]))).status).toBe(0);
  });

  test('takes two ids and not three, 1024 bytes and not 1025', async () => {
    const { host } = await managedKey(KEY_KINDS.tinyMessages);
    const withList = (count: number) => creation(RP, [[5, Array.from({ length: count }, (_, index) => descriptor(index))]]);
    expect((await host.cbor(0x01, withList(2))).status).toBe(0);
    expect((await host.cbor(0x01, withList(3))).status).toBe(0x39);
    const small = creation(RP, [
      [5, Array.from({ length: 3 }, (_, index) => ({ id: Uint8Array.of(index), type: 'public-key' }))],
    ]);
    expect((await host.cbor(0x01, small)).status).toBe(0x15);
    await host.sendCborBytes(0x01, new Uint8Array(1_023));
    expect((await host.cborAnswer()).status).toBe(0x12);
    await host.sendCborBytes(0x01, new Uint8Array(1_024));
    expect((await host.cborAnswer()).status).toBe(0x39);
  });

  test('frames 1300 bytes, not 1301', async () => {
    const { host } = await managedKey(KEY_KINDS.tinyMessages);
    await host.send(HID.ping, new Uint8Array(1_300).fill(7));
    expect((await host.nextMessage()).payload).toEqual(new Uint8Array(1_300).fill(7));
    await host.write(...reportsOf(host.channel, HID.ping, new Uint8Array(1_301)).slice(0, 1));
    expect(await host.nextMessage()).toMatchObject(hidError(0x03));
  });

  test('waits 100 ms for the next packet', async () => {
    const { host, clock } = await managedKey(KEY_KINDS.tinyMessages);
    const [first, second] = reportsOf(host.channel, HID.ping, new Uint8Array(80));
    if (first === undefined || second === undefined) throw new Error('80 bytes take two reports');
    await host.write(first);
    await clock.advance(99);
    await host.write(second);
    expect(await host.nextMessage()).toMatchObject({ command: HID.ping });
    await host.write(first);
    await clock.advance(101);
    expect(await host.nextMessage()).toMatchObject(hidError(0x05));
  });

  test('knows two channels; a third makes it forget the first', async () => {
    const { host } = await managedKey(KEY_KINDS.tinyMessages);
    const first = host.channel;
    await host.init();
    await host.send(HID.ping, Uint8Array.of(1), first);
    expect(await host.nextMessage()).toMatchObject({ command: HID.ping });
    await host.init();
    await host.send(HID.ping, Uint8Array.of(1), first);
    expect(await host.nextMessage()).toMatchObject(hidError(0x0b));
  });
});

test('the slow key takes eight seconds for everything and says so four times a second', async () => {
  const { host, clock } = await managedKey({ ...KEY_KINDS.slow, memory: { pin: TRAINING_PIN } });
  for (const request of [() => host.cbor(0x04), () => host.cbor(0x06, requestOf([1, 2], [2, 1]))]) {
    const startedMs = clock.nowMs();
    const { status, keepalives } = await request();
    expect([status, clock.nowMs() - startedMs]).toEqual([0, 8_000]);
    expect(keepalives).toEqual(Array.from({ length: 31 }, () => 1));
  }
});

test('the unsorted key begins its map with the highest number', async () => {
  const key = await managedKey(KEY_KINDS.unsorted);
  await key.host.sendCbor(0x04);
  const { payload } = await key.host.nextMessage();
  expect([payload[0], payload[2], payload[3]]).toEqual([0, 0x18, 0x1d]);
  await key.host.sendCbor(0x0b);
  let message = await key.host.nextMessage();
  while (message.command === HID.keepalive) message = await key.host.nextMessage();
  expect([...message.payload]).toEqual([0x00, 0xa0]);
});

test('the full key has no room, and has it again after an account was deleted', async () => {
  const key = await managedKey({ ...KEY_KINDS.full, memory: { ...KEY_KINDS.full.memory, pin: TRAINING_PIN } });
  expect((await key.info()).get(0x14)).toBe(0);
  const make = async () => {
    const { token } = await key.pin.token(TRAINING_PIN, 1, RP);
    const param = await key.pin.macWith(token, HASH);
    return key.host.cbor(
      0x01,
      creation(RP, [
        [7, { rk: true }],
        [8, param],
        [9, 2],
      ]),
    );
  };
  expect((await make()).status).toBe(0x28);
  const [id] = key.key.inspection.credentialIds;
  expect((await key.credentials(6, new Map([[2, { id, type: 'public-key' }]]))).status).toBe(0);
  expect((await make()).status).toBe(0);
});
