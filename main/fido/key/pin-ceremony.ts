// When a PIN may be sent to a key, and how, so that no try is ever spent by accident. Lives as long as one insertion.
// Source: CTAP 2.3 §6.5.5.5 to §6.5.5.8, and how real keys differ from it; the reasons stand at their places.
import type { HidCall } from '../hid/channel.ts';
import { HID_ERROR } from '../hid/codes.ts';
import { CtapHidError, KeyNotAnswering } from '../hid/errors.ts';
import type { RandomBytes } from '../surroundings.ts';
import {
  agreeOnSecret,
  changePin,
  getPinRetries,
  getPinToken,
  getPinUvAuthTokenUsingPin,
  getPinUvAuthTokenUsingUv,
  getUvRetries,
  PIN_UV_PERMISSION,
  setPin,
  type PinRetries,
  type TokenScope,
} from '../ctap/client-pin.ts';
import type { CtapTransport } from '../ctap/command.ts';
import { offeredPinUvProtocols, type AuthenticatorInfo } from '../ctap/get-info.ts';
import { done, refused, type KeyOutcome, type KeyRefusal } from './outcome.ts';
import { enteredPinFault, newPinFault, type PinFault } from './pin-rules.ts';
import type { PinUvAuthToken, PinUvProtocolVersion, PinUvSecret } from '../ctap/pin-uv-protocol.ts';
import { CTAP_STATUS, CtapStatusError, isStatus } from '../ctap/status.ts';

/**
 * How the key is to know the person: by the PIN (UTF-8 bytes in Unicode normalization form C, the caller's to wipe), or
 * by the key's own sensor or PIN pad.
 */
export type Verification = Uint8Array | 'sensor';

export interface TokenWish extends TokenScope {
  readonly verification: Verification;
}

const UNKNOWN_RETRIES: PinRetries = { retriesLeft: undefined, powerCycleNeeded: undefined };

const CREDENTIAL_PERMISSIONS = PIN_UV_PERMISSION.makeCredential | PIN_UV_PERMISSION.getAssertion;

/** Transport refusals after which the key has certainly not looked at the message. */
const NOT_TAKEN: ReadonlySet<number> = new Set([
  HID_ERROR.CHANNEL_BUSY,
  HID_ERROR.LOCK_REQUIRED,
  HID_ERROR.INVALID_SEQ,
  HID_ERROR.MSG_TIMEOUT,
  HID_ERROR.INVALID_CHANNEL,
]);

/** Each method wants a getInfo answer from just before: PIN state and `forcePINChange` decide what may be sent. */
export class PinCeremony {
  readonly #transport: CtapTransport;
  readonly #randomBytes: RandomBytes;
  #replugNeeded = false;
  #protocolTwoFailed = false;

  constructor(transport: CtapTransport, randomBytes: RandomBytes) {
    this.#transport = transport;
    this.#randomBytes = randomBytes;
  }

  /** After a reset: what was learned about the old PIN no longer holds. */
  startAnew(): void {
    this.#replugNeeded = false;
  }

  /** Tries left and whether a replug is due, for a key whose PIN is set; unknown where the key does not say. */
  async tries(info: AuthenticatorInfo, call: HidCall): Promise<PinRetries> {
    if (info.options.get('clientPin') !== true) return UNKNOWN_RETRIES;
    try {
      const retries = await getPinRetries(this.#transport, this.#version(info) ?? 1, call);
      return this.#replugNeeded ? { ...retries, powerCycleNeeded: true } : retries;
    } catch (error) {
      if (isStatus(error, CTAP_STATUS.PIN_BLOCKED)) return { retriesLeft: 0, powerCycleNeeded: undefined };
      if (isStatus(error, CTAP_STATUS.PIN_AUTH_BLOCKED)) return { retriesLeft: undefined, powerCycleNeeded: true };
      if (error instanceof CtapStatusError) return UNKNOWN_RETRIES;
      throw error;
    }
  }

  /** Gives a key its first PIN. No try is at stake. */
  async setPin(info: AuthenticatorInfo, newPin: Uint8Array, call: HidCall): Promise<KeyOutcome<null>> {
    const pinSet = info.options.get('clientPin');
    if (pinSet === undefined) return refused({ kind: 'pinUnsupported' });
    if (pinSet) return refused({ kind: 'pinAlreadySet' });
    const fault = newPinFault(newPin, info);
    if (fault !== undefined) return refused(pinRefused(fault, info));
    return this.#guarded(info, call, UNKNOWN_RETRIES, async (secret) => {
      await setPin(this.#transport, secret, newPin, call);
      return null;
    });
  }

  /** Replaces the PIN. A wrong old one costs a try. */
  async changePin(
    info: AuthenticatorInfo,
    pins: { readonly oldPin: Uint8Array; readonly newPin: Uint8Array },
    call: HidCall,
  ): Promise<KeyOutcome<null>> {
    const fault = enteredPinFault(pins.oldPin) ?? newPinFault(pins.newPin, info);
    if (fault !== undefined) return refused(pinRefused(fault, info));
    const ready = await this.#mayTry(info, call);
    if (!ready.ok) return ready;
    return this.#guarded(info, call, ready.value, async (secret) => {
      await changePin(this.#transport, secret, pins, call);
      return null;
    });
  }

  /** A token; wipe it after the one operation it is for. A wrong PIN, or a wrong finger, costs a try. */
  token(info: AuthenticatorInfo, { verification, ...scope }: TokenWish, call: HidCall): Promise<KeyOutcome<PinUvAuthToken>> {
    return verification === 'sensor'
      ? this.#tokenBySensor(info, scope, call)
      : this.#tokenByPin(info, { ...scope, pin: verification }, call);
  }

  async #tokenByPin(
    info: AuthenticatorInfo,
    { pin, ...scope }: TokenScope & { readonly pin: Uint8Array },
    call: HidCall,
  ): Promise<KeyOutcome<PinUvAuthToken>> {
    // While this flag is up, keys answer "wrong PIN" to the right one.
    if (info.forcePinChange) return refused({ kind: 'pinMustChange' });
    const forCredentials = (scope.permissions & CREDENTIAL_PERMISSIONS) !== 0;
    if (forCredentials && info.options.get('noMcGaPermissionsWithClientPin') === true) {
      return refused({ kind: 'fingerprintNeeded' });
    }
    const fault = enteredPinFault(pin);
    if (fault !== undefined) return refused(pinRefused(fault, info));
    const ready = await this.#mayTry(info, call);
    if (!ready.ok) return ready;
    const outcome = await this.#guarded(info, call, ready.value, (secret) =>
      info.options.get('pinUvAuthToken') === true
        ? getPinUvAuthTokenUsingPin(this.#transport, secret, { pin, ...scope }, call)
        : getPinToken(this.#transport, secret, pin, call),
    );
    // No new PIN was offered, so a policy that is not met can only mean that one is wanted (CTAP 2.3 §6.5.5.7.2).
    return !outcome.ok && outcome.refusal.kind === 'pinRefused' ? refused({ kind: 'pinMustChange' }) : outcome;
  }

  async #tokenBySensor(info: AuthenticatorInfo, scope: TokenScope, call: HidCall): Promise<KeyOutcome<PinUvAuthToken>> {
    const { options } = info;
    const can = (permission: number, option: string): boolean =>
      (scope.permissions & permission) === 0 || options.get(option) === true;
    const offered =
      options.get('uv') === true &&
      options.get('pinUvAuthToken') === true &&
      can(PIN_UV_PERMISSION.bioEnrollment, 'uvBioEnroll') &&
      can(PIN_UV_PERMISSION.authenticatorConfig, 'uvAcfg');
    if (!offered) return refused({ kind: 'notOffered', feature: 'ownVerification' });
    return this.#guarded(info, call, UNKNOWN_RETRIES, (secret) => getPinUvAuthTokenUsingUv(this.#transport, secret, scope, call));
  }

  /** A fresh agreement for an extension's secrets; wipe it after the one request it is for. */
  async agreement(info: AuthenticatorInfo, call: HidCall): Promise<KeyOutcome<PinUvSecret>> {
    const version = this.#version(info);
    if (version === undefined) return refused({ kind: 'pinUnsupported' });
    return done(await agreeOnSecret(this.#transport, { version, randomBytes: this.#randomBytes }, call));
  }

  /** Tries left at the key's own sensor, where it says so. */
  async sensorTries(info: AuthenticatorInfo, call: HidCall): Promise<number | undefined> {
    try {
      return await getUvRetries(this.#transport, this.#version(info) ?? 1, call);
    } catch (error) {
      if (isStatus(error, CTAP_STATUS.UV_BLOCKED)) return 0;
      if (error instanceof CtapStatusError) return undefined;
      throw error;
    }
  }

  /** Whether the key would take a PIN now. Some count down even while blocked, so then nothing is sent. */
  async #mayTry(info: AuthenticatorInfo, call: HidCall): Promise<KeyOutcome<PinRetries>> {
    const pinSet = info.options.get('clientPin');
    if (pinSet === undefined) return refused({ kind: 'pinUnsupported' });
    if (!pinSet) return refused({ kind: 'pinNotSet' });
    const retries = await this.tries(info, call);
    if (retries.retriesLeft === 0) return refused({ kind: 'pinLocked' });
    if (retries.powerCycleNeeded === true) {
      return refused({ kind: 'replugNeeded', retriesLeft: retries.retriesLeft });
    }
    return done(retries);
  }

  /** One attempt with what follows from its failure. `before` is the count of tries from just before. */
  async #guarded<T>(
    info: AuthenticatorInfo,
    call: HidCall,
    before: PinRetries,
    act: (secret: PinUvSecret) => Promise<T>,
  ): Promise<KeyOutcome<T>> {
    const version = this.#version(info);
    if (version === undefined) return refused({ kind: 'pinUnsupported' });
    try {
      return done(await this.#attempt(version, call, act));
    } catch (error) {
      if (isStatus(error, CTAP_STATUS.PIN_AUTH_INVALID) && version === 2 && offeredPinUvProtocols(info).includes(1)) {
        // Some firmware offers protocol two and can't do it. Protocol one from now on, at once if this cost nothing.
        this.#protocolTwoFailed = true;
        if (await this.#wasFree(info, call, before)) return this.#guarded(info, call, before, act);
      }
      const refusal = await this.#refusalOf(error, info, call);
      if (refusal === undefined) throw error;
      return refused(refusal);
    }
  }

  /** A fresh agreement for every attempt, and one more when the key has not even looked at the message. */
  async #attempt<T>(
    version: PinUvProtocolVersion,
    call: HidCall,
    act: (secret: PinUvSecret) => Promise<T>,
    mayRepeat = true,
  ): Promise<T> {
    const secret = await agreeOnSecret(this.#transport, { version, randomBytes: this.#randomBytes }, call);
    try {
      return await act(secret);
    } catch (error) {
      if (!mayRepeat || !(error instanceof CtapHidError) || !NOT_TAKEN.has(error.code)) throw error;
    } finally {
      secret.wipe();
    }
    return this.#attempt(version, call, act, false);
  }

  async #wasFree(info: AuthenticatorInfo, call: HidCall, before: PinRetries): Promise<boolean> {
    if (info.options.get('clientPin') === false) return true; // no PIN yet, no tries
    const after = await this.tries(info, call);
    return before.retriesLeft !== undefined && after.retriesLeft === before.retriesLeft && after.powerCycleNeeded !== true;
  }

  /** As {@link tries}, but that a PIN was wrong has to be told even if the key then has no word for how many are left. */
  async #triesAfter(info: AuthenticatorInfo, call: HidCall): Promise<PinRetries> {
    try {
      return await this.tries(info, call);
    } catch (error) {
      if (error instanceof KeyNotAnswering || error instanceof CtapHidError) return UNKNOWN_RETRIES;
      throw error;
    }
  }

  async #refusalOf(error: unknown, info: AuthenticatorInfo, call: HidCall): Promise<KeyRefusal | undefined> {
    if (!(error instanceof CtapStatusError)) return undefined;
    switch (error.status) {
      case CTAP_STATUS.PIN_INVALID: {
        const retries = await this.#triesAfter(info, call);
        return retries.retriesLeft === 0 ? { kind: 'pinLocked' } : { kind: 'pinWrong', retriesLeft: retries.retriesLeft };
      }
      case CTAP_STATUS.PIN_AUTH_BLOCKED:
        this.#replugNeeded = true;
        return { kind: 'replugNeeded', retriesLeft: (await this.#triesAfter(info, call)).retriesLeft };
      case CTAP_STATUS.PIN_POLICY_VIOLATION:
        return pinRefused('policy', info);
      case CTAP_STATUS.PIN_BLOCKED:
        return { kind: 'pinLocked' };
      case CTAP_STATUS.PIN_NOT_SET:
        return { kind: 'pinNotSet' };
      case CTAP_STATUS.UNAUTHORIZED_PERMISSION:
        return { kind: 'fingerprintNeeded' };
      case CTAP_STATUS.UV_INVALID: {
        const retriesLeft = await this.sensorTries(info, call);
        return retriesLeft === 0 ? { kind: 'fingerprintLocked' } : { kind: 'fingerprintWrong', retriesLeft };
      }
      default:
        return undefined;
    }
  }

  #version(info: AuthenticatorInfo): PinUvProtocolVersion | undefined {
    const offered = offeredPinUvProtocols(info);
    if (offered.includes(2) && !(this.#protocolTwoFailed && offered.includes(1))) return 2;
    return offered.includes(1) ? 1 : undefined;
  }
}

function pinRefused(fault: PinFault, { minPinLength, maxPinLength }: AuthenticatorInfo): KeyRefusal {
  return { kind: 'pinRefused', fault, minPinLength, maxPinLength };
}
