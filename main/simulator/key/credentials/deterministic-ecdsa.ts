// ECDSA on P-256 whose nonce comes from key and message alone, so that a seed gives the same signatures every time:
// node:crypto draws its nonces itself. Fit for a simulator only: the arithmetic takes more or less time with the numbers.
// Source: RFC 6979 §3.2 (nonce), FIPS 186-5 §6.4.1 (signature).
import { createECDH, createHash, createHmac } from 'node:crypto';

/** The order of the P-256 group (SEC 2 §2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SCALAR_BYTES = 32;

/**
 * Signs SHA-256 of `message`. `scalar` is the private key, 32 bytes; the result is r and s, 32 bytes each (IEEE P1363).
 */
export function signEcdsaP256(scalar: Uint8Array, message: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(message).digest();
  const [secret, hash] = [toInteger(scalar), toInteger(digest)];
  for (const nonce of nonces(scalar, toBytes(hash % ORDER))) {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(toBytes(nonce));
    const r = toInteger(ecdh.getPublicKey().subarray(1, 1 + SCALAR_BYTES)) % ORDER;
    const s = (inverse(nonce) * ((hash + r * secret) % ORDER)) % ORDER;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r), toBytes(s)]);
  }
  throw new Error('the nonces never end');
}

/** r and s as the DER sequence of two integers that CTAP and U2F send. */
export function derSignature(rs: Uint8Array): Uint8Array {
  const integers = [rs.subarray(0, SCALAR_BYTES), rs.subarray(SCALAR_BYTES)].map((bytes) => {
    const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    const sign = (significant[0] ?? 0) >= 0x80 ? [0] : [];
    return Uint8Array.of(0x02, sign.length + significant.length, ...sign, ...significant);
  });
  const body = Buffer.concat(integers);
  return Uint8Array.of(0x30, body.length, ...body);
}

/** RFC 6979 §3.2 b to h; `reducedHash` is bits2octets of the digest. */
function* nonces(scalar: Uint8Array, reducedHash: Uint8Array): Generator<bigint, void, void> {
  let key: Uint8Array = new Uint8Array(SCALAR_BYTES);
  let value: Uint8Array = new Uint8Array(SCALAR_BYTES).fill(1);
  for (const round of [0, 1]) {
    key = hmac(key, value, Uint8Array.of(round), scalar, reducedHash);
    value = hmac(key, value);
  }
  for (;;) {
    value = hmac(key, value);
    const candidate = toInteger(value);
    if (candidate > 0n && candidate < ORDER) yield candidate;
    key = hmac(key, value, Uint8Array.of(0));
    value = hmac(key, value);
  }
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let power = value;
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * power) % ORDER;
    power = (power * power) % ORDER;
  }
  return result;
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return createHmac('sha256', key).update(Buffer.concat(parts)).digest();
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(integer: bigint): Uint8Array {
  return Buffer.from(integer.toString(16).padStart(2 * SCALAR_BYTES, '0'), 'hex');
}
