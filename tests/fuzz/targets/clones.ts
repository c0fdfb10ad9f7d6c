// Structured clones and JSON as CBOR and back, so that the mutations of CBOR reach what is not CBOR on its way.
import type { CborValue } from '../../../main/fido/bytes/cbor.ts';

/** Maps become objects, with every key their own: `__proto__` too. */
export function plainOf(value: CborValue): unknown {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) {
    const object = {};
    for (const [key, item] of value) {
      Object.defineProperty(object, String(key), { value: plainOf(item), enumerable: true, configurable: true, writable: true });
    }
    return object;
  }
  return Array.isArray(value) ? value.map(plainOf) : value;
}

export function cborOf(value: unknown): CborValue {
  if (value instanceof Uint8Array || value === null) return value;
  if (Array.isArray(value)) return value.map(cborOf);
  if (typeof value === 'object') return new Map(Object.entries(value).map(([key, item]) => [key, cborOf(item)]));
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new TypeError(`no message holds ${typeof value}`);
}
