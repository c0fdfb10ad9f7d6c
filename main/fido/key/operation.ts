// What all operations on a key share: one after the other, getInfo first, refusals as values, tokens wiped.
import { getInfo, type AuthenticatorInfo } from '../ctap/get-info.ts';
import type { PinUvAuthToken } from '../ctap/pin-uv-protocol.ts';
import type { CtapHidChannel, HidCall } from '../hid/channel.ts';
import { KEEPALIVE_STATUS } from '../hid/codes.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { standardQuirks, type KeyQuirks } from '../metadata/key-quirks.ts';
import type { RandomBytes } from '../surroundings.ts';
import { Turns } from '../turns.ts';
import { refused, withRefusals, type KeyOutcome, type KeyRefusal } from './outcome.ts';
import { PinCeremony, type TokenWish } from './pin-ceremony.ts';

/** `processing`: the key works. `touchNeeded`: it waits for the person. Told on change only. */
export type OperationProgress = 'processing' | 'touchNeeded';

export interface OperationCall {
  /** Aborting cancels on the key; the operation rejects with the signal's reason within a bounded time. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: OperationProgress) => void;
}

/** The parts of a channel that operations use. */
export type SecurityKeyChannel = Pick<CtapHidChannel, 'device' | 'maxMessageBytes' | 'cbor' | 'msg' | 'distrust'>;

/** What an operation finds when its turn has come. */
export interface Turn {
  /** What the key said of itself just now. */
  readonly info: AuthenticatorInfo;
  readonly hidCall: HidCall;
}

/** One insertion's turns, PIN state and channel, for {@link SecurityKey} and its rooms. */
export class KeyOperations {
  readonly channel: SecurityKeyChannel;
  readonly randomBytes: RandomBytes;
  /** What is known beforehand of keys like this one. */
  readonly quirks: KeyQuirks;
  readonly pins: PinCeremony;
  readonly #turns = new Turns();

  constructor(channel: SecurityKeyChannel, randomBytes: RandomBytes, quirks: KeyQuirks = standardQuirks) {
    this.channel = channel;
    this.randomBytes = randomBytes;
    this.quirks = quirks;
    this.pins = new PinCeremony(channel, randomBytes);
  }

  /** Whether the key may be sent anything of CTAP2: some say that they speak it, and choke on it. */
  get speaksCtap2(): boolean {
    return this.channel.device.canCbor && !this.quirks.neverAskInfo;
  }

  /** Work with nothing sent before it. */
  inTurn<T>(call: OperationCall, work: (hidCall: HidCall) => Promise<T>): Promise<T> {
    return this.#turns.take(call.signal, async () => {
      try {
        return await work(hidCallOf(call));
      } catch (error) {
        if (error instanceof ProtocolViolation) this.channel.distrust();
        throw error;
      }
    });
  }

  /** Work on a key that speaks CTAP2. */
  operation<T>(call: OperationCall, work: (turn: Turn) => Promise<KeyOutcome<T>>): Promise<KeyOutcome<T>> {
    return this.inTurn(call, async (hidCall) => {
      if (!this.speaksCtap2) return refused({ kind: 'noCtap2' });
      return withRefusals(async () => {
        const info = await getInfo(this.channel, hidCall);
        // Keys are known to promise more than their transport carries.
        const maxMsgSize = Math.min(info.maxMsgSize, this.channel.maxMessageBytes);
        return work({ info: { ...info, maxMsgSize }, hidCall });
      });
    });
  }

  /**
   * Work with a token of its own. `wish` says what token is wanted, or what rules the work out before a PIN is sent;
   * the token is wiped afterwards.
   */
  authorised<T>(
    call: OperationCall,
    wish: (info: AuthenticatorInfo) => KeyOutcome<TokenWish>,
    work: (token: PinUvAuthToken, turn: Turn) => Promise<KeyOutcome<T>>,
  ): Promise<KeyOutcome<T>> {
    return this.operation(call, async (turn) => {
      const wanted = wish(turn.info);
      if (!wanted.ok) return wanted;
      const opened = await this.pins.token(turn.info, wanted.value, turn.hidCall);
      if (!opened.ok) return opened;
      try {
        return await work(opened.value, turn);
      } finally {
        opened.value.wipe();
      }
    });
  }
}

/** A refusal as soon as a check stands in the way; checks are in the order in which to tell. */
export function firstObstacle(checks: readonly (readonly [stands: boolean, refusal: KeyRefusal])[]): KeyRefusal | undefined {
  return checks.find(([stands]) => stands)?.[1];
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
