// What needs no window: one registration's time in our host beside the key's own, and what the session's pictures cost.

import { compare } from './comparison.mjs';
import { withNodeBenches } from './in-node.mjs';

/** @typedef {{ host: number, key: number }} Share milliseconds */
/** @typedef {Record<'describe' | 'setPin' | 'makeCredential' | 'prove', Share>} Registration */
/** @typedef {{ first: Registration[], later: Registration[] }} RegistrationResult */
/** @typedef {{ stepsPerStay: number, stepsPerSecond: number, projectMs: number, stringifyMs: number }} SessionResult */

const sessionSeconds = 1;

/**
 * @param {object} options
 * @param {number} options.rounds
 * @returns {Promise<{ comparisons: import('./comparison.mjs').Comparison[], registration: RegistrationResult, session: readonly SessionResult[] }>}
 */
export async function benchWithoutWindow({ rounds }) {
  return withNodeBenches(async (run, fileOf) => {
    const registration = /** @type {RegistrationResult} */ (
      await run('registration', fileOf('registration-host'), String(rounds))
    );
    /** @type {SessionResult[]} */
    const session = [];
    for (let round = 0; round < 3; round += 1)
      session.push(/** @type {SessionResult} */ (await run('session', String(sessionSeconds))));
    return {
      comparisons: [
        besideKey('a registration on a fresh key host: host time', registration.first),
        besideKey('the next ones on the same host: host time', registration.later),
        compare({
          what: 'a picture of the session: projecting it',
          peer: 'JSON.stringify of it',
          unit: 'ms',
          ours: session.map(({ projectMs }) => projectMs),
          theirs: session.map(({ stringifyMs }) => stringifyMs),
        }),
      ],
      registration,
      session,
    };
  });
}

/** @param {string} what @param {readonly Registration[]} registrations */
function besideKey(what, registrations) {
  const total = (/** @type {Registration} */ registration, /** @type {keyof Share} */ part) =>
    Object.values(registration).reduce((sum, share) => sum + share[part], 0);
  return compare({
    what,
    peer: 'virtual key’s own',
    unit: 'ms',
    ours: registrations.map((registration) => total(registration, 'host')),
    theirs: registrations.map((registration) => total(registration, 'key')),
  });
}
