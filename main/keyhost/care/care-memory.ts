// What keys were known by before they were unplugged, so that a reset erases the key that was meant.
import type { KeyLikeness } from '../../fido/care/key-likeness.ts';

/** A technician looks at one key, and the next; not at hundreds at once. */
const mostKeys = 64;

export class CareMemory {
  readonly #byInsertion = new Map<string, KeyLikeness>();

  remember(insertion: string, likeness: KeyLikeness): void {
    this.#byInsertion.delete(insertion);
    const oldest = this.#byInsertion.keys().next();
    if (this.#byInsertion.size >= mostKeys && !oldest.done) this.#byInsertion.delete(oldest.value);
    this.#byInsertion.set(insertion, likeness);
  }

  find(insertion: string): KeyLikeness | undefined {
    return this.#byInsertion.get(insertion);
  }

  forget(): void {
    this.#byInsertion.clear();
  }
}
