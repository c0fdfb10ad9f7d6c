// The little of ASN.1 DER that reading a certificate takes. Source: ITU-T X.690 §8, §10.

/** The bytes are no DER that is understood here. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export interface DerItem {
  readonly tag: number;
  readonly content: Uint8Array;
}

export const DER_TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  OID: 0x06,
  SEQUENCE: 0x30,
  EXPLICIT_0: 0xa0,
  EXPLICIT_3: 0xa3,
} as const;

/**
 * The items of a constructed value. Lengths that take more bytes than they need, and lengths beyond three bytes, are
 * refused: the first are no DER (X.690 §10.1), and no certificate needs the second. @throws {DerError}
 */
export function derItems(der: Uint8Array): readonly DerItem[] {
  const items: DerItem[] = [];
  let offset = 0;
  while (offset < der.length) {
    const tag = der[offset] ?? 0;
    const first = der[offset + 1] ?? 0x80;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 3) throw new DerError('ASN.1 length not understood');
    let length = first < 0x80 ? first : 0;
    for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (der[offset + 2 + index] ?? 0);
    if (lengthBytes > 0 && length < (lengthBytes === 1 ? 0x80 : 2 ** (8 * (lengthBytes - 1)))) {
      throw new DerError('ASN.1 length longer than it need be');
    }
    const start = offset + 2 + lengthBytes;
    if (start + length > der.length) throw new DerError('ASN.1 item cut short');
    items.push({ tag, content: new Uint8Array(der.subarray(start, start + length)) });
    offset = start + length;
  }
  return items;
}

/** The content of an item that must have this tag. @throws {DerError} */
export function derContent(item: DerItem, tag: number): Uint8Array {
  if (item.tag !== tag) throw new DerError(`ASN.1 tag ${item.tag} where ${tag} was due`);
  return item.content;
}

/** The content of the one item that fills `der`. @throws {DerError} */
export function onlyDerContent(der: Uint8Array, tag: number): Uint8Array {
  const [item, ...more] = derItems(der);
  if (item === undefined || more.length > 0) throw new DerError('one ASN.1 item expected');
  return derContent(item, tag);
}
