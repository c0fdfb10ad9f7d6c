// Who may take care of keys: whoever holds the token that this host was started with. Only its hash is kept here, and
// nothing for a host that was started without.
import { createHash } from 'node:crypto';
import { because, type Reason } from '../../../contract/reason.ts';
import { equalBytes } from '../../fido/bytes/compare.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import { Allowance } from '../allowance.ts';

/** Tokens are random; who gets one wrong that often does not have it. */
const wrongTimes = 5;
const wrongWithinMs = 60_000;

export class CareDoor {
  readonly #tokenSha256: Uint8Array | null;
  readonly #wrong: Allowance;
  #isShut = false;

  constructor(clock: FidoClock, tokenSha256: Uint8Array | null) {
    this.#tokenSha256 = tokenSha256;
    this.#wrong = new Allowance(clock, wrongTimes, wrongWithinMs);
  }

  /** Null when the token is the right one. After too many wrong ones, none is right any more until the host's end. */
  refusal(token: Uint8Array): Reason | null {
    const hash = new Uint8Array(createHash('sha256').update(token).digest());
    if (!this.#isShut && this.#tokenSha256 !== null && equalBytes(hash, this.#tokenSha256)) return null;
    if (!this.#wrong.take()) this.#isShut = true;
    return because('key.refused', { statusName: 'careNotGranted' });
  }
}
