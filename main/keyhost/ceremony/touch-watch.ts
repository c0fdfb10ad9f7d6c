// Reads what a key says while it works as what a person sees: it works, it blinks, it has felt the finger.
import type { OperationProgress } from '../../fido/key/operation.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import type { KeyProgress } from '../../ports/key.ts';

/** Between two words to the desk. A person's key changes its mind a few times in a ceremony, a hostile one without end. */
const tellEveryMs = 100;

export class TouchWatch {
  readonly #clock: FidoClock;
  readonly #tell: (progress: KeyProgress) => void;
  readonly #closing = new AbortController();
  #last: KeyProgress | null = null;
  #told: KeyProgress | null = null;
  #toldAtMs = -Infinity;
  #isWaiting = false;

  /** `tell` hears changes only, and of changes in quick succession the last, however often the key says something. */
  constructor(clock: FidoClock, tell: (progress: KeyProgress) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** The key is blinking now. */
  get isNeeded(): boolean {
    return this.#last === 'touchNeeded';
  }

  onProgress(progress: OperationProgress): void {
    switch (progress) {
      case 'touchNeeded':
        return this.#change('touchNeeded');
      case 'processing':
        return this.#change(this.#last === null || this.#last === 'working' ? 'working' : 'touched');
      default:
        return progress satisfies never;
    }
  }

  /** Tells nothing more. */
  close(): void {
    this.#closing.abort();
  }

  #change(progress: KeyProgress): void {
    this.#last = progress;
    if (this.#isWaiting || this.#closing.signal.aborted) return;
    const waitMs = this.#toldAtMs + tellEveryMs - this.#clock.nowMs();
    if (waitMs <= 0) return this.#tellLast();
    this.#isWaiting = true;
    this.#clock.wait(waitMs, this.#closing.signal).then(
      () => {
        this.#isWaiting = false;
        this.#tellLast();
      },
      () => undefined,
    );
  }

  #tellLast(): void {
    if (this.#last === null || this.#last === this.#told) return;
    this.#told = this.#last;
    this.#toldAtMs = this.#clock.nowMs();
    this.#tell(this.#last);
  }
}
