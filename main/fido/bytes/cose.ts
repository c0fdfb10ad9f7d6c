// Public keys as COSE writes them, and signatures by COSE algorithm number.
// Source: RFC 9052, RFC 9053 §7, RFC 8230 §4, RFC 8812, RFC 9864; IANA "COSE Algorithms"; WebAuthn Level 3 §5.8.5, §6.5.1.1.
import { constants, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { CborFields, asBytes, asInteger, bytesOf, cborMap } from './cbor-read.ts';
import type { CborMap, CborValue } from './cbor.ts';

/** IANA numbers of the algorithms this room names. */
export const COSE_ALGORITHM = {
  ES256: -7,
  EDDSA: -8,
  ESP256: -9,
  ED25519: -19,
  ECDH_ES_HKDF_256: -25,
  ES384: -35,
  ES512: -36,
  PS256: -37,
  PS384: -38,
  PS512: -39,
  ESP384: -51,
  ESP512: -52,
  RS256: -257,
  RS384: -258,
  RS512: -259,
} as const;

type EcCurve = 'P-256' | 'P-384' | 'P-521';

/** A public key with the algorithm it is bound to. Coordinates keep their leading zeros. */
export type CosePublicKey =
  | { readonly kind: 'EC2'; readonly alg: number; readonly curve: EcCurve; readonly x: Uint8Array; readonly y: Uint8Array }
  | { readonly kind: 'OKP'; readonly alg: number; readonly curve: 'Ed25519'; readonly x: Uint8Array }
  | { readonly kind: 'RSA'; readonly alg: number; readonly n: Uint8Array; readonly e: Uint8Array };

/** A key or signature this room cannot work with, for a stated reason. */
export class CoseError extends Error {
  override readonly name = 'CoseError';
}

const LABEL_KTY = 1;
const LABEL_ALG = 3;
const LABEL_CRV_OR_N = -1;
const LABEL_X_OR_E = -2;
const LABEL_Y = -3;

const KTY = { OKP: 1, EC2: 2, RSA: 3 } as const;
const CRV_ED25519 = 6;
const EC_CURVES: readonly { readonly crv: number; readonly curve: EcCurve; readonly coordinateBytes: number }[] = [
  { crv: 1, curve: 'P-256', coordinateBytes: 32 },
  { crv: 2, curve: 'P-384', coordinateBytes: 48 },
  { crv: 3, curve: 'P-521', coordinateBytes: 66 },
];

interface SignatureScheme {
  readonly keyKind: CosePublicKey['kind'];
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** Set for algorithms that fix their curve. ES256 and its like do not (RFC 9053), WebAuthn pairs them all the same. */
  readonly curve?: EcCurve | 'Ed25519';
  readonly padding?: number;
}

const ec = (hash: 'sha256' | 'sha384' | 'sha512', curve: EcCurve): SignatureScheme => ({ keyKind: 'EC2', hash, curve });
const rsa = (hash: 'sha256' | 'sha384' | 'sha512', padding: number): SignatureScheme => ({ keyKind: 'RSA', hash, padding });
const ED25519_SCHEME: SignatureScheme = { keyKind: 'OKP', hash: null, curve: 'Ed25519' };

const SCHEMES: ReadonlyMap<number, SignatureScheme> = new Map([
  [COSE_ALGORITHM.ES256, ec('sha256', 'P-256')],
  [COSE_ALGORITHM.ESP256, ec('sha256', 'P-256')],
  [COSE_ALGORITHM.ES384, ec('sha384', 'P-384')],
  [COSE_ALGORITHM.ESP384, ec('sha384', 'P-384')],
  [COSE_ALGORITHM.ES512, ec('sha512', 'P-521')],
  [COSE_ALGORITHM.ESP512, ec('sha512', 'P-521')],
  [COSE_ALGORITHM.EDDSA, ED25519_SCHEME],
  [COSE_ALGORITHM.ED25519, ED25519_SCHEME],
  [COSE_ALGORITHM.RS256, rsa('sha256', constants.RSA_PKCS1_PADDING)],
  [COSE_ALGORITHM.RS384, rsa('sha384', constants.RSA_PKCS1_PADDING)],
  [COSE_ALGORITHM.RS512, rsa('sha512', constants.RSA_PKCS1_PADDING)],
  [COSE_ALGORITHM.PS256, rsa('sha256', constants.RSA_PKCS1_PSS_PADDING)],
  [COSE_ALGORITHM.PS384, rsa('sha384', constants.RSA_PKCS1_PSS_PADDING)],
  [COSE_ALGORITHM.PS512, rsa('sha512', constants.RSA_PKCS1_PSS_PADDING)],
]);

/** Whether {@link verifySignature} knows this algorithm. */
export function isVerifiableAlgorithm(alg: number): boolean {
  return SCHEMES.has(alg);
}

/**
 * Reads a COSE_Key. Members it does not know are ignored.
 * @throws {CborShapeError} for a wrong shape or coordinate length; {@link CoseError} for a kind of key not known here.
 */
export function readCosePublicKey(value: CborValue | undefined, path = 'coseKey'): CosePublicKey {
  const fields = new CborFields(value, path);
  const kty = fields.required(LABEL_KTY, asInteger);
  const alg = fields.required(LABEL_ALG, asInteger);
  switch (kty) {
    case KTY.EC2: {
      const crv = fields.required(LABEL_CRV_OR_N, asInteger);
      const known = EC_CURVES.find((entry) => entry.crv === crv);
      if (known === undefined) throw new CoseError(`${path}: EC2 curve ${crv} is not supported`);
      const coordinate = bytesOf(known.coordinateBytes);
      const x = fields.required(LABEL_X_OR_E, coordinate);
      return { kind: 'EC2', alg, curve: known.curve, x, y: fields.required(LABEL_Y, coordinate) };
    }
    case KTY.OKP: {
      const crv = fields.required(LABEL_CRV_OR_N, asInteger);
      if (crv !== CRV_ED25519) throw new CoseError(`${path}: OKP curve ${crv} is not supported`);
      return { kind: 'OKP', alg, curve: 'Ed25519', x: fields.required(LABEL_X_OR_E, bytesOf(32)) };
    }
    case KTY.RSA:
      return {
        kind: 'RSA',
        alg,
        n: fields.required(LABEL_CRV_OR_N, asBytes),
        e: fields.required(LABEL_X_OR_E, asBytes),
      };
    default:
      throw new CoseError(`${path}: key type ${kty} is not supported`);
  }
}

/** The COSE_Key map of a public key, ready for {@link encodeCbor}. */
export function coseKeyMap(key: CosePublicKey): CborMap {
  switch (key.kind) {
    case 'EC2':
      return cborMap([
        [LABEL_KTY, KTY.EC2],
        [LABEL_ALG, key.alg],
        [LABEL_CRV_OR_N, EC_CURVES.find((entry) => entry.curve === key.curve)?.crv],
        [LABEL_X_OR_E, key.x],
        [LABEL_Y, key.y],
      ]);
    case 'OKP':
      return cborMap([
        [LABEL_KTY, KTY.OKP],
        [LABEL_ALG, key.alg],
        [LABEL_CRV_OR_N, CRV_ED25519],
        [LABEL_X_OR_E, key.x],
      ]);
    case 'RSA':
      return cborMap([
        [LABEL_KTY, KTY.RSA],
        [LABEL_ALG, key.alg],
        [LABEL_CRV_OR_N, key.n],
        [LABEL_X_OR_E, key.e],
      ]);
    default:
      return unreachable(key);
  }
}

/**
 * The same key for node:crypto.
 * @throws {CoseError} when the numbers are no key, such as a point that is not on the curve.
 */
export function keyObjectOfCose(key: CosePublicKey): KeyObject {
  try {
    return createPublicKey({ key: jwkOf(key), format: 'jwk' });
  } catch (cause) {
    throw new CoseError(`${key.kind} public key is not valid`, { cause });
  }
}

/**
 * A node:crypto public (or private) key as COSE, bound to `alg`.
 * @throws {CoseError} for kinds of key that have no place here.
 */
export function coseOfKeyObject(key: KeyObject, alg: number): CosePublicKey {
  const jwk: JsonWebKey = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const known = EC_CURVES.find((entry) => entry.curve === jwk.crv);
  if (jwk.kty === 'EC' && known !== undefined && jwk.x !== undefined && jwk.y !== undefined) {
    return { kind: 'EC2', alg, curve: known.curve, x: decodeBase64url(jwk.x), y: decodeBase64url(jwk.y) };
  }
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && jwk.x !== undefined) {
    return { kind: 'OKP', alg, curve: 'Ed25519', x: decodeBase64url(jwk.x) };
  }
  if (jwk.kty === 'RSA' && jwk.n !== undefined && jwk.e !== undefined) {
    return { kind: 'RSA', alg, n: decodeBase64url(jwk.n), e: decodeBase64url(jwk.e) };
  }
  throw new CoseError('this kind of key has no COSE form here');
}

export interface SignatureToVerify {
  /** COSE algorithm number the signature claims. */
  readonly alg: number;
  readonly key: KeyObject;
  readonly message: Uint8Array;
  /** ECDSA signatures are ASN.1 DER, as WebAuthn has them (Level 3 §6.5.5). */
  readonly signature: Uint8Array;
}

/**
 * Whether the signature is right. A key whose kind or curve does not belong to the algorithm makes it false.
 * @throws {CoseError} for an algorithm not in {@link isVerifiableAlgorithm}.
 */
export function verifySignature({ alg, key, message, signature }: SignatureToVerify): boolean {
  const scheme = SCHEMES.get(alg);
  if (scheme === undefined) throw new CoseError(`signature algorithm ${alg} is not supported`);
  if (!keySuits(key, scheme)) return false;
  const input =
    scheme.padding === undefined
      ? { key, dsaEncoding: 'der' as const }
      : { key, padding: scheme.padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify(scheme.hash, message, input, signature);
}

/** {@link verifySignature} with a COSE key and the algorithm it is bound to. @throws {CoseError} as the parts do. */
export function verifyCoseSignature(key: CosePublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  return verifySignature({ alg: key.alg, key: keyObjectOfCose(key), message, signature });
}

/** OpenSSL's names for the curves. */
const CURVE_OF_OPENSSL: Readonly<Record<string, EcCurve>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function keySuits(key: KeyObject, scheme: SignatureScheme): boolean {
  switch (scheme.keyKind) {
    case 'EC2': {
      const named = key.asymmetricKeyDetails?.namedCurve;
      return key.asymmetricKeyType === 'ec' && named !== undefined && CURVE_OF_OPENSSL[named] === scheme.curve;
    }
    case 'OKP':
      return key.asymmetricKeyType === 'ed25519';
    case 'RSA':
      return key.asymmetricKeyType === 'rsa';
    default:
      return unreachable(scheme.keyKind);
  }
}

function jwkOf(key: CosePublicKey): JsonWebKey {
  switch (key.kind) {
    case 'EC2':
      return { kty: 'EC', crv: key.curve, x: encodeBase64url(key.x), y: encodeBase64url(key.y) };
    case 'OKP':
      return { kty: 'OKP', crv: key.curve, x: encodeBase64url(key.x) };
    case 'RSA':
      return { kty: 'RSA', n: encodeBase64url(key.n), e: encodeBase64url(key.e) };
    default:
      return unreachable(key);
  }
}

function unreachable(value: never): never {
  throw new Error(`not a kind of key: ${String(value)}`);
}
