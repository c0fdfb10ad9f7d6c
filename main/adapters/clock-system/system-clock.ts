// The machine's own clocks: the monotonic one for waiting, the wall for records.
import type { ClockPort } from '../../ports/clock.ts';

/** The longest wait a Node timer takes in one piece, milliseconds (2^31 - 1); longer ones would fire at once. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

export function systemClock(): ClockPort {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    after: (delayMs, run) => {
      const wholeMs = Math.ceil(Math.max(0, delayMs)); // Node cuts fractions off and would wake early
      if (!(wholeMs <= LONGEST_TIMER_MS)) throw new RangeError('a wait must be a number of milliseconds below 2^31');
      const dueMs = performance.now() + delayMs;
      // Node counts from when its loop last looked at the clock, so a busy loop wakes a moment early all the same.
      const wake = () => {
        const leftMs = dueMs - performance.now();
        if (leftMs > 0) timer = setTimeout(wake, Math.ceil(leftMs));
        else run();
      };
      let timer = setTimeout(wake, wholeMs);
      return () => clearTimeout(timer);
    },
  };
}
