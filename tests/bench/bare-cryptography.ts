// What a PIN token costs any client in cryptography, by Node's own functions and nothing around them: P-256, HKDF, AES and
// SHA-256 as protocol two has them. Source: CTAP 2.3 §6.5.7.
import { createCipheriv, createDecipheriv, createECDH, createHash, hkdfSync } from 'node:crypto';

const CURVE = 'prime256v1';
const TOKEN_BYTES = 32;
const IV_BYTES = 16;

/** One token's worth, with another's point in place of the key's: one half of a pair, one agreement, one PIN, one token. */
export function bareTokenCryptography(otherPoint: Uint8Array, scalar: Uint8Array, pin: Uint8Array): void {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(scalar);
  pair.getPublicKey();
  const shared = pair.computeSecret(otherPoint);
  const salt = new Uint8Array(32);
  hkdfSync('sha256', shared, salt, 'CTAP2 HMAC key', 32);
  const key = new Uint8Array(hkdfSync('sha256', shared, salt, 'CTAP2 AES key', 32));
  const iv = new Uint8Array(IV_BYTES);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  cipher.update(createHash('sha256').update(pin).digest().subarray(0, 16));
  cipher.final();
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  decipher.update(new Uint8Array(TOKEN_BYTES));
  decipher.final();
}

/** A point to agree with. */
export function somePoint(scalar: Uint8Array): Uint8Array {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(scalar);
  return new Uint8Array(pair.getPublicKey());
}
