// Ids, codes and tokens from the randomness the twin was given, so that a seeded run repeats itself.

export type RandomBytes = (length: number) => Uint8Array;

/** A version 4 GUID, lower-case. */
export function randomGuid(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Base64url of `byteLength` random bytes. */
export function randomToken(randomBytes: RandomBytes, byteLength: number): string {
  return Buffer.from(randomBytes(byteLength)).toString('base64url');
}

/** `length` characters of `alphabet`, each equally likely. The alphabet has at most 256. */
export function randomText(randomBytes: RandomBytes, alphabet: string, length: number): string {
  const fairLimit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fairLimit && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

/** Digits; the first is never zero. */
export function randomDigits(randomBytes: RandomBytes, length: number): string {
  return randomText(randomBytes, '123456789', 1) + randomText(randomBytes, '0123456789', length - 1);
}
