import { describe, expect, test } from 'vitest';
import { withCtap2, withQuirks, type KeyModel } from '../../main/simulator/key/key-model.ts';
import { CTAP20_KEY, MODERN_KEY, TRAINING_KEYS, TRAINING_PIN, type TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { RawHost, RawPin } from '../support/raw-host.ts';

async function bench(training: TrainingKey, protocol: 1 | 2 = 2) {
  const parts = await keyBench(training);
  const host = new RawHost(parts.link, parts.clock);
  await host.init();
  return { ...parts, host, pin: new RawPin(host, protocol) };
}

async function retries(host: RawHost): Promise<unknown> {
  const { map } = await host.cbor(
    0x06,
    new Map([
      [1, 1],
      [2, 1],
    ]),
  );
  return { left: map.get(3), powerCycle: map.get(4) };
}

async function infoOf(host: RawHost): Promise<ReadonlyMap<unknown, unknown>> {
  return (await host.cbor(0x04)).map;
}

const old = (model: KeyModel): TrainingKey => ({ model, memory: {} });
const withPin = (model: KeyModel): TrainingKey => ({ model, memory: { pin: TRAINING_PIN } });

describe.each([1, 2] as const)('PIN/UV protocol %i', (protocol) => {
  test('sets a PIN, changes it, and gives tokens that authenticate', async () => {
    const { host, pin } = await bench(TRAINING_KEYS.modern, protocol);
    expect(await pin.setPin('2468')).toMatchObject({ status: 0, map: new Map() });
    expect((await infoOf(host)).get(4)).toMatchObject({ clientPin: true });
    expect(await pin.changePin('2468', '97531')).toMatchObject({ status: 0 });
    expect(await pin.token('2468', 4)).toMatchObject({ status: 0x31 });
    const { status, token } = await pin.token('97531', 4);
    expect({ status, bytes: token.length }).toEqual({ status: 0, bytes: 32 });
    const param = await pin.macWith(token, Uint8Array.of(1));
    expect(
      await host.cbor(
        0x0a,
        new Map<number, unknown>([
          [1, 1],
          [3, protocol],
          [4, param],
        ]),
      ),
    ).toMatchObject({ status: 0 });
  });

  test('the token under the other protocol is worth nothing', async () => {
    const { host, pin } = await bench(withPin(MODERN_KEY), protocol);
    const { token } = await pin.token(TRAINING_PIN, 4);
    const param = await pin.macWith(token, Uint8Array.of(1));
    const asked = new Map<number, unknown>([
      [1, 1],
      [3, protocol === 1 ? 2 : 1],
      [4, param],
    ]);
    expect(await host.cbor(0x0a, asked)).toMatchObject({ status: 0x33 });
  });

  test('a spoiled MAC is 0x33 and costs no try', async () => {
    const { host, pin } = await bench(withPin(MODERN_KEY), protocol);
    await pin.agree();
    const newPinEnc = await pin.encrypt(new Uint8Array(64).fill(0x31));
    const pinHashEnc = await pin.encrypt(new Uint8Array(16));
    const param = await pin.mac(Uint8Array.of(0));
    const asked: [number, unknown][] = [
      [1, protocol],
      [2, 4],
      [3, pin.hostKey],
      [4, param],
      [5, newPinEnc],
      [6, pinHashEnc],
    ];
    expect(await host.cbor(0x06, new Map(asked))).toMatchObject({ status: 0x33 });
    expect(await retries(host)).toEqual({ left: 8, powerCycle: false });
  });
});

describe('PIN rules', () => {
  test.each([
    ['three characters', '123', 0x37],
    ['four characters', '1234', 0],
    ['three code points of three bytes each', '€€€', 0x37],
    ['63 bytes', 'x'.repeat(63), 0],
  ])('%s', async (_, text, status) => {
    const { pin } = await bench(TRAINING_KEYS.modern);
    expect(await pin.setPin(text)).toMatchObject({ status });
  });

  test('64 bytes without an end are too long; another padding is 0x02', async () => {
    const { pin } = await bench(TRAINING_KEYS.modern);
    expect(await pin.setPin(new Uint8Array(64).fill(0x61))).toMatchObject({ status: 0x37 });
    expect(await pin.setPin(new Uint8Array(128).fill(0x61, 0, 5))).toMatchObject({ status: 0x02 });
  });

  test('the quirk counts-pin-bytes takes three euro signs', async () => {
    const { pin } = await bench(old(withQuirks(MODERN_KEY, 'counts-pin-bytes')));
    expect(await pin.setPin('€€€')).toMatchObject({ status: 0 });
  });

  test('a key that wants six takes no five', async () => {
    const { pin, host } = await bench(TRAINING_KEYS.minPin6);
    expect((await infoOf(host)).get(0x0d)).toBe(6);
    expect(await pin.setPin('12345')).toMatchObject({ status: 0x37 });
    expect(await pin.setPin('123456')).toMatchObject({ status: 0 });
  });

  test('setting a PIN twice is 0x33, changing or using none is 0x35', async () => {
    const { pin } = await bench(TRAINING_KEYS.modern);
    expect(await pin.changePin('1234', '5678')).toMatchObject({ status: 0x35 });
    expect(await pin.token('1234', 4)).toMatchObject({ status: 0x35 });
    expect(await pin.setPin('1234')).toMatchObject({ status: 0 });
    expect(await pin.setPin('1234')).toMatchObject({ status: 0x33 });
  });

  test.each([
    [
      'an unknown protocol',
      [
        [1, 3],
        [2, 2],
      ],
      0x02,
    ],
    ['no protocol', [[2, 2]], 0x14],
    ['no sub-command', [[1, 1]], 0x14],
    [
      'an unknown sub-command',
      [
        [1, 1],
        [2, 0x0b],
      ],
      0x3e,
    ],
    [
      'built-in user verification',
      [
        [1, 1],
        [2, 6],
      ],
      0x3e,
    ],
    [
      'setPIN without a key',
      [
        [1, 1],
        [2, 3],
        [4, new Uint8Array(16)],
        [5, new Uint8Array(64)],
      ],
      0x14,
    ],
    [
      'text for a number',
      [
        [1, 'one'],
        [2, 2],
      ],
      0x11,
    ],
  ] as const)('%s', async (_, entries, status) => {
    const { host } = await bench(TRAINING_KEYS.modern);
    expect(await host.cbor(0x06, new Map<number, unknown>(entries))).toMatchObject({ status });
  });

  test.each([
    ['31 bytes of x', (key: Map<number, unknown>) => key.set(-2, new Uint8Array(31).fill(1))],
    ['a point off the curve', (key: Map<number, unknown>) => key.set(-2, new Uint8Array(32).fill(1))],
    ['another key type', (key: Map<number, unknown>) => key.set(1, 3)],
  ])('key agreement with %s is 0x02', async (_, spoil) => {
    const { host, pin } = await bench(TRAINING_KEYS.modern, 1);
    await pin.agree();
    const key = new Map(pin.hostKey);
    spoil(key);
    const asked: [number, unknown][] = [
      [1, 1],
      [2, 3],
      [3, key],
      [4, new Uint8Array(16)],
      [5, new Uint8Array(64)],
    ];
    expect(await host.cbor(0x06, new Map(asked))).toMatchObject({ status: 0x02 });
  });
});

describe('tries', () => {
  test('wrong, wrong, third wrong is already 0x34, and then even the right one, until a replug', async () => {
    const { host, pin, replug, clock } = await bench(withPin(MODERN_KEY));
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x31 });
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x31 });
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x34 });
    expect(await pin.token(TRAINING_PIN, 4)).toMatchObject({ status: 0x34 });
    expect(await pin.changePin(TRAINING_PIN, '9999')).toMatchObject({ status: 0x34 });
    expect(await retries(host)).toEqual({ left: 5, powerCycle: true });
    const again = new RawHost(await replug(), clock);
    await again.init();
    expect(await retries(again)).toEqual({ left: 5, powerCycle: false });
    expect(await new RawPin(again, 2).token(TRAINING_PIN, 4)).toMatchObject({ status: 0 });
    expect(await retries(again)).toEqual({ left: 8, powerCycle: false });
  });

  test('eight wrong PINs over three power-ups block for good; reset makes the key new', async () => {
    const { pin, replug, clock, key, host } = await bench(withPin(MODERN_KEY));
    let [raw, tries] = [host, pin];
    const statuses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      statuses.push((await tries.token('0000', 4)).status);
      if (attempt % 3 === 0) {
        raw = new RawHost(await replug(), clock);
        await raw.init();
        tries = new RawPin(raw, 2);
      }
    }
    expect(statuses).toEqual([0x31, 0x31, 0x34, 0x31, 0x31, 0x34, 0x31, 0x32]);
    expect(await tries.token(TRAINING_PIN, 4)).toMatchObject({ status: 0x32 });
    const fresh = new RawHost(await replug(), clock);
    await fresh.init();
    expect(await new RawPin(fresh, 2).token(TRAINING_PIN, 4)).toMatchObject({ status: 0x32 });
    key.autoTouch(0);
    expect(await fresh.cbor(0x07)).toMatchObject({ status: 0 });
    expect((await infoOf(fresh)).get(4)).toMatchObject({ clientPin: false });
    expect(key.inspection).toMatchObject({ isPinSet: false, pinRetriesLeft: 8, credentialIds: [] });
  });

  test('a right PIN under a stale key agreement counts as a wrong one', async () => {
    const { host, pin } = await bench(withPin(MODERN_KEY));
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x31 });
    expect(await pin.token(TRAINING_PIN, 4, undefined, { fresh: false })).toMatchObject({ status: 0x31 });
    expect(await retries(host)).toEqual({ left: 6, powerCycle: false });
  });

  test('the quirk keeps-key-agreement forgives it', async () => {
    const { pin } = await bench(withPin(withQuirks(MODERN_KEY, 'keeps-key-agreement')));
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x31 });
    expect(await pin.token(TRAINING_PIN, 4, undefined, { fresh: false })).toMatchObject({ status: 0 });
  });

  test('the quirk counts-down-while-blocked eats tries after 0x34', async () => {
    const { host, pin } = await bench({
      model: withQuirks(MODERN_KEY, 'counts-down-while-blocked', 'no-power-cycle-state'),
      memory: TRAINING_KEYS.pinBlockedUntilReplug.memory,
    });
    expect(await pin.token(TRAINING_PIN, 4)).toMatchObject({ status: 0x34 });
    expect(await retries(host)).toEqual({ left: 4, powerCycle: undefined });
  });

  test.each([
    ['pinBlockedUntilReplug', 0x34],
    ['lockedPin', 0x32],
    ['needsPinChange', 0x37],
    ['pinSet', 0],
  ] as const)('a key that comes %s answers a right PIN so', async (name, status) => {
    const { pin } = await bench(TRAINING_KEYS[name]);
    expect(await pin.token(TRAINING_PIN, 4)).toMatchObject({ status });
  });

  test('the last try counts', async () => {
    const { pin } = await bench(TRAINING_KEYS.lastPinTry);
    expect(await pin.token('0000', 4)).toMatchObject({ status: 0x32 });
  });

  test('a forced change: 0x37 or, on odd keys, 0x31; the same PIN does not do; a new one frees', async () => {
    const { host, pin } = await bench(TRAINING_KEYS.needsPinChange);
    expect((await infoOf(host)).get(0x0c)).toBe(true);
    expect(await pin.legacyToken(TRAINING_PIN)).toMatchObject({ status: 0x31 });
    expect(await pin.changePin(TRAINING_PIN, TRAINING_PIN)).toMatchObject({ status: 0x37 });
    expect(await pin.changePin(TRAINING_PIN, '864209')).toMatchObject({ status: 0 });
    expect((await infoOf(host)).get(0x0c)).toBe(false);
    expect(await pin.token('864209', 4)).toMatchObject({ status: 0 });

    const odd = await bench({
      model: withQuirks(MODERN_KEY, 'pin-invalid-while-change-forced'),
      memory: TRAINING_KEYS.needsPinChange.memory,
    });
    expect(await odd.pin.token(TRAINING_PIN, 4)).toMatchObject({ status: 0x31 });
    expect(await retries(odd.host)).toMatchObject({ left: 8 });
  });

  test('without a PIN: eight tries, or nonsense under the quirk', async () => {
    expect(await retries((await bench(TRAINING_KEYS.modern)).host)).toEqual({ left: 8, powerCycle: false });
    const odd = await bench(old(withQuirks(MODERN_KEY, 'negative-retries-without-pin')));
    expect(await retries(odd.host)).toMatchObject({ left: -61 });
  });
});

describe('tokens', () => {
  test.each([
    ['none', 0, undefined, 0x02],
    ['mc without a site', 0x01, undefined, 0x02],
    ['ga without a site', 0x02, undefined, 0x02],
    ['a fingerprint permission', 0x08, undefined, 0x40],
    ['large blobs beside mc', 0x11, 'example.com', 0x40],
    ['mc and ga for a site', 0x03, 'example.com', 0],
    ['management without a site', 0x04, undefined, 0],
    ['config', 0x20, undefined, 0],
  ])('permissions: %s', async (_, permissions, rpId, status) => {
    const { pin } = await bench(withPin(MODERN_KEY));
    expect(await pin.token(TRAINING_PIN, permissions, rpId)).toMatchObject({ status });
  });

  test('an absent permissions member is 0x14; 0x05 takes none', async () => {
    const { host, pin } = await bench(withPin(MODERN_KEY), 1);
    await pin.agree();
    const pinHashEnc = await pin.encrypt(new Uint8Array(16));
    const without = new Map<number, unknown>([
      [1, 1],
      [2, 9],
      [3, pin.hostKey],
      [6, pinHashEnc],
    ]);
    expect(await host.cbor(0x06, without)).toMatchObject({ status: 0x14 });
    const legacy = new Map<number, unknown>([
      [1, 1],
      [2, 5],
      [3, pin.hostKey],
      [6, pinHashEnc],
      [9, 1],
    ]);
    expect(await host.cbor(0x06, legacy)).toMatchObject({ status: 0x02 });
    expect(await retries(host)).toMatchObject({ left: 8 });
  });

  test('a key that gives no mc and ga for a PIN says 0x40 and tells so in getInfo', async () => {
    const { host, pin } = await bench(withPin(withQuirks(MODERN_KEY, 'no-credentials-by-pin')));
    expect((await infoOf(host)).get(4)).toMatchObject({ noMcGaPermissionsWithClientPin: true });
    expect(await pin.token(TRAINING_PIN, 1, 'example.com')).toMatchObject({ status: 0x40 });
    expect(await pin.legacyToken(TRAINING_PIN)).toMatchObject({ status: 0x40 });
  });

  test.each([
    ['used at once and again within ten minutes', [0, 500_000], [0, 0]],
    ['unused for more than 30 s', [30_001], [0x33]],
    ['used, then older than ten minutes', [1_000, 600_000], [0, 0x33]],
  ])('life: %s', async (_, waits, statuses) => {
    const { host, pin, clock } = await bench(withPin(MODERN_KEY));
    const { token } = await pin.token(TRAINING_PIN, 4);
    const param = await pin.macWith(token, Uint8Array.of(1));
    const seen: number[] = [];
    for (const wait of waits) {
      await clock.advance(wait);
      seen.push(
        (
          await host.cbor(
            0x0a,
            new Map<number, unknown>([
              [1, 1],
              [3, 2],
              [4, param],
            ]),
          )
        ).status,
      );
    }
    expect(seen).toEqual(statuses);
  });

  test('a newer token, a new PIN and a replug each end the older', async () => {
    const { host, pin, replug, clock } = await bench(withPin(MODERN_KEY));
    const metadata = async (raw: RawHost, token: Uint8Array) => {
      const param = await pin.macWith(token, Uint8Array.of(1));
      return (
        await raw.cbor(
          0x0a,
          new Map<number, unknown>([
            [1, 1],
            [3, 2],
            [4, param],
          ]),
        )
      ).status;
    };
    const first = await pin.token(TRAINING_PIN, 4);
    const second = await pin.token(TRAINING_PIN, 4);
    expect([await metadata(host, first.token), await metadata(host, second.token)]).toEqual([0x33, 0]);
    await pin.changePin(TRAINING_PIN, '112233');
    expect(await metadata(host, second.token)).toBe(0x33);
    const third = await pin.token('112233', 4);
    const again = new RawHost(await replug(), clock);
    await again.init();
    expect(await metadata(again, third.token)).toBe(0x33);
  });
});

describe('a CTAP 2.0 key', () => {
  test('knows protocol one only, gives one 16-byte token for as long as it has power, and has no permissions', async () => {
    const { pin, host } = await bench(withPin(CTAP20_KEY), 1);
    const info = await infoOf(host);
    expect([...info.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(info.get(4)).toEqual({ rk: true, up: true, plat: false, clientPin: true });
    expect(info.get(6)).toEqual([1]);
    const first = await pin.legacyToken(TRAINING_PIN);
    const second = await pin.legacyToken(TRAINING_PIN);
    expect(first.token).toHaveLength(16);
    expect(second.token).toEqual(first.token);
    expect(await pin.token(TRAINING_PIN, 1, 'example.com')).toMatchObject({ status: 0x02 });
    await expect(new RawPin(host, 2).agree()).rejects.toThrow('0x2');
  });

  test.each([
    ['selection', 0x0b],
    ['credential management', 0x0a],
    ['config', 0x0d],
  ])('has no %s', async (_, command) => {
    const { host } = await bench(old(CTAP20_KEY), 1);
    expect(await host.cbor(command, command === 0x0b ? undefined : new Map([[1, 1]]))).toMatchObject({ status: 0x01 });
  });
});

describe('requests that are not canonical', () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['keys out of order', [0xa2, 0x02, 0x02, 0x01, 0x01]],
    ['a head longer than needed', [0xa2, 0x01, 0x18, 0x01, 0x02, 0x02]],
    ['a key twice', [0xa3, 0x01, 0x01, 0x01, 0x01, 0x02, 0x02]],
    ['an indefinite map', [0xbf, 0x01, 0x01, 0x02, 0x02, 0xff]],
    ['bytes behind the map', [0xa2, 0x01, 0x01, 0x02, 0x02, 0x00]],
    ['a tag', [0xa2, 0x01, 0xc0, 0x01, 0x02, 0x02]],
    ['a float', [0xa2, 0x01, 0x01, 0x02, 0xf9, 0x40, 0x00]],
    ['five levels', [0xa1, 0x01, 0x81, 0x81, 0x81, 0x81, 0x00]],
    ['text that is not UTF-8', [0xa1, 0x01, 0x61, 0xff]],
    ['nothing', []],
    ['half a map', [0xa2, 0x01]],
  ];
  test.each(cases)('%s: 0x12', async (_, body) => {
    const { host } = await bench(TRAINING_KEYS.modern);
    await host.sendCborBytes(0x06, Uint8Array.from(body));
    expect(await host.cborAnswer()).toMatchObject({ status: 0x12 });
  });

  test('a negative key sorts behind all unsigned ones, as in CTAP and not as in RFC 7049', async () => {
    const { host } = await bench(TRAINING_KEYS.modern);
    // {1: 1, 2: 2, 100: 0, -1: 0}
    await host.sendCborBytes(0x06, Uint8Array.of(0xa4, 0x01, 0x01, 0x02, 0x02, 0x18, 0x64, 0x00, 0x20, 0x00));
    expect(await host.cborAnswer()).toMatchObject({ status: 0 });
    await host.sendCborBytes(0x06, Uint8Array.of(0xa4, 0x01, 0x01, 0x02, 0x02, 0x20, 0x00, 0x18, 0x64, 0x00));
    expect(await host.cborAnswer()).toMatchObject({ status: 0x12 });
  });

  test('a lenient key takes unsorted maps', async () => {
    const parts = await keyBench(TRAINING_KEYS.modern, { strictCbor: false });
    const host = new RawHost(parts.link, parts.clock);
    await host.init();
    await host.sendCborBytes(0x06, Uint8Array.of(0xa2, 0x02, 0x02, 0x01, 0x01));
    expect(await host.cborAnswer()).toMatchObject({ status: 0 });
  });

  test('a request that is no map is 0x11, one over maxMsgSize 0x39, an unknown command 0x01', async () => {
    const { host } = await bench(old(withCtap2(MODERN_KEY, { maxRequestBytes: 100 })));
    await host.sendCborBytes(0x06, Uint8Array.of(0x80));
    expect(await host.cborAnswer()).toMatchObject({ status: 0x11 });
    await host.sendCborBytes(0x06, new Uint8Array(100));
    expect(await host.cborAnswer()).toMatchObject({ status: 0x39 });
    expect(await host.cbor(0x3f)).toMatchObject({ status: 0x01 });
  });
});
