// Several keys are plugged in: the one that is touched is the one that is meant. Source: CTAP 2.3 §6.9.
import type { OperationCall } from '../key/operation.ts';
import { done, refused, type KeyOutcome } from '../key/outcome.ts';

/** The part of a SecurityKey that this needs. */
export interface Touchable {
  select(call: OperationCall): Promise<KeyOutcome<null>>;
}

/** How often a key that got tired of waiting is asked again while others still wait. */
const MAX_ROUNDS = 3;

/**
 * Has all keys ask for a touch. Resolves with the key that was touched first, once the others have let go. Keys that
 * can't be asked, fail, or are pulled out drop out of the choice; `touchTimeout` when none is left.
 * @throws what a key threw, when every one did; the signal's reason.
 */
export async function selectTouched<K extends Touchable>(keys: readonly K[], call: OperationCall): Promise<KeyOutcome<K>> {
  const found = new AbortController();
  const signal = AbortSignal.any([call.signal, found.signal]);
  let touched: K | undefined;
  const wait = async (key: K): Promise<void> => {
    const outcome = await askRepeatedly(key, { ...call, signal });
    if (!outcome.ok) return;
    touched ??= key;
    found.abort(new Error('another key was touched'));
  };
  const endings = await Promise.allSettled(keys.map(wait));
  if (touched !== undefined) return done(touched);
  call.signal.throwIfAborted();
  const failures = endings.filter((ending) => ending.status === 'rejected');
  const [failure] = failures;
  if (failure !== undefined && failures.length === keys.length) throw failure.reason;
  return refused({ kind: 'touchTimeout' });
}

async function askRepeatedly(key: Touchable, call: OperationCall): Promise<KeyOutcome<null>> {
  let outcome = await key.select(call);
  for (let round = 1; round < MAX_ROUNDS && !outcome.ok && outcome.refusal.kind === 'touchTimeout'; round += 1) {
    outcome = await key.select(call);
  }
  return outcome;
}
