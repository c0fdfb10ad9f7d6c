import { randomBytes } from 'node:crypto';
import type { Surroundings } from '../fido/surroundings.ts';

/** Real time and real randomness, for a real process. */
export const nodeSurroundings: Surroundings = {
  clock: {
    nowMs: () => performance.now(),
    // By hand: the promise of node:timers makes an error with its stack for every wait that is called off, and most are.
    wait: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const calledOff = (): void => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', calledOff);
          resolve();
        }, delayMs);
        signal.addEventListener('abort', calledOff, { once: true });
      }),
    alarm: (delayMs, ring) => {
      const timer = setTimeout(ring, delayMs);
      return () => clearTimeout(timer);
    },
  },
  randomBytes: (length) => Uint8Array.from(randomBytes(length)),
};
