// CBOR and COSE as bytes.
import { CborError, TOLERANT_MAX_DEPTH, decodeCbor, encodeCbor, type CborValue } from '../../../main/fido/bytes/cbor.ts';
import { CborShapeError } from '../../../main/fido/bytes/cbor-read.ts';
import { CoseError, coseKeyMap, keyObjectOfCose, readCosePublicKey, verifyCoseSignature } from '../../../main/fido/bytes/cose.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { promise, unless } from './promises.ts';
import { recordedMessages } from './recorded.ts';

const messages = async (): Promise<readonly Uint8Array[]> => {
  const { answers, attestationObjects } = await recordedMessages();
  return [...[...answers.values()].flat().map((answer) => answer.subarray(1)), ...attestationObjects];
};

/** The tolerant reader: what it takes, it can write and reads again as the same. */
export const cborTolerant: FuzzTarget = {
  name: 'cbor-tolerant',
  seeds: messages,
  maxBytes: 2_048,
  slice: 12_000,
  budget: { steps: 2_000, bytes: 8_192, perByte: 60 },
  run: (input) => {
    const value = unless([CborError], () => decodeCbor(input));
    if (value === undefined) return;
    const written = encodeCbor(value, { maxDepth: TOLERANT_MAX_DEPTH });
    promise(written.length <= input.length, 'the shortest form is not longer');
    const again = decodeCbor(written, { canonical: true, maxDepth: TOLERANT_MAX_DEPTH });
    promise(isSame(value, again), 'what was written reads as what it was');
  },
};

/** The strict reader: what it takes is, byte for byte, what the writer writes; and the tolerant one takes it too. */
export const cborStrict: FuzzTarget = {
  name: 'cbor-strict',
  seeds: messages,
  maxBytes: 2_048,
  slice: 12_000,
  budget: { steps: 2_000, bytes: 8_192, perByte: 60 },
  run: (input) => {
    const value = unless([CborError], () => decodeCbor(input, { canonical: true }));
    if (value === undefined) return;
    promise(isSame(decodeCbor(input), value), 'the tolerant reader reads the same');
    promise(Buffer.compare(encodeCbor(value), input) === 0, 'the canonical form is the only one');
  },
};

/** A text cut in two is repaired, what is undefined left out, and nothing else changes. */
export const cborRepaired: FuzzTarget = {
  name: 'cbor-repaired',
  seeds: messages,
  maxBytes: 1_024,
  slice: 12_000,
  budget: { steps: 2_000, bytes: 8_192, perByte: 60 },
  run: (input) => {
    const repaired = unless([CborError], () => decodeCbor(input, { invalidUtf8: 'replace', undefinedMembers: 'leave-out' }));
    const strict = unless([CborError], () => decodeCbor(input));
    if (strict === undefined) return;
    promise(repaired !== undefined && isSame(strict, repaired), 'what needs no repair stays as it is');
  },
};

/** Keys a credential may come with: readable ones keep their numbers, and checking a signature only says yes or no. */
export const coseKey: FuzzTarget = {
  name: 'cose-key',
  seeds: () =>
    [
      'a5010203262001215820a5fd5ce1b1c458c530a54fa61b31bf6b04be8b97afde54dd8cbb69275a8a1be1225820fa3a3231dd9deed9d1897be5a6228c59501e4bcd12975d3dff730f01278ea61c',
      'a40101032720062158203d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      'a401030339010020590100' + 'b7'.repeat(256) + '2143010001',
    ].map((text) => Uint8Array.from(Buffer.from(text, 'hex'))),
  maxBytes: 1_024,
  slice: 12_000,
  budget: { steps: 2_000, bytes: 16_384, perByte: 60 },
  run: (input) => {
    const value = unless([CborError], () => decodeCbor(input));
    if (value === undefined) return;
    const key = unless([CborShapeError, CoseError], () => readCosePublicKey(value));
    if (key === undefined) return;
    promise(isSame(readCosePublicKey(coseKeyMap(key)), key), 'a key written reads as what it was');
    unless([CoseError], () => keyObjectOfCose(key));
    const verified = unless([CoseError], () => verifyCoseSignature(key, input, input.subarray(0, 72)));
    promise(verified !== true, 'nobody signed this');
  },
};

/** Deep equality of what readers give: numbers, text, bytes, arrays, maps in any order, plain objects. */
function isSame(one: CborValue | object, other: CborValue | object): boolean {
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    return one instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(one, other) === 0;
  }
  if (one instanceof Map && other instanceof Map) {
    return one.size === other.size && [...one].every(([key, value]) => other.has(key) && isSame(value, other.get(key)));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
    return !(one instanceof Map) && !(other instanceof Map) && left.size > 0 && isSame(left, right);
  }
  return Object.is(one, other);
}
