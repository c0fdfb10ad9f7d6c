// Both clocks of a desk under a test's hand: monotonic time for waiting, and a wall that starts on a known day.
import type { ClockPort } from '../../main/ports/clock.ts';
import { ManualClock } from './manual-clock.ts';

export class DeskClock extends ManualClock implements ClockPort {
  readonly #wallAheadMs: number;

  /** The wall shows `startWallMs` now and moves with the monotonic clock. */
  constructor(startWallMs = Date.parse('2026-11-23T09:00:00Z')) {
    super();
    this.#wallAheadMs = startWallMs - this.nowMs();
  }

  wallMs(): number {
    return this.nowMs() + this.#wallAheadMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const cancelled = new AbortController();
    this.wait(delayMs, cancelled.signal).then(run, () => undefined);
    return () => cancelled.abort();
  }
}
