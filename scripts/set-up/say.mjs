// One way to tell the person at the terminal what is being done. Lines go to stderr, so that a command's own result on
// stdout can be piped.

/**
 * @param {string} topic what is being worked on, one word or two
 * @param {string} text what is done about it, and why when that is not obvious
 */
export function say(topic, text) {
  process.stderr.write(`· ${topic}: ${text}\n`);
}

/** @param {number} sinceMs a reading of `performance.now()` @returns {string} the time since then, in seconds: `1.2 s` */
export function secondsSince(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/** Something the person can put right: it is shown as one plain message, without a stack. */
export class SetUpProblem extends Error {
  /** @override */
  name = 'SetUpProblem';
}

/**
 * Runs a whole command: its exit code is the process's, and a problem the person can put right is shown as a sentence.
 *
 * @param {() => Promise<number>} command resolves with the exit code
 */
export async function runCommand(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof SetUpProblem)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
