// Key pairs of credentials: made from the key's own random bytes, and signing without any others, so that a test can repeat
// both to the byte.
import { createECDH, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { RandomBytes } from '../../../fido/surroundings.ts';
import { p256Scalar } from '../pin/pin-uv-protocols.ts';
import { derSignature, signEcdsaP256 } from './deterministic-ecdsa.ts';

export interface CredentialKey {
  readonly algorithm: -7 | -8;
  /** The private scalar of P-256 or the seed of Ed25519; 32 bytes. */
  readonly secret: Uint8Array;
  /** COSE form (RFC 9053 §7.1, §7.2). */
  readonly publicKey: CborMap;
}

/** ES256 (-7) on P-256 or EdDSA (-8) on Ed25519. */
export function makeCredentialKey(algorithm: -7 | -8, randomBytes: RandomBytes): CredentialKey {
  return algorithm === -7 ? es256Key(randomBytes) : ed25519Key(randomBytes);
}

/** DER form for ES256, as CTAP wants it; 64 raw bytes for EdDSA. */
export function signWith({ algorithm, secret }: Pick<CredentialKey, 'algorithm' | 'secret'>, message: Uint8Array): Uint8Array {
  if (algorithm === -7) return derSignature(signEcdsaP256(secret, message));
  return new Uint8Array(sign(null, message, ed25519PrivateKey(secret)));
}

export interface P256KeyPair {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export function p256KeyPair(randomBytes: RandomBytes): P256KeyPair {
  const secret = p256Scalar(randomBytes);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  return { secret, x: new Uint8Array(point.subarray(1, 33)), y: new Uint8Array(point.subarray(33, 65)) };
}

function es256Key(randomBytes: RandomBytes): CredentialKey {
  const { secret, x, y } = p256KeyPair(randomBytes);
  const publicKey = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, x],
    [-3, y],
  ]);
  return { algorithm: -7, secret, publicKey };
}

/** PKCS #8 up to the 32-byte seed (RFC 8410 §7). */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519PrivateKey(seed: Uint8Array) {
  return createPrivateKey({ key: Buffer.concat([ED25519_PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function ed25519Key(randomBytes: RandomBytes): CredentialKey {
  const secret = randomBytes(32);
  const { x } = createPublicKey(ed25519PrivateKey(secret)).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 key has an x');
  const publicKey = new Map<number, number | Uint8Array>([
    [1, 1],
    [3, -8],
    [-1, 6],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
  ]);
  return { algorithm: -8, secret, publicKey };
}
