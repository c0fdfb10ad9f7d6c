// Time that stands still until a test moves it, so that no test sleeps and every wait is exact.
import type { FidoClock } from '../../main/fido/surroundings.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A wait that can never end: nothing is running and no timer is left. */
export class ClockStuck extends Error {
  override readonly name = 'ClockStuck';
}

/** How many turns of the event loop without any sign of life count as "nothing is running". */
const IDLE_TURNS = 50;

/** A {@link FidoClock} under a test's hand. Timers fire in order of time, then in the order they were set. */
export class ManualClock implements FidoClock {
  #nowMs: number;
  #order = 0;
  #timers: Timer[] = [];

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const aborted = () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal.reason);
      };
      const timer: Timer = {
        atMs: this.#nowMs + Math.max(0, delayMs),
        order: (this.#order += 1),
        fire: () => {
          signal.removeEventListener('abort', aborted);
          resolve();
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#timers.push(timer);
    });
  }

  alarm(delayMs: number, ring: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: (this.#order += 1), fire: ring };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many waits are running: a test can prove that nothing was left behind. */
  get pendingWaits(): number {
    return this.#timers.length;
  }

  /** Moves time forward by `byMs`, letting everything that becomes due run in between. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.atMs > untilMs) break;
      this.#fire(next);
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }

  /**
   * Jumps from timer to timer until `work` settles and answers with its outcome.
   * @throws {ClockStuck} when nothing is left that could end it, or when more than `limitMs` of this clock would pass.
   */
  async runUntil<T>(work: Promise<T>, limitMs = 600_000): Promise<T> {
    const untilMs = this.#nowMs + limitMs;
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    for (let idleTurns = 0; !settled;) {
      await turn();
      if (settled) break;
      const next = this.#next();
      idleTurns += 1;
      // A few turns let native work (WebCrypto, zlib) finish before time is moved under its feet.
      if (idleTurns < 3) continue;
      if (next === undefined) {
        if (idleTurns > IDLE_TURNS) throw new ClockStuck('the awaited work can never end: no timer is left');
        continue;
      }
      if (next.atMs > untilMs) throw new ClockStuck(`the awaited work did not end within ${limitMs} ms`);
      this.#fire(next);
      idleTurns = 0;
    }
    return work;
  }

  #next(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>(
      (first, timer) =>
        first === undefined || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order)
          ? timer
          : first,
      undefined,
    );
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.fire();
  }
}

/** Lets all promise callbacks and already finished native work run. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
