import { cdeEncodeOptions, decode, encode } from 'cbor2';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CborError,
  TOLERANT_MAX_DEPTH,
  decodeCbor,
  decodeCborPrefix,
  encodeCbor,
  type CborFault,
  type CborKey,
  type CborReadOptions,
  type CborValue,
} from '../../main/fido/bytes/cbor.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const oracle = (value: CborValue): string => hex(encode(value, { ...cdeEncodeOptions, collapseBigInts: true }));

function faultOf(run: () => unknown): { fault: CborFault; offset: number } | 'accepted' {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof CborError) return { fault: error.fault, offset: error.offset };
    throw error;
  }
}

const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
/** As this codec gives them back: exact numbers, bigint beyond. */
const integer: fc.Arbitrary<number | bigint> = fc
  .oneof(
    fc.integer().map(BigInt),
    fc.maxSafeInteger().map(BigInt),
    uint64,
    uint64.map((value) => -1n - value),
  )
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 80 });
const scalar: fc.Arbitrary<CborValue> = fc.oneof(integer, text, bytes, fc.boolean(), fc.constant(null));
const key: fc.Arbitrary<CborKey> = fc.oneof(integer, text);
const structure = (depth: number): fc.Arbitrary<CborValue> =>
  depth === 0
    ? scalar
    : fc.oneof(
        scalar,
        fc.array(structure(depth - 1), { maxLength: 4 }),
        fc
          .uniqueArray(fc.tuple(key, structure(depth - 1)), { maxLength: 5, selector: ([name]) => name })
          .map((entries) => new Map<CborKey, CborValue>(entries)),
      );

describe('writing', () => {
  test('thousands of structures come out as an independent deterministic encoder writes them', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: structure(2) }, structure(4)), (value) => {
        expect(hex(encodeCbor(value))).toBe(oracle(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, CborValue, string]>([
    [
      'keys by major type first, not by length',
      new Map<CborKey, CborValue>([
        [-1, 0],
        [100, 0],
      ]),
      'a2 1864 00 20 00',
    ],
    [
      'two-byte unsigned before one-byte negative',
      new Map<CborKey, CborValue>([
        [-1, 0],
        [24, 0],
      ]),
      'a2 1818 00 20 00',
    ],
    [
      'a COSE key',
      new Map<CborKey, CborValue>([
        [-3, 5],
        [-2, 4],
        [-1, 3],
        [3, 2],
        [1, 1],
      ]),
      'a5 01 01 03 02 20 03 21 04 22 05',
    ],
    [
      'options: same length, then bytes',
      new Map([
        ['uv', true],
        ['rk', true],
        ['up', false],
      ]),
      'a3 62726b f5 627570 f4 627576 f5',
    ],
    [
      'a user: shorter names first',
      new Map<CborKey, CborValue>([
        ['displayName', 'd'],
        ['name', 'n'],
        ['id', new Uint8Array([1])],
      ]),
      'a3 626964 4101 646e616d65 616e 6b646973706c61794e616d65 6164',
    ],
    [
      'an attestation object',
      new Map<CborKey, CborValue>([
        ['authData', new Uint8Array()],
        ['attStmt', new Map()],
        ['fmt', 'none'],
      ]),
      'a3 63666d74 646e6f6e65 6761747453746d74 a0 686175746844617461 40',
    ],
    [
      'a text key of 24 bytes after one of 23',
      new Map([
        ['a'.repeat(24), 1],
        ['b'.repeat(23), 2],
      ]),
      `a2 77${'62'.repeat(23)}02 7818${'61'.repeat(24)}01`,
    ],
    ['23 and 24', [23, 24], '82 17 1818'],
    ['255 and 256', [255, 256], '82 18ff 190100'],
    ['65535 and 65536', [65535, 65536], '82 19ffff 1a00010000'],
    ['2^32 - 1 and 2^32', [2 ** 32 - 1, 2 ** 32], '82 1affffffff 1b0000000100000000'],
    ['-24, -25, -256, -257', [-24, -25, -256, -257], '84 37 3818 38ff 390100'],
    ['the ends of 64 bits', [(1n << 64n) - 1n, -(1n << 64n)], '82 1bffffffffffffffff 3bffffffffffffffff'],
    ['small bigints', [5n, -5n], '82 05 24'],
    ['minus zero', -0, '00'],
    ['empty things', [new Uint8Array(), '', [], new Map()], '84 40 60 80 a0'],
    ['simple values', [false, true, null], '83 f4 f5 f6'],
  ])('%s', (_name, value, expected) => {
    expect(hex(encodeCbor(value))).toBe(expected.replaceAll(' ', ''));
  });

  test.each<[string, unknown, CborFault]>([
    ['a fraction', 1.5, 'float'],
    ['not a number', Number.NaN, 'float'],
    ['an inexact number', 2 ** 53, 'integer-range'],
    ['2^64', 1n << 64n, 'integer-range'],
    ['-2^64 - 1', -(1n << 64n) - 1n, 'integer-range'],
    ['undefined', undefined, 'simple-value'],
    ['undefined inside', [undefined], 'simple-value'],
    ['half a surrogate pair', 'a\ud800b', 'text-not-utf8'],
    [
      'equal keys, number and bigint',
      new Map<CborKey, CborValue>([
        [1, 0],
        [1n, 0],
      ]),
      'duplicate-key',
    ],
    ['a key of bytes', new Map([[new Uint8Array([1]), 1]]), 'key-type'],
    ['five levels', [[[[[]]]]], 'too-deep'],
  ])('refuses %s', (_name, value, fault) => {
    expect(faultOf(() => encodeCbor(value as CborValue))).toEqual({ fault, offset: -1 });
  });

  test('goes as deep as told', () => {
    expect(hex(encodeCbor([[[[]]]]))).toBe('81818180');
    expect(hex(encodeCbor([[[[[]]]]], { maxDepth: 5 }))).toBe('8181818180');
    expect(faultOf(() => encodeCbor([], { maxDepth: 0 }))).toEqual({ fault: 'too-deep', offset: -1 });
  });
});

describe('reading', () => {
  test('gives back what was written, canonical or not', () => {
    fc.assert(
      fc.property(structure(4), (value) => {
        const written = encodeCbor(value);
        expect(decodeCbor(written, { canonical: true })).toEqual(value);
        expect(decodeCbor(written)).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test('understands an encoder that does not sort', () => {
    fc.assert(
      fc.property(structure(3), (value) => {
        expect(decodeCbor(Uint8Array.from(encode(value, { sortKeys: null, collapseBigInts: true })))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test('what it accepts as canonical is exactly what it writes', () => {
    const mutated = fc.tuple(structure(3), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([value, at, byte]) => {
      const written = encodeCbor(value);
      written[at % written.length] = byte;
      return written;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), (candidate) => {
        const fault = faultOf(() => decodeCbor(candidate, { canonical: true })); // anything but a CborError throws here
        if (fault !== 'accepted') return;
        expect(hex(encodeCbor(decodeCbor(candidate, { canonical: true })))).toBe(hex(candidate));
      }),
      { numRuns: 5_000 },
    );
  });

  test('whatever it accepts tolerantly, the independent decoder reads the same way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (candidate) => {
        const mine = faultOf(() => decodeCbor(candidate));
        if (mine !== 'accepted') return;
        // Its own form of plain objects and wide numbers aside, compare through the canonical writing of both.
        const theirs = decode(candidate, { preferMap: true, rejectDuplicateKeys: true }) as CborValue;
        expect(oracle(decodeCbor(candidate))).toBe(oracle(theirs));
      }),
      { numRuns: 5_000 },
    );
  });

  test('big integers stay exact', () => {
    expect(decodeCbor(unhex('1bffffffffffffffff'))).toBe(18446744073709551615n);
    expect(decodeCbor(unhex('1b001fffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decodeCbor(unhex('1b0020000000000000'))).toBe(9007199254740992n);
    expect(decodeCbor(unhex('3b001ffffffffffffe'))).toBe(Number.MIN_SAFE_INTEGER);
    expect(decodeCbor(unhex('3b001fffffffffffff'))).toBe(-9007199254740992n);
  });

  test('byte strings are copies, also out of a Node buffer', () => {
    const source = Buffer.from('4401020304', 'hex');
    const read = decodeCbor(source) as Uint8Array;
    source.fill(0);
    expect(read).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(Buffer.isBuffer(read)).toBe(false);
  });

  test('a prefix says where it ends', () => {
    expect(decodeCborPrefix(unhex('a10102 ffff'))).toEqual({ value: new Map([[1, 2]]), length: 3 });
    expect(faultOf(() => decodeCbor(unhex('a10102 ff')))).toEqual({ fault: 'trailing-bytes', offset: 3 });
  });

  test('text that was cut in two is repaired where told, in values only', () => {
    const cut = unhex('a1 61 61 63 61 e2 82');
    expect(faultOf(() => decodeCbor(cut))).toEqual({ fault: 'text-not-utf8', offset: 3 });
    expect(decodeCbor(cut, { invalidUtf8: 'replace' })).toEqual(new Map([['a', 'a\ufffd']]));
    expect(faultOf(() => decodeCbor(unhex('a1 62 e282 01'), { invalidUtf8: 'replace' }))).toEqual({
      fault: 'text-not-utf8',
      offset: 1,
    });
  });

  test('members that are undefined are left out where told, of maps alone', () => {
    const leaveOut = { undefinedMembers: 'leave-out' } as const;
    expect(decodeCbor(unhex('a3 01 02 02 f7 03 f7'), leaveOut)).toEqual(new Map([[1, 2]]));
    expect(decodeCbor(unhex('a1 01 a1 02 f7'), leaveOut)).toEqual(new Map([[1, new Map()]]));
    expect(faultOf(() => decodeCbor(unhex('a1 02 f7')))).toEqual({ fault: 'simple-value', offset: 2 });
    expect(faultOf(() => decodeCbor(unhex('f7'), leaveOut))).toEqual({ fault: 'simple-value', offset: 0 });
    expect(faultOf(() => decodeCbor(unhex('81 f7'), leaveOut))).toEqual({ fault: 'simple-value', offset: 1 });
    expect(faultOf(() => decodeCbor(unhex('a1 f7 01'), leaveOut))).toEqual({ fault: 'key-type', offset: 1 });
    expect(faultOf(() => decodeCbor(unhex('a2 01 f7 01 02'), leaveOut))).toEqual({ fault: 'duplicate-key', offset: 3 });
    expect(faultOf(() => decodeCbor(unhex('a2 01 02 01 f7'), leaveOut))).toEqual({ fault: 'duplicate-key', offset: 3 });
    expect(faultOf(() => decodeCbor(unhex('a2 01 f7'), leaveOut))).toEqual({ fault: 'truncated', offset: 0 });
  });

  test('a byte order mark is text like any other', () => {
    expect(decodeCbor(unhex('63 efbbbf'))).toBe('\ufeff');
  });

  const deep = (levels: number): string => `${'81'.repeat(levels - 1)}80`;
  const both: readonly [string, string, CborFault, number][] = [
    ['nothing', '', 'truncated', 0],
    ['a head without its argument', '19 01', 'truncated', 1],
    ['bytes beyond the end', '44 010203', 'truncated', 0],
    ['text beyond the end', '82 01 64 616263', 'truncated', 2],
    ['a length of 2^64 - 1', '5b ffffffffffffffff', 'truncated', 0],
    ['an array of 2^64 - 1 items', '9b ffffffffffffffff', 'truncated', 0],
    ['an array of 2^32 - 1 items', '9a ffffffff', 'truncated', 0],
    ['a map of 2^53 entries', 'bb 0020000000000000', 'truncated', 0],
    ['a map with more entries than bytes', 'a2 01 02 03', 'truncated', 0],
    ['a missing value', 'a1 01', 'truncated', 0],
    ['something behind', '00 00', 'trailing-bytes', 1],
    ['equal keys', 'a2 01 00 01 00', 'duplicate-key', 3],
    ['equal text keys', 'a2 6161 00 6161 01', 'duplicate-key', 4],
    ['a key of bytes', 'a1 4101 00', 'key-type', 1],
    ['a key that is a list', 'a1 80 00', 'key-type', 1],
    ['a boolean key', 'a1 f5 00', 'key-type', 1],
    ['text that is not UTF-8', '61 ff', 'text-not-utf8', 0],
    ['an overlong form', '62 c080', 'text-not-utf8', 0],
    ['an encoded surrogate', '63 eda080', 'text-not-utf8', 0],
    ['bytes of unknown length', '5f 4101 ff', 'indefinite-length', 0],
    ['text of unknown length', '7f 6161 ff', 'indefinite-length', 0],
    ['an array of unknown length', '9f 01 ff', 'indefinite-length', 0],
    ['a map of unknown length', 'bf 01 02 ff', 'indefinite-length', 0],
    ['a lone break', 'ff', 'indefinite-length', 0],
    ['a tag', 'c0 00', 'tag', 0],
    ['a half float', 'f9 0000', 'float', 0],
    ['a float', 'fa 00000000', 'float', 0],
    ['a double', 'fb 0000000000000000', 'float', 0],
    ['undefined', 'f7', 'simple-value', 0],
    ['an unassigned simple value', 'f0', 'simple-value', 0],
    ['a long simple value', 'f8 ff', 'simple-value', 0],
    ['a reserved head', '1c', 'reserved-head', 0],
    ['a reserved head of type 7', 'fc', 'reserved-head', 0],
    ['a hundred thousand levels', deep(100_000), 'too-deep', TOLERANT_MAX_DEPTH],
  ];
  test.each(both)('refuses %s', (_name, input, fault, offset) => {
    expect(faultOf(() => decodeCbor(unhex(input)))).toEqual({ fault, offset });
    expect(faultOf(() => decodeCbor(unhex(input), { canonical: true }))).not.toBe('accepted');
  });

  const canonical: CborReadOptions = { canonical: true };
  test.each<[string, string, CborFault, number]>([
    ['a long head', '18 17', 'not-shortest', 0],
    ['a two-byte head for one byte', '19 00ff', 'not-shortest', 0],
    ['a four-byte head for two bytes', '1a 0000ffff', 'not-shortest', 0],
    ['an eight-byte head for four bytes', '1b 00000000ffffffff', 'not-shortest', 0],
    ['a long negative head', '38 17', 'not-shortest', 0],
    ['a long length', '58 01 00', 'not-shortest', 0],
    ['a long count', '98 01 00', 'not-shortest', 0],
    ['a long key', 'a1 1801 00', 'not-shortest', 1],
    ['unsorted numbers', 'a2 02 00 01 00', 'unsorted-keys', 3],
    ['negative before unsigned', 'a2 20 00 01 00', 'unsorted-keys', 3],
    ['length-first order', 'a2 20 00 1864 00', 'unsorted-keys', 3],
    ['unsorted text', 'a2 627576 f5 62726b f5', 'unsorted-keys', 5],
    ['an inner map unsorted', 'a1 01 a2 02 00 01 00', 'unsorted-keys', 5],
    ['five levels', deep(5), 'too-deep', 4],
  ])('takes %s tolerantly but not as canonical', (_name, input, fault, offset) => {
    expect(faultOf(() => decodeCbor(unhex(input)))).toBe('accepted');
    expect(faultOf(() => decodeCbor(unhex(input), canonical))).toEqual({ fault, offset });
  });

  test('one key written in two lengths is one key', () => {
    expect(faultOf(() => decodeCbor(unhex('a2 01 00 1801 00')))).toEqual({ fault: 'duplicate-key', offset: 3 });
  });

  test('depth is counted as told', () => {
    expect(faultOf(() => decodeCbor(unhex(deep(8))))).toBe('accepted');
    expect(faultOf(() => decodeCbor(unhex(deep(9))))).toEqual({ fault: 'too-deep', offset: 8 });
    expect(faultOf(() => decodeCbor(unhex(deep(4)), canonical))).toBe('accepted');
    expect(faultOf(() => decodeCbor(unhex('80'), { maxDepth: 0 }))).toEqual({ fault: 'too-deep', offset: 0 });
  });
});
