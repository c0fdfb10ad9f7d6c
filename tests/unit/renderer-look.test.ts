// The small pure parts under the screens: format, time in words, presses, class names.
import { describe, expect, it, test } from 'vitest';
import { classNamer } from '../../renderer/look/class-names.ts';
import { fitFormat } from '../../renderer/look/format.ts';
import { createPressGuard } from '../../renderer/screens/press-guard.ts';
import { timeLeft } from '../../renderer/words/time-left.ts';
import { wordsIn } from '../../renderer/words/words.ts';

const minuteMs = 60_000;

describe('the format of a panel', () => {
  it.each([
    [1920, 1080, 'wide', 1],
    [2560, 1440, 'wide', 1.333],
    [3840, 2160, 'wide', 2],
    [1864, 1080, 'wide', 0.971],
    [1366, 768, 'short', 1],
    [1280, 720, 'short', 0.937],
    [1440, 1080, 'short', 1.054],
    [1680, 1050, 'short', 1.23],
    [1080, 1920, 'portrait', 1],
    [1440, 2560, 'portrait', 1.333],
  ] as const)('%d × %d is %s at %d', (width, height, format, scale) => {
    expect(fitFormat(width, height)).toEqual({ format, scale });
  });

  it('keeps the smallest type of a person’s screen at 22 pixels or more on every panel from 1280 × 720', () => {
    const small = { wide: 26, short: 24, portrait: 26 } as const;
    for (let width = 1280; width <= 3840; width += 40) {
      for (const height of [720, 768, 800, 900, 1024, 1050, 1080, 1200, 1440, 2160]) {
        if (height > width) continue;
        const { format, scale } = fitFormat(width, height);
        expect(small[format] * scale, `${width} × ${height}`).toBeGreaterThanOrEqual(22);
      }
    }
  });
});

describe('the time that is left of a pass', () => {
  const en = wordsIn('en');
  it.each([
    [0, 'ended'],
    [1, '1 min'],
    [minuteMs, '1 min'],
    [49 * minuteMs - 1, '49 min'],
    [120 * minuteMs, '120 min'],
    [121 * minuteMs, '2 h'],
    [47 * 60 * minuteMs, '47 h'],
    [72 * 60 * minuteMs, '3 days'],
  ])('%d ms is %s', (leftMs, words) => {
    expect(timeLeft(en, leftMs)).toBe(words);
  });

  it('keeps 0–9 in Arabic', () => {
    expect(timeLeft(wordsIn('ar'), 49 * minuteMs)).toBe('49 دقيقة');
    expect(wordsIn('ar').time(new Date(2026, 0, 1, 9, 41).getTime())).toMatch(/^09:41$/);
  });
});

describe('a press', () => {
  test('pressed twice at once is one press, on one showing', () => {
    const guard = createPressGuard();
    expect(guard.passes(1, 'continue', 0)).toBe(true);
    expect(guard.passes(1, 'continue', 499)).toBe(false);
    expect(guard.passes(2, 'continue', 499)).toBe(true);
    expect(guard.passes(2, 'back', 500)).toBe(true);
    expect(guard.passes(2, 'back', 1001)).toBe(true);
  });

  test('of a typing key is always a press', () => {
    const guard = createPressGuard();
    for (let atMs = 0; atMs < 50; atMs += 10) expect(guard.passes(1, 'pin.press', atMs)).toBe(true);
  });
});

describe('class names', () => {
  const c = classNamer({ part: 'part_1', chosen: 'chosen_2' });
  test('leave out what is not so', () => {
    expect(c('part', false, undefined, 'chosen')).toBe('part_1 chosen_2');
  });
  test('that no style sheet has are a mistake', () => {
    expect(() => c('chosne')).toThrow('no class "chosne"');
  });
});
