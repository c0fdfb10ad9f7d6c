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
      const timer = setTimeout(run, wholeMs);
      return () => clearTimeout(timer);
    },
  };
}
