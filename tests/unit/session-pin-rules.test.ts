import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGuessable } from '../../main/session/pin-rules.ts';

const points = (text: string) => [...text].map((character) => character.codePointAt(0) ?? 0);
const guessable = (text: string) => isGuessable(points(text));

describe('easy to guess', () => {
  test.each([
    ['a row', ['123456', '654321', '234567', '13579', '2468', 'abcdef', 'qwerty', 'QWERTY', 'poiuyt']],
    ['a repeat', ['111111', '121212', '123123', '12341234', 'aaaaaa', '112112']],
    ['a mirror', ['123321', 'abccba', '1230321']],
    ['a date', ['310199', '013199', '990131', '31011999', '01311999', '19990131']],
    ['a word that is tried first', ['password', 'Welkom', 'FirstKey', '159753']],
    ['two symbols only', ['112122', 'ababba']],
  ])('%s', (_, pins) => {
    for (const pin of pins) expect(guessable(pin), pin).toBe(true);
  });

  test.each(['836194', '794613', '50718264', 'r7!kQz', 'zomerfiets', '94837261'])('not %s', (pin) => {
    expect(guessable(pin)).toBe(false);
  });

  test('leaves most random PINs alone', () => {
    let refused = 0;
    const all = fc.sample(fc.array(fc.integer({ min: 0x30, max: 0x39 }), { minLength: 6, maxLength: 6 }), {
      numRuns: 2_000,
      seed: 7,
    });
    for (const pin of all) if (isGuessable(pin)) refused += 1;
    expect(refused / all.length).toBeLessThan(0.2);
  });

  test('never reads beyond what it was given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 63 }),
        (pin) => typeof isGuessable(pin) === 'boolean',
      ),
    );
  });
});
