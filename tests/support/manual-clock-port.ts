import type { ClockPort } from '../../main/ports/clock.ts';
import type { ManualClock } from './manual-clock.ts';

/** The clock port on time that stands still until a test moves it. */
export function clockPortOf(clock: ManualClock): ClockPort {
  return {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.nowMs(),
    after: (delayMs, run) => {
      const stop = new AbortController();
      clock.wait(delayMs, stop.signal).then(run, () => undefined);
      return () => stop.abort();
    },
  };
}
