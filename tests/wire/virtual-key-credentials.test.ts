import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { withCtap2, withQuirks, type AttestationStyle } from '../../main/simulator/key/key-model.ts';
import { CTAP20_KEY, MODERN_KEY, TRAINING_KEYS, TRAINING_PIN, type TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { asMap, canonical, RawHost, RawPin, sha256, type CborAnswer } from '../support/raw-host.ts';

const RP = 'login.example';
const HASH = new Uint8Array(32).fill(0xcd);
const withPin = { pin: TRAINING_PIN };

async function bench(training: TrainingKey, protocol: 1 | 2 = 2) {
  const parts = await keyBench(training);
  const host = new RawHost(parts.link, parts.clock);
  await host.init();
  parts.key.autoTouch(10);
  return { ...parts, host, pin: new RawPin(host, protocol), protocol };
}
type Bench = Awaited<ReturnType<typeof bench>>;

function user(id: number, name = `person${id}@example`) {
  return new Map<string, unknown>([
    ['id', Uint8Array.of(id)],
    ['name', name],
    ['displayName', `Person ${id}`],
  ]);
}

const es256 = [
  new Map<string, unknown>([
    ['alg', -7],
    ['type', 'public-key'],
  ]),
];

/** makeCredential with a fresh token; `changes` replace or remove members. */
async function make({ host, pin, protocol }: Bench, changes: Record<number, unknown> = {}, rpId = RP): Promise<CborAnswer> {
  const { token } = await pin.token(TRAINING_PIN, 1, rpId);
  return host.cbor(0x01, await makeRequest(pin, protocol, token, changes, rpId));
}

async function makeRequest(
  pin: RawPin,
  protocol: number,
  token: Uint8Array | undefined,
  changes: Record<number, unknown> = {},
  rpId = RP,
) {
  const request = new Map<number, unknown>([
    [1, HASH],
    [
      2,
      new Map([
        ['id', rpId],
        ['name', 'Example'],
      ]),
    ],
    [3, user(1)],
    [4, es256],
    [7, { rk: true }],
  ]);
  if (token !== undefined) request.set(8, await pin.macWith(token, HASH)).set(9, protocol);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) request.delete(Number(key));
    else request.set(Number(key), value);
  }
  return request;
}

async function assertion({ host, pin, protocol }: Bench, changes: Record<number, unknown> = {}, rpId = RP): Promise<CborAnswer> {
  const { token } = await pin.token(TRAINING_PIN, 2, rpId);
  const request = new Map<number, unknown>([
    [1, rpId],
    [2, HASH],
    [6, await pin.macWith(token, HASH)],
    [7, protocol],
  ]);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) request.delete(Number(key));
    else request.set(Number(key), value);
  }
  return host.cbor(0x02, request);
}

function readAuthData(bytes: unknown) {
  if (!(bytes instanceof Uint8Array)) throw new Error('authData is bytes');
  const idBytes = ((bytes[53] ?? 0) << 8) | (bytes[54] ?? 0);
  return {
    rpIdHash: bytes.slice(0, 32),
    flags: bytes[32],
    count: new DataView(bytes.buffer, bytes.byteOffset).getUint32(33),
    aaguid: bytes.slice(37, 53),
    id: bytes.slice(55, 55 + idBytes),
    rest: bytes.slice(55 + idBytes),
  };
}

function idOf(answer: CborAnswer): Uint8Array {
  return readAuthData(answer.map.get(2)).id;
}

const descriptor = (id: Uint8Array) =>
  new Map<string, unknown>([
    ['id', id],
    ['type', 'public-key'],
  ]);

describe('makeCredential', () => {
  test('makes an ES256 credential with user presence and verification, and says so', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const answer = await make(parts);
    expect(answer.status).toBe(0);
    expect(answer.map.get(1)).toBe('packed');
    const data = readAuthData(answer.map.get(2));
    expect(data.rpIdHash).toEqual(await sha256(new TextEncoder().encode(RP)));
    expect(data.flags).toBe(0x45);
    expect(Buffer.from(data.aaguid).toString('hex')).toBe('46697273746b65798000000000000001');
    expect(data.id).toHaveLength(64);
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in COSE order
    expect(Buffer.from(data.rest.subarray(0, 10)).toString('hex')).toBe('a5010203262001215820');
    expect(data.rest).toHaveLength(77);
  });

  test('EdDSA when the site prefers it and the key can', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const wanted = [-8, -7].map(
      (alg) =>
        new Map<string, unknown>([
          ['alg', alg],
          ['type', 'public-key'],
        ]),
    );
    const { rest } = readAuthData((await make(parts, { 4: wanted })).map.get(2));
    expect(Buffer.from(rest.subarray(0, 10)).toString('hex')).toBe('a4010103272006215820');
  });

  test.each([
    ['no client data', { 1: undefined }, 0x14],
    ['no site', { 2: undefined }, 0x14],
    ['no user', { 3: undefined }, 0x14],
    ['no algorithms', { 4: undefined }, 0x14],
    [
      'only unknown algorithms',
      {
        4: [
          new Map<string, unknown>([
            ['alg', -257],
            ['type', 'public-key'],
          ]),
        ],
      },
      0x26,
    ],
    ['an algorithm without a type', { 4: [new Map([['alg', -7]])] }, 0x14],
    ['an empty user id', { 3: new Map([['id', new Uint8Array(0)]]) }, 0x03],
    ['a user id of 65 bytes', { 3: new Map([['id', new Uint8Array(65)]]) }, 0x03],
    ['up: false', { 7: { rk: true, up: false } }, 0x2c],
    ['enterprise attestation', { 10: 1 }, 0x02],
    ['an unknown protocol', { 9: 3 }, 0x02],
    ['a param without a protocol', { 9: undefined }, 0x14],
    ['an exclude list that is too long', { 5: Array.from({ length: 9 }, () => descriptor(Uint8Array.of(1))) }, 0x15],
    ['credProtect 4', { 6: { credProtect: 4 } }, 0x02],
  ])('%s', async (_, changes, status) => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    expect(await make(parts, changes)).toMatchObject({ status });
  });

  test('uv without a token is 0x2C, and a PIN-protected key wants its token for a discoverable credential: 0x36', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const bare = { 8: undefined, 9: undefined };
    expect(await make(parts, { ...bare, 7: { uv: true } })).toMatchObject({ status: 0x2c });
    expect(await make(parts, bare)).toMatchObject({ status: 0x36 });
    expect(await make(parts, { ...bare, 7: undefined })).toMatchObject({ status: 0 });
  });

  test('a token for another site, or without the permission, is 0x33', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const other = await parts.pin.token(TRAINING_PIN, 1, 'other.example');
    expect(await parts.host.cbor(0x01, await makeRequest(parts.pin, 2, other.token))).toMatchObject({ status: 0x33 });
    const ga = await parts.pin.token(TRAINING_PIN, 2, RP);
    expect(await parts.host.cbor(0x01, await makeRequest(parts.pin, 2, ga.token))).toMatchObject({ status: 0x33 });
  });

  test('a token is good for one credential on a modern key, for many on a CTAP 2.0 key', async () => {
    const modern = await bench({ model: MODERN_KEY, memory: withPin });
    const { token } = await modern.pin.token(TRAINING_PIN, 1, RP);
    expect(await modern.host.cbor(0x01, await makeRequest(modern.pin, 2, token))).toMatchObject({ status: 0 });
    expect(await modern.host.cbor(0x01, await makeRequest(modern.pin, 2, token))).toMatchObject({ status: 0x33 });

    const old = await bench({ model: CTAP20_KEY, memory: withPin }, 1);
    const legacy = await old.pin.legacyToken(TRAINING_PIN);
    expect(await old.host.cbor(0x01, await makeRequest(old.pin, 1, legacy.token))).toMatchObject({ status: 0 });
    expect(await old.host.cbor(0x01, await makeRequest(old.pin, 1, legacy.token))).toMatchObject({ status: 0 });
  });

  test('no touch, no credential', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    parts.key.autoTouch('never');
    expect(await make(parts)).toMatchObject({ status: 0x2f });
    expect(parts.key.inspection.credentialIds).toHaveLength(0);
  });

  test('an excluded credential is 0x19, but only after the touch', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const id = idOf(await make(parts));
    expect(await make(parts, { 5: [descriptor(id)] })).toMatchObject({ status: 0x19, keepalives: [2, 1] });
    parts.key.autoTouch('never');
    expect(await make(parts, { 5: [descriptor(id)] })).toMatchObject({ status: 0x2f });
    expect(await make(parts, { 5: [descriptor(id)] }, 'other.example')).toMatchObject({ status: 0x2f });
  });

  test('the same account on the same site is replaced, another account is not', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const first = idOf(await make(parts));
    const second = idOf(await make(parts));
    const third = idOf(await make(parts, { 3: user(2) }));
    expect(parts.key.inspection.credentialIds).toEqual([second, third]);
    expect(first).not.toEqual(second);
  });

  test('a full key is 0x28, makes non-discoverable ones still, and says 0 slots in getInfo', async () => {
    const parts = await bench({ model: TRAINING_KEYS.full.model, memory: { ...TRAINING_KEYS.full.memory, ...withPin } });
    expect((await parts.host.cbor(0x04)).map.get(0x14)).toBe(0);
    expect(await make(parts)).toMatchObject({ status: 0x28 });
    expect(await make(parts, { 7: undefined })).toMatchObject({ status: 0 });
  });

  test('extensions it knows are answered, others ignored', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const answer = await make(parts, { 6: { 'hmac-secret': true, credProtect: 2, minPinLength: true } });
    const { flags, rest } = readAuthData(answer.map.get(2));
    expect(flags).toBe(0xc5);
    expect(rest.subarray(77)).toEqual(canonical({ credProtect: 2, 'hmac-secret': true }));
    const plain = await bench({ model: TRAINING_KEYS.noHmacSecret.model, memory: withPin });
    expect(readAuthData((await make(plain, { 6: { 'hmac-secret': true } })).map.get(2)).flags).toBe(0x45);
  });

  test.each([
    ['with a PIN', withPin, 0x31],
    ['without one', {}, 0x35],
  ])('the touch test of CTAP 2.0 %s', async (_, memory, status) => {
    const parts = await bench({ model: CTAP20_KEY, memory }, 1);
    const request = await makeRequest(parts.pin, 1, undefined, { 8: new Uint8Array(0), 9: 1 });
    expect(await parts.host.cbor(0x01, request)).toMatchObject({ status, keepalives: [2, 1] });
  });

  test.each([
    ['wants-user-name', { 3: new Map([['id', Uint8Array.of(1)]]) }, 0x14],
    ['refuses-large-user', { 3: user(1, 'n'.repeat(65)) }, 0xf1],
    [
      'refuses-descriptor-extras',
      { 5: [new Map<string, unknown>([...descriptor(Uint8Array.of(1)), ['transports', ['usb']]])] },
      0x12,
    ],
  ] as const)('the quirk %s', async (quirk, changes, status) => {
    const good = await bench({ model: MODERN_KEY, memory: withPin });
    expect(await make(good, changes)).toMatchObject({ status: 0 });
    const odd = await bench({ model: withQuirks(MODERN_KEY, quirk), memory: withPin });
    expect(await make(odd, changes)).toMatchObject({ status });
  });
});

describe('getAssertion', () => {
  test('signs for a discoverable credential, newest first, and the signature verifies', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const made = await make(parts);
    const { rest, id } = readAuthData(made.map.get(2));
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: Buffer.from(rest.slice(10, 42)).toString('base64url'),
        y: Buffer.from(rest.slice(45, 77)).toString('base64url'),
      },
    });
    const answer = await assertion(parts);
    expect(answer.status).toBe(0);
    expect(asMap(answer.map.get(1)).get('id')).toEqual(id);
    expect(answer.map.get(4)).toEqual({ id: Uint8Array.of(1) });
    const authData = answer.map.get(2) as Uint8Array;
    expect(readAuthData(authData)).toMatchObject({ flags: 0x05, count: 1 });
    expect(verify('sha256', Buffer.concat([authData, HASH]), key, answer.map.get(3) as Uint8Array)).toBe(true);
  });

  test('several accounts: count, names after verification, getNextAssertion until 0x30', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    for (const id of [1, 2, 3]) await make(parts, { 3: user(id) });
    const first = await assertion(parts);
    expect(first.map.get(5)).toBe(3);
    expect(first.map.get(4)).toEqual({ id: Uint8Array.of(3), name: 'person3@example', displayName: 'Person 3' });
    expect(asMap((await parts.host.cbor(0x08)).map.get(4)).get('name')).toBe('person2@example');
    expect(asMap((await parts.host.cbor(0x08)).map.get(4)).get('name')).toBe('person1@example');
    expect(await parts.host.cbor(0x08)).toMatchObject({ status: 0x30 });
  });

  test.each([
    ['another command comes between', async ({ host }: Bench) => void (await host.cbor(0x04))],
    ['more than 30 s pass', ({ clock }: Bench) => clock.advance(30_001)],
  ])('getNextAssertion is 0x30 when %s', async (_, between) => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    for (const id of [1, 2]) await make(parts, { 3: user(id) });
    await assertion(parts);
    await between(parts);
    expect(await parts.host.cbor(0x08)).toMatchObject({ status: 0x30 });
  });

  test('the allow list finds the one, and 0x2E says none without a touch', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const first = idOf(await make(parts, { 7: undefined }));
    await make(parts, { 3: user(2) });
    const answer = await assertion(parts, { 3: [descriptor(Uint8Array.of(9)), descriptor(first)] });
    expect(asMap(answer.map.get(1)).get('id')).toEqual(first);
    expect(answer.map.has(5)).toBe(false);
    expect(await assertion(parts, { 3: [descriptor(Uint8Array.of(9))] })).toMatchObject({ status: 0x2e, keepalives: [] });
    expect(await assertion(parts, {}, 'other.example')).toMatchObject({ status: 0x2e, keepalives: [] });
  });

  test('a silent probe needs no touch and leaves the token, except under the quirk', async () => {
    for (const [model, secondStatus] of [
      [MODERN_KEY, 0],
      [withQuirks(MODERN_KEY, 'forgets-token-after-probe'), 0x33],
    ] as const) {
      const parts = await bench({ model, memory: withPin });
      const id = idOf(await make(parts));
      const { token } = await parts.pin.token(TRAINING_PIN, 3, RP);
      const param = await parts.pin.macWith(token, HASH);
      const probe = new Map<number, unknown>([
        [1, RP],
        [2, HASH],
        [3, [descriptor(id)]],
        [5, { up: false }],
        [6, param],
        [7, 2],
      ]);
      const answer = await parts.host.cbor(0x02, probe);
      expect(answer).toMatchObject({ status: 0, keepalives: [] });
      expect(readAuthData(answer.map.get(2)).flags).toBe(0x04);
      const request = await makeRequest(parts.pin, 2, token);
      expect(await parts.host.cbor(0x01, request)).toMatchObject({ status: secondStatus });
    }
  });

  test.each([
    [1, 0, 0],
    [2, 0x2e, 0],
    [3, 0x2e, 0x2e],
  ])('credProtect %i without verification: discoverable %i, by id %i', async (level, discoverable, byId) => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    const id = idOf(await make(parts, { 6: { credProtect: level } }));
    const bare = { 6: undefined, 7: undefined };
    expect(await assertion(parts, bare)).toMatchObject({ status: discoverable });
    expect(await assertion(parts, { ...bare, 3: [descriptor(id)] })).toMatchObject({ status: byId });
    expect(await assertion(parts)).toMatchObject({ status: 0 });
  });

  test.each([
    ['rk', { 5: { rk: true } }, 0x2b],
    ['uv without a token', { 5: { uv: true }, 6: undefined, 7: undefined }, 0x2c],
    ['no site', { 1: undefined }, 0x14],
    ['an allow list of text', { 3: ['id'] }, 0x11],
  ])('%s is refused', async (_, changes, status) => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    await make(parts);
    expect(await assertion(parts, changes)).toMatchObject({ status });
  });

  test('hmac-secret gives the same secret for the same salt, another with other verification', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    await make(parts, { 6: { 'hmac-secret': true } });
    const secretFor = async (salts: Uint8Array, changes: Record<number, unknown> = {}) => {
      // The token comes first: it makes its own agreement, the extension needs the one that is in force.
      const { token } = await parts.pin.token(TRAINING_PIN, 2, RP);
      await parts.pin.agree();
      const saltEnc = await parts.pin.encrypt(salts);
      const input = new Map<number, unknown>([
        [1, parts.pin.hostKey],
        [2, saltEnc],
        [3, await parts.pin.mac(saltEnc)],
        [4, 2],
      ]);
      const request = new Map<number, unknown>([
        [1, RP],
        [2, HASH],
        [4, new Map([['hmac-secret', input]])],
      ]);
      request.set(6, await parts.pin.macWith(token, HASH)).set(7, 2);
      for (const [key, value] of Object.entries(changes)) if (value === undefined) request.delete(Number(key));
      const answer = await parts.host.cbor(0x02, request);
      if (answer.status !== 0) return answer.status;
      const authData = answer.map.get(2) as Uint8Array;
      expect((authData[32] ?? 0) & 0x80).toBe(0x80);
      // {"hmac-secret": bytes} ends in the bytes: one or two HMACs, with the IV of protocol two before them.
      return Buffer.from(await parts.pin.decrypt(authData.slice(-(salts.length + 16)))).toString('hex');
    };
    const [saltA, saltB] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const one = await secretFor(saltA);
    expect(one).toMatch(/^[0-9a-f]{64}$/u);
    expect(await secretFor(Uint8Array.of(...saltA, ...saltB))).toMatch(new RegExp(`^${one}[0-9a-f]{64}$`, 'u'));
    expect(await secretFor(saltA, { 6: undefined, 7: undefined })).not.toBe(one);
    expect(await secretFor(new Uint8Array(48))).toBe(0x03);
  });
});

describe('selection and reset', () => {
  test('selection is a touch', async () => {
    const { host } = await bench(TRAINING_KEYS.modern);
    expect(await host.cbor(0x0b)).toMatchObject({ status: 0, keepalives: [2, 1], map: new Map() });
  });

  test.each([
    ['within ten seconds', 9_000, MODERN_KEY, 0],
    ['later', 10_001, MODERN_KEY, 0x30],
    ['later, old YubiKey manner', 10_001, withQuirks(MODERN_KEY, 'late-reset-says-pin-blocked'), 0x34],
    ['later, on a key without a window', 10_001, withQuirks(MODERN_KEY, 'no-reset-window'), 0],
    ['after five seconds on a key with a shorter window', 5_001, withCtap2(MODERN_KEY, { resetWindowMs: 5_000 }), 0x30],
  ])('reset %s', async (_, afterMs, model, status) => {
    const parts = await bench({ model, memory: withPin });
    await parts.clock.advance(afterMs);
    expect(await parts.host.cbor(0x07)).toMatchObject({ status });
    expect(parts.key.inspection.isPinSet).toBe(status !== 0);
  });

  test('reset without a touch changes nothing; with one it forgets all', async () => {
    const parts = await bench({ model: MODERN_KEY, memory: withPin });
    await make(parts);
    const raw = new RawHost(await parts.replug(), parts.clock);
    await raw.init();
    parts.key.autoTouch('never');
    expect(await raw.cbor(0x07)).toMatchObject({ status: 0x2f });
    expect(parts.key.inspection).toMatchObject({ isPinSet: true, credentialIds: [expect.any(Uint8Array)] });
    const again = new RawHost(await parts.replug(), parts.clock);
    await again.init();
    parts.key.autoTouch(0);
    expect(await again.cbor(0x07)).toMatchObject({ status: 0 });
    expect(parts.key.inspection).toMatchObject({ isPinSet: false, pinRetriesLeft: 8, credentialIds: [] });
  });

  test('the quirk empty-map-answers sends a map where others send the status alone', async () => {
    const parts = await bench({ model: withQuirks(MODERN_KEY, 'empty-map-answers'), memory: {} });
    await parts.host.sendCbor(0x0b);
    let message = await parts.host.nextMessage();
    while (message.command === 0x3b) message = await parts.host.nextMessage();
    expect([...message.payload]).toEqual([0x00, 0xa0]);
  });
});

describe('getInfo', () => {
  test('of a modern key is canonical and true', async () => {
    const { host } = await bench(TRAINING_KEYS.modern);
    const { map } = await host.cbor(0x04);
    expect(Object.fromEntries(map)).toEqual({
      1: ['FIDO_2_0', 'FIDO_2_1_PRE', 'FIDO_2_1'],
      2: ['credProtect', 'hmac-secret'],
      3: Uint8Array.from(Buffer.from('46697273746b65798000000000000001', 'hex')),
      4: {
        rk: true,
        up: true,
        plat: false,
        credMgmt: true,
        credentialMgmtPreview: true,
        authnrCfg: true,
        clientPin: false,
        setMinPINLength: true,
        pinUvAuthToken: true,
        makeCredUvNotRqd: true,
      },
      5: 2048,
      6: [2, 1],
      7: 8,
      8: 64,
      9: ['usb'],
      10: [
        { alg: -7, type: 'public-key' },
        { alg: -8, type: 'public-key' },
      ],
      12: false,
      13: 4,
      14: 0x020104,
      20: 100,
      22: ['packed'],
      29: 63,
    });
  });

  test('quirks: wrong order, a number among the options, numbers beyond doubles, plain lies', async () => {
    const odd = withQuirks(MODERN_KEY, 'unsorted-info', 'non-boolean-option', 'vendor-commands-beyond-double');
    const { host } = await bench({
      model: withCtap2(odd, {
        infoOverrides: new Map<number, number | undefined>([
          [5, 2 ** 32],
          [9, undefined],
        ]),
      }),
      memory: {},
    });
    const { map } = await host.cbor(0x04);
    expect([...map.keys()]).toEqual([29, 22, 21, 20, 14, 13, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(map.get(4)).toMatchObject({ defaultCredProtect: 2 });
    expect(map.get(21)).toEqual([0xe8d0_b3f1_2c4a_5701n, 1]);
    expect(map.get(5)).toBe(2 ** 32);
  });
});

describe('attestation styles', () => {
  test.each([
    ['packed-certificate', 'packed', true],
    ['packed-self', 'packed', false],
    ['none', 'none', false],
    ['broken-signature', 'packed', true],
  ] as const)('%s', async (attestation: AttestationStyle, format, hasCertificate) => {
    const parts = await bench({ model: withCtap2(MODERN_KEY, { attestation }), memory: withPin });
    const { map } = await make(parts);
    expect(map.get(1)).toBe(format);
    expect(asMap(map.get(3)).has('x5c')).toBe(hasCertificate);
  });
});
