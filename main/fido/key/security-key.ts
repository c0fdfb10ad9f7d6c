// A key as the person means it: whole operations, each safe against what is known to go wrong on real keys.
import type { CtapHidChannel, HidCall } from '../hid/channel.ts';
import { KEEPALIVE_STATUS } from '../hid/codes.ts';
import { askU2fVersion } from '../hid/u2f-version.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import type { RandomBytes } from '../surroundings.ts';
import { Turns } from '../turns.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import { lacksCredProtect, parametersOf, type CredentialRequest } from './credential-request.ts';
import { findKnownCredential, listCapacity, relevantCredentialIds } from './exclude-list.ts';
import { getAssertion, getNextAssertion, type AssertionAnswer } from '../ctap/get-assertion.ts';
import { getInfo, type AuthenticatorInfo } from '../ctap/get-info.ts';
import type { KeyDescription } from './key-description.ts';
import {
  makeCredential,
  makeCredentialRequestBytes,
  type MakeCredentialAnswer,
  type MakeCredentialParameters,
  type PinUvAuth,
} from '../ctap/make-credential.ts';
import { done, refused, withRefusals, type KeyOutcome, type KeyRefusal } from './outcome.ts';
import { PinCeremony } from './pin-ceremony.ts';
import type { PinUvAuthToken } from '../ctap/pin-uv-protocol.ts';
import { resetKey } from '../ctap/reset.ts';
import { selectByTouch } from '../ctap/selection.ts';
import { CTAP_STATUS, isStatus } from '../ctap/status.ts';

/** `processing`: the key works. `touchNeeded`: it waits for the person. Told on change only. */
export type OperationProgress = 'processing' | 'touchNeeded';

export interface OperationCall {
  /** Aborting cancels on the key; the operation rejects with the signal's reason within a bounded time. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: OperationProgress) => void;
}

/** The parts of a channel that operations use. */
export type SecurityKeyChannel = Pick<CtapHidChannel, 'device' | 'cbor' | 'msg'>;

export interface CreatedCredential extends MakeCredentialAnswer {
  /** What the key had said of itself just before. */
  readonly info: AuthenticatorInfo;
}

export interface AssertionRequest {
  readonly rpId: string;
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  /** Empty: every discoverable credential of the relying party. */
  readonly allowCredentialIds: readonly Uint8Array[];
}

/** More than any key holds for one relying party; a hostile key must not keep us busy. */
const MAX_ASSERTIONS = 256;

/**
 * One insertion of one key. Operations run one after the other. Expected refusals are values; what throws is
 * CtapStatusError (any other status), CtapHidError, KeyNotAnswering, ProtocolViolation, PacketLinkClosed, ChannelClosed
 * or the signal's reason. PINs are UTF-8 bytes in normalization form C; they are the caller's to wipe, all that is made
 * from them is wiped here.
 */
export class SecurityKey {
  readonly #channel: SecurityKeyChannel;
  readonly #pins: PinCeremony;
  readonly #turns = new Turns();

  constructor(channel: SecurityKeyChannel, randomBytes: RandomBytes) {
    this.#channel = channel;
    this.#pins = new PinCeremony(channel, randomBytes);
  }

  /** What the key is and in what state. Costs no try and needs no touch. */
  describe(call: OperationCall): Promise<KeyDescription> {
    return this.#inTurn(call, async (hidCall) => {
      const { device } = this.#channel;
      if (!device.canCbor) {
        // Some of these keys choke on getInfo, so the capability byte decides and nothing else is tried.
        return { kind: 'u2f', device, u2fVersion: await askU2fVersion(this.#channel, hidCall) };
      }
      const info = await getInfo(this.#channel, hidCall);
      const pinSet = info.options.get('clientPin');
      if (pinSet === undefined) return { kind: 'ctap2', device, info, pin: { kind: 'unsupported' } };
      if (!pinSet) return { kind: 'ctap2', device, info, pin: { kind: 'none' } };
      const { retriesLeft, powerCycleNeeded } = await this.#pins.tries(info, hidCall);
      const pin = { kind: 'set', mustChange: info.forcePinChange, retriesLeft, replugNeeded: powerCycleNeeded === true } as const;
      return { kind: 'ctap2', device, info, pin };
    });
  }

  /** Gives the key its first PIN. */
  setPin(newPin: Uint8Array, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#operation(call, (info, hidCall) => this.#pins.setPin(info, newPin, hidCall));
  }

  /** Replaces the PIN. A wrong old one costs a try. */
  changePin(pins: { readonly oldPin: Uint8Array; readonly newPin: Uint8Array }, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#operation(call, (info, hidCall) => this.#pins.changePin(info, pins, hidCall));
  }

  /** Makes a discoverable credential, verified by PIN and touch. Never asks for enterprise attestation. */
  makeCredential(request: CredentialRequest, pin: Uint8Array, call: OperationCall): Promise<KeyOutcome<CreatedCredential>> {
    return this.#operation(call, async (info, hidCall) => {
      const obstacle = obstacleTo(request, info);
      if (obstacle !== undefined) return refused(obstacle);
      const parameters = parametersOf(request, info);
      const excluded = relevantCredentialIds(request.excludeCredentialIds, info);
      const direct = { ...parameters, excludeCredentialIds: excluded };
      const fits = fitsDirectly(direct, info);
      // Probing needs the right to sign as well: protected credentials stay invisible without it.
      const permissions = PIN_UV_PERMISSION.makeCredential | (fits ? 0 : PIN_UV_PERMISSION.getAssertion);
      const scope = { permissions, rpId: request.rp.id, pin };
      const opened = await this.#pins.token(info, scope, hidCall);
      if (!opened.ok) return opened;
      const authority = new TokenInUse(opened.value, () => this.#pins.token(info, scope, hidCall));
      try {
        const made = fits
          ? await makeCredential(this.#channel, { ...direct, pinUvAuth: authority.authFor(request.clientDataHash) }, hidCall)
          : await this.#makeAfterProbe(parameters, excluded, authority, info, hidCall);
        return done({ ...made, info });
      } finally {
        authority.wipe();
      }
    });
  }

  /** Signs in with the key, verified by PIN and touch. Without allowed ids: every credential found, newest first. */
  getAssertions(
    request: AssertionRequest,
    pin: Uint8Array,
    call: OperationCall,
  ): Promise<KeyOutcome<readonly AssertionAnswer[]>> {
    return this.#operation(call, async (info, hidCall) => {
      const scope = { permissions: PIN_UV_PERMISSION.getAssertion, rpId: request.rpId, pin };
      const opened = await this.#pins.token(info, scope, hidCall);
      if (!opened.ok) return opened;
      try {
        const pinUvAuth = authOf(opened.value, request.clientDataHash);
        const first = await getAssertion(this.#channel, { ...request, pinUvAuth }, hidCall);
        const assertions = [first];
        const count = first.numberOfCredentials ?? 1;
        if (count > MAX_ASSERTIONS) throw new ProtocolViolation('getAssertion answer', `${count} credentials`);
        while (assertions.length < count) assertions.push(await getNextAssertion(this.#channel, hidCall));
        return done(assertions);
      } finally {
        opened.value.wipe();
      }
    });
  }

  /** Resolves when this key was touched. Keys before CTAP 2.1 lack the command and refuse with a CtapStatusError. */
  select(call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#operation(call, async (_info, hidCall) => {
      await selectByTouch(this.#channel, hidCall);
      return done(null);
    });
  }

  /** Erases the key. Ask for nothing else first: the time in which keys allow it is short. */
  reset(call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#inTurn(call, async (hidCall) => {
      if (!this.#channel.device.canCbor) return refused({ kind: 'noCtap2' });
      return withRefusals(async () => {
        try {
          await resetKey(this.#channel, hidCall);
          return done(null);
        } catch (error) {
          // Older keys answer "too late" with the second of these.
          if (isStatus(error, CTAP_STATUS.NOT_ALLOWED) || isStatus(error, CTAP_STATUS.PIN_AUTH_BLOCKED)) {
            return refused({ kind: 'resetNotAllowed' });
          }
          throw error;
        }
      });
    });
  }

  /** Looks for excluded credentials first; one that is found goes along alone, so that the key itself says so. */
  async #makeAfterProbe(
    parameters: MakeCredentialParameters,
    excluded: readonly Uint8Array[],
    authority: TokenInUse,
    info: AuthenticatorInfo,
    hidCall: HidCall,
  ): Promise<MakeCredentialAnswer> {
    const target = { rpId: parameters.rp.id, ids: excluded, info };
    const known = await findKnownCredential(this.#channel, target, authority, hidCall);
    const excludeCredentialIds = known === undefined ? [] : [known];
    const send = () => {
      const pinUvAuth = authority.authFor(parameters.clientDataHash);
      return makeCredential(this.#channel, { ...parameters, excludeCredentialIds, pinUvAuth }, hidCall);
    };
    try {
      return await send();
    } catch (error) {
      if (!isStatus(error, CTAP_STATUS.PIN_AUTH_INVALID) || !(await authority.renew())) throw error;
      return send();
    }
  }

  #operation<T>(
    call: OperationCall,
    run: (info: AuthenticatorInfo, hidCall: HidCall) => Promise<KeyOutcome<T>>,
  ): Promise<KeyOutcome<T>> {
    return this.#inTurn(call, async (hidCall) => {
      if (!this.#channel.device.canCbor) return refused({ kind: 'noCtap2' });
      return withRefusals(async () => run(await getInfo(this.#channel, hidCall), hidCall));
    });
  }

  #inTurn<T>(call: OperationCall, work: (hidCall: HidCall) => Promise<T>): Promise<T> {
    return this.#turns.take(call.signal, () => work(hidCallOf(call)));
  }
}

/** The token in hand, and one more for keys that throw theirs away after a probe. The PIN was right a moment ago. */
class TokenInUse {
  #token: PinUvAuthToken;
  #fetch: (() => Promise<KeyOutcome<PinUvAuthToken>>) | undefined;

  constructor(token: PinUvAuthToken, fetch: () => Promise<KeyOutcome<PinUvAuthToken>>) {
    this.#token = token;
    this.#fetch = fetch;
  }

  authFor(clientDataHash: Uint8Array): PinUvAuth {
    return authOf(this.#token, clientDataHash);
  }

  async renew(): Promise<boolean> {
    const fetch = this.#fetch;
    this.#fetch = undefined;
    const opened = await fetch?.();
    if (opened === undefined || !opened.ok) return false;
    this.#token.wipe();
    this.#token = opened.value;
    return true;
  }

  wipe(): void {
    this.#token.wipe();
  }
}

function authOf(token: PinUvAuthToken, clientDataHash: Uint8Array): PinUvAuth {
  return { param: token.authenticate(clientDataHash), protocol: token.version };
}

/** What the key's own description rules out, before a PIN is sent or a touch asked for. */
function obstacleTo(request: CredentialRequest, info: AuthenticatorInfo): KeyRefusal | undefined {
  if (info.algorithms !== undefined && !request.algorithms.some((alg) => info.algorithms?.includes(alg))) {
    return { kind: 'noAlgorithm' };
  }
  if (info.remainingDiscoverableCredentials === 0) return { kind: 'keyFull' };
  return lacksCredProtect(request, info) ? { kind: 'noCredProtect' } : undefined;
}

/** Whether the exclude list can go along as it is, with room for the PIN/UV parameter (at most 32 bytes and heads). */
function fitsDirectly(parameters: MakeCredentialParameters, info: AuthenticatorInfo): boolean {
  const count = parameters.excludeCredentialIds?.length ?? 0;
  if (count === 0) return true;
  const pinUvAuth = { param: new Uint8Array(32), protocol: 2 };
  return count <= listCapacity(info) && makeCredentialRequestBytes({ ...parameters, pinUvAuth }) <= info.maxMsgSize;
}

function hidCallOf({ signal, onProgress }: OperationCall): HidCall {
  let told: OperationProgress | undefined;
  return {
    signal,
    onKeepalive: (status) => {
      const progress = status === KEEPALIVE_STATUS.UP_NEEDED ? 'touchNeeded' : 'processing';
      if (progress === told) return;
      told = progress;
      onProgress?.(progress);
    },
  };
}
