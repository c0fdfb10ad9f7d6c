// What can be set on a key: the least PIN length, a forced PIN change, always-UV, enterprise attestation, long touch for
// reset. Every change is read back, because keys are known that say yes and do nothing. Source: CTAP 2.3 §6.11.
import {
  enableEnterpriseAttestation,
  enableLongTouchForReset,
  setMinPinLength,
  toggleAlwaysUv,
  type MinPinLengthParameters,
} from '../ctap/authenticator-config.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import { getInfo, type AuthenticatorInfo } from '../ctap/get-info.ts';
import type { PinUvAuthToken } from '../ctap/pin-uv-protocol.ts';
import { CTAP_STATUS, isStatus } from '../ctap/status.ts';
import type { HidCall } from '../hid/channel.ts';
import { keyFeatures } from './key-features.ts';
import { firstObstacle, type KeyOperations, type OperationCall } from '../key/operation.ts';
import { done, refused, type KeyFeature, type KeyOutcome, type KeyRefusal } from '../key/outcome.ts';
import type { Verification } from '../key/pin-ceremony.ts';

/**
 * Each method gives what the key says of itself afterwards. `verification` may be null for a key that has no PIN and no
 * finger yet: some take settings then, others want a PIN first and refuse with `pinNotSet`.
 */
export class KeySettings {
  readonly #operations: KeyOperations;

  constructor(operations: KeyOperations) {
    this.#operations = operations;
  }

  /** Raises the least length, names who may learn it, forces a change of the PIN: whatever of it is given. */
  setMinPinLength(
    wanted: MinPinLengthParameters,
    verification: Verification | null,
    call: OperationCall,
  ): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#change(verification, call, {
      feature: 'minPinLength',
      obstacle: (info) => minPinLengthObstacle(wanted, info),
      isSo: () => false,
      act: (token, hidCall) => setMinPinLength(this.#operations.channel, token, wanted, hidCall),
      isDone: (info) => holds(wanted, info),
      refusalOf: (error, info) =>
        isStatus(error, CTAP_STATUS.PIN_POLICY_VIOLATION)
          ? { kind: 'minPinLengthTooLow', minPinLength: info.minPinLength }
          : undefined,
    });
  }

  /** Has the key ask for PIN or fingerprint every time, or no longer. Nothing is sent when it is so already. */
  setAlwaysUv(wanted: boolean, verification: Verification | null, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    const isSo = ({ options }: AuthenticatorInfo): boolean => options.get('alwaysUv') === wanted;
    return this.#change(verification, call, {
      feature: 'alwaysUv',
      isSo,
      act: (token, hidCall) => toggleAlwaysUv(this.#operations.channel, token, hidCall),
      isDone: isSo,
      // Some keys let it be switched on and never off (CTAP 2.3 §6.11.2).
      refusalOf: (error) =>
        isStatus(error, CTAP_STATUS.OPERATION_DENIED) ? { kind: 'notOffered', feature: 'alwaysUv' } : undefined,
    });
  }

  /** Lets the key name itself, by serial number, to relying parties that may ask. Only a reset takes it back. */
  enableEnterpriseAttestation(verification: Verification | null, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    const isSo = ({ options }: AuthenticatorInfo): boolean => options.get('ep') === true;
    return this.#change(verification, call, {
      feature: 'enterpriseAttestation',
      isSo,
      act: (token, hidCall) => enableEnterpriseAttestation(this.#operations.channel, token, hidCall),
      isDone: isSo,
    });
  }

  /** Makes a reset want a long touch. Only a reset takes it back. */
  enableLongTouchForReset(verification: Verification | null, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#change(verification, call, {
      feature: 'longTouchForReset',
      isSo: (info) => info.longTouchForReset,
      act: (token, hidCall) => enableLongTouchForReset(this.#operations.channel, token, hidCall),
      isDone: (info) => info.longTouchForReset,
    });
  }

  #change(
    verification: Verification | null,
    call: OperationCall,
    { feature, obstacle, isSo, act, isDone, refusalOf }: Change,
  ): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      if (!keyFeatures(info).has(feature)) return refused({ kind: 'notOffered', feature });
      const stands = obstacle?.(info);
      if (stands !== undefined) return refused(stands);
      if (isSo(info)) return done(info);
      const opened = await this.#leave(info, verification, hidCall);
      if (!opened.ok) return opened;
      try {
        await act(opened.value, hidCall);
      } catch (error) {
        const refusal = refusalOf?.(error, info) ?? missingPin(error, info);
        if (refusal === undefined) throw error;
        return refused(refusal);
      } finally {
        opened.value?.wipe();
      }
      const after = await getInfo(this.#operations.channel, hidCall);
      return isDone(after) ? done(after) : refused({ kind: 'settingNotTaken' });
    });
  }

  /** A token, or none where the key is to be set without one. */
  async #leave(
    info: AuthenticatorInfo,
    verification: Verification | null,
    hidCall: HidCall,
  ): Promise<KeyOutcome<PinUvAuthToken | undefined>> {
    if (verification === null) return done(undefined);
    const permissions = PIN_UV_PERMISSION.authenticatorConfig;
    return this.#operations.pins.token(info, { permissions, verification }, hidCall);
  }
}

interface Change {
  readonly feature: KeyFeature;
  /** What getInfo rules out beside a missing feature, before a PIN is sent. */
  readonly obstacle?: (info: AuthenticatorInfo) => KeyRefusal | undefined;
  /** Whether there is nothing to do. */
  readonly isSo: (info: AuthenticatorInfo) => boolean;
  readonly act: (token: PinUvAuthToken | undefined, hidCall: HidCall) => Promise<void>;
  readonly isDone: (info: AuthenticatorInfo) => boolean;
  readonly refusalOf?: (error: unknown, info: AuthenticatorInfo) => KeyRefusal | undefined;
}

/** What keys answer that have no PIN and want one all the same. */
function missingPin(error: unknown, { options }: AuthenticatorInfo): KeyRefusal | undefined {
  return isStatus(error, CTAP_STATUS.PUAT_REQUIRED) && options.get('clientPin') !== true ? { kind: 'pinNotSet' } : undefined;
}

function minPinLengthObstacle(wanted: MinPinLengthParameters, info: AuthenticatorInfo): KeyRefusal | undefined {
  const { newMinPinLength = info.minPinLength, rpIds = [], pinComplexityPolicy } = wanted;
  const maxRpIds = info.maxRpIdsForSetMinPinLength ?? 0;
  return firstObstacle([
    [
      pinComplexityPolicy !== undefined && !keyFeatures(info).has('pinComplexityPolicy'),
      { kind: 'notOffered', feature: 'pinComplexityPolicy' },
    ],
    [newMinPinLength < info.minPinLength, { kind: 'minPinLengthTooLow', minPinLength: info.minPinLength }],
    [rpIds.length > maxRpIds, { kind: 'tooManyRpIds', max: maxRpIds }],
  ]);
}

/** Whether getInfo shows what was set. Who may learn the length it does not show. */
function holds(
  { newMinPinLength, forceChangePin, pinComplexityPolicy }: MinPinLengthParameters,
  info: AuthenticatorInfo,
): boolean {
  return (
    (newMinPinLength === undefined || info.minPinLength === newMinPinLength) &&
    (forceChangePin !== true || info.forcePinChange) &&
    (pinComplexityPolicy !== true || info.pinComplexityPolicy === true)
  );
}
