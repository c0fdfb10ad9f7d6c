// What a PIN must be before it may cost a try. PINs are UTF-8 bytes here, already in Unicode normalization form C, and
// never become strings: strings can't be wiped. Source: CTAP 2.3 §6.5.1 and §6.5.5.5 to §6.5.5.7.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { wipe } from '../bytes/compare.ts';

export const MAX_PIN_BYTES = 63;
const PADDED_PIN_BYTES = 64;
const PIN_HASH_BYTES = 16;
const LEAST_PIN_BYTES = 4;

/** Code points, as getInfo states them. */
export interface PinLengths {
  readonly minPinLength: number;
  readonly maxPinLength: number;
}

/** `policy` is the key's own refusal; the rest are found before anything is sent. */
export type PinFault = 'tooShort' | 'tooLong' | 'endsInZero' | 'notText' | 'policy';

/** What is wrong with a PIN that is to be set; `undefined` when nothing is. */
export function newPinFault(pin: Uint8Array, { minPinLength, maxPinLength }: PinLengths): PinFault | undefined {
  if (!isUtf8(pin)) return 'notText';
  const codePoints = countCodePoints(pin);
  if (codePoints < minPinLength) return 'tooShort';
  if (codePoints > maxPinLength || pin.length > MAX_PIN_BYTES) return 'tooLong';
  return pin.at(-1) === 0 ? 'endsInZero' : undefined;
}

/** What makes it impossible that this is the PIN of any key; `undefined` when it may be. */
export function enteredPinFault(pin: Uint8Array): PinFault | undefined {
  if (pin.length < LEAST_PIN_BYTES) return 'tooShort';
  if (pin.length > MAX_PIN_BYTES) return 'tooLong';
  return pin.at(-1) === 0 ? 'endsInZero' : undefined;
}

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

function countCodePoints(utf8: Uint8Array): number {
  let count = 0;
  for (const byte of utf8) if ((byte & 0xc0) !== 0x80) count += 1;
  return count;
}
