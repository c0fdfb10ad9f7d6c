// What one insertion of one key is spared, whoever asks: more ceremonies than a person starts, more PINs than a person
// types, and every PIN that could cost a try for nothing.
import { because, type Reason } from '../../../contract/reason.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import type { Outcome } from '../../ports/outcome.ts';
import { Allowance } from '../allowance.ts';

const ceremonyTimes = 30;
const pinTimes = 12;
const allowanceWithinMs = 10_000;
/** Wrong ones in a row after which a key takes no more until it was replugged (CTAP 2.3 §6.5.5.7.2). Not every key stops. */
const mostWrongPins = 3;

export class KeyLimits {
  readonly #ceremonies: Allowance;
  readonly #pins: Allowance;
  #wrongPins = 0;
  #pinsEnded: Reason | null = null;

  constructor(clock: FidoClock) {
    this.#ceremonies = new Allowance(clock, ceremonyTimes, allowanceWithinMs);
    this.#pins = new Allowance(clock, pinTimes, allowanceWithinMs);
  }

  /** Why a ceremony may not start; null when it may, and then it counts. */
  refusal({ hasPin }: { readonly hasPin: boolean }): Reason | null {
    if (!this.#ceremonies.take()) return tooManyRequests;
    if (!hasPin) return null;
    return this.#pinsEnded ?? (this.#pins.take() ? null : tooManyRequests);
  }

  /** Why this insertion gets no PIN any more; null while it may. */
  get pinsEnded(): Reason | null {
    return this.#pinsEnded;
  }

  /** The key was erased: its PIN, and every try of it, is gone. */
  forgetPins(): void {
    this.#wrongPins = 0;
    this.#pinsEnded = null;
  }

  /** What came of a ceremony that had a PIN. */
  learn(outcome: Outcome<unknown>): void {
    if (outcome.ok) {
      this.#wrongPins = 0;
      return;
    }
    const { reason } = outcome;
    switch (reason.code) {
      case 'key.pinWrong':
        // One that no key can have was not sent.
        if (reason.detail?.statusName !== undefined && reason.detail.status === undefined) return;
        this.#wrongPins += 1;
        if (this.#wrongPins >= mostWrongPins) this.#pinsEnded = because('key.pinReplug', triesLeft(reason));
        return;
      case 'key.pinReplug':
      case 'key.pinLocked':
        this.#pinsEnded = reason;
        return;
      // The key asks for the finger, and looks for known credentials, after the PIN was right.
      case 'key.touchTimeout':
      case 'key.touchDenied':
      case 'key.alreadyRegistered':
        this.#wrongPins = 0;
        return;
      default:
    }
  }
}

export const tooManyRequests: Reason = because('key.refused', { statusName: 'tooManyRequests' });

function triesLeft({ detail }: Reason): { readonly retriesLeft?: number } {
  return detail?.retriesLeft === undefined ? {} : { retriesLeft: detail.retriesLeft };
}
