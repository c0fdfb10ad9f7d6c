// Both protocols against an independent path: WebCrypto does the other side here, and the key schedule by hand.
import { createECDH, webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CborFields, asBytes } from '../../main/fido/bytes/cbor-read.ts';
import { COSE_ALGORITHM, readCosePublicKey, type CosePublicKey } from '../../main/fido/bytes/cose.ts';
import { PinUvSecret, pinUvProtocol, type PinUvProtocolVersion } from '../../main/fido/ctap/pin-uv-protocol.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const { subtle } = webcrypto;
const versions: readonly PinUvProtocolVersion[] = [1, 2];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest('SHA-256', bytes));
}

async function hmacSha256(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle.sign('HMAC', imported, message));
}

/** HKDF of RFC 5869 spelled out: extract with the salt, expand one block. */
async function hkdfByHand(ikm: Uint8Array, info: string): Promise<Uint8Array> {
  const pseudorandomKey = await hmacSha256(new Uint8Array(32), ikm);
  return hmacSha256(pseudorandomKey, Uint8Array.from([...Buffer.from(info), 1]));
}

/** WebCrypto always pads; what it adds is taken off by cutting, and put on for opening by encrypting one more block. */
async function aesCbcEncrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const imported = await subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
  return new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, imported, plaintext)).slice(0, plaintext.length);
}

async function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const imported = await subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt', 'decrypt']);
  const lastBlock = ciphertext.slice(-16);
  const padding = new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv: lastBlock }, imported, new Uint8Array(0)));
  return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, imported, Uint8Array.from([...ciphertext, ...padding])));
}

/** What the key's side of a protocol derives from the shared x coordinate. */
async function keysOf(version: PinUvProtocolVersion, sharedX: Uint8Array): Promise<{ hmac: Uint8Array; aes: Uint8Array }> {
  if (version === 1) {
    const secret = await sha256(sharedX);
    return { hmac: secret, aes: secret };
  }
  return { hmac: await hkdfByHand(sharedX, 'CTAP2 HMAC key'), aes: await hkdfByHand(sharedX, 'CTAP2 AES key') };
}

/** A key's half, and how it works the x coordinate out from ours. */
async function keySide() {
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const raw = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  const half: CosePublicKey = { kind: 'EC2', alg: -25, curve: 'P-256', x: raw.slice(1, 33), y: raw.slice(33) };
  const sharedX = async (platformKey: ReadonlyMap<unknown, unknown>): Promise<Uint8Array> => {
    const point = Uint8Array.from([4, ...(platformKey.get(-2) as Uint8Array), ...(platformKey.get(-3) as Uint8Array)]);
    const theirs = await subtle.importKey('raw', point, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256));
  };
  return { half, sharedX };
}

describe.each(versions)('protocol %i', (version) => {
  const protocol = pinUvProtocol(version);

  test('host and key come to the same keys, and read each other', async () => {
    const { half, sharedX } = await keySide();
    const secret = PinUvSecret.agree(version, half, seededRandomBytes(`agree ${version}`));
    const { hmac, aes } = await keysOf(version, await sharedX(secret.platformKey));

    for (const plaintext of [counting(16), counting(64)]) {
      const sealed = secret.encrypt(plaintext);
      const [iv, ciphertext] = version === 1 ? [new Uint8Array(16), sealed] : [sealed.slice(0, 16), sealed.slice(16)];
      expect(sealed).toHaveLength(plaintext.length + (version === 1 ? 0 : 16));
      expect(await aesCbcDecrypt(aes, iv, ciphertext)).toEqual(plaintext);
    }

    const mac = await hmacSha256(hmac, counting(100));
    expect(secret.authenticate(counting(100))).toEqual(version === 1 ? mac.slice(0, 16) : mac);

    const token = counting(32).toReversed();
    const iv = version === 1 ? new Uint8Array(16) : counting(16);
    const sealedToken = await aesCbcEncrypt(aes, iv, token);
    const opened = secret.openToken(version === 1 ? sealedToken : Uint8Array.from([...iv, ...sealedToken]));
    const tokenMac = await hmacSha256(token, counting(32));
    expect(opened.version).toBe(version);
    expect(opened.authenticate(counting(32))).toEqual(version === 1 ? tokenMac.slice(0, 16) : tokenMac);
  });

  test('our half is the specified COSE key, and another one every time', () => {
    const random = seededRandomBytes('halves');
    const peer = createECDH('prime256v1');
    const point = peer.generateKeys();
    const half: CosePublicKey = { kind: 'EC2', alg: -25, curve: 'P-256', x: point.subarray(1, 33), y: point.subarray(33) };
    const first = PinUvSecret.agree(version, half, random).platformKey;
    const second = PinUvSecret.agree(version, half, random).platformKey;
    expect(new Set(first.keys())).toEqual(new Set([1, 3, -1, -2, -3]));
    expect([first.get(1), first.get(3), first.get(-1)]).toEqual([2, COSE_ALGORITHM.ECDH_ES_HKDF_256, 1]);
    expect(readCosePublicKey(first)).toMatchObject({ kind: 'EC2', curve: 'P-256' });
    expect(new CborFields(first, 'key').required(-2, asBytes)).not.toEqual(second.get(-2));
  });

  test('a shared x that begins with zero keeps its 32 bytes', async () => {
    // Found by counting: the first scalar whose product with this peer begins with a zero byte.
    const peer = createECDH('prime256v1');
    peer.setPrivateKey(Buffer.from('11'.repeat(32), 'hex'));
    const point = peer.getPublicKey();
    const half: CosePublicKey = { kind: 'EC2', alg: -25, curve: 'P-256', x: point.subarray(1, 33), y: point.subarray(33) };
    const scalarOf = (count: number): Uint8Array => {
      const scalar = Buffer.alloc(32, 0x22);
      scalar.writeUInt32BE(count, 28);
      return scalar;
    };
    let count = 0;
    let sharedX: Uint8Array;
    do {
      count += 1;
      const ours = createECDH('prime256v1');
      ours.setPrivateKey(scalarOf(count));
      sharedX = peer.computeSecret(ours.getPublicKey());
    } while (sharedX[0] !== 0);
    expect(sharedX).toHaveLength(32);

    const secret = PinUvSecret.agree(version, half, () => scalarOf(count));
    const { hmac } = await keysOf(version, Uint8Array.from(sharedX));
    const mac = await hmacSha256(hmac, counting(16));
    expect(secret.authenticate(counting(16))).toEqual(version === 1 ? mac.slice(0, 16) : mac);
  });

  test.each<[string, Partial<Extract<CosePublicKey, { kind: 'EC2' }>>]>([
    ['a point off the curve', { x: counting(32), y: counting(32) }],
    ['the zero point', { x: new Uint8Array(32), y: new Uint8Array(32) }],
    ['a coordinate beyond the field', { x: new Uint8Array(32).fill(0xff) }],
    ['another curve', { curve: 'P-384' }],
  ])('refuses %s from the key', async (_name, change) => {
    const { half } = await keySide();
    const odd = { ...half, ...change } as CosePublicKey;
    expect(() => PinUvSecret.agree(version, odd, seededRandomBytes('bad'))).toThrow(ProtocolViolation);
  });

  test('refuses an Ed25519 key from the key', () => {
    const odd: CosePublicKey = { kind: 'OKP', alg: -8, curve: 'Ed25519', x: counting(32) };
    expect(() => PinUvSecret.agree(version, odd, seededRandomBytes('bad'))).toThrow(ProtocolViolation);
  });

  test('refuses tokens that can be none', async () => {
    const { half } = await keySide();
    const secret = PinUvSecret.agree(version, half, seededRandomBytes('token'));
    const takes = (length: number): boolean => {
      try {
        secret.openToken(new Uint8Array(length));
        return true;
      } catch (error) {
        if (error instanceof ProtocolViolation) return false;
        throw error;
      }
    };
    const taken = [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 64].filter(takes);
    expect(taken).toEqual(version === 1 ? [16, 32, 48, 64] : [48]);
  });

  test('wiping leaves nothing to authenticate with', async () => {
    const { half } = await keySide();
    const secret = PinUvSecret.agree(version, half, seededRandomBytes('wipe'));
    const before = secret.authenticate(counting(16));
    secret.wipe();
    expect(secret.authenticate(counting(16))).not.toEqual(before);
    expect(secret.authenticate(counting(16))).toEqual(
      protocol.authenticate(new Uint8Array(version === 1 ? 32 : 64), counting(16)),
    );
  });

  test('nothing secret shows when printed', async () => {
    const { half } = await keySide();
    const secret = PinUvSecret.agree(version, half, seededRandomBytes('print'));
    expect(Object.keys(secret)).toEqual(['version', 'platformKey']);
  });
});

describe('one shared x coordinate, worked out with WebCrypto and a hand-written HKDF', () => {
  const sharedX = unhex('001bc4a98ac41ad18a8fd6c9f1d5b5f2e0a7ef0e4b1d0c2f3a5b6c7d8e9fa0b1');

  test('protocol one', async () => {
    const secret = pinUvProtocol(1).deriveSecret(sharedX);
    expect(hex(secret)).toBe(hex(await sha256(sharedX)));
    expect(hex(pinUvProtocol(1).encrypt(secret, counting(16), seededRandomBytes('unused')))).toBe(
      hex(await aesCbcEncrypt(await sha256(sharedX), new Uint8Array(16), counting(16))),
    );
  });

  test('protocol two', async () => {
    const secret = pinUvProtocol(2).deriveSecret(sharedX);
    expect(hex(secret)).toBe(hex(await hkdfByHand(sharedX, 'CTAP2 HMAC key')) + hex(await hkdfByHand(sharedX, 'CTAP2 AES key')));
    const iv = counting(16);
    const sealed = pinUvProtocol(2).encrypt(secret, counting(64), () => Uint8Array.from(iv));
    expect(hex(sealed)).toBe(hex(iv) + hex(await aesCbcEncrypt(secret.slice(32), iv, counting(64))));
    expect(pinUvProtocol(2).decrypt(secret, sealed)).toEqual(counting(64));
  });

  test('two draws a new IV for every message', () => {
    const secret = pinUvProtocol(2).deriveSecret(sharedX);
    const random = seededRandomBytes('iv');
    const first = pinUvProtocol(2).encrypt(secret, counting(16), random);
    expect(pinUvProtocol(2).encrypt(secret, counting(16), random)).not.toEqual(first);
  });

  test.each(versions)('protocol %i takes whole blocks only', (version) => {
    const protocol = pinUvProtocol(version);
    const secret = protocol.deriveSecret(sharedX);
    expect(() => protocol.encrypt(secret, counting(15), seededRandomBytes('x'))).toThrow(ProtocolViolation);
    expect(() => protocol.decrypt(secret, counting(33))).toThrow(ProtocolViolation);
  });
});

describe('randomness', () => {
  const peer = createECDH('prime256v1');
  const point = peer.generateKeys();
  const half: CosePublicKey = { kind: 'EC2', alg: -25, curve: 'P-256', x: point.subarray(1, 33), y: point.subarray(33) };

  test('a scalar out of range is drawn again', () => {
    const draws = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(1)];
    expect(PinUvSecret.agree(1, half, () => draws.shift() ?? new Uint8Array(32)).version).toBe(1);
    expect(draws).toHaveLength(0);
  });

  test('a broken source is a bug, not a wait for ever', () => {
    expect(() => PinUvSecret.agree(1, half, (length) => new Uint8Array(length))).toThrow(/random source/);
  });

  test('the drawn scalar is wiped', () => {
    const scalar = new Uint8Array(32).fill(5);
    PinUvSecret.agree(1, half, () => scalar);
    expect(scalar).toEqual(new Uint8Array(32));
  });
});
