// The authenticator's half of the PIN/UV auth protocols, written apart from the client's half.
// Source: CTAP 2.3 §6.5.6 (protocol one), §6.5.7 (protocol two).
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { RandomBytes } from '../../../fido/surroundings.ts';
import { Refusal, Status } from '../ctap/status.ts';
import { bytes, integer, type RequestFields } from '../ctap/request-fields.ts';

const BLOCK_BYTES = 16;
const COORDINATE_BYTES = 32;

/** What both sides know after the key agreement. Protocol one uses one key for both. */
export interface SharedSecret {
  readonly authenticationKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
}

export interface PinUvProtocol {
  readonly version: 1 | 2;
  derive(sharedX: Uint8Array): SharedSecret;
  encrypt(secret: SharedSecret, plaintext: Uint8Array, randomBytes: RandomBytes): Uint8Array;
  /** `undefined` when the length can't be right. */
  decrypt(secret: SharedSecret, ciphertext: Uint8Array): Uint8Array | undefined;
  authenticate(key: Uint8Array, message: Uint8Array): Uint8Array;
}

const protocolOne: PinUvProtocol = {
  version: 1,
  derive(sharedX) {
    const key = createHash('sha256').update(sharedX).digest();
    return { authenticationKey: key, encryptionKey: key };
  },
  encrypt: (secret, plaintext) => cbcEncrypt(secret.encryptionKey, new Uint8Array(BLOCK_BYTES), plaintext),
  decrypt: (secret, ciphertext) => cbcDecrypt(secret.encryptionKey, new Uint8Array(BLOCK_BYTES), ciphertext),
  authenticate: (key, message) => hmacSha256(key, message).subarray(0, 16),
};

const protocolTwo: PinUvProtocol = {
  version: 2,
  derive: (sharedX) => ({
    authenticationKey: hkdfSha256(sharedX, 'CTAP2 HMAC key'),
    encryptionKey: hkdfSha256(sharedX, 'CTAP2 AES key'),
  }),
  encrypt(secret, plaintext, randomBytes) {
    const iv = randomBytes(BLOCK_BYTES);
    return Buffer.concat([iv, cbcEncrypt(secret.encryptionKey, iv, plaintext)]);
  },
  decrypt(secret, ciphertext) {
    if (ciphertext.length < BLOCK_BYTES) return undefined;
    return cbcDecrypt(secret.encryptionKey, ciphertext.subarray(0, BLOCK_BYTES), ciphertext.subarray(BLOCK_BYTES));
  },
  authenticate: hmacSha256,
};

export function pinUvProtocol(version: 1 | 2): PinUvProtocol {
  return version === 1 ? protocolOne : protocolTwo;
}

/** Constant-time comparison of a MAC with the right one. */
export function verifies(protocol: PinUvProtocol, key: Uint8Array, message: Uint8Array, mac: Uint8Array): boolean {
  const right = protocol.authenticate(key, message);
  return mac.length === right.length && timingSafeEqual(mac, right);
}

/** The key pair a host agrees with. A new one is made at power-up and after every wrong PIN (CTAP 2.3 §6.5.5.1). */
export class KeyAgreement {
  readonly #randomBytes: RandomBytes;
  #ecdh;

  constructor(randomBytes: RandomBytes) {
    this.#randomBytes = randomBytes;
    this.#ecdh = p256(randomBytes);
  }

  regenerate(): void {
    this.#ecdh = p256(this.#randomBytes);
  }

  /** COSE form; the algorithm is -25 although that isn't what is done (CTAP 2.3 §6.5.6). */
  publicKey(): CborMap {
    const point = this.#ecdh.getPublicKey();
    return new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -25],
      [-1, 1],
      [-2, new Uint8Array(point.subarray(1, 33))],
      [-3, new Uint8Array(point.subarray(33, 65))],
    ]);
  }

  /** The shared secret with a host's COSE key. @throws {Refusal} 0x02 when the key is none or off the curve. */
  agree(protocol: PinUvProtocol, host: RequestFields): SharedSecret {
    const right = host.required(1, integer) === 2 && host.required(3, integer) === -25 && host.required(-1, integer) === 1;
    const [x, y] = [host.required(-2, bytes), host.required(-3, bytes)];
    if (!right || x.length !== COORDINATE_BYTES || y.length !== COORDINATE_BYTES) {
      throw new Refusal(Status.invalidParameter, 'the key agreement key is no P-256 key');
    }
    let sharedX: Uint8Array;
    try {
      sharedX = this.#ecdh.computeSecret(Uint8Array.of(0x04, ...x, ...y));
    } catch {
      throw new Refusal(Status.invalidParameter, 'the key agreement point is off the curve');
    }
    return protocol.derive(sharedX);
  }
}

function p256(randomBytes: RandomBytes) {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(p256Scalar(randomBytes));
  return ecdh;
}

/** A private scalar: 32 bytes below the group order and not zero. The top bit is cleared, which is bound enough here. */
export function p256Scalar(randomBytes: RandomBytes): Uint8Array {
  const scalar = randomBytes(32).slice();
  scalar[0] = (scalar[0] ?? 0) & 0x7f;
  scalar[31] = (scalar[31] ?? 0) | 1;
  return scalar;
}

function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(message).digest();
}

function hkdfSha256(keyMaterial: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', keyMaterial, new Uint8Array(32), info, 32));
}

function cbcEncrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

function cbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  if (ciphertext.length === 0 || ciphertext.length % BLOCK_BYTES !== 0) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}
