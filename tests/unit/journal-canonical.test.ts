import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, readCanonical, type Json } from '../../main/journal/canonical.ts';

describe('canonical JSON', () => {
  test('is what RFC 8785 §3.2.3 shows', () => {
    const sorted = { '\u20AC': 'Euro Sign', '\r': 'Carriage Return', 1: 'One', '\u0080': 'Control', '\u00F6': 'o' };
    expect(canonical(sorted)).toBe('{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00F6":"o","\u20AC":"Euro Sign"}');
    expect(canonical([1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[1e+30,4.5,0.002,1e-27,0]');
  });

  test('is what another hand makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        expect(canonical(value as Json)).toBe(canonicalize(value));
      }),
    );
  });

  test('is read as it was, and no other text is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonical(value as Json);
        expect(readCanonical(text) ?? null).toEqual(JSON.parse(text));
        expect(readCanonical(` ${text}`)).toBeNull();
      }),
    );
    for (const text of ['{"a":1,"a":1}', '{"b":1,"a":1}', '1.0', '"\\u0041"', 'undefined', ''])
      expect(readCanonical(text)).toBeNull();
  });

  test.each<[string, Json]>([
    ['not a number', NaN],
    ['no end', Infinity],
    ['half a character', 'a\uD800'],
    ['half a character in a name', { '\uDC00': 1 }],
  ])('has none for %s', (_what, value) => {
    expect(() => canonical(value)).toThrow(TypeError);
  });
});
