// Key pairs of credentials: made from the key's own random bytes, so that a test can repeat them.
import { createECDH, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { RandomBytes } from '../../../fido/surroundings.ts';
import { p256Scalar } from '../pin/pin-uv-protocols.ts';

export interface CredentialKey {
  readonly algorithm: -7 | -8;
  readonly privateKey: KeyObject;
  /** COSE form (RFC 9053 §7.1, §7.2). */
  readonly publicKey: CborMap;
}

/** ES256 (-7) on P-256 or EdDSA (-8) on Ed25519. */
export function makeCredentialKey(algorithm: -7 | -8, randomBytes: RandomBytes): CredentialKey {
  return algorithm === -7 ? es256Key(randomBytes) : ed25519Key(randomBytes);
}

/** DER form for ES256, as CTAP wants it; 64 raw bytes for EdDSA. */
export function signWith(algorithm: -7 | -8, privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(algorithm === -7 ? 'sha256' : null, message, privateKey));
}

/** A P-256 private key as a node key and as its parts. */
export function p256PrivateKey(randomBytes: RandomBytes): {
  readonly privateKey: KeyObject;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
} {
  const ecdh = createECDH('prime256v1');
  const scalar = p256Scalar(randomBytes);
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const [x, y] = [new Uint8Array(point.subarray(1, 33)), new Uint8Array(point.subarray(33, 65))];
  const jwk = { kty: 'EC', crv: 'P-256', d: base64url(scalar), x: base64url(x), y: base64url(y) };
  return { privateKey: createPrivateKey({ key: jwk, format: 'jwk' }), x, y };
}

function es256Key(randomBytes: RandomBytes): CredentialKey {
  const { privateKey, x, y } = p256PrivateKey(randomBytes);
  const publicKey = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, x],
    [-3, y],
  ]);
  return { algorithm: -7, privateKey, publicKey };
}

/** PKCS #8 up to the 32-byte seed (RFC 8410 §7). */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519Key(randomBytes: RandomBytes): CredentialKey {
  const der = Buffer.concat([ED25519_PKCS8_PREFIX, randomBytes(32)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 key has an x');
  const publicKey = new Map<number, number | Uint8Array>([
    [1, 1],
    [3, -8],
    [-1, 6],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
  ]);
  return { algorithm: -8, privateKey, publicKey };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
