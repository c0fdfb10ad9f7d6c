import { describe, expect, test } from 'vitest';
import type { CborKey, CborMap, CborValue } from '../../main/fido/bytes/cbor.ts';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import { getInfo, offeredPinUvProtocols, readInfo, type AuthenticatorInfo } from '../../main/fido/ctap/get-info.ts';
import { entraObstacles, type KeyDescription } from '../../main/fido/key/key-description.ts';
import { CtapStatusError } from '../../main/fido/ctap/status.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';

const AAGUID = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const call = { signal: new AbortController().signal };
const answering = (bytes: Uint8Array) => ({ cbor: () => Promise.resolve(bytes) });
const infoOf = (fields: readonly (readonly [CborKey, CborValue])[]): AuthenticatorInfo =>
  readInfo(new Map<CborKey, CborValue>([[1, ['FIDO_2_0']], [3, AAGUID], ...fields]));

const EVERY_FIELD: CborMap = new Map<CborKey, CborValue>([
  [0x01, ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1', 'FIDO_2_3']],
  [0x02, ['credProtect', 'hmac-secret']],
  [0x03, AAGUID],
  [
    0x04,
    new Map<CborKey, CborValue>([
      ['rk', true],
      ['clientPin', false],
      ['plat', false],
    ]),
  ],
  [0x05, 1200],
  [0x06, [2, 1]],
  [0x07, 8],
  [0x08, 128],
  [0x09, ['nfc', 'usb']],
  [
    0x0a,
    [-7, -8].map(
      (alg) =>
        new Map<CborKey, CborValue>([
          ['alg', alg],
          ['type', 'public-key'],
        ]),
    ),
  ],
  [0x0b, 4096],
  [0x0c, true],
  [0x0d, 6],
  [0x0e, 329474],
  [0x0f, 32],
  [0x10, 1],
  [0x11, 3],
  [0x12, 2],
  [
    0x13,
    new Map<CborKey, CborValue>([
      ['FIPS-CMVP-3', 2],
      ['FIDO', 1],
    ]),
  ],
  [0x14, 23],
  [0x15, [1, 18446744073709551615n]],
  [0x16, ['packed', 'none']],
  [0x17, 0],
  [0x18, true],
  [0x19, new Uint8Array(32).fill(1)],
  [0x1a, ['usb']],
  [0x1b, false],
  [0x1c, new TextEncoder().encode('https://example.com/pins')],
  [0x1d, 40],
  [0x1e, new Uint8Array(32).fill(2)],
  [0x1f, [1, 2, 3]],
]);

describe('getInfo', () => {
  test('every field', () => {
    expect(readInfo(EVERY_FIELD)).toEqual({
      versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1', 'FIDO_2_3'],
      extensions: ['credProtect', 'hmac-secret'],
      aaguid: AAGUID,
      options: new Map([
        ['rk', true],
        ['clientPin', false],
        ['plat', false],
      ]),
      maxMsgSize: 1200,
      pinUvAuthProtocols: [2, 1],
      maxCredentialCountInList: 8,
      maxCredentialIdLength: 128,
      transports: ['nfc', 'usb'],
      algorithms: [-7, -8],
      maxSerializedLargeBlobArray: 4096,
      forcePinChange: true,
      minPinLength: 6,
      firmwareVersion: 329474,
      maxCredBlobLength: 32,
      maxRpIdsForSetMinPinLength: 1,
      preferredPlatformUvAttempts: 3,
      uvModality: 2,
      certifications: new Map([
        ['FIPS-CMVP-3', 2],
        ['FIDO', 1],
      ]),
      remainingDiscoverableCredentials: 23,
      vendorPrototypeConfigCommands: [1n, 18446744073709551615n],
      attestationFormats: ['packed', 'none'],
      uvCountSinceLastPinEntry: 0,
      longTouchForReset: true,
      encIdentifier: new Uint8Array(32).fill(1),
      transportsForReset: ['usb'],
      pinComplexityPolicy: false,
      pinComplexityPolicyUrl: 'https://example.com/pins',
      maxPinLength: 40,
      encCredStoreState: new Uint8Array(32).fill(2),
      authenticatorConfigCommands: [1, 2, 3],
      raw: EVERY_FIELD,
      oddities: [],
    });
  });

  test('what is assumed when nothing is said', () => {
    expect(infoOf([])).toMatchObject({
      extensions: [],
      options: new Map(),
      maxMsgSize: 1024,
      pinUvAuthProtocols: undefined,
      algorithms: undefined,
      forcePinChange: false,
      minPinLength: 4,
      maxPinLength: 63,
      longTouchForReset: false,
      pinComplexityPolicy: undefined,
      remainingDiscoverableCredentials: undefined,
      attestationFormats: undefined,
    });
  });

  test('options: on, off and not mentioned are three things; what is no boolean is left out and named', () => {
    const info = infoOf([
      [
        4,
        new Map<CborKey, CborValue>([
          ['rk', true],
          ['uv', false],
          ['defaultCredProtect', 2],
          [7, true],
        ]),
      ],
    ]);
    expect(info.options).toEqual(
      new Map([
        ['rk', true],
        ['uv', false],
      ]),
    );
    expect(info.options.has('clientPin')).toBe(false);
    expect(info.oddities).toEqual(['getInfo[0x04].defaultCredProtect', 'getInfo[0x04].7']);
  });

  test.each<[string, CborKey, CborValue, string]>([
    ['text for a number', 5, '1200', 'getInfo[0x05]'],
    ['a negative number', 0x0d, -4, 'getInfo[0x0d]'],
    ['a short encIdentifier', 0x19, new Uint8Array(31), 'getInfo[0x19]'],
    ['one odd transport', 9, ['usb', 3], 'getInfo[0x09][1]'],
    ['an algorithm without a number', 0x0a, [new Map([['type', 'public-key']])], 'getInfo[0x0a][0].alg'],
    ['options that are a list', 4, [], 'getInfo[0x04]'],
  ])('%s counts as not said', (_name, key, value, path) => {
    expect(infoOf([[key, value]]).oddities).toEqual([path]);
  });

  test('algorithms of other types are not ours', () => {
    const params = [
      new Map<CborKey, CborValue>([
        ['alg', -7],
        ['type', 'public-key'],
      ]),
      new Map<CborKey, CborValue>([
        ['alg', -9999],
        ['type', 'secret-key'],
      ]),
      new Map<CborKey, CborValue>([['alg', -257]]),
    ];
    expect(infoOf([[0x0a, params]]).algorithms).toEqual([-7, -257]);
  });

  test('a URL as text is understood too', () => {
    expect(infoOf([[0x1c, 'https://example.com']]).pinComplexityPolicyUrl).toBe('https://example.com');
  });

  test('unsorted, with something behind, with a cut text: read all the same', async () => {
    const unsorted = unhex(
      `00 a4 03 50 ${Buffer.from(AAGUID).toString('hex')} 05 190400 01 81 68 4649444f5f325f30 1820 62 61e2 ffff`,
    );
    const info = await getInfo(answering(unsorted), call);
    expect(info.versions).toEqual(['FIDO_2_0']);
    expect(info.maxMsgSize).toBe(1024);
    expect(info.raw.get(0x20)).toBe('a\ufffd');
  });

  test.each<[string, string]>([
    ['nothing at all', ''],
    ['no map', '00 80'],
    ['an empty map', '00 a0'],
    ['a map cut short', '00 a2 01 80'],
    ['an AAGUID of 15 bytes', '00 a2 01 80 03 4f 000000000000000000000000000000'],
    ['equal keys', '00 a2 05 01 05 01'],
  ])('%s is a violation', async (_name, bytes) => {
    await expect(getInfo(answering(unhex(bytes)), call)).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test('a refusal is a refusal', async () => {
    await expect(getInfo(answering(unhex('01')), call)).rejects.toEqual(new CtapStatusError(1, 'getInfo'));
  });

  test('keys that know PINs but list no protocol speak the first', () => {
    expect(offeredPinUvProtocols(infoOf([[4, new Map([['clientPin', true]])]]))).toEqual([1]);
    expect(offeredPinUvProtocols(infoOf([]))).toEqual([]);
    expect(offeredPinUvProtocols(infoOf([[6, [3, 2]]]))).toEqual([3, 2]);
  });
});

describe('what keeps a key from Entra', () => {
  const device = {
    channelId: 1,
    protocolVersion: 2,
    version: { major: 1, minor: 0, build: 0 },
    capabilities: 4,
    canWink: false,
    canCbor: true,
    canMsg: true,
  };
  const good = (
    changes: readonly (readonly [CborKey, CborValue])[] = [],
    options: Record<string, boolean> = {},
  ): KeyDescription => {
    const info = infoOf([
      [2, ['hmac-secret']],
      [4, new Map(Object.entries({ rk: true, clientPin: false, ...options }))],
      ...changes,
    ]);
    return { kind: 'ctap2', device, info, pin: { kind: 'none' } };
  };

  test('nothing, for a plain CTAP 2.0 key', () => {
    expect(entraObstacles(good())).toEqual([]);
  });

  test.each<[string, KeyDescription]>([
    ['noCtap2', { kind: 'u2f', device, u2fVersion: 'U2F_V2' }],
    ['noFido2Version', good([[1, ['U2F_V2']]])],
    ['noResidentKey', good([], { rk: false })],
    ['noPin', good([[6, [3]]])],
    ['noFingerprint', good([], { noMcGaPermissionsWithClientPin: true, uv: false })],
    [
      'noAlgorithm',
      good([
        [
          0x0a,
          [
            new Map<CborKey, CborValue>([
              ['alg', -8],
              ['type', 'public-key'],
            ]),
          ],
        ],
      ]),
    ],
    ['noHmacSecret', good([[2, ['credProtect']]])],
    ['noPackedAttestation', good([[0x16, ['none']]])],
    ['full', good([[0x14, 0]])],
  ])('%s', (obstacle, description) => {
    expect(entraObstacles(description)).toEqual([obstacle]);
  });

  test('no clientPin option at all', () => {
    const info = infoOf([
      [2, ['hmac-secret']],
      [4, new Map([['rk', true]])],
    ]);
    expect(entraObstacles({ kind: 'ctap2', device, info, pin: { kind: 'unsupported' } })).toEqual(['noPin']);
  });

  test.each([
    ['without a PIN', {}],
    ['with a PIN that gives no permission for it', { clientPin: true, noMcGaPermissionsWithClientPin: true }],
  ])('nothing for a key that knows its owner by finger, %s', (_, options) => {
    const own = new Map(Object.entries({ rk: true, uv: true, pinUvAuthToken: true, ...options }));
    const info = infoOf([
      [2, ['hmac-secret']],
      [4, own],
    ]);
    expect(entraObstacles({ kind: 'ctap2', device, info, pin: { kind: 'unsupported' } })).toEqual([]);
  });

  test('other algorithms may do where the relying party takes them', () => {
    const description = good([
      [
        0x0a,
        [
          new Map<CborKey, CborValue>([
            ['alg', -257],
            ['type', 'public-key'],
          ]),
        ],
      ],
    ]);
    expect(entraObstacles(description)).toEqual(['noAlgorithm']);
    expect(entraObstacles(description, [-7, -257])).toEqual([]);
  });
});

test('an AAGUID as people write it', () => {
  expect(formatUuid(AAGUID)).toBe('00112233-4455-6677-8899-aabbccddeeff');
  expect(() => formatUuid(new Uint8Array(15))).toThrow(RangeError);
});
