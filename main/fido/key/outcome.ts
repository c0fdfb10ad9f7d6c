// What may come of an operation on a key without anything being broken.
import { CTAP_STATUS, CtapStatusError } from '../ctap/status.ts';
import type { PinFault } from './pin-rules.ts';

/** What some keys have and others lack. */
export type KeyFeature =
  /** A sensor or a PIN pad of the key's own that may stand in for the PIN. */
  | 'ownVerification'
  | 'credentialManagement'
  | 'userUpdate'
  | 'fingerprints'
  | 'minPinLength'
  | 'pinComplexityPolicy'
  | 'alwaysUv'
  | 'enterpriseAttestation'
  | 'longTouchForReset'
  /** An identity shown under encryption with getInfo. */
  | 'identity';

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
  /** The key's own sensor did not know the person. */
  | { readonly kind: 'fingerprintWrong'; readonly retriesLeft: number | undefined }
  /** The key's own sensor is locked until the PIN was entered. */
  | { readonly kind: 'fingerprintLocked' }
  /** The key does not have this, or does not give it by this way. */
  | { readonly kind: 'notOffered'; readonly feature: KeyFeature }
  | { readonly kind: 'alreadyRegistered' }
  | { readonly kind: 'touchTimeout' }
  | { readonly kind: 'touchDenied' }
  | { readonly kind: 'keyFull' }
  | { readonly kind: 'noAlgorithm' }
  | { readonly kind: 'noCredential' }
  /** Protection was demanded that this key can't give. */
  | { readonly kind: 'noCredProtect' }
  | { readonly kind: 'fingerprintsFull' }
  /** No fingerprint has this id. */
  | { readonly kind: 'noFingerprint' }
  /** The least length can only grow until the key is reset. `minPinLength`: today's, in code points. */
  | { readonly kind: 'minPinLengthTooLow'; readonly minPinLength: number }
  | { readonly kind: 'tooManyRpIds'; readonly max: number }
  /** The key said yes and kept its old setting. */
  | { readonly kind: 'settingNotTaken' }
  /** Only a PIN (or a fingerprint) makes this key attest itself. */
  | { readonly kind: 'attestationNeedsPin' }
  /** Not the key that it should be. Nothing was erased. */
  | { readonly kind: 'anotherKey' }
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
  [CTAP_STATUS.UV_INVALID, { kind: 'fingerprintWrong', retriesLeft: undefined }],
  [CTAP_STATUS.UV_BLOCKED, { kind: 'fingerprintLocked' }],
  [CTAP_STATUS.FP_DATABASE_FULL, { kind: 'fingerprintsFull' }],
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
