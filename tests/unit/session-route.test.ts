import { describe, expect, test } from 'vitest';
import { minutesOf, railOf, stopsFor } from '../../main/session/planner/route.ts';

const ids = (order: Parameters<typeof stopsFor>[0]) => stopsFor(order).map((stop) => stop.id);

describe('the route', () => {
  test('has three orders', () => {
    expect(ids('keyOnly')).toEqual(['signIn', 'key', 'prove']);
    expect(ids('keyThenPhone')).toEqual(['signIn', 'key', 'prove', 'phone']);
    expect(ids('phoneThenKey')).toEqual(['phone', 'signIn', 'key', 'prove']);
  });

  test('adds up its minutes', () => {
    expect(minutesOf(stopsFor('keyThenPhone'))).toBe(9);
  });

  test('shows each stop once, between plan and done', () => {
    expect(railOf('keyThenPhone', 'key', new Set(['plan', 'signIn']), new Set(['phone']))).toEqual([
      { id: 'plan', state: 'done' },
      { id: 'signIn', state: 'done' },
      { id: 'key', state: 'now' },
      { id: 'prove', state: 'ahead' },
      { id: 'phone', state: 'skipped' },
      { id: 'done', state: 'ahead' },
    ]);
  });
});
