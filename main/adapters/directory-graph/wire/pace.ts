// Keeps a distance between questions to a part of the service that counts them by the second.
import type { ClockPort } from '../../../ports/clock.ts';
import type { CallBudget } from './call-budget.ts';

export interface Pace {
  /** Resolves when it is this question's turn; false when the budget ends first. */
  turn(budget: CallBudget): Promise<boolean>;
}

export function createPace(clock: ClockPort, apartMs: number): Pace {
  let freeAtMs = -Infinity;
  return {
    async turn(budget) {
      const nowMs = clock.nowMs();
      const waitMs = freeAtMs - nowMs;
      freeAtMs = Math.max(freeAtMs, nowMs) + apartMs;
      return waitMs <= 0 || budget.wait(waitMs);
    },
  };
}
