// Reading a decoded message by shape: every refusal names the path, so a fault in a key can be reported exactly.
import type { CborKey, CborMap, CborValue } from './cbor.ts';

/** Well-formed CBOR of the wrong shape. `path` reads like `getInfo[0x0a][0].alg`. */
export class CborShapeError extends Error {
  override readonly name = 'CborShapeError';
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  constructor(path: string, expected: string, found: string) {
    super(`${path}: expected ${expected}, found ${found}`);
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** Reads one value found at `path`. @throws {CborShapeError} */
export type CborReader<T> = (value: CborValue, path: string) => T;

/** A short word for what a value is, never its content: it may end up in a log. */
export function cborKind(value: CborValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value < 0 ? 'a negative integer' : 'an unsigned integer';
    case 'string':
      return 'text';
    case 'boolean':
      return 'a boolean';
    default:
      return isCborArray(value) ? 'an array' : 'a map';
  }
}

export function isCborMap(value: CborValue | undefined): value is CborMap {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !Array.isArray(value);
}

function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

export function asMap(value: CborValue | undefined, path: string): CborMap {
  if (isCborMap(value)) return value;
  throw new CborShapeError(path, 'a map', cborKind(value));
}

function asArray(value: CborValue | undefined, path: string): readonly CborValue[] {
  if (isCborArray(value)) return value;
  throw new CborShapeError(path, 'an array', cborKind(value));
}

export function asText(value: CborValue | undefined, path: string): string {
  if (typeof value === 'string') return value;
  throw new CborShapeError(path, 'text', cborKind(value));
}

export function asBool(value: CborValue | undefined, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new CborShapeError(path, 'a boolean', cborKind(value));
}

/** Bytes, of exactly `length` when given. */
export function asBytes(value: CborValue | undefined, path: string, length?: number): Uint8Array {
  if (value instanceof Uint8Array && (length === undefined || value.length === length)) return value;
  throw new CborShapeError(path, length === undefined ? 'bytes' : `${length} bytes`, cborKind(value));
}

/** An integer that a `number` holds exactly. */
export function asInteger(value: CborValue | undefined, path: string): number {
  if (typeof value === 'number') return value;
  throw new CborShapeError(path, 'an integer below 2^53', cborKind(value));
}

/** An unsigned integer that a `number` holds exactly. */
export function asUnsigned(value: CborValue | undefined, path: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new CborShapeError(path, 'an unsigned integer below 2^53', cborKind(value));
}

/** A reader for an unsigned integer from `least` on, that a `number` holds exactly. */
export function unsignedFrom(least: number): CborReader<number> {
  return (value, path) => {
    const number = asUnsigned(value, path);
    if (number >= least) return number;
    throw new CborShapeError(path, `at least ${least}`, 'less');
  };
}

/** Any unsigned integer CBOR can carry. */
export function asUnsigned64(value: CborValue | undefined, path: string): bigint {
  if ((typeof value === 'number' || typeof value === 'bigint') && value >= 0) return BigInt(value);
  throw new CborShapeError(path, 'an unsigned integer', cborKind(value));
}

/** The fields of one map. `required` and `optional` throw {@link CborShapeError}; an absent optional field is `undefined`. */
export class CborFields {
  readonly map: CborMap;
  readonly path: string;

  /** @throws {CborShapeError} when `value` is no map. */
  constructor(value: CborValue | undefined, path: string) {
    this.map = asMap(value, path);
    this.path = path;
  }

  has(key: CborKey): boolean {
    return this.map.has(key);
  }

  required<T>(key: CborKey, read: CborReader<T>): T {
    const value = this.map.get(key);
    if (value === undefined) throw new CborShapeError(this.pathOf(key), 'a value', 'nothing');
    return read(value, this.pathOf(key));
  }

  optional<T>(key: CborKey, read: CborReader<T>): T | undefined {
    const value = this.map.get(key);
    return value === undefined ? undefined : read(value, this.pathOf(key));
  }

  /** As {@link optional}, for what is only good to know: a value of another shape counts as absent. */
  told<T>(key: CborKey, read: CborReader<T>): T | undefined {
    try {
      return this.optional(key, read);
    } catch (error) {
      if (error instanceof CborShapeError) return undefined;
      throw error;
    }
  }

  pathOf(key: CborKey): string {
    if (typeof key === 'string') return `${this.path}.${key}`;
    return key < 0 ? `${this.path}[${key}]` : `${this.path}[0x${key.toString(16).padStart(2, '0')}]`;
  }
}

/** A reader for an array whose items all have one shape. */
export function listOf<T>(read: CborReader<T>): CborReader<readonly T[]> {
  return (value, path) => asArray(value, path).map((item, index) => read(item, `${path}[${index}]`));
}

/** A reader for bytes of exactly `length`. */
export function bytesOf(length: number): CborReader<Uint8Array> {
  return (value, path) => asBytes(value, path, length);
}

/** A map from pairs, leaving out entries whose value is `undefined`: omitted, false and true stay three things. */
export function cborMap(entries: readonly (readonly [CborKey, CborValue | undefined])[]): CborMap {
  const map = new Map<CborKey, CborValue>();
  for (const [key, value] of entries) if (value !== undefined) map.set(key, value);
  return map;
}
