import { expect, test } from 'vitest';
import { addTallies, tallyLine, tallyOf } from '../../scripts/test/tally.mjs';

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };

test('a ring whose tests pass has passed', () => {
  expect(tallyOf(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 0, note: null });
});

test.each([
  ['a failed test', { ...report, numFailedTests: 2 }, 1, 2],
  ['no report', null, 0, 1],
  ['no tests', { ...report, numPassedTests: 0 }, 0, 1],
  ['only skipped tests', { ...report, numPassedTests: 0, numPendingTests: 3 }, 0, 1],
  ['an error between the tests', report, 1, 1],
])('%s is a failure', (_what, found, exitCode, failed) => {
  expect(tallyOf(found, exitCode).failed).toBe(failed);
});

test('the closing line adds up, and names skipped tests only when there are any', () => {
  const sum = addTallies(tallyOf(report, 0), tallyOf({ ...report, numFailedTests: 1 }, 1));
  expect(tallyLine(sum)).toBe('10 passed, 1 failed');
  expect(tallyLine({ ...sum, skipped: 2 })).toBe('10 passed, 1 failed, 2 skipped');
});
