// A key as the person means it: whole operations, each safe against what is known to go wrong on real keys.
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import { getInfo, offeredPinUvProtocols } from '../ctap/get-info.ts';
import { selectByRefusal, selectByTouch } from '../ctap/selection.ts';
import { CTAP_STATUS, CtapStatusError, FIRST_VENDOR_STATUS } from '../ctap/status.ts';
import type { KeyQuirks } from '../metadata/key-quirks.ts';
import { touchU2f } from '../hid/u2f-touch.ts';
import { askU2fVersion } from '../hid/u2f-version.ts';
import type { Surroundings } from '../surroundings.ts';
import { attestKey, type AttestedKey } from './attest-key.ts';
import { collectAssertions, type AssertionRequest, type KeyAssertion } from './collect-assertions.ts';
import { createCredential, type CreatedCredential } from './create-credential.ts';
import type { CredentialRequest } from './credential-request.ts';
import { Fingerprints } from '../care/fingerprints.ts';
import { holdsCredential, type Held, type HeldCredential } from './held-credential.ts';
import type { KeyDescription } from './key-description.ts';
import { KeyIdentity, likenessOf, type KeyLikeness, type ReadSerial } from '../care/key-likeness.ts';
import { KeySettings } from '../care/key-settings.ts';
import { KeyOperations, type OperationCall, type SecurityKeyChannel } from './operation.ts';
import { done, refused, withRefusals, type KeyOutcome } from './outcome.ts';
import type { Verification } from './pin-ceremony.ts';
import { resetAndLook, type ExpectedKey, type ResetProof } from '../care/reset-key.ts';
import { StoredCredentials } from '../care/stored-credentials.ts';

/** How keys say that they have no such command: the specification's way, and numbers of their makers' own (canokey: 0xf1). */
function isUnknownCommand(error: unknown): boolean {
  return (
    error instanceof CtapStatusError && (error.status === CTAP_STATUS.INVALID_COMMAND || error.status >= FIRST_VENDOR_STATUS)
  );
}

/** From CTAP 2.1 on there is a command for it; FIDO_2_1_PRE has it not. */
const SELECTING_VERSION = /^FIDO_2_[1-9]\d*$/;

/**
 * One insertion of one key. Operations run one after the other. Expected refusals are values; what throws is
 * CtapStatusError (any other status), CtapHidError, KeyNotAnswering, ProtocolViolation, PacketLinkClosed, ChannelClosed
 * or the signal's reason. PINs are UTF-8 bytes in normalization form C; they are the caller's to wipe, all that is made
 * from them is wiped here.
 */
export class SecurityKey {
  /** The accounts on the key. */
  readonly credentials: StoredCredentials;
  readonly fingerprints: Fingerprints;
  readonly settings: KeySettings;
  readonly #operations: KeyOperations;
  readonly #surroundings: Surroundings;

  /** `quirks`: what is known beforehand of keys with these USB numbers; those of a standard key unless told. */
  constructor(channel: SecurityKeyChannel, surroundings: Surroundings, quirks?: KeyQuirks) {
    this.#surroundings = surroundings;
    this.#operations = new KeyOperations(channel, surroundings.randomBytes, quirks);
    this.credentials = new StoredCredentials(this.#operations);
    this.fingerprints = new Fingerprints(this.#operations);
    this.settings = new KeySettings(this.#operations);
  }

  /** What the key is and in what state. Costs no try and needs no touch. */
  describe(call: OperationCall): Promise<KeyDescription> {
    return this.#operations.inTurn(call, async (hidCall) => {
      const { channel } = this.#operations;
      const { device } = channel;
      if (!this.#operations.speaksCtap2) {
        // A key that fails at getInfo is no U2F key: only what it says, or what is known of it, decides.
        return { kind: 'u2f', device, u2fVersion: await askU2fVersion(channel, hidCall) };
      }
      const info = await getInfo(channel, hidCall);
      const pinSet = info.options.get('clientPin');
      if (pinSet === undefined) return { kind: 'ctap2', device, info, pin: { kind: 'unsupported' } };
      if (!pinSet) return { kind: 'ctap2', device, info, pin: { kind: 'none' } };
      const { retriesLeft, powerCycleNeeded } = await this.#operations.pins.tries(info, hidCall);
      const pin = { kind: 'set', mustChange: info.forcePinChange, retriesLeft, replugNeeded: powerCycleNeeded === true } as const;
      return { kind: 'ctap2', device, info, pin };
    });
  }

  /** Gives the key its first PIN. */
  setPin(newPin: Uint8Array, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#operations.operation(call, ({ info, hidCall }) => this.#operations.pins.setPin(info, newPin, hidCall));
  }

  /** Replaces the PIN. A wrong old one costs a try. */
  changePin(pins: { readonly oldPin: Uint8Array; readonly newPin: Uint8Array }, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#operations.operation(call, ({ info, hidCall }) => this.#operations.pins.changePin(info, pins, hidCall));
  }

  /** Tries left at the key's own sensor; `undefined` when it does not say. */
  sensorRetries(call: OperationCall): Promise<KeyOutcome<number | undefined>> {
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      if (info.options.get('uv') !== true) return refused({ kind: 'notOffered', feature: 'ownVerification' });
      return done(await this.#operations.pins.sensorTries(info, hidCall));
    });
  }

  /** Makes a discoverable credential, verified by PIN (or the key's sensor) and touch. */
  makeCredential(
    request: CredentialRequest,
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<CreatedCredential>> {
    return this.#operations.operation(call, (turn) => createCredential(this.#operations, request, verification, turn));
  }

  /** Signs in with the key, verified by PIN (or its sensor) and touch. Without allowed ids: every credential found, newest first. */
  getAssertions(
    request: AssertionRequest,
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<readonly KeyAssertion[]>> {
    return this.#operations.operation(call, (turn) => collectAssertions(this.#operations, request, verification, turn));
  }

  /**
   * Has the key attest itself before any secret is told to it; wants a touch and leaves no account behind.
   * `attestationNeedsPin` where that can't be had.
   */
  attest(call: OperationCall): Promise<KeyOutcome<AttestedKey>> {
    return this.#operations.operation(call, (turn) => attestKey(this.#operations, turn));
  }

  /** Whether the key still holds a credential that was made on it, asked without touch and PIN. */
  holds(credential: HeldCredential, call: OperationCall): Promise<KeyOutcome<Held>> {
    return this.#operations.operation(call, (turn) => holdsCredential(this.#operations, credential, turn));
  }

  /** Resolves when this key was touched, by whichever way the key has for that. */
  select(call: OperationCall): Promise<KeyOutcome<null>> {
    const { channel } = this.#operations;
    if (!this.#operations.speaksCtap2) return this.#selectByU2f(call);
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      if (info.versions.some((version) => SELECTING_VERSION.test(version))) {
        try {
          await selectByTouch(channel, hidCall);
          return done(null);
        } catch (error) {
          if (!isUnknownCommand(error)) throw error;
        }
      }
      await selectByRefusal(channel, { pinUvProtocol: offeredPinUvProtocols(info)[0] ?? 1 }, hidCall);
      return done(null);
    });
  }

  #selectByU2f(call: OperationCall): Promise<KeyOutcome<null>> {
    const { channel } = this.#operations;
    if (!channel.device.canMsg) return Promise.resolve(refused({ kind: 'noCtap2' }));
    return this.#operations.inTurn(call, async (hidCall) => {
      const touch = await touchU2f(channel, this.#surroundings, hidCall);
      if (touch === 'touched') return done(null);
      return refused(touch === 'late' ? { kind: 'touchTimeout' } : { kind: 'noCtap2' });
    });
  }

  /** What to know this key by after it was unplugged and plugged in again. `readSerial`: the maker's way, if there is one. */
  likeness(call: OperationCall, readSerial?: ReadSerial, usbSerial?: string): Promise<KeyOutcome<KeyLikeness>> {
    return this.#operations.operation(call, async ({ info, hidCall }) =>
      done(likenessOf(this.#operations.channel.device, info, await readSerial?.(hidCall), usbSerial)),
    );
  }

  /**
   * The identity that keys of CTAP 2.2 and later prove with every getInfo; better than a likeness, but wants the person
   * verified once. Wipe it.
   */
  identity(verification: Verification, call: OperationCall): Promise<KeyOutcome<KeyIdentity>> {
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      const notOffered = { kind: 'notOffered', feature: 'identity' } as const;
      if (info.options.get('perCredMgmtRO') !== true) return refused(notOffered);
      const permissions = PIN_UV_PERMISSION.persistentCredentialManagementReadOnly;
      const opened = await this.#operations.pins.token(info, { permissions, verification }, hidCall);
      if (!opened.ok) return opened;
      try {
        // Asked for anew: it is under the token that was issued just now.
        const { encIdentifier } = await getInfo(this.#operations.channel, hidCall);
        if (encIdentifier !== undefined) return done(new KeyIdentity(opened.value, encIdentifier));
      } catch (error) {
        opened.value.wipe();
        throw error;
      }
      opened.value.wipe();
      return refused(notOffered);
    });
  }

  /**
   * Erases the key, at once: the time in which keys allow it is short. With `expected` it is erased only if it is that
   * key, and `anotherKey` says that it is not.
   */
  reset(call: OperationCall, expected?: ExpectedKey): Promise<KeyOutcome<ResetProof>> {
    return this.#operations.inTurn(call, async (hidCall) => {
      if (!this.#operations.speaksCtap2) return refused({ kind: 'noCtap2' });
      return withRefusals(() => resetAndLook(this.#operations, expected, hidCall));
    });
  }
}
