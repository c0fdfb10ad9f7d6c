import { describe, expect, test } from 'vitest';
import { routeOf, startsOnPhone, stopsOf } from '../../main/session/plan.ts';

const ids = (answers: Parameters<typeof routeOf>[0]) => routeOf(answers).map((stop) => stop.id);

describe('the route', () => {
  test('starts on the phone when a one-time pass has to turn on phone sign-in', () => {
    expect(ids({ devices: ['windows', 'iphone'], passUse: 'once' })).toEqual(['phone', 'signIn', 'key', 'prove']);
  });

  test('starts here when the pass opens several times', () => {
    expect(ids({ devices: ['windows', 'android'], passUse: 'several' })).toEqual(['signIn', 'key', 'prove', 'phone']);
  });

  test('does the key alone without a phone', () => {
    expect(ids({ devices: ['windows', 'mac'], passUse: 'once' })).toEqual(['signIn', 'key', 'prove']);
    expect(ids({ devices: [], passUse: null })).toEqual(['signIn', 'key', 'prove']);
  });

  test('takes the order that works with either pass when the person does not know', () => {
    expect(startsOnPhone({ devices: ['iphone'], passUse: 'unknown' })).toBe(true);
    expect(startsOnPhone({ devices: ['iphone'], passUse: null })).toBe(false);
  });

  test('shows each stop once, between plan and done', () => {
    const stops = stopsOf({ devices: ['iphone'], passUse: 'several' }, 'key', new Set(['plan', 'signIn']), new Set(['phone']));
    expect(stops).toEqual([
      { id: 'plan', state: 'done' },
      { id: 'signIn', state: 'done' },
      { id: 'key', state: 'now' },
      { id: 'prove', state: 'ahead' },
      { id: 'phone', state: 'skipped' },
      { id: 'done', state: 'ahead' },
    ]);
  });
});
