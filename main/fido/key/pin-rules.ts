// What a PIN must be before it may cost a try. PINs are UTF-8 bytes here, already in Unicode normalization form C, and
// never become strings: strings can't be wiped. Source: CTAP 2.3 §6.5.1 and §6.5.5.5 to §6.5.5.7.

const MAX_PIN_BYTES = 63;
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
  const codePoints = countCodePoints(pin);
  if (codePoints === undefined) return 'notText';
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

/** Code points in UTF-8; `undefined` when the bytes are none. By hand, because a decoder would make a string of the PIN. */
function countCodePoints(utf8: Uint8Array): number | undefined {
  let count = 0;
  for (let offset = 0; offset < utf8.length; count += 1) {
    const lead = utf8[offset] ?? 0;
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const following = utf8.subarray(offset + 1, offset + length);
    const continued = following.length === length - 1 && following.every((byte) => (byte & 0xc0) === 0x80);
    if (!continued || !isLegalStart(lead, following[0])) return undefined;
    offset += length;
  }
  return count;
}

/** No lone continuation bytes, overlong forms, surrogates, or numbers beyond U+10FFFF (Unicode, table 3-7). */
function isLegalStart(lead: number, second = 0): boolean {
  if (lead < 0x80) return true;
  if (lead < 0xc2 || lead > 0xf4) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second <= 0x8f;
}
