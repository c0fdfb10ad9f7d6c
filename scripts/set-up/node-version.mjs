// The first thing every command does. Written for the oldest Node that knows modules, so that an outdated one gets this
// sentence and not a syntax error from a file that came later: the commands import everything else after this check.

import { readFileSync } from 'fs';

/**
 * @param {string} running a version such as `20.19.0`
 * @param {string} wanted a lower bound such as `>=20.19`
 * @returns {string | null} what to tell the person, or null when the running version will do
 */
export function nodeVersionProblem(running, wanted) {
  const found = running.split('.').map(Number);
  const least = wanted.replace('>=', '').split('.').map(Number);
  for (let place = 0; place < least.length; place += 1) {
    const difference = (found[place] || 0) - (least[place] || 0);
    if (difference > 0) return null;
    if (difference < 0) {
      return `Firstkey is built and tested with Node ${wanted}, and this is Node ${running}. Install a newer Node (https://nodejs.org) and run the command again.`;
    }
  }
  return null;
}

/** Ends the process with a clear message when this Node is older than `engines` in package.json. */
export function requireSupportedNode() {
  const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const problem = nodeVersionProblem(process.versions.node, packageJson.engines.node);
  if (problem === null) return;
  process.stderr.write(`\n${problem}\n`);
  process.exit(1);
}
