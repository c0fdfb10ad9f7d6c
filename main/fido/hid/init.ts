// CTAPHID_INIT: gets a channel, or brings an existing one back into step. Source: CTAP 2.3 §11.2.9.1.3.
import { equalBytes } from '../bytes/compare.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import type { Surroundings } from '../surroundings.ts';
import type { BoundedLink } from './bounded-link.ts';
import { BROADCAST_CHANNEL, HID_CAPABILITY, HID_COMMAND } from './codes.ts';
import { CtapHidError, KeyNotAnswering } from './errors.ts';
import { decodeFrame, encodeMessage } from './frames.ts';

const NONCE_BYTES = 8;
/** Longer answers are fine: the specification reserves the right to append. */
const ANSWER_BYTES = 17;

export interface HidDevice {
  readonly channelId: number;
  /** CTAPHID protocol version; 2 on every key known. */
  readonly protocolVersion: number;
  /** Device version; the firmware version on many keys. */
  readonly version: { readonly major: number; readonly minor: number; readonly build: number };
  /** The capability byte as sent. */
  readonly capabilities: number;
  readonly canWink: boolean;
  /** Speaks CTAP2. */
  readonly canCbor: boolean;
  /** Speaks CTAP1/U2F. */
  readonly canMsg: boolean;
}

export interface InitExchange {
  /** {@link BROADCAST_CHANNEL} to get a channel; an allocated one to abort what it is doing and keep it. */
  readonly channelId: number;
  /** Monotonic time at which to stop waiting. */
  readonly untilMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One INIT and its answer, recognised by the nonce: other programs' answers and stale packets are skipped.
 * @throws {KeyNotAnswering}, {@link CtapHidError}, {@link ProtocolViolation}, PacketLinkClosed, or the signal's reason.
 */
export async function exchangeInit(
  link: BoundedLink,
  { clock, randomBytes }: Surroundings,
  { channelId, untilMs, signal }: InitExchange,
): Promise<HidDevice> {
  const startedMs = clock.nowMs();
  const silent = (): KeyNotAnswering => new KeyNotAnswering('silent', HID_COMMAND.INIT, clock.nowMs() - startedMs);
  signal?.throwIfAborted();
  const nonce = randomBytes(NONCE_BYTES);
  const reports = encodeMessage(channelId, HID_COMMAND.INIT, nonce, link.reportBytes);
  try {
    if (!(await link.write(reports, untilMs))) throw silent();
    for (;;) {
      let arrival = await link.next(untilMs, signal);
      if (arrival.kind === 'late') arrival = await link.overdue();
      if (arrival.kind === 'aborted') throw signal?.reason;
      if (arrival.kind === 'late') throw silent();
      const frame = decodeFrame(arrival.report);
      if (frame?.kind !== 'init') continue;
      if (frame.command === HID_COMMAND.ERROR && frame.channelId === channelId) {
        throw new CtapHidError(frame.data[0] ?? 0, HID_COMMAND.INIT);
      }
      if (frame.command !== HID_COMMAND.INIT || !equalBytes(frame.data.slice(0, NONCE_BYTES), nonce)) continue;
      // A link may also hand over less than a whole report.
      const answerBytes = Math.min(frame.messageBytes, frame.data.length);
      if (answerBytes < ANSWER_BYTES) throw new ProtocolViolation('CTAPHID INIT', `answer of ${answerBytes} bytes`);
      return readInitAnswer(frame.data);
    }
  } finally {
    link.rest();
  }
}

function readInitAnswer(data: Uint8Array): HidDevice {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const channelId = view.getUint32(8);
  if (channelId === 0 || channelId === BROADCAST_CHANNEL) {
    throw new ProtocolViolation('CTAPHID INIT', `reserved channel ${channelId.toString(16)} given out`);
  }
  const capabilities = view.getUint8(16);
  return {
    channelId,
    protocolVersion: view.getUint8(12),
    version: { major: view.getUint8(13), minor: view.getUint8(14), build: view.getUint8(15) },
    capabilities,
    canWink: (capabilities & HID_CAPABILITY.WINK) !== 0,
    canCbor: (capabilities & HID_CAPABILITY.CBOR) !== 0,
    canMsg: (capabilities & HID_CAPABILITY.NMSG) === 0,
  };
}
