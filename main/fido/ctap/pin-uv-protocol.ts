// PIN/UV auth protocols one and two, the host's side. Source: CTAP 2.3 §6.5.4 to §6.5.7.
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac, hkdfSync } from 'node:crypto';
import type { CborMap } from '../bytes/cbor.ts';
import { concatBytes, wipe } from '../bytes/compare.ts';
import { COSE_ALGORITHM, coseKeyMap, type CosePublicKey } from '../bytes/cose.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import type { RandomBytes } from '../surroundings.ts';

export type PinUvProtocolVersion = 1 | 2;

/** The primitives of one protocol. Secrets are the caller's to wipe. */
export interface PinUvProtocol {
  readonly version: PinUvProtocolVersion;
  /** From the ECDH x coordinate, 32 bytes: protocol one gives 32 bytes, two gives HMAC key and AES key, 64 bytes. */
  deriveSecret(sharedX: Uint8Array): Uint8Array;
  /** AES-256-CBC without padding: `plaintext` is a multiple of 16 bytes. Two puts a random IV in front. */
  encrypt(secret: Uint8Array, plaintext: Uint8Array, randomBytes: RandomBytes): Uint8Array;
  /** @throws {ProtocolViolation} for a length that can't be. */
  decrypt(secret: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 by a secret or a token: 16 bytes in one, 32 in two. */
  authenticate(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** Whether a decrypted token can have this length, in bytes. */
  isTokenLength(length: number): boolean;
}

const AES_BLOCK_BYTES = 16;
const HMAC_KEY_BYTES = 32;

const protocolOne: PinUvProtocol = {
  version: 1,
  deriveSecret: (sharedX) => createHash('sha256').update(sharedX).digest(),
  encrypt: (secret, plaintext) => aesCbc(secret, new Uint8Array(AES_BLOCK_BYTES), plaintext, 'encrypt'),
  decrypt: (secret, ciphertext) => aesCbc(secret, new Uint8Array(AES_BLOCK_BYTES), ciphertext, 'decrypt'),
  authenticate: (key, message) => hmac(key, message).subarray(0, 16),
  isTokenLength: (length) => length > 0 && length % AES_BLOCK_BYTES === 0, // CTAP 2.0 named no exact length
};

const protocolTwo: PinUvProtocol = {
  version: 2,
  deriveSecret: (sharedX) => {
    const derive = (info: string) => new Uint8Array(hkdfSync('sha256', sharedX, new Uint8Array(32), info, 32));
    const hmacKey = derive('CTAP2 HMAC key');
    const aesKey = derive('CTAP2 AES key');
    const secret = concatBytes(hmacKey, aesKey);
    wipe(hmacKey, aesKey);
    return secret;
  },
  encrypt: (secret, plaintext, randomBytes) => {
    const iv = randomBytes(AES_BLOCK_BYTES);
    return concatBytes(iv, aesCbc(secret.subarray(HMAC_KEY_BYTES), iv, plaintext, 'encrypt'));
  },
  decrypt: (secret, ciphertext) => {
    if (ciphertext.length < AES_BLOCK_BYTES) throw new ProtocolViolation('PIN protocol two', 'no room for an IV');
    const iv = ciphertext.subarray(0, AES_BLOCK_BYTES);
    return aesCbc(secret.subarray(HMAC_KEY_BYTES), iv, ciphertext.subarray(AES_BLOCK_BYTES), 'decrypt');
  },
  authenticate: (key, message) => hmac(key.subarray(0, HMAC_KEY_BYTES), message),
  isTokenLength: (length) => length === 32,
};

export function pinUvProtocol(version: PinUvProtocolVersion): PinUvProtocol {
  return version === 1 ? protocolOne : protocolTwo;
}

/**
 * What host and key agreed on for one PIN attempt. Good for one attempt only: many keys change their half after a wrong
 * PIN, and then even the right PIN, sent under the old secret, costs a try.
 */
export class PinUvSecret {
  readonly version: PinUvProtocolVersion;
  /** Our half, as the `keyAgreement` parameter. */
  readonly platformKey: CborMap;
  readonly #protocol: PinUvProtocol;
  readonly #secret: Uint8Array;
  readonly #randomBytes: RandomBytes;

  private constructor(protocol: PinUvProtocol, platformKey: CborMap, secret: Uint8Array, randomBytes: RandomBytes) {
    this.version = protocol.version;
    this.platformKey = platformKey;
    this.#protocol = protocol;
    this.#secret = secret;
    this.#randomBytes = randomBytes;
  }

  /**
   * Makes a fresh key pair and agrees with the key's half.
   * @throws {ProtocolViolation} when that half is no point of P-256.
   */
  static agree(version: PinUvProtocolVersion, keyHalf: CosePublicKey, randomBytes: RandomBytes): PinUvSecret {
    if (keyHalf.kind !== 'EC2' || keyHalf.curve !== 'P-256') {
      throw new ProtocolViolation('key agreement', `${keyHalf.kind} key instead of EC2 P-256`);
    }
    const protocol = pinUvProtocol(version);
    const pair = freshKeyPair(randomBytes);
    const point = pair.getPublicKey();
    let sharedX: Uint8Array;
    try {
      sharedX = pair.computeSecret(concatBytes(Uint8Array.of(4), keyHalf.x, keyHalf.y));
    } catch (cause) {
      throw new ProtocolViolation('key agreement', "the key's point is not on the curve", { cause });
    }
    const secret = protocol.deriveSecret(sharedX);
    wipe(sharedX);
    const platformKey = coseKeyMap({
      kind: 'EC2',
      alg: COSE_ALGORITHM.ECDH_ES_HKDF_256, // as the specification wants it, although the derivation is another
      curve: 'P-256',
      x: new Uint8Array(point.subarray(1, 33)),
      y: new Uint8Array(point.subarray(33, 65)),
    });
    return new PinUvSecret(protocol, platformKey, secret, randomBytes);
  }

  encrypt(plaintext: Uint8Array): Uint8Array {
    return this.#protocol.encrypt(this.#secret, plaintext, this.#randomBytes);
  }

  authenticate(message: Uint8Array): Uint8Array {
    return this.#protocol.authenticate(this.#secret, message);
  }

  /** What the key encrypted for us. @throws {ProtocolViolation} for a length that can't be. */
  decrypt(ciphertext: Uint8Array): Uint8Array {
    return this.#protocol.decrypt(this.#secret, ciphertext);
  }

  /** Opens the token a key answered with. @throws {ProtocolViolation} for a length that no token has. */
  openToken(encryptedToken: Uint8Array): PinUvAuthToken {
    const token = this.#protocol.decrypt(this.#secret, encryptedToken);
    if (!this.#protocol.isTokenLength(token.length)) {
      wipe(token);
      throw new ProtocolViolation('PIN/UV token', `token of ${encryptedToken.length} encrypted bytes`);
    }
    return new PinUvAuthToken(this.#protocol, token);
  }

  wipe(): void {
    wipe(this.#secret);
  }
}

/** What proves to the key that the PIN was right. Good for one credential, for a short time; wipe it afterwards. */
export class PinUvAuthToken {
  readonly version: PinUvProtocolVersion;
  readonly #protocol: PinUvProtocol;
  readonly #token: Uint8Array;

  constructor(protocol: PinUvProtocol, token: Uint8Array) {
    this.version = protocol.version;
    this.#protocol = protocol;
    this.#token = token;
  }

  /** The `pinUvAuthParam` for a message, the client data hash in most cases. */
  authenticate(message: Uint8Array): Uint8Array {
    return this.#protocol.authenticate(this.#token, message);
  }

  /**
   * Opens getInfo's `encIdentifier` or `encCredStoreState` (32 bytes) with a persistent token; 16 bytes. Under any other
   * token, or for another key's value, it gives other bytes. Source: CTAP 2.3 §6.4 (encIdentifier, encCredStoreState).
   */
  openInfoField(name: 'encIdentifier' | 'encCredStoreState', sealed: Uint8Array): Uint8Array {
    const key = new Uint8Array(hkdfSync('sha256', this.#token, new Uint8Array(32), name, 16));
    const decipher = createDecipheriv('aes-128-cbc', key, sealed.subarray(0, AES_BLOCK_BYTES)).setAutoPadding(false);
    wipe(key);
    return concatBytes(decipher.update(sealed.subarray(AES_BLOCK_BYTES)), decipher.final());
  }

  wipe(): void {
    wipe(this.#token);
  }
}

const KEY_PAIR_DRAWS = 8;

/** A P-256 pair from the handed-in randomness. About one draw in 2^32 is out of range; eight in a row are a broken source. */
function freshKeyPair(randomBytes: RandomBytes): ReturnType<typeof createECDH> {
  const pair = createECDH('prime256v1');
  for (let draw = 0; draw < KEY_PAIR_DRAWS; draw += 1) {
    const scalar = randomBytes(32);
    try {
      pair.setPrivateKey(scalar);
      return pair;
    } catch {
      continue; // zero, or not below the order of the curve
    } finally {
      wipe(scalar);
    }
  }
  throw new Error('the random source gives no usable P-256 scalar');
}

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(message).digest());
}

function aesCbc(key: Uint8Array, iv: Uint8Array, input: Uint8Array, direction: 'encrypt' | 'decrypt'): Uint8Array {
  if (input.length % AES_BLOCK_BYTES !== 0) {
    throw new ProtocolViolation('PIN protocol', `${input.length} bytes are no whole number of blocks`);
  }
  const cipher = direction === 'encrypt' ? createCipheriv('aes-256-cbc', key, iv) : createDecipheriv('aes-256-cbc', key, iv);
  cipher.setAutoPadding(false);
  const first = cipher.update(input);
  const last = cipher.final();
  const output = concatBytes(first, last);
  wipe(first, last);
  return output;
}
