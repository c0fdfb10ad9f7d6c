// What may come of an operation on a key without anything being broken.
import { CTAP_STATUS, CtapStatusError } from '../ctap/status.ts';
import type { PinFault } from './pin-rules.ts';

/** Why a key, or this side on its behalf, said no. `retriesLeft` is `undefined` when the key does not tell. */
export type KeyRefusal =
  /** The key speaks U2F only. */
  | { readonly kind: 'noCtap2' }
  | { readonly kind: 'pinWrong'; readonly retriesLeft: number | undefined }
  /** No PIN is taken before the key was unplugged and plugged in again. Sending one could cost tries. */
  | { readonly kind: 'replugNeeded'; readonly retriesLeft: number | undefined }
  /** No tries left; only a reset helps. */
  | { readonly kind: 'pinLocked' }
  | {
      readonly kind: 'pinRefused';
      readonly fault: PinFault;
      /** Code points. */
      readonly minPinLength: number;
      readonly maxPinLength: number;
    }
  /** The key wants a new PIN before anything else; until then it calls every PIN wrong. */
  | { readonly kind: 'pinMustChange' }
  | { readonly kind: 'pinNotSet' }
  | { readonly kind: 'pinAlreadySet' }
  | { readonly kind: 'pinUnsupported' }
  /** The key gives this permission for its own user verification only, not for a PIN. */
  | { readonly kind: 'fingerprintNeeded' }
  | { readonly kind: 'alreadyRegistered' }
  | { readonly kind: 'touchTimeout' }
  | { readonly kind: 'touchDenied' }
  | { readonly kind: 'keyFull' }
  | { readonly kind: 'noAlgorithm' }
  | { readonly kind: 'noCredential' }
  /** Protection was demanded that this key can't give. */
  | { readonly kind: 'noCredProtect' }
  /** A reset came too late after plugging in, or is not allowed here. */
  | { readonly kind: 'resetNotAllowed' };

export type KeyOutcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: KeyRefusal };

export function done<T>(value: T): KeyOutcome<T> {
  return { ok: true, value };
}

export function refused(refusal: KeyRefusal): { readonly ok: false; readonly refusal: KeyRefusal } {
  return { ok: false, refusal };
}

const BY_STATUS: ReadonlyMap<number, KeyRefusal> = new Map<number, KeyRefusal>([
  [CTAP_STATUS.CREDENTIAL_EXCLUDED, { kind: 'alreadyRegistered' }],
  [CTAP_STATUS.UNSUPPORTED_ALGORITHM, { kind: 'noAlgorithm' }],
  [CTAP_STATUS.OPERATION_DENIED, { kind: 'touchDenied' }],
  [CTAP_STATUS.KEY_STORE_FULL, { kind: 'keyFull' }],
  [CTAP_STATUS.NO_CREDENTIALS, { kind: 'noCredential' }],
  [CTAP_STATUS.USER_ACTION_TIMEOUT, { kind: 'touchTimeout' }],
  [CTAP_STATUS.ACTION_TIMEOUT, { kind: 'touchTimeout' }],
  [CTAP_STATUS.PIN_BLOCKED, { kind: 'pinLocked' }],
  [CTAP_STATUS.PIN_NOT_SET, { kind: 'pinNotSet' }],
  [CTAP_STATUS.UNAUTHORIZED_PERMISSION, { kind: 'fingerprintNeeded' }],
]);

/**
 * The refusal that a status always means, whatever was asked. `undefined` for statuses that depend on the question
 * (a wrong PIN needs its count) and for faults, which stay errors.
 */
export function refusalOfStatus(status: number): KeyRefusal | undefined {
  return BY_STATUS.get(status);
}

/** Runs an operation; a refusal among its errors becomes a value, everything else stays an error. */
export async function withRefusals<T>(run: () => Promise<KeyOutcome<T>>): Promise<KeyOutcome<T>> {
  try {
    return await run();
  } catch (error) {
    const refusal = error instanceof CtapStatusError ? refusalOfStatus(error.status) : undefined;
    if (refusal === undefined) throw error;
    return refused(refusal);
  }
}
