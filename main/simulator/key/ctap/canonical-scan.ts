// Whether bytes are CTAP2 canonical CBOR, found without the codec: a walk over heads and key bytes that builds nothing.
// The client writes its requests with main/fido/bytes; a shared mistake there would be caught here.
// Source: CTAP 2.3 §8 (message encoding).

const MAX_NESTING = 4;

/** Why `bytes` are not one canonical item, or `undefined` when they are. */
export function canonicalFault(bytes: Uint8Array): string | undefined {
  try {
    const end = scanItem(bytes, 0, MAX_NESTING);
    return end === bytes.length ? undefined : `${bytes.length - end} bytes behind the item`;
  } catch (fault) {
    if (fault instanceof NotCanonical) return fault.message;
    throw fault;
  }
}

class NotCanonical extends Error {}

interface Head {
  readonly major: number;
  readonly argument: number;
  /** Where the content starts. */
  readonly next: number;
}

/** Answers where the item that starts at `at` ends. */
function scanItem(bytes: Uint8Array, at: number, nestingLeft: number): number {
  const { major, argument, next } = readHead(bytes, at);
  switch (major) {
    case 0:
    case 1:
      return next;
    case 2:
    case 3:
      return scanString(bytes, next, argument, major === 3);
    case 4: {
      if (nestingLeft === 0) throw new NotCanonical(`nested too deep at ${at}`);
      let end = next;
      for (let index = 0; index < argument; index += 1) end = scanItem(bytes, end, nestingLeft - 1);
      return end;
    }
    case 5:
      if (nestingLeft === 0) throw new NotCanonical(`nested too deep at ${at}`);
      return scanMap(bytes, next, argument, nestingLeft - 1);
    case 7:
      // Only false, true and null; CTAP has neither floats nor other simple values.
      if (next === at + 1 && argument >= 20 && argument <= 22) return next;
      throw new NotCanonical(`float or simple value at ${at}`);
    default:
      throw new NotCanonical(`tag at ${at}`);
  }
}

function scanMap(bytes: Uint8Array, start: number, count: number, nestingLeft: number): number {
  let end = start;
  let previous: Uint8Array | undefined;
  for (let index = 0; index < count; index += 1) {
    const keyStart = end;
    const { major } = readHead(bytes, keyStart);
    if (major > 3) throw new NotCanonical(`a map key of major type ${major} at ${keyStart}`);
    end = scanItem(bytes, keyStart, 0);
    const key = bytes.subarray(keyStart, end);
    // Byte order of whole encoded keys is major type, then length, then content, because heads are shortest.
    if (previous !== undefined && Buffer.compare(previous, key) >= 0) {
      throw new NotCanonical(`map key out of order or twice at ${keyStart}`);
    }
    previous = key;
    end = scanItem(bytes, end, nestingLeft);
  }
  return end;
}

function scanString(bytes: Uint8Array, start: number, length: number, isText: boolean): number {
  const end = start + length;
  if (end > bytes.length) throw new NotCanonical(`a string runs past the end at ${start}`);
  if (isText) {
    try {
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end));
    } catch {
      throw new NotCanonical(`text that isn't UTF-8 at ${start}`);
    }
  }
  return end;
}

function readHead(bytes: Uint8Array, at: number): Head {
  const first = bytes[at];
  if (first === undefined) throw new NotCanonical(`nothing at ${at}`);
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < 24) return { major, argument: short, next: at + 1 };
  if (short > 27) throw new NotCanonical(`indefinite or reserved length at ${at}`);
  const width = 2 ** (short - 24);
  if (at + 1 + width > bytes.length) throw new NotCanonical(`a head runs past the end at ${at}`);
  let argument = 0;
  for (let index = 1; index <= width; index += 1) argument = argument * 256 + (bytes[at + index] ?? 0);
  const least = width === 1 ? 24 : 256 ** (width / 2);
  if (argument < least) throw new NotCanonical(`a head longer than needed at ${at}`);
  return { major, argument, next: at + 1 + width };
}
