// The part of CBOR that CTAP speaks, written canonically and read with measured tolerance. One file because the writer
// and the strict reader state the same rules twice, and a change to one is a change to the other.
// Source: RFC 8949; "CTAP2 canonical CBOR encoding form", CTAP 2.3 §8.

/** Keys that CTAP, COSE and WebAuthn maps use. Integers beyond 2^53 appear as bigint. */
export type CborKey = number | bigint | string;

export type CborMap = ReadonlyMap<CborKey, CborValue>;

/** One data item. Integers are `number` while exact, otherwise `bigint`. No floats, tags or `undefined`: CTAP has none. */
export type CborValue = number | bigint | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** Everything that can be wrong with bytes, or with a value that is to become bytes. */
export type CborFault =
  | 'truncated' // an item, or a length, reaches past the end
  | 'trailing-bytes'
  | 'too-deep'
  | 'duplicate-key'
  | 'key-type' // a map key that is neither integer nor text
  | 'text-not-utf8' // bytes that are not UTF-8, or a string with half a surrogate pair
  | 'indefinite-length'
  | 'tag'
  | 'float'
  | 'simple-value' // undefined and the unassigned ones
  | 'reserved-head'
  | 'not-shortest' // canonical only
  | 'unsorted-keys' // canonical only
  | 'integer-range'; // writing only

/** Bytes that are not acceptable CBOR (`offset` says where), or a value that has no canonical form (`offset` is -1). */
export class CborError extends Error {
  override readonly name = 'CborError';
  readonly fault: CborFault;
  readonly offset: number;
  constructor(fault: CborFault, offset: number) {
    super(offset < 0 ? `value has no CBOR form: ${fault}` : `bad CBOR at byte ${offset}: ${fault}`);
    this.fault = fault;
    this.offset = offset;
  }
}

/** Deepest nesting of arrays and maps in a CTAP message (CTAP 2.3 §8). A lone scalar has depth 0. */
const CTAP_MAX_DEPTH = 4;
/** How deep a message may be before a reader refuses it; guards the stack against hostile bytes. */
export const TOLERANT_MAX_DEPTH = 8;

export interface CborWriteOptions {
  /** Deepest nesting of arrays and maps; 4 unless told, as CTAP has it (CTAP 2.3 §8). */
  readonly maxDepth?: number;
}

export interface CborReadOptions {
  /** Deepest nesting; {@link TOLERANT_MAX_DEPTH} unless told, 4 when `canonical`. */
  readonly maxDepth?: number;
  /** Accept only the canonical form: shortest heads, keys in order. Otherwise order and head length do not matter. */
  readonly canonical?: boolean;
  /** Text values that are not UTF-8: refuse (default), or put U+FFFD where a key cut a name in two. Keys are always strict. */
  readonly invalidUtf8?: 'reject' | 'replace';
  /** Members of a map whose value is `undefined`, which CTAP has not: refuse (default), or read the map as if without them. */
  readonly undefinedMembers?: 'reject' | 'leave-out';
}

const MAJOR_UNSIGNED = 0;
const MAJOR_NEGATIVE = 1;
const MAJOR_BYTES = 2;
const MAJOR_TEXT = 3;
const MAJOR_ARRAY = 4;
const MAJOR_MAP = 5;
const MAJOR_TAG = 6;
const UNDEFINED = 0xf7;

const MAX_UINT64 = (1n << 64n) - 1n;
const LONE_SURROGATE = /\p{Surrogate}/u;
const utf8Encoder = new TextEncoder();
const utf8Strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Repairing = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Writes one item in CTAP2 canonical form: definite lengths, shortest heads, map keys ordered by major type, then
 * encoded length, then bytes.
 * @throws {CborError} for floats, integers outside 64 bits, equal keys, half surrogate pairs and nesting too deep.
 */
export function encodeCbor(value: CborValue, options: CborWriteOptions = {}): Uint8Array {
  const writer = new Writer();
  writeItem(writer, value, options.maxDepth ?? CTAP_MAX_DEPTH);
  return writer.finish();
}

/**
 * Reads exactly one item that fills `bytes`. Byte strings in the result are copies.
 * @throws {CborError} with the fault and its place.
 */
export function decodeCbor(bytes: Uint8Array, options: CborReadOptions = {}): CborValue {
  const { value, length } = decodeCborPrefix(bytes, options);
  if (length !== bytes.length) throw new CborError('trailing-bytes', length);
  return value;
}

/**
 * Reads the item at the start of `bytes` and says how many bytes it took, for items with something behind them (the
 * COSE key and the extensions in authenticator data).
 * @throws {CborError} with the fault and its place.
 */
export function decodeCborPrefix(
  bytes: Uint8Array,
  options: CborReadOptions = {},
): { readonly value: CborValue; readonly length: number } {
  const canonical = options.canonical ?? false;
  const reader = new Reader(bytes, options);
  const value = reader.item(options.maxDepth ?? (canonical ? CTAP_MAX_DEPTH : TOLERANT_MAX_DEPTH));
  return { value, length: reader.offset };
}

/** Canonical order of two encoded keys. For shortest heads, plain byte order is major type, then length, then bytes. */
function compareEncodedKeys(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  head(major: number, argument: number | bigint): void {
    const type = major << 5;
    this.#reserve(9);
    if (argument < 24) {
      this.#byte(type | Number(argument));
    } else if (argument <= 0xff) {
      this.#byte(type | 24);
      this.#byte(Number(argument));
    } else if (argument <= 0xffff) {
      this.#byte(type | 25);
      this.#view.setUint16(this.#length, Number(argument));
      this.#length += 2;
    } else if (argument <= 0xffff_ffff) {
      this.#byte(type | 26);
      this.#view.setUint32(this.#length, Number(argument));
      this.#length += 4;
    } else {
      this.#byte(type | 27);
      this.#view.setBigUint64(this.#length, BigInt(argument));
      this.#length += 8;
    }
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#byte(value);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #byte(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes.fill(0); // outgoing messages carry PIN material, if only encrypted
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function isArray(value: CborMap | readonly CborValue[]): value is readonly CborValue[] {
  return Array.isArray(value);
}

function writeItem(writer: Writer, value: CborValue, depthLeft: number): void {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return writeInteger(writer, value);
    case 'string':
      return writeText(writer, value);
    case 'boolean':
      return writer.byte(value ? 0xf5 : 0xf4);
    case 'object':
      break;
    default:
      // Only a caller that got round the types comes here: undefined, a function, a symbol.
      throw new CborError('simple-value', -1);
  }
  if (value === null) return writer.byte(0xf6);
  if (value instanceof Uint8Array) {
    writer.head(MAJOR_BYTES, value.length);
    return writer.raw(value);
  }
  if (depthLeft < 1) throw new CborError('too-deep', -1);
  if (isArray(value)) {
    writer.head(MAJOR_ARRAY, value.length);
    for (const item of value) writeItem(writer, item, depthLeft - 1);
    return;
  }
  writeMap(writer, value, depthLeft);
}

function writeInteger(writer: Writer, value: number | bigint): void {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) throw new CborError('float', -1);
    if (!Number.isSafeInteger(value)) throw new CborError('integer-range', -1);
    return value >= 0 ? writer.head(MAJOR_UNSIGNED, value) : writer.head(MAJOR_NEGATIVE, -1 - value);
  }
  const argument = value >= 0n ? value : -1n - value;
  if (argument > MAX_UINT64) throw new CborError('integer-range', -1);
  writer.head(value >= 0n ? MAJOR_UNSIGNED : MAJOR_NEGATIVE, argument);
}

function writeText(writer: Writer, text: string): void {
  if (LONE_SURROGATE.test(text)) throw new CborError('text-not-utf8', -1);
  const bytes = utf8Encoder.encode(text);
  writer.head(MAJOR_TEXT, bytes.length);
  writer.raw(bytes);
}

function writeMap(writer: Writer, map: CborMap, depthLeft: number): void {
  const entries: { readonly key: Uint8Array; readonly value: CborValue }[] = [];
  for (const [key, value] of map) {
    const keyWriter = new Writer();
    if (typeof key === 'string') writeText(keyWriter, key);
    else if (typeof key === 'number' || typeof key === 'bigint') writeInteger(keyWriter, key);
    else throw new CborError('key-type', -1);
    entries.push({ key: keyWriter.finish(), value });
  }
  entries.sort((left, right) => compareEncodedKeys(left.key, right.key));
  writer.head(MAJOR_MAP, entries.length);
  let previous: Uint8Array | undefined;
  for (const { key, value } of entries) {
    if (previous !== undefined && compareEncodedKeys(previous, key) === 0) throw new CborError('duplicate-key', -1);
    previous = key;
    writer.raw(key);
    writeItem(writer, value, depthLeft - 1);
  }
}

class Reader {
  offset = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #canonical: boolean;
  readonly #repairText: boolean;
  readonly #skipsUndefined: boolean;

  constructor(bytes: Uint8Array, { canonical = false, invalidUtf8, undefinedMembers }: CborReadOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#canonical = canonical;
    this.#repairText = invalidUtf8 === 'replace';
    this.#skipsUndefined = undefinedMembers === 'leave-out';
  }

  item(depthLeft: number): CborValue {
    const start = this.offset;
    const initial = this.#view.getUint8(this.#take(1));
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (major === 7) return this.#simple(info, start);
    if (major === MAJOR_TAG) throw new CborError('tag', start);
    const argument = this.#argument(info, start);
    switch (major) {
      case MAJOR_UNSIGNED:
        return argument;
      case MAJOR_NEGATIVE:
        return asExactInteger(-1n - BigInt(argument));
      case MAJOR_BYTES:
        return new Uint8Array(this.#span(argument, start));
      case MAJOR_TEXT:
        return this.#text(this.#span(argument, start), start, this.#repairText);
      case MAJOR_ARRAY:
        return this.#array(this.#count(argument, 1, start), depthLeft, start);
      default:
        return this.#map(this.#count(argument, 2, start), depthLeft, start);
    }
  }

  #array(count: number, depthLeft: number, start: number): CborValue[] {
    if (depthLeft < 1) throw new CborError('too-deep', start);
    const items: CborValue[] = [];
    for (let index = 0; index < count; index += 1) items.push(this.item(depthLeft - 1));
    return items;
  }

  #map(count: number, depthLeft: number, start: number): Map<CborKey, CborValue> {
    if (depthLeft < 1) throw new CborError('too-deep', start);
    const map = new Map<CborKey, CborValue>();
    const leftOut = new Set<CborKey>();
    let previous: Uint8Array | undefined;
    for (let index = 0; index < count; index += 1) {
      const keyStart = this.offset;
      const key = this.#key();
      // Keys are compared by value, so 1 written in two lengths is still the same key.
      if (map.has(key) || leftOut.has(key)) throw new CborError('duplicate-key', keyStart);
      if (this.#canonical) {
        const encoded = this.#bytes.subarray(keyStart, this.offset);
        if (previous !== undefined && compareEncodedKeys(previous, encoded) > 0) {
          throw new CborError('unsorted-keys', keyStart);
        }
        previous = encoded;
      }
      if (this.#skipsUndefined && this.#bytes[this.offset] === UNDEFINED) {
        this.offset += 1;
        leftOut.add(key);
      } else {
        map.set(key, this.item(depthLeft - 1));
      }
    }
    return map;
  }

  #key(): CborKey {
    const start = this.offset;
    const initial = this.#view.getUint8(this.#take(1));
    const argumentOf = () => this.#argument(initial & 0x1f, start);
    switch (initial >> 5) {
      case MAJOR_UNSIGNED:
        return argumentOf();
      case MAJOR_NEGATIVE:
        return asExactInteger(-1n - BigInt(argumentOf()));
      case MAJOR_TEXT:
        return this.#text(this.#span(argumentOf(), start), start, false);
      default:
        throw new CborError('key-type', start);
    }
  }

  #simple(info: number, start: number): boolean | null {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22) return null;
    if (info >= 25 && info <= 27) throw new CborError('float', start);
    if (info === 31) throw new CborError('indefinite-length', start);
    if (info >= 28) throw new CborError('reserved-head', start);
    throw new CborError('simple-value', start);
  }

  #argument(info: number, start: number): number | bigint {
    if (info < 24) return info;
    if (info === 31) throw new CborError('indefinite-length', start);
    if (info > 27) throw new CborError('reserved-head', start);
    const width = 1 << (info - 24);
    const at = this.#take(width);
    const value =
      width === 1
        ? this.#view.getUint8(at)
        : width === 2
          ? this.#view.getUint16(at)
          : width === 4
            ? this.#view.getUint32(at)
            : asExactInteger(this.#view.getBigUint64(at));
    if (this.#canonical && value < leastArgument(width)) throw new CborError('not-shortest', start);
    return value;
  }

  #text(bytes: Uint8Array, start: number, repair: boolean): string {
    if (repair) return utf8Repairing.decode(bytes);
    try {
      return utf8Strict.decode(bytes);
    } catch {
      throw new CborError('text-not-utf8', start);
    }
  }

  #span(length: number | bigint, start: number): Uint8Array {
    const remaining = this.#bytes.length - this.offset;
    if (length > remaining) throw new CborError('truncated', start);
    const at = this.#take(Number(length));
    return this.#bytes.subarray(at, this.offset);
  }

  /** A count is refused before anything is built when even one-byte items would not fit. */
  #count(argument: number | bigint, bytesPerEntry: number, start: number): number {
    if (argument > (this.#bytes.length - this.offset) / bytesPerEntry) throw new CborError('truncated', start);
    return Number(argument);
  }

  #take(length: number): number {
    const at = this.offset;
    if (at + length > this.#bytes.length) throw new CborError('truncated', at);
    this.offset = at + length;
    return at;
  }
}

function leastArgument(width: number): number {
  return width === 1 ? 24 : width === 2 ? 0x100 : width === 4 ? 0x1_0000 : 0x1_0000_0000;
}

function asExactInteger(value: bigint): number | bigint {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}
