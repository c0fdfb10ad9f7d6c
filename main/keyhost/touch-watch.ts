// Reads what a key says while it works as what a person sees: it works, it blinks, it has felt the finger.
import type { OperationProgress } from '../fido/key/security-key.ts';
import type { KeyProgress } from '../ports/key.ts';

export class TouchWatch {
  readonly #tell: (progress: KeyProgress) => void;
  #last: KeyProgress | null = null;

  /** `tell` hears changes only, however often the key says the same. */
  constructor(tell: (progress: KeyProgress) => void) {
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

  #change(progress: KeyProgress): void {
    if (progress === this.#last) return;
    this.#last = progress;
    this.#tell(progress);
  }
}
