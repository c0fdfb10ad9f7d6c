// The twin's reading of `$filter`.
import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../main/simulator/entra/odata/filter-expression.ts';

const lina = {
  displayName: 'Lina Berg',
  accountEnabled: true,
  logins: 12,
  manager: null,
  createdDateTime: '2026-11-23T09:00:00Z',
  nested: { city: "L'Aquila" },
  targetResources: [{ id: 'one' }, { id: 'two' }],
};

test.each([
  ["displayName eq 'lina berg'", true],
  ["displayName ne 'Lina Berg'", false],
  ["displayName eq 'Lina'", false],
  ["startsWith(displayName,'li')", true],
  ["startswith(displayName, 'berg')", false],
  ["endsWith(displayName,'BERG')", true],
  ["contains(displayName,'na b')", true],
  ['accountEnabled eq true', true],
  ['accountEnabled eq false', false],
  ['manager eq null', true],
  ['absent eq null', true],
  ['logins gt 11 and logins le 12', true],
  ['logins lt 12 or logins ge 13', false],
  ["displayName in ('Sam Okafor', 'Lina Berg')", true],
  ["displayName in ('Sam Okafor')", false],
  ["nested/city eq 'L''Aquila'", true],
  ['createdDateTime ge 2026-11-23T09:00:00Z', true],
  ['createdDateTime gt 2026-11-23T10:00:00+01:00', false],
  ['createdDateTime gt 2026-11-23T09:59:59.999+01:00', true],
  ["targetResources/any(t:t/id eq 'two')", true],
  ["targetResources/any(t: t/id eq 'three')", false],
  ["not (displayName eq 'Lina Berg')", false],
  ["not startsWith(displayName,'Sam')", true],
  ["accountEnabled eq false and manager eq null or displayName eq 'Lina Berg'", true],
  ["accountEnabled eq false and (manager eq null or displayName eq 'Lina Berg')", false],
  ['displayName gt 5', false],
])('%s: %s', (text, matches) => {
  expect(parseFilter(text)?.matches(lina)).toBe(matches);
});

test.each([
  '',
  'displayName',
  'displayName eq',
  'displayName like 1',
  "displayName eq 'open",
  "displayName eq 'a' displayName eq 'b'",
  "(displayName eq 'a'",
  "startsWith(displayName,'a'",
  "displayName in ('a'",
  "eq 'a'",
  'a eq ;',
  `${'('.repeat(40)}a eq 1${')'.repeat(40)}`,
])('"%s" is no filter', (text) => {
  expect(parseFilter(text)).toBeNull();
});

describe('what needs eventual consistency', () => {
  test.each([
    ["displayName eq 'a'", false],
    ["startsWith(displayName,'a')", false],
    ["displayName ne 'a'", true],
    ["not (displayName eq 'a')", true],
    ["endsWith(displayName,'a')", true],
  ])('%s: %s', (text, advanced) => {
    expect(parseFilter(text)?.advanced).toBe(advanced);
  });
});
