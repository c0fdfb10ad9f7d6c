// The client's PIN cryptography against numbers other people published or computed, byte for byte as they go over the wire.
// Nothing here is worked out by our own code or by the library under it.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agreeOnSecret, changePin, getPinToken, getPinUvAuthTokenUsingPin, setPin } from '../../main/fido/ctap/client-pin.ts';
import { PinUvSecret, pinUvProtocol, type PinUvProtocolVersion } from '../../main/fido/ctap/pin-uv-protocol.ts';
import type { RandomBytes } from '../../main/fido/surroundings.ts';

const versions: readonly PinUvProtocolVersion[] = [1, 2];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (...parts: readonly string[]): Uint8Array => Uint8Array.from(Buffer.from(parts.join(''), 'hex'));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const p256 = (x: string, y: string) =>
  ({ kind: 'EC2', alg: -25, curve: 'P-256', x: unhex(x), y: unhex(y) }) as const satisfies object;

/** The draws of a vector, in the order in which they are used up; one too many or of another length is a failure. */
function draws(...values: readonly string[]): RandomBytes {
  const left = values.map((value) => unhex(value));
  return (length) => {
    const next = left.shift();
    if (next?.length !== length) throw new Error(`drew ${length} bytes where the vector has ${next?.length ?? 'none'}`);
    return next;
  };
}

describe('the vector of Yubico’s python-fido2 (tests/test_ctap2.py), PIN 1234, protocol one', () => {
  const scalar = '7452e599fee739d8a653f6a507343d12d382249108a651402520b72f24fe7684';
  const key = p256(
    '0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168',
    'd551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47',
  );
  const secret = PinUvSecret.agree(1, key, draws(scalar));

  test('our half of the agreement', () => {
    expect(hex(secret.platformKey.get(-2) as Uint8Array)).toBe(
      '44d78d7989b97e62ea993496c9ef6e8fd58b8b00715f9a89153ddd9c4657e47f',
    );
    expect(hex(secret.platformKey.get(-3) as Uint8Array)).toBe(
      'ec802ee7d22bd4e100f12e48537eb4e7e96ed3a47a0a3bd5f5eeab65001664f9',
    );
  });

  test('the encrypted hash of the PIN', () => {
    expect(hex(secret.encrypt(sha256(utf8('1234')).subarray(0, 16)))).toBe('afe8327ce416da8ee3d057589c2ce1a9');
  });

  test('the token: 16 bytes, as CTAP 2.0 allowed', () => {
    const token = secret.openToken(unhex('7a9f98e31b77be90f9c64d12e9635040'));
    const expected = pinUvProtocol(1).authenticate(unhex('aff12c6dcfbf9df52f7a09211e8865cd'), utf8('message'));
    expect(token.authenticate(utf8('message'))).toEqual(expected);
  });
});

describe('the vectors of Mozilla’s authenticator-rs (src/crypto/mod.rs)', () => {
  test('protocol one: PIN 1234 padded, encrypted and authenticated', () => {
    const secret = unhex('82e3d841e25c5c13462c123cc3d3987865ba3d204674fbedd47ef5abab8d1372');
    const padded = new Uint8Array(64);
    padded.set(utf8('1234'));
    const newPinEnc = pinUvProtocol(1).encrypt(secret, padded, draws());
    expect(hex(newPinEnc)).toBe(
      '70664bb581e257451a3ab91bf1aad8e45f6ce9b5c3b0f32b5ecd62d0ba3b605f' +
        'd9183166f6c5faf3e4da2481502cd0cee0158b351fc39208a77cb2744bd43cf9',
    );
    expect(hex(pinUvProtocol(1).authenticate(secret, newPinEnc))).toBe('8e7f016997f3b0a27ba4347a0e49fdf5');
  });

  test('protocol two: the two keys of a shared x of all ones', () => {
    expect(hex(pinUvProtocol(2).deriveSecret(new Uint8Array(32).fill(0xff)))).toBe(
      '570b4ed82aa5dfb49db79dbeaf4b315d8abb1a9867b245f3367026987c0d47a1' +
        '7d9a93c39baec741d141c6238d8e1846de323d8eed022cb397d19a73b98945e2',
    );
  });
});

describe('the vectors of Web Authentication Level 3 (Test Vectors, CTAP2 hmac-secret extension)', () => {
  const scalar = '0971bc7fb1be48270adcd3d9a5fc15d5fb0f335b3071ff36a54c007fa6c76514';
  const key = p256(
    'a30522c2de402b561965c3cf949a1cab020c6f6ea36fcf7e911ac1a0f1515300',
    '9961a929abdb2f42e6566771887d41484d889e735e3248518a53112d2b915f00',
  );
  const salt1 = unhex('527413ebb48293772df30f031c5ac4650c7de14bf9498671ae163447b6a772b3');
  const salt2 = unhex('d68ac03329a10ee5e0ec834492bb9a96a0e547baf563bf78ccbe8789b22e776b');

  test('one input, protocol two', () => {
    const secret = PinUvSecret.agree(2, key, draws(scalar, '23dde5e3462daf36559b85c4ac5f9656'));
    expect(hex(secret.encrypt(salt1))).toBe(
      '23dde5e3462daf36559b85c4ac5f9656aa9bfd81c1dc2bf8533c8b9f3882854786b4f500e25b4e3d81f7fc7c74236229',
    );
  });

  test('two inputs, protocol two', () => {
    const secret = PinUvSecret.agree(2, key, draws(scalar, 'd9f4236403e0fe843a8e4e5be764d120'));
    expect(hex(secret.encrypt(Uint8Array.from([...salt1, ...salt2])))).toBe(
      'd9f4236403e0fe843a8e4e5be764d120904c198ad6e77b089876a3391961f183b0008b4ca66b91cd72aa35b6151ff981' +
        'f6e5649f3c040e6615ad7dd8ae96ef23b229a5c97c3f0dcd8605eee166ce163a',
    );
  });

  test('one input, protocol one', () => {
    const secret = PinUvSecret.agree(1, key, draws(scalar));
    expect(hex(secret.encrypt(salt1))).toBe('ab8c878bb05d04700f077ed91845ec9c503c925cb12b327ddbeb4243c397f913');
  });
});

// Computed with Python: cryptography for curve, HKDF, AES and HMAC, python-fido2 for the CBOR. The shared x coordinate is
// 00630fd6a4423dff5cf32cdbdf176a8bd2cc6d01503f946700402c168352709b: whoever strips its first byte fails all of them.
describe('whole clientPIN messages under a shared x that begins with zero', () => {
  const scalar = 'b2d06a384fb20151dc65c2b03d47b0e2824c0d2b6b39e9b3a4a8d0fc2bb9f557';
  const firstIv = '51b3df40daac903124f566fd480b15ba';
  const secondIv = 'd545eab4000638af078c2c2bc1cbad0b';
  const agreement =
    '00a101a5010203381820012158207ed2d917f08a4fdfe5c7c57a883fbbfb9ada646a113a46d7ea4c88e12625f002' +
    '2258203f4e3af4c0526c533bbf1adc69fe54cf715b826b1beb6ed2ae0d2384055d7b18';
  const ourHalf =
    '03a501020338182001215820a9ca29536c17660be4bf65b1fa111fdd0623f08f07f56d91dace36e2e851e6ff' +
    '22582007a96845bbc0968994b1ed22a434b0579693cb86e573c5405fd7dd6f43d52f48';
  const pin = utf8('4711-0815');
  const newPin = utf8('Schlüssel-7');
  const call = { signal: new AbortController().signal };

  const vectors = {
    1: {
      setPin:
        `06a501010203${ourHalf}0450736235ab58763b30a3a22b4efe8afb73` +
        '0558405ad6f8325f23d0ad22768348172b202c2565db7435c58dd35ffd0c5d7e2bbedb00e4cba95a7c644c4a2ec5308784e4a41b49e6ffba9ed2593b4078b06a407864',
      changePin:
        `06a601010204${ourHalf}0450318c415b4e602043f90a9766152674be` +
        '0558404441a8cb1acecfa09b8589bc73f2df5ff39a68deaa90cb21f81b1b91a939d2c9c70caf6fa4c00ae3e9f330395ec5e85975907687920e2fb41993ebebba747895' +
        '0650d15e4d4da5a37ef126add0a76320aae8',
      pinToken: `06a401010205${ourHalf}0650d15e4d4da5a37ef126add0a76320aae8`,
      tokenWithPermissions: `06a601010209${ourHalf}0650d15e4d4da5a37ef126add0a76320aae809030a6d6c6f67696e2e6578616d706c65`,
      tokenAnswer: '00a10258200be44f92ce384023a00e9edc7a43d34eaeb1194787740c92e73e0c58b2fc53d5',
      pinUvAuthParam: 'ec7e7e5915e4982cc3f6d78331dda8ae',
    },
    2: {
      setPin:
        `06a501020203${ourHalf}045820` +
        '10e07f417c29e7539d79a0ae2b0412df7235fc7b53449c6d27870ee7abfeb3b4' +
        `055850${firstIv}3ed29349af572841b91845d678d0fd79eb4140109ff858556af8579d9aeb6ad38aa3f0a9796bb308e01e4678fef6ee72c11f39e6e16ef6d9edb230cf24240183`,
      changePin:
        `06a601020204${ourHalf}045820c0a6a60b068bd18a4e2cd770a086ded3d3a6c5f59100f7c9c3eaf449161d2d02` +
        `055850${firstIv}4de79cdad364b215ae8118fbd99b0f16fb655f4261abebb1ed75b3cbf94bff37ab07f550c59750bf815753eead46bb38a1209e4f84ecb8651f0f341ffd68ec03` +
        `065820${secondIv}57467d026b162d3fcdbbc80d3fb8430f`,
      pinToken: `06a401020205${ourHalf}065820${firstIv}c34c190d1e7fba1ad688904c9ebb5ed9`,
      tokenWithPermissions: `06a601020209${ourHalf}065820${firstIv}c34c190d1e7fba1ad688904c9ebb5ed909030a6d6c6f67696e2e6578616d706c65`,
      tokenAnswer: '00a102583026914c86d88d5e682a7f6000110dbc9ae25b19b6595037387d107b54f7037a64648b0c4b3a04b5e814771afab7c0a55f',
      pinUvAuthParam: 'ec7e7e5915e4982cc3f6d78331dda8ae6456a73d09c63c1184ba77125812d975',
    },
  } as const;

  /** A key that gives these answers and keeps what it was asked; the agreement is made. */
  async function agreed(version: PinUvProtocolVersion, answer: string, ivs: readonly string[]) {
    const asked: string[] = [];
    const answers = [agreement, answer];
    const transport = {
      cbor: (request: Uint8Array) => {
        asked.push(hex(request));
        return Promise.resolve(unhex(answers.shift() ?? ''));
      },
    };
    const randomBytes = draws(scalar, ...(version === 2 ? ivs : []));
    const secret = await agreeOnSecret(transport, { version, randomBytes }, call);
    expect(asked).toEqual([`06a2010${version}0202`]);
    return { transport, secret, request: () => asked[1] };
  }

  describe.each(versions)('protocol %i', (version) => {
    const vector = vectors[version];

    test('setPIN', async () => {
      const { transport, secret, request } = await agreed(version, '00', [firstIv]);
      await setPin(transport, secret, pin, call);
      expect(request()).toBe(vector.setPin);
    });

    test('changePIN', async () => {
      const { transport, secret, request } = await agreed(version, '00', [firstIv, secondIv]);
      await changePin(transport, secret, { oldPin: pin, newPin }, call);
      expect(request()).toBe(vector.changePin);
    });

    test('getPinToken, and the token works', async () => {
      const { transport, secret, request } = await agreed(version, vector.tokenAnswer, [firstIv]);
      const token = await getPinToken(transport, secret, pin, call);
      expect(request()).toBe(vector.pinToken);
      expect(hex(token.authenticate(sha256(utf8('client data'))))).toBe(vector.pinUvAuthParam);
    });

    test('getPinUvAuthTokenUsingPinWithPermissions, and the token works', async () => {
      const { transport, secret, request } = await agreed(version, vector.tokenAnswer, [firstIv]);
      const scope = { pin, permissions: 3, rpId: 'login.example' };
      const token = await getPinUvAuthTokenUsingPin(transport, secret, scope, call);
      expect(request()).toBe(vector.tokenWithPermissions);
      expect(hex(token.authenticate(sha256(utf8('client data'))))).toBe(vector.pinUvAuthParam);
    });
  });
});
