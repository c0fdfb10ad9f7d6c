// The finger. A key that waits for a touch says so; whoever plays the person decides when, or whether, it comes.
import type { FidoClock } from '../../fido/surroundings.ts';

export type TouchOutcome = 'touched' | 'timed-out' | 'cancelled';

export class UserPresence {
  readonly #clock: FidoClock;
  readonly #listeners = new Set<(awaiting: boolean) => void>();
  #autoTouchAfterMs: number | 'never' = 'never';
  #pending: ((outcome: TouchOutcome) => void) | undefined;

  constructor(clock: FidoClock) {
    this.#clock = clock;
  }

  get awaiting(): boolean {
    return this.#pending !== undefined;
  }

  /** Tells the listener at each change; answers with the way to stop listening. */
  onChange(listener: (awaiting: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A finger on the key now. False when the key wasn't waiting: real keys ignore such a touch too. */
  touch(): boolean {
    if (this.#pending === undefined) return false;
    this.#pending('touched');
    return true;
  }

  /** From the next time the key asks, it is touched after so long. */
  autoTouch(afterMs: number | 'never'): void {
    this.#autoTouchAfterMs = afterMs;
  }

  /** Waits for a touch, at most `timeoutMs`; ends as cancelled when `signal` aborts. */
  ask(timeoutMs: number, signal: AbortSignal): Promise<TouchOutcome> {
    if (signal.aborted) return Promise.resolve('cancelled');
    return new Promise((resolve) => {
      const over = new AbortController();
      const finish = (outcome: TouchOutcome) => {
        if (over.signal.aborted) return;
        over.abort();
        signal.removeEventListener('abort', cancelled);
        this.#pending = undefined;
        resolve(outcome);
        this.#tell(false);
      };
      const cancelled = () => finish('cancelled');
      signal.addEventListener('abort', cancelled, { once: true });
      this.#pending = finish;
      this.#after(timeoutMs, over.signal, () => finish('timed-out'));
      if (this.#autoTouchAfterMs !== 'never') {
        this.#after(this.#autoTouchAfterMs, over.signal, () => finish('touched'));
      }
      this.#tell(true);
    });
  }

  #after(delayMs: number, signal: AbortSignal, action: () => void): void {
    this.#clock.wait(delayMs, signal).then(action, () => undefined);
  }

  #tell(awaiting: boolean): void {
    for (const listener of [...this.#listeners]) listener(awaiting);
  }
}
