// What can be set on a key: the least PIN length, a forced PIN change, always-UV, enterprise attestation, long touch for
// reset. Every change is read back, because keys are known that say yes and do nothing. Source: CTAP 2.3 §6.11.
import {
  CONFIG_SUB_COMMAND,
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
import { firstObstacle, type KeyOperations, type OperationCall } from './operation.ts';
import { done, refused, type KeyFeature, type KeyOutcome, type KeyRefusal } from './outcome.ts';
import type { Verification } from './pin-ceremony.ts';

/** Each method gives what the key says of itself afterwards. Set a PIN first: keys differ in what they allow without. */
export class KeySettings {
  readonly #operations: KeyOperations;

  constructor(operations: KeyOperations) {
    this.#operations = operations;
  }

  /** Raises the least length, names who may learn it, forces a change of the PIN: whatever of it is given. */
  setMinPinLength(
    wanted: MinPinLengthParameters,
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#change(verification, call, {
      subCommand: 'setMinPinLength',
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
  setAlwaysUv(wanted: boolean, verification: Verification, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    const isSo = ({ options }: AuthenticatorInfo): boolean => options.get('alwaysUv') === wanted;
    return this.#change(verification, call, {
      subCommand: 'toggleAlwaysUv',
      obstacle: ({ options }) => lacking('alwaysUv', options.has('alwaysUv')),
      isSo,
      act: (token, hidCall) => toggleAlwaysUv(this.#operations.channel, token, hidCall),
      isDone: isSo,
      // Some keys let it be switched on and never off (CTAP 2.3 §6.11.2).
      refusalOf: (error) =>
        isStatus(error, CTAP_STATUS.OPERATION_DENIED) ? { kind: 'notOffered', feature: 'alwaysUv' } : undefined,
    });
  }

  /** Lets the key name itself, by serial number, to relying parties that may ask. Only a reset takes it back. */
  enableEnterpriseAttestation(verification: Verification, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    const isSo = ({ options }: AuthenticatorInfo): boolean => options.get('ep') === true;
    return this.#change(verification, call, {
      subCommand: 'enableEnterpriseAttestation',
      obstacle: ({ options }) => lacking('enterpriseAttestation', options.has('ep')),
      isSo,
      act: (token, hidCall) => enableEnterpriseAttestation(this.#operations.channel, token, hidCall),
      isDone: isSo,
    });
  }

  /** Makes a reset want a long touch. Only a reset takes it back. */
  enableLongTouchForReset(verification: Verification, call: OperationCall): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#change(verification, call, {
      subCommand: 'enableLongTouchForReset',
      obstacle: (info) => lacking('longTouchForReset', knowsLongTouch(info)),
      isSo: (info) => info.longTouchForReset,
      act: (token, hidCall) => enableLongTouchForReset(this.#operations.channel, token, hidCall),
      isDone: (info) => info.longTouchForReset,
    });
  }

  #change(
    verification: Verification,
    call: OperationCall,
    { subCommand, obstacle, isSo, act, isDone, refusalOf }: Change,
  ): Promise<KeyOutcome<AuthenticatorInfo>> {
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      const stands = obstacle(info) ?? lacking(FEATURE_OF[subCommand], isOffered(subCommand, info));
      if (stands !== undefined) return refused(stands);
      if (isSo(info)) return done(info);
      const opened = await this.#operations.pins.token(
        info,
        { permissions: PIN_UV_PERMISSION.authenticatorConfig, verification },
        hidCall,
      );
      if (!opened.ok) return opened;
      try {
        await act(opened.value, hidCall);
      } catch (error) {
        const refusal = refusalOf?.(error, info);
        if (refusal === undefined) throw error;
        return refused(refusal);
      } finally {
        opened.value.wipe();
      }
      const after = await getInfo(this.#operations.channel, hidCall);
      return isDone(after) ? done(after) : refused({ kind: 'settingNotTaken' });
    });
  }
}

type ConfigSubCommand = keyof typeof CONFIG_SUB_COMMAND;

interface Change {
  readonly subCommand: ConfigSubCommand;
  /** What getInfo rules out, before a PIN is sent. */
  readonly obstacle: (info: AuthenticatorInfo) => KeyRefusal | undefined;
  /** Whether there is nothing to do. */
  readonly isSo: (info: AuthenticatorInfo) => boolean;
  readonly act: (token: PinUvAuthToken, hidCall: HidCall) => Promise<void>;
  readonly isDone: (info: AuthenticatorInfo) => boolean;
  readonly refusalOf?: (error: unknown, info: AuthenticatorInfo) => KeyRefusal | undefined;
}

const FEATURE_OF: Readonly<Record<ConfigSubCommand, KeyFeature>> = {
  enableEnterpriseAttestation: 'enterpriseAttestation',
  toggleAlwaysUv: 'alwaysUv',
  setMinPinLength: 'minPinLength',
  enableLongTouchForReset: 'longTouchForReset',
};

/** Keys that list their sub-commands mean it; of the others the command itself must be announced. */
function isOffered(subCommand: ConfigSubCommand, { options, authenticatorConfigCommands }: AuthenticatorInfo): boolean {
  if (options.get('authnrCfg') !== true) return false;
  return authenticatorConfigCommands?.includes(CONFIG_SUB_COMMAND[subCommand]) ?? true;
}

function knowsLongTouch({ authenticatorConfigCommands, raw }: AuthenticatorInfo): boolean {
  return authenticatorConfigCommands !== undefined || raw.has(0x18);
}

function lacking(feature: KeyFeature, has: boolean): KeyRefusal | undefined {
  return has ? undefined : { kind: 'notOffered', feature };
}

function minPinLengthObstacle(wanted: MinPinLengthParameters, info: AuthenticatorInfo): KeyRefusal | undefined {
  const { newMinPinLength = info.minPinLength, rpIds = [], pinComplexityPolicy } = wanted;
  const maxRpIds = info.maxRpIdsForSetMinPinLength ?? 0;
  return firstObstacle([
    [info.options.get('setMinPINLength') !== true, { kind: 'notOffered', feature: 'minPinLength' }],
    [
      pinComplexityPolicy !== undefined && info.pinComplexityPolicy === undefined,
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
