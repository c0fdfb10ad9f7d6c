// What a ring came to, from Vitest's own report and not from its words.

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string | null} note why the ring failed beyond its tests, or null
 */
/** @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} VitestReport */

/**
 * Every way of not having tested counts as a failure: no report, no tests, a file that could not be loaded, an error between
 * the tests.
 *
 * @param {VitestReport | null} report null when there is none
 * @param {number} exitCode of Vitest
 * @returns {Tally}
 */
export function tallyOf(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0, note: `ended with code ${exitCode} and left no report` };
  const passed = report.numPassedTests;
  const failed = report.numFailedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (passed + failed === 0) return { passed, failed: 1, skipped, note: 'ran no tests at all' };
  if (failed === 0 && exitCode !== 0) return { passed, failed: 1, skipped, note: 'failed outside its tests (see above)' };
  return { passed, failed, skipped, note: null };
}

/** @param {Tally} one @param {Tally} other @returns {Tally} */
export function addTallies(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    note: null,
  };
}

/** @param {Tally} tally @returns {string} `3 passed, 0 failed` */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
