import { constants, generateKeyPairSync, sign, webcrypto, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CborShapeError } from '../../main/fido/bytes/cbor-read.ts';
import { decodeCbor, encodeCbor, type CborKey, type CborMap, type CborValue } from '../../main/fido/bytes/cbor.ts';
import {
  COSE_ALGORITHM,
  CoseError,
  coseKeyMap,
  coseOfKeyObject,
  isVerifiableAlgorithm,
  keyObjectOfCose,
  readCosePublicKey,
  verifyCoseSignature,
  verifySignature,
} from '../../main/fido/bytes/cose.ts';

const message = new TextEncoder().encode('what was signed');
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pairs = { p256: ec('P-256'), p384: ec('P-384'), p521: ec('P-521'), ed25519: generateKeyPairSync('ed25519'), rsa };
type PairName = keyof typeof pairs;

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const algorithms: readonly [number, PairName, string | null, object][] = [
  [COSE_ALGORITHM.ES256, 'p256', 'sha256', {}],
  [COSE_ALGORITHM.ESP256, 'p256', 'sha256', {}],
  [COSE_ALGORITHM.ES384, 'p384', 'sha384', {}],
  [COSE_ALGORITHM.ESP384, 'p384', 'sha384', {}],
  [COSE_ALGORITHM.ES512, 'p521', 'sha512', {}],
  [COSE_ALGORITHM.ESP512, 'p521', 'sha512', {}],
  [COSE_ALGORITHM.EDDSA, 'ed25519', null, {}],
  [COSE_ALGORITHM.ED25519, 'ed25519', null, {}],
  [COSE_ALGORITHM.RS256, 'rsa', 'sha256', {}],
  [COSE_ALGORITHM.RS384, 'rsa', 'sha384', {}],
  [COSE_ALGORITHM.RS512, 'rsa', 'sha512', {}],
  [COSE_ALGORITHM.PS256, 'rsa', 'sha256', pss],
  [COSE_ALGORITHM.PS384, 'rsa', 'sha384', pss],
  [COSE_ALGORITHM.PS512, 'rsa', 'sha512', pss],
];

describe.each(algorithms)('algorithm %i', (alg, name, hash, options) => {
  const signature = new Uint8Array(sign(hash, message, { key: pairs[name].privateKey, ...options }));
  const key = coseOfKeyObject(pairs[name].publicKey, alg);

  test('goes through CBOR and verifies what it signed', () => {
    const again = readCosePublicKey(decodeCbor(encodeCbor(coseKeyMap(key)), { canonical: true }));
    expect(again).toEqual(key);
    expect(verifyCoseSignature(again, message, signature)).toBe(true);
    expect(isVerifiableAlgorithm(alg)).toBe(true);
  });

  test('verifies nothing else', () => {
    const other = Uint8Array.from(message, (byte, index) => (index === 3 ? byte ^ 1 : byte));
    expect(verifyCoseSignature(key, other, signature)).toBe(false);
    expect(verifyCoseSignature(key, message, signature.subarray(1))).toBe(false);
    expect(verifyCoseSignature(key, message, new Uint8Array(0))).toBe(false);
  });

  test('takes no key of another kind or curve', () => {
    const family = (other: PairName) => pairs[other].publicKey.asymmetricKeyDetails?.namedCurve ?? other;
    const others = (Object.keys(pairs) as PairName[]).filter((other) => family(other) !== family(name));
    expect(others).toHaveLength(4);
    for (const other of others) {
      expect(verifySignature({ alg, key: pairs[other].publicKey, message, signature })).toBe(false);
    }
  });
});

test('a signature of WebCrypto holds too', async () => {
  const pair = await webcrypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  );
  const signature = new Uint8Array(await webcrypto.subtle.sign('RSASSA-PKCS1-v1_5', pair.privateKey, message));
  const { n = '', e = '' } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));
  const key = readCosePublicKey(
    new Map<CborKey, CborValue>([
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ]),
  );
  expect(verifyCoseSignature(key, message, signature)).toBe(true);
});

test('the COSE form of a key is the specified one', () => {
  const key = coseOfKeyObject(pairs.p256.publicKey, COSE_ALGORITHM.ES256);
  const jwk = pairs.p256.publicKey.export({ format: 'jwk' });
  const coordinate = (text = ''): string => Buffer.from(text, 'base64url').toString('hex');
  const expected = `a5010203262001215820${coordinate(jwk.x)}225820${coordinate(jwk.y)}`;
  expect(Buffer.from(encodeCbor(coseKeyMap(key))).toString('hex')).toBe(expected);
});

test('a private key is known by its public half', () => {
  expect(coseOfKeyObject(pairs.ed25519.privateKey, -8)).toEqual(coseOfKeyObject(pairs.ed25519.publicKey, -8));
});

test('coordinates keep leading zeros', () => {
  const short = (): KeyObject => {
    for (;;) {
      const { publicKey } = ec('P-256');
      const jwk = publicKey.export({ format: 'jwk' });
      if (jwk.x?.startsWith('AA') === true || Buffer.from(jwk.x ?? '', 'base64url')[0] === 0) return publicKey;
    }
  };
  const key = coseOfKeyObject(short(), -7);
  expect(key.kind === 'EC2' && [key.x[0], key.x.length]).toEqual([0, 32]);
  expect(keyObjectOfCose(key).asymmetricKeyType).toBe('ec');
});

describe('keys that are none', () => {
  const good = coseKeyMap(coseOfKeyObject(pairs.p256.publicKey, -7));
  const altered = (changes: readonly (readonly [number, CborValue | undefined])[]): CborMap => {
    const map = new Map(good);
    for (const [label, value] of changes) {
      if (value === undefined) map.delete(label);
      else map.set(label, value);
    }
    return map;
  };

  test.each<[string, CborMap, typeof CborShapeError | typeof CoseError]>([
    ['no type', altered([[1, undefined]]), CborShapeError],
    ['no algorithm', altered([[3, undefined]]), CborShapeError],
    ['no y', altered([[-3, undefined]]), CborShapeError],
    ['a compressed y', altered([[-3, true]]), CborShapeError],
    ['31 bytes of x', altered([[-2, new Uint8Array(31)]]), CborShapeError],
    ['33 bytes of x', altered([[-2, new Uint8Array(33)]]), CborShapeError],
    ['an unknown type', altered([[1, 4]]), CoseError],
    ['an unknown curve', altered([[-1, 8]]), CoseError],
    [
      'X25519',
      new Map<CborKey, CborValue>([
        [1, 1],
        [3, -8],
        [-1, 4],
        [-2, new Uint8Array(32)],
      ]),
      CoseError,
    ],
  ])('%s', (_name, map, kind) => {
    expect(() => readCosePublicKey(map)).toThrow(kind);
  });

  test('a point off the curve', () => {
    const key = readCosePublicKey(
      altered([
        [-2, new Uint8Array(32).fill(1)],
        [-3, new Uint8Array(32).fill(2)],
      ]),
    );
    expect(() => keyObjectOfCose(key)).toThrow(CoseError);
  });

  test('an algorithm nobody knows', () => {
    expect(isVerifiableAlgorithm(-65535)).toBe(false);
    const attempt = () => verifySignature({ alg: -65535, key: rsa.publicKey, message, signature: new Uint8Array(256) });
    expect(attempt).toThrow(CoseError);
  });
});
