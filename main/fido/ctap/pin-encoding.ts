// How a PIN travels. It comes as UTF-8 bytes and never becomes a string: strings can't be wiped.
// Source: CTAP 2.3 §6.5.5.5 and §6.5.5.6.
import { createHash } from 'node:crypto';
import { wipe } from '../bytes/compare.ts';

const PADDED_PIN_BYTES = 64;
const PIN_HASH_BYTES = 16;

/** The PIN followed by zeros, 64 bytes. Wipe it after use. */
export function padPin(pin: Uint8Array): Uint8Array {
  const padded = new Uint8Array(PADDED_PIN_BYTES);
  padded.set(pin);
  return padded;
}

/** The first 16 bytes of SHA-256(PIN). Wipe it after use. */
export function hashPin(pin: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(pin).digest();
  const hash = new Uint8Array(digest.subarray(0, PIN_HASH_BYTES));
  wipe(digest);
  return hash;
}
