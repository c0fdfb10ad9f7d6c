import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Surroundings } from '../fido/surroundings.ts';

/** Real time and real randomness, for a real process. */
export const nodeSurroundings: Surroundings = {
  clock: {
    nowMs: () => performance.now(),
    wait: async (delayMs, signal) => {
      try {
        await wait(delayMs, undefined, { signal });
      } catch (error) {
        // Node wraps the reason; who waits here expects the reason itself.
        throw signal.aborted ? signal.reason : error;
      }
    },
  },
  randomBytes: (length) => Uint8Array.from(randomBytes(length)),
};
