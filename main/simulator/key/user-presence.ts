// The finger. A key that waits for a touch says so; whoever plays the person decides when, whether and how it comes.
import type { FidoClock } from '../../fido/surroundings.ts';
import type { Touch } from './key-model.ts';

export type TouchOutcome =
  | { readonly kind: 'touched'; readonly touch: Touch }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled' };

export class UserPresence {
  readonly #clock: FidoClock;
  readonly #listeners = new Set<(awaiting: boolean) => void>();
  #autoTouchAfterMs: number | 'never' = 'never';
  #autoTouches: readonly Touch[] = [{}];
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
  touch(touch: Touch = {}): boolean {
    if (this.#pending === undefined) return false;
    this.#pending({ kind: 'touched', touch });
    return true;
  }

  /** From the next time the key asks, it is touched after so long: one touch after the other, the last again and again. */
  autoTouch(afterMs: number | 'never', touches: readonly Touch[] = [{}]): void {
    this.#autoTouchAfterMs = afterMs;
    this.#autoTouches = touches;
  }

  /** Waits for a touch, at most `timeoutMs`; ends as cancelled when `signal` aborts or somebody else asks. */
  ask(timeoutMs: number, signal: AbortSignal): Promise<TouchOutcome> {
    this.#pending?.({ kind: 'cancelled' });
    if (signal.aborted) return Promise.resolve({ kind: 'cancelled' });
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
      const cancelled = () => finish({ kind: 'cancelled' });
      signal.addEventListener('abort', cancelled, { once: true });
      this.#pending = finish;
      this.#after(timeoutMs, over.signal, () => finish({ kind: 'timed-out' }));
      if (this.#autoTouchAfterMs !== 'never') {
        this.#after(this.#autoTouchAfterMs, over.signal, () => finish({ kind: 'touched', touch: this.#nextAutoTouch() }));
      }
      this.#tell(true);
    });
  }

  #nextAutoTouch(): Touch {
    const [first = {}, ...others] = this.#autoTouches;
    if (others.length > 0) this.#autoTouches = others;
    return first;
  }

  #after(delayMs: number, signal: AbortSignal, action: () => void): void {
    this.#clock.wait(delayMs, signal).then(action, () => undefined);
  }

  #tell(awaiting: boolean): void {
    for (const listener of [...this.#listeners]) listener(awaiting);
  }
}
