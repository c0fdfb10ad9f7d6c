// A clock in the fuzzer's hand, quicker than the tests': everything it drives is made of promises alone, so one turn of the
// event loop is enough for all that follows from a moment.
import type { FidoClock } from '../../../main/fido/surroundings.ts';

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

export class QuickClock implements FidoClock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#nowMs;
  }

  wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const aborted = () => {
        this.#timers.delete(timer);
        reject(signal.reason);
      };
      const fire = () => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), fire };
      signal.addEventListener('abort', aborted, { once: true });
      this.#timers.add(timer);
    });
  }

  alarm(delayMs: number, ring: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), fire: ring };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get pendingWaits(): number {
    return this.#timers.size;
  }

  /** Time passes; whatever becomes due happens at its moment. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await turn();
    for (let next = this.#next(); next !== undefined && next.atMs <= untilMs; next = this.#next()) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire();
      await turn();
    }
    this.#nowMs = untilMs;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
