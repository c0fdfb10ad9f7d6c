import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Base64Error, decodeBase64Lenient, decodeBase64url, encodeBase64url } from '../../main/fido/bytes/base64url.ts';
import {
  encodeGraphCredentialId,
  graphCredentialIdCandidates,
  isGraphCredentialId,
} from '../../main/fido/bytes/graph-credential-id.ts';

const id = (length: number, fill = 0xfb): Uint8Array => new Uint8Array(length).fill(fill);
const plain = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const padded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('base64url', () => {
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['\u00fb\u00ff\u00bf', '-_-_'],
  ])('%j', (latin, text) => {
    const bytes = Uint8Array.from(Buffer.from(latin, 'latin1'));
    expect(encodeBase64url(bytes)).toBe(text);
    expect(decodeBase64url(text)).toEqual(bytes);
  });

  test('every byte string has one spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(plain(bytes));
        expect(decodeBase64url(text)).toEqual(bytes);
        expect(decodeBase64Lenient(padded(bytes))).toEqual(bytes);
        expect(decodeBase64Lenient(text)).toEqual(bytes);
      }),
    );
  });

  test('what it reads is not a view on shared memory', () => {
    expect(decodeBase64url('Zm9v').buffer.byteLength).toBe(3);
  });

  test.each(['Zg==', 'Zm9v\n', 'Zm+v', 'Zm/v', 'Z', 'Zh', 'Zm9', 'Zm9vY', 'Zm9v=', 'é', ' Zm8'])('strict refuses %j', (text) => {
    expect(() => decodeBase64url(text)).toThrow(Base64Error);
  });

  test.each(['Z', 'Zm9vY', 'Zg===', 'Z=g', 'Zm 8', '*'])('lenient refuses %j', (text) => {
    expect(() => decodeBase64Lenient(text)).toThrow(Base64Error);
  });
});

describe('credential ids of Microsoft Graph', () => {
  test.each([
    [16, '2'],
    [32, '1'],
    [33, '0'],
    [48, '0'],
    [64, '2'],
  ])('%i bytes are written with the digit %s', (length, digit) => {
    expect(encodeGraphCredentialId(id(length))).toBe(plain(id(length)) + digit);
  });

  test('published samples', () => {
    // 44 characters: a 32-byte id and "1", although 44 characters are also 33 whole bytes.
    const [first, second, ...more] = graphCredentialIdCandidates('btMEc_CFrgCt2QaLZA8GglFhJSE-p7Lcab7sqxh_pFg1');
    expect([first?.length, second?.length, more.length]).toEqual([32, 33, 0]);
    expect(graphCredentialIdCandidates('G1yzMeVwGTzuuD-GtIadDw2').map((bytes) => bytes.length)).toEqual([16]);
  });

  test('every id is found again under all three spellings', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        for (const text of [encodeGraphCredentialId(bytes), plain(bytes), padded(bytes)]) {
          expect(isGraphCredentialId(text, bytes)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('the counted reading comes first for lengths that keys really use', () => {
    for (const length of [16, 32, 48, 64]) {
      expect(graphCredentialIdCandidates(encodeGraphCredentialId(id(length)))[0]).toEqual(id(length));
    }
  });

  test('a plain 48-byte id that happens to end like a counted one is read plainly first', () => {
    // 64 characters ending in "1" after stray-free bits: also 47 counted bytes, a length no key uses.
    const text = `${plain(id(45))}AAA1`;
    expect(text).toHaveLength(64);
    expect(graphCredentialIdCandidates(text).map((bytes) => bytes.length)).toEqual([48, 47]);
  });

  test('stray bits rule a reading out', () => {
    // Ends in "1", but the bits before it could not be the end of 32 bytes.
    const text = `${'A'.repeat(42)}B1`;
    expect(graphCredentialIdCandidates(text).map((bytes) => bytes.length)).toEqual([33]);
  });

  test('the digit 0 can only be a digit', () => {
    expect(graphCredentialIdCandidates(encodeGraphCredentialId(id(3)))).toEqual([id(3)]);
  });

  test('padded base64 of the older service', () => {
    expect(graphCredentialIdCandidates(padded(id(32)))).toEqual([id(32)]);
    expect(padded(id(32))).toMatch(/[+/].*=$/);
  });

  test('another id is another id', () => {
    expect(isGraphCredentialId(encodeGraphCredentialId(id(32)), id(32, 0xfa))).toBe(false);
  });

  test('nonsense is refused', () => {
    expect(() => graphCredentialIdCandidates('not an id!')).toThrow(Base64Error);
  });
});
