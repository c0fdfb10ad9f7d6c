// How slow the guest is, and a clock for whoever waits in it.
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import type { ClockPort } from '../../main/ports/clock.ts';

/** The guest's processor is emulated, about so many times slower: whoever waits in it is given that much more patience. */
export const GUEST_SLOWNESS = 12;

/** The desk's clock, slower by as much as the guest is. */
export function patientClock(): ClockPort {
  const real = systemClock();
  return {
    nowMs: () => real.nowMs() / GUEST_SLOWNESS,
    wallMs: () => real.wallMs(),
    after: (delayMs, run) => real.after(delayMs * GUEST_SLOWNESS, run),
  };
}
