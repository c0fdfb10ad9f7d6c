// One request map, read by shape: a missing member is 0x14, one of the wrong type 0x11 (CTAP 2.3 §6, common checks).
import type { CborKey, CborMap, CborValue } from '../../../fido/bytes/cbor.ts';
import { Refusal, Status } from './status.ts';

/** Turns a value into what is wanted, or `undefined` when it has another type. */
export type Kind<T> = (value: CborValue) => T | undefined;

export const bytes: Kind<Uint8Array> = (value) => (value instanceof Uint8Array ? value : undefined);
export const text: Kind<string> = (value) => (typeof value === 'string' ? value : undefined);
export const flag: Kind<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
export const integer: Kind<number> = (value) => (typeof value === 'number' ? value : undefined);
export const unsigned: Kind<number> = (value) => (typeof value === 'number' && value >= 0 ? value : undefined);
export const list: Kind<readonly CborValue[]> = (value) => (isList(value) ? value : undefined);
export const fields: Kind<RequestFields> = (value) => (isMap(value) ? new RequestFields(value) : undefined);

export function isMap(value: CborValue): value is CborMap {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Uint8Array);
}

function isList(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}

export class RequestFields {
  readonly map: CborMap;

  constructor(map: CborMap) {
    this.map = map;
  }

  has(key: CborKey): boolean {
    return this.map.has(key);
  }

  /** @throws {Refusal} 0x14 when absent, 0x11 when of another type. */
  required<T>(key: CborKey, kind: Kind<T>): T {
    const value = this.optional(key, kind);
    if (value === undefined) throw new Refusal(Status.missingParameter, `member ${key} is missing`);
    return value;
  }

  /** @throws {Refusal} 0x11 when of another type. */
  optional<T>(key: CborKey, kind: Kind<T>): T | undefined {
    const value = this.map.get(key);
    if (value === undefined) return undefined;
    const read = kind(value);
    if (read === undefined) throw new Refusal(Status.unexpectedType, `member ${key} has another type`);
    return read;
  }
}
