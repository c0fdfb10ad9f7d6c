import { describe, expect, test } from 'vitest';
import {
  CborFields,
  CborShapeError,
  asBool,
  asBytes,
  asInteger,
  asMap,
  asText,
  asUnsigned,
  asUnsigned64,
  bytesOf,
  cborKind,
  cborMap,
  listOf,
  type CborReader,
} from '../../main/fido/bytes/cbor-read.ts';
import type { CborKey, CborValue } from '../../main/fido/bytes/cbor.ts';

const fields = new CborFields(
  new Map<CborKey, CborValue>([
    [1, 'text'],
    [2, new Map<CborKey, CborValue>([['alg', 'oops']])],
    [-3, [1, 'two']],
    [4, (1n << 64n) - 1n],
    [5, new Uint8Array(3)],
    [6, -1],
    [7, false],
    [0x1b, 0],
  ]),
  'getInfo',
);

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CborShapeError) return error.message;
    throw error;
  }
  return 'none';
}

describe('fields', () => {
  test('give their values', () => {
    expect(fields.required(1, asText)).toBe('text');
    expect(fields.required(4, asUnsigned64)).toBe(18446744073709551615n);
    expect(fields.required(6, asInteger)).toBe(-1);
    expect(fields.required(7, asBool)).toBe(false);
    expect(fields.required(0x1b, asUnsigned)).toBe(0);
    expect(fields.required(5, bytesOf(3))).toEqual(new Uint8Array(3));
    expect(fields.optional(9, asText)).toBeUndefined();
    expect([fields.has(7), fields.has(8)]).toEqual([true, false]);
  });

  test.each<[string, CborKey, CborReader<unknown>]>([
    ['getInfo[0x09]: expected a value, found nothing', 9, asText],
    ['getInfo[0x01]: expected bytes, found text', 1, asBytes],
    ['getInfo[0x05]: expected 4 bytes, found 3 bytes', 5, bytesOf(4)],
    ['getInfo[0x06]: expected an unsigned integer below 2^53, found a negative integer', 6, asUnsigned],
    ['getInfo[0x04]: expected an unsigned integer below 2^53, found an unsigned integer', 4, asUnsigned],
    ['getInfo[-3][1]: expected an integer below 2^53, found text', -3, listOf(asInteger)],
    [
      'getInfo[0x02].alg: expected an integer below 2^53, found text',
      2,
      (value, path) => new CborFields(value, path).required('alg', asInteger),
    ],
    ['getInfo[0x07]: expected a map, found a boolean', 7, asMap],
  ])('%s', (message, key, read) => {
    expect(problem(() => fields.required(key, read))).toBe(message);
  });

  test('an optional field of the wrong type is no absent one', () => {
    expect(problem(() => fields.optional(1, asBool))).toBe('getInfo[0x01]: expected a boolean, found text');
  });

  test('a map is asked for', () => {
    expect(problem(() => new CborFields([], 'answer'))).toBe('answer: expected a map, found an array');
  });
});

test('kinds never repeat content', () => {
  const kinds = [undefined, null, 'secret', new Uint8Array(16), [1], new Map(), 5, -5n, true].map((value) => cborKind(value));
  expect(kinds).toEqual([
    'nothing',
    'null',
    'text',
    '16 bytes',
    'an array',
    'a map',
    'an unsigned integer',
    'a negative integer',
    'a boolean',
  ]);
});

test('a map leaves out what is undefined and keeps what is false', () => {
  expect(
    cborMap([
      ['a', undefined],
      ['b', false],
      ['c', null],
    ]),
  ).toEqual(
    new Map<string, boolean | null>([
      ['b', false],
      ['c', null],
    ]),
  );
});
