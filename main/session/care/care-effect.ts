// Everything the care machine asks to be done outside, by name. The conductor supplies each; leaving the state cancels it.
import { fromCallback, fromPromise } from 'xstate';
import type { CareDeed } from '../../../contract/care.ts';
import type { KeyAccounts, KeyFingerprint, KeyInspection, ResetReport } from '../../ports/key-care.ts';
import type { KeyRef } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { SecretTicket } from '../../ports/secret.ts';
import type { PinAsk } from '../effect.ts';

/** One of several keys, after it was asked who it is; null when it did not answer. */
export interface SeenKey {
  readonly key: KeyRef;
  readonly inspection: KeyInspection | null;
}

/** A deed on the key that is plugged in; erasing has an effect of its own. */
export interface DeedOnKey {
  readonly key: KeyRef;
  readonly inspection: KeyInspection;
  readonly deed: Exclude<CareDeed, { readonly deed: 'erase' }>;
  /** The key's PIN; null for a key that has none. */
  readonly pin: SecretTicket | null;
  readonly newPin: SecretTicket | null;
}

/** What a deed brought; both are null for a deed that only changes the key. */
export interface DeedResult {
  readonly accounts: KeyAccounts | null;
  readonly fingerprints: readonly KeyFingerprint[] | null;
}

export interface EraseInput {
  /** The key as it was plugged in again. */
  readonly key: KeyRef;
  readonly meant: KeyRef;
  readonly inspection: KeyInspection;
}

/** A named hole: running it before the conductor has filled it is a bug. */
function promised<Output, Input>() {
  return fromPromise<Output, Input>(() => Promise.reject(new Error('this effect has not been supplied')));
}

export const careEffects = {
  inspect: promised<Outcome<KeyInspection>, { readonly key: KeyRef }>(),
  inspectAll: promised<Outcome<readonly SeenKey[]>, { readonly keys: readonly KeyRef[] }>(),
  select: promised<Outcome<KeyRef>, Record<string, never>>(),
  perform: promised<Outcome<DeedResult>, DeedOnKey>(),
  erase: promised<Outcome<ResetReport>, EraseInput>(),
  collectPin: fromCallback<{ type: 'none' }, PinAsk>(() => {
    throw new Error('this effect has not been supplied');
  }),
};

export type CareEffects = typeof careEffects;
