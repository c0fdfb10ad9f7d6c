// Several keys are plugged in: the one that is touched is the one that is meant. Source: CTAP 2.3 §6.9.
import type { OperationCall } from '../key/operation.ts';
import { done, refused, type KeyOutcome, type KeyRefusal } from '../key/outcome.ts';

/** The part of a SecurityKey that this needs. */
export interface Touchable {
  select(call: OperationCall): Promise<KeyOutcome<null>>;
}

/** How often a key that got tired of waiting is asked again while others still wait. */
const MAX_ROUNDS = 3;

/**
 * Keys that all ask for a touch. More of them may come while it goes on; one that can't be asked, fails, or is pulled out
 * drops out of the choice.
 */
export class TouchChoice<K extends Touchable> {
  readonly #call: OperationCall;
  readonly #found = new AbortController();
  readonly #asking = new Set<Promise<void>>();
  #touched: K | undefined;
  #refusal: KeyRefusal | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(call: OperationCall) {
    this.#call = { ...call, signal: AbortSignal.any([call.signal, this.#found.signal]) };
  }

  /** Has this key ask for a touch too. One that comes after the choice was made is not asked. */
  add(key: K): void {
    if (this.#call.signal.aborted) return;
    const asking = this.#ask(key).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
  }

  /**
   * The key that was touched first, once the others have let go. When none is left: why the last one could not be had,
   * which is `touchTimeout` if any key waited in vain.
   * @throws what the last key threw, when no key refused in words; the signal's reason.
   */
  async touched(): Promise<KeyOutcome<K>> {
    while (this.#asking.size > 0) await Promise.all(this.#asking);
    if (this.#touched !== undefined) return done(this.#touched);
    this.#call.signal.throwIfAborted();
    if (this.#refusal !== undefined) return refused(this.#refusal);
    if (this.#failure !== undefined) throw this.#failure.error;
    return refused({ kind: 'touchTimeout' });
  }

  /** Never rejects. */
  async #ask(key: K): Promise<void> {
    try {
      const outcome = await this.#askRepeatedly(key);
      if (outcome.ok) {
        this.#touched ??= key;
        this.#found.abort(new Error('a key was touched'));
      } else if (this.#refusal?.kind !== 'touchTimeout') {
        this.#refusal = outcome.refusal;
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  async #askRepeatedly(key: K): Promise<KeyOutcome<null>> {
    let outcome = await key.select(this.#call);
    for (let round = 1; round < MAX_ROUNDS && !outcome.ok && outcome.refusal.kind === 'touchTimeout'; round += 1) {
      outcome = await key.select(this.#call);
    }
    return outcome;
  }
}
