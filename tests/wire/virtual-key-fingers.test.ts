// Keys with a fingerprint reader: enrolment sample by sample, fingers instead of a PIN, tries, and the preview commands.
import { describe, expect, test } from 'vitest';
import { ENROLLED_FINGER, KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import type { SampleFlaw } from '../../main/simulator/key/key-model.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { creation, managedKey, PERMISSION, requestOf, type ManagedKey } from '../support/managed-key.ts';
import { HID } from '../support/raw-host.ts';

const RP = 'login.example';
const HASH = new Uint8Array(32).fill(0xcd);
const bare = { ...KEY_KINDS.fingerprint, memory: { pin: TRAINING_PIN } };

async function enrol(key: ManagedKey, command?: number): Promise<Uint8Array> {
  const first = await key.bio(1, undefined, command);
  const templateId = first.map.get(4) as Uint8Array;
  for (let left = first.map.get(6) as number; left > 0;) {
    const next = await key.bio(2, new Map([[1, templateId]]), command);
    left = next.map.get(6) as number;
  }
  return templateId;
}

async function makeByFinger(key: ManagedKey, changes: readonly (readonly [number, unknown])[] = []) {
  const { status, token } = await key.pin.uvToken(PERMISSION.make, RP);
  if (status !== 0) return { status };
  const signed: (readonly [number, unknown])[] = [[8, await key.pin.macWith(token, HASH)], [9, 2], ...changes];
  return key.host.cbor(0x01, creation(RP, [[7, { rk: true }], ...signed]));
}

describe('enrolment', () => {
  test('sensor and modality are told to anybody', async () => {
    const key = await managedKey(bare);
    expect(Object.fromEntries((await key.host.cbor(0x09, new Map([[6, true]]))).map)).toEqual({ 1: 1 });
    expect(Object.fromEntries((await key.host.cbor(0x09, requestOf([1, 1], [2, 7]))).map)).toEqual({ 1: 1, 2: 1, 3: 4, 8: 15 });
  });

  test('four good samples make a finger; it can be listed, named and removed, and getInfo follows', async () => {
    const key = await managedKey(bare);
    expect((await key.info()).get(4)).toMatchObject({ uv: false, bioEnroll: false, userVerificationMgmtPreview: false });
    expect((await key.bio(4)).status).toBe(0x2c);
    const id = await enrol(key);
    expect((await key.info()).get(4)).toMatchObject({ uv: true, bioEnroll: true, userVerificationMgmtPreview: true });
    expect((await key.bio(4)).map.get(7)).toEqual([new Map([[1, id]])]);
    const named = new Map<number, unknown>([
      [1, id],
      [2, 'Right hand'],
    ]);
    expect((await key.bio(5, named)).status).toBe(0);
    expect(key.key.inspection.fingerNames).toEqual(['Right hand']);
    expect((await key.bio(5, new Map([...named, [2, 'far too long for it']]))).status).toBe(0x03);
    expect((await key.bio(6, new Map([[1, Uint8Array.of(9, 9)]]))).status).toBe(0x2c);
    expect((await key.bio(6, new Map([[1, id]]))).status).toBe(0);
    expect(key.key.inspection.fingerNames).toEqual([]);
  });

  test.each<[SampleFlaw, number]>([
    ['too-high', 1],
    ['too-low', 2],
    ['too-left', 3],
    ['too-right', 4],
    ['too-fast', 5],
    ['too-slow', 6],
    ['poor-quality', 7],
    ['too-skewed', 8],
    ['too-short', 9],
    ['no-release', 14],
  ])('a sample that is %s is told as %i and does not count', async (flaw, code) => {
    const key = await managedKey(bare);
    key.key.autoTouch(10, [{ flaw }, {}]);
    const first = await key.bio(1);
    expect([first.map.get(5), first.map.get(6)]).toEqual([code, 4]);
    const next = await key.bio(2, new Map([[1, first.map.get(4)]]));
    expect([next.map.get(5), next.map.get(6)]).toEqual([0, 3]);
  });

  test('another finger in between, one that is enrolled already, and none at all', async () => {
    const key = await managedKey({ ...KEY_KINDS.fingerprint, memory: { pin: TRAINING_PIN, fingers: ['left-thumb'] } });
    key.key.autoTouch(10, [{ finger: 'left-thumb' }, { finger: 'left-ring' }, { finger: 'right-ring' }]);
    const first = await key.bio(1);
    expect([first.map.get(5), first.map.get(6)]).toEqual([11, 4]);
    const next = new Map([[1, first.map.get(4)]]);
    expect((await key.bio(2, next)).map.get(5)).toBe(0);
    expect((await key.bio(2, next)).map.get(5)).toBe(10);
    key.key.autoTouch('never');
    const startedMs = key.clock.nowMs();
    const nobody = await key.bio(2, new Map([...next, [3, 2_000]]));
    expect([nobody.map.get(5), nobody.map.get(6)]).toEqual([13, 3]);
    expect(key.clock.nowMs() - startedMs).toBe(2_000);
  });

  test('cancelled by sub-command or by CTAPHID_CANCEL it leaves nothing', async () => {
    const key = await managedKey(bare);
    const first = await key.bio(1);
    expect((await key.host.cbor(0x09, requestOf([1, 1], [2, 3]))).status).toBe(0);
    expect((await key.bio(2, new Map([[1, first.map.get(4)]]))).status).toBe(0x02);
    key.key.autoTouch('never');
    const stop = key.key.onAwaitingTouch((awaiting) => {
      if (awaiting) void key.host.send(HID.cancel, new Uint8Array(0));
    });
    expect((await key.bio(1)).status).toBe(0x2d);
    stop();
    expect(key.key.inspection.fingerNames).toEqual([]);
  });

  test('a full reader is 0x17, no token 0x36, an unknown sub-command 0x3E', async () => {
    const fingers = ['one', 'two', 'three', 'four', 'five'];
    const key = await managedKey({ ...KEY_KINDS.fingerprint, memory: { pin: TRAINING_PIN, fingers } });
    expect((await key.bio(1)).status).toBe(0x17);
    expect((await key.host.cbor(0x09, requestOf([1, 1], [2, 4]))).status).toBe(0x36);
    expect((await key.bio(0x20)).status).toBe(0x3e);
  });

  test('under the number it had in the preview, with a token without permissions', async () => {
    const key = await managedKey({ ...KEY_KINDS.preview21, memory: { pin: TRAINING_PIN } }, 1);
    await enrol(key, 0x40);
    expect(key.key.inspection.fingerNames).toHaveLength(1);
    expect((await key.host.cbor(0x09, new Map([[6, true]]))).status).toBe(0x01);
    expect((await key.info()).get(4)).toMatchObject({ uv: true, userVerificationMgmtPreview: true, credentialMgmtPreview: true });
  });

  test('reset removes the fingers', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    expect((await key.host.cbor(0x07)).status).toBe(0);
    expect(key.key.inspection).toMatchObject({ fingerNames: [], isPinSet: false, uvRetriesLeft: 5 });
  });
});

describe('a finger instead of the PIN', () => {
  test('one touch gives the token and makes the credential', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    let touches = 0;
    key.key.onAwaitingTouch((awaiting) => (touches += awaiting ? 1 : 0));
    expect((await makeByFinger(key)).status).toBe(0);
    expect(touches).toBe(1);
    expect(key.key.inspection.credentialIds).toHaveLength(1);
  });

  test('the touch counts for 30 s, the token for longer', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    const { token } = await key.pin.uvToken(PERMISSION.make | PERMISSION.assert, RP);
    const param = await key.pin.macWith(token, HASH);
    // A silent look uses the token and spends nothing.
    expect((await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [5, { up: false }], [6, param], [7, 2]))).status).toBe(0x2e);
    await key.clock.advance(31_000);
    let touches = 0;
    key.key.onAwaitingTouch((awaiting) => (touches += awaiting ? 1 : 0));
    const made = await key.host.cbor(
      0x01,
      creation(RP, [
        [8, param],
        [9, 2],
      ]),
    );
    expect([made.status, touches]).toEqual([0, 1]);
  });

  test('option uv works without any token, and only there', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    expect((await key.host.cbor(0x01, creation(RP, [[7, { rk: true, uv: true }]]))).status).toBe(0);
    const got = await key.host.cbor(0x02, requestOf([1, RP], [2, HASH], [5, { uv: true }]));
    expect(got.status).toBe(0);
    expect(((got.map.get(2) as Uint8Array)[32] ?? 0) & 0x05).toBe(0x05);
    const without = await managedKey(bare);
    expect((await without.host.cbor(0x01, creation(RP, [[7, { rk: true, uv: true }]]))).status).toBe(0x2c);
    expect((await without.pin.uvToken(PERMISSION.make, RP)).status).toBe(0x30);
  });

  test('wrong fingers are counted; then only the PIN gives the tries back', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    const triesLeft = async () => (await key.host.cbor(0x06, requestOf([1, 2], [2, 7]))).map.get(5);
    key.key.autoTouch(10, [
      { finger: 'left-thumb' },
      { flaw: 'too-fast' },
      { finger: ENROLLED_FINGER },
      { finger: 'left-thumb' },
    ]);
    const statusOf = async () => (await key.pin.uvToken(PERMISSION.assert, RP)).status;
    expect([await statusOf(), await triesLeft()]).toEqual([0x3f, 4]);
    expect([await statusOf(), await triesLeft()]).toEqual([0x3f, 3]);
    expect([await statusOf(), await triesLeft()]).toEqual([0, 5]);
    for (const left of [4, 3, 2, 1]) expect([await statusOf(), await triesLeft()]).toEqual([0x3f, left]);
    expect([await statusOf(), await triesLeft()]).toEqual([0x3c, 0]);
    expect(await statusOf()).toBe(0x3c);
    // With option uv the platform is sent for the PIN instead.
    expect((await key.host.cbor(0x01, creation(RP, [[7, { rk: true, uv: true }]]))).status).toBe(0x36);
    const replugged = await key.again();
    expect((await replugged.pin.uvToken(PERMISSION.assert, RP)).status).toBe(0x3c);
    expect((await replugged.pin.token(TRAINING_PIN, PERMISSION.assert, RP)).status).toBe(0);
    expect(key.key.inspection.uvRetriesLeft).toBe(5);
  });

  test('managing fingers and settings by finger is a right of its own', async () => {
    const key = await managedKey(KEY_KINDS.fingerprint);
    expect((await key.pin.uvToken(PERMISSION.fingers)).status).toBe(0x40);
    const latest = await managedKey({ ...KEY_KINDS.latest, memory: { pin: TRAINING_PIN, fingers: [ENROLLED_FINGER] } });
    expect((await latest.info()).get(4)).toMatchObject({ uvBioEnroll: true, uvAcfg: true });
    expect((await latest.pin.uvToken(PERMISSION.fingers)).status).toBe(0);
    expect((await latest.pin.uvToken(PERMISSION.configure)).status).toBe(0);
  });

  test('a key that makes credentials by finger alone says so and refuses the PIN for it', async () => {
    const key = await managedKey(KEY_KINDS.fingerprintOnly);
    expect((await key.info()).get(4)).toMatchObject({ noMcGaPermissionsWithClientPin: true, uv: true });
    expect((await key.pin.token(TRAINING_PIN, PERMISSION.make, RP)).status).toBe(0x40);
    expect((await makeByFinger(key)).status).toBe(0);
  });
});
