// Answers that are spoiled as CBOR, or that are good CBOR and not the answer.
import { decodeCbor, encodeCbor, type CborKey, type CborMap, type CborValue } from '../../fido/bytes/cbor.ts';
import { isMap } from './ctap/request-fields.ts';
import type { MalformedCbor } from './key-fault-plan.ts';

/** As long as a message can be, less the status and what goes around the filling. */
const OVERSIZED_BYTES = 7_600;

/** The map spoiled in one way. `good` is the map the key meant to send, or nothing. */
export function malformed(good: Uint8Array, how: MalformedCbor): Uint8Array {
  switch (how) {
    // Not CBOR, or not all of it
    case 'truncated':
      return good.slice(0, Math.max(1, good.length - 3));
    case 'trailing-bytes':
      return Uint8Array.of(...good, 0xff, 0x00);
    case 'nothing':
      return new Uint8Array(0);
    case 'huge-length':
      return Uint8Array.of(0xa1, 0x01, 0x5b, 0, 0, 0, 1, 0, 0, 0, 0);
    case 'huge-count':
      return Uint8Array.of(0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    case 'huge-array':
      return Uint8Array.of(0xa1, 0x01, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    case 'reserved-head':
      return Uint8Array.of(0xa1, 0x01, 0x1c);
    case 'text-not-utf8':
      return Uint8Array.of(0xa1, 0x62, 0xc3, 0x28, 0x01);
    // CBOR that CTAP does not have
    case 'indefinite-length':
      return Uint8Array.of(0xbf, 0x01, 0x00, 0xff);
    case 'indefinite-string':
      return Uint8Array.of(0xa1, 0x01, 0x5f, 0x41, 0x00, 0xff);
    case 'float':
      return Uint8Array.of(0xa1, 0x01, 0xf9, 0x7e, 0x00);
    case 'tag':
      return Uint8Array.of(0xa1, 0x01, 0xc1, 0x00);
    case 'undefined':
      return Uint8Array.of(0xa1, 0x01, 0xf7);
    case 'bytes-as-key':
      return Uint8Array.of(0xa1, 0x41, 0x01, 0x00);
    case 'map-as-key':
      return Uint8Array.of(0xa1, 0xa0, 0x00);
    case 'duplicate-key':
      return Uint8Array.of(0xa2, 0x01, 0x00, 0x01, 0x00);
    case 'duplicate-key-long-head':
      return Uint8Array.of(0xa2, 0x01, 0x00, 0x18, 0x01, 0x00);
    case 'depth-bomb':
      return Uint8Array.of(0xa1, 0x01, ...new Uint8Array(600).fill(0x81), 0x00);
    case 'map-depth-bomb':
      return Uint8Array.of(...nestedMaps(600), 0xa0);
    // Written otherwise, meaning the same
    case 'unsorted':
      return written(entriesOf(good).toReversed());
    case 'long-heads':
      return written(entriesOf(good), (key) => longHead(encodeCbor(key)));
    // Good CBOR, and not the answer
    case 'not-a-map':
      return Uint8Array.of(0x83, 0x01, 0x02, 0x03);
    case 'wrong-types':
      return Uint8Array.of(0xa3, 0x01, 0xf5, 0x02, 0x63, 0x6f, 0x64, 0x64, 0x03, 0x20);
    case 'empty-map':
      return Uint8Array.of(0xa0);
    case 'null-values':
      return encodeCbor(new Map(entriesOf(good).map(([key]) => [key, null])));
    case 'text-keys':
      return encodeCbor(new Map(entriesOf(good).map(([key, value]) => [String(key), value])));
    case 'values-exchanged':
      return encodeCbor(exchanged(entriesOf(good)));
    case 'other-command':
      return encodeCbor(isInfo(good) ? CREDENTIAL_ANSWER : INFO_ANSWER);
    case 'oversized':
      return encodeCbor(new Map([[1, new Uint8Array(OVERSIZED_BYTES)]]));
    case 'many-members':
      return encodeCbor(new Map(Array.from({ length: 1_900 }, (_, key) => [key, 0])));
    default: {
      const never: never = how;
      throw new Error(`unknown malformation ${String(never)}`);
    }
  }
}

/** As getInfo answers, with nothing but what it must. */
const INFO_ANSWER: CborMap = new Map<CborKey, CborValue>([
  [1, ['FIDO_2_0']],
  [3, new Uint8Array(16)],
]);

/** As makeCredential answers. */
const CREDENTIAL_ANSWER: CborMap = new Map<CborKey, CborValue>([
  [1, 'none'],
  [2, new Uint8Array(37)],
  [3, new Map()],
]);

function isInfo(good: Uint8Array): boolean {
  return entriesOf(good).some(([key, value]) => key === 1 && Array.isArray(value));
}

function entriesOf(good: Uint8Array): (readonly [CborKey, CborValue])[] {
  if (good.length === 0) return [];
  const value = decodeCbor(good);
  return isMap(value) ? [...value] : [];
}

/** Each key with the value of the next one; a lone value gets another type. */
function exchanged(entries: readonly (readonly [CborKey, CborValue])[]): CborMap {
  if (entries.length < 2) return new Map(entries.map(([key]) => [key, 'another type']));
  return new Map(entries.map(([key], index) => [key, entries[(index + 1) % entries.length]?.[1] ?? null]));
}

function written(
  entries: readonly (readonly [CborKey, CborValue])[],
  writeKey: (key: CborKey) => Uint8Array = (key) => encodeCbor(key),
): Uint8Array {
  const head = entries.length < 24 ? [0xa0 | entries.length] : [0xb8, entries.length];
  return Buffer.concat([Uint8Array.from(head), ...entries.flatMap(([key, value]) => [writeKey(key), encodeCbor(value)])]);
}

/** A small integer in two bytes instead of one; other keys as they are. */
function longHead(key: Uint8Array): Uint8Array {
  const [first = 0] = key;
  return key.length === 1 ? Uint8Array.of((first & 0xe0) | 24, first & 0x1f) : key;
}

function nestedMaps(depth: number): number[] {
  return Array.from({ length: depth }, () => [0xa1, 0x01]).flat();
}
