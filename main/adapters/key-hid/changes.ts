// When to look again at what is plugged in.
import type { FidoClock } from '../../fido/surroundings.ts';
import type { HidBackend } from './hid-backend.ts';

/** Between two looks where the system tells nobody of a change. */
const POLL_MS = 500;
/** The same where it does tell: only for a word that got lost. */
const SELDOM_MS = 5_000;
/** One key is several devices and several words of the system; one look serves them all. And no storm makes looks denser. */
const GATHER_MS = 60;

export class Changes {
  readonly #clock: FidoClock;
  readonly #signal: AbortSignal;
  #isTold: boolean;
  #heard = false;
  #wake: () => void = () => undefined;

  /** Listens to the system until `signal` aborts. */
  constructor(clock: FidoClock, backend: HidBackend, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    const stop = backend.onChange(
      () => {
        this.#heard = true;
        this.#wake();
      },
      () => {
        this.#isTold = false;
        this.#wake();
      },
    );
    this.#isTold = stop !== null;
    if (stop !== null) signal.addEventListener('abort', stop, { once: true });
  }

  /** Resolves when it is time for another look, or when the signal aborts. What changes during a look counts for the next. */
  async next(): Promise<void> {
    if (!this.#heard) await this.#pause(this.#isTold ? SELDOM_MS : POLL_MS);
    if (!this.#heard) return;
    await this.#clock.wait(GATHER_MS, this.#signal).catch(() => undefined);
    this.#heard = false;
  }

  /** Ends in one of three ways, and each means the same: go on. */
  async #pause(withinMs: number): Promise<void> {
    const over = new AbortController();
    const wake = () => over.abort();
    this.#wake = wake;
    this.#signal.addEventListener('abort', wake, { once: true });
    if (this.#signal.aborted) wake();
    await this.#clock.wait(withinMs, over.signal).catch(() => undefined);
    this.#signal.removeEventListener('abort', wake);
    this.#wake = () => undefined;
  }
}
