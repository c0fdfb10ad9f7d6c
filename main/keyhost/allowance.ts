// How often something may be asked. Nothing a person does comes near; a desk gone wrong, or taken over, stops here.
import type { FidoClock } from '../fido/surroundings.ts';

export class Allowance {
  readonly #clock: FidoClock;
  readonly #times: number;
  readonly #withinMs: number;
  #takenAtMs: number[] = [];

  /** At most `times` in any span of `withinMs`. */
  constructor(clock: FidoClock, times: number, withinMs: number) {
    this.#clock = clock;
    this.#times = times;
    this.#withinMs = withinMs;
  }

  /** False when it is used up for now. */
  take(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#takenAtMs = this.#takenAtMs.filter((takenAtMs) => nowMs - takenAtMs < this.#withinMs);
    if (this.#takenAtMs.length >= this.#times) return false;
    this.#takenAtMs.push(nowMs);
    return true;
  }
}
