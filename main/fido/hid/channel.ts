// One CTAPHID channel: one message at a time, keep-alives, cancelling, and finding back into step after trouble.
// The file is one flow told in one breath. Source: CTAP 2.3 §11.2.5 to §11.2.9.
import { equalBytes } from '../bytes/compare.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import type { Surroundings } from '../surroundings.ts';
import { Turns } from '../turns.ts';
import { BoundedLink } from './bounded-link.ts';
import { BROADCAST_CHANNEL, HID_COMMAND, HID_ERROR } from './codes.ts';
import { ChannelClosed, CtapHidError, KeyNotAnswering } from './errors.ts';
import { MessageAssembly, decodeFrame, encodeMessage, maxMessageBytes, type Frame } from './frames.ts';
import { exchangeInit, type HidDevice } from './init.ts';
import type { PacketLink } from './packet-link.ts';

/** All in milliseconds. */
export interface ChannelTiming {
  /** How long a key may say nothing: before its first packet, between keep-alives, and within one answer. */
  readonly responseTimeoutMs: number;
  /** How long a key may take to answer a CANCEL before the channel is reset under it. */
  readonly cancelTimeoutMs: number;
  /** How long keep-alives may go on in one transaction, whatever the caller's signal says. */
  readonly transactionLimitMs: number;
  readonly busyRetryDelayMs: number;
  readonly busyRetryLimitMs: number;
  /** How long to swallow leftovers after the channel was reset. */
  readonly drainMs: number;
}

export const STANDARD_TIMING: ChannelTiming = {
  responseTimeoutMs: 3_000,
  cancelTimeoutMs: 1_500,
  transactionLimitMs: 120_000,
  busyRetryDelayMs: 200,
  busyRetryLimitMs: 2_000,
  drainMs: 100,
};

/** Smallest report in which an INIT answer fits without continuation. Full-speed keys have 64. */
const MIN_REPORT_BYTES = 24;
const ALLOCATION_ATTEMPTS = 2;
/** What a pending CBOR request answers when it was cancelled (CTAP2_ERR_KEEPALIVE_CANCEL). */
const STATUS_KEEPALIVE_CANCEL = 0x2d;
/** Another program has the key to itself, for a moment (a lock lasts ten seconds at most). */
const OCCUPIED: ReadonlySet<number> = new Set([HID_ERROR.CHANNEL_BUSY, HID_ERROR.LOCK_REQUIRED]);
/** Packets were lost, or the key has forgotten the channel: put right before the next message. */
const ASTRAY: ReadonlySet<number> = new Set([HID_ERROR.INVALID_SEQ, HID_ERROR.MSG_TIMEOUT, HID_ERROR.INVALID_CHANNEL]);

export interface HidCall {
  /** Aborting cancels the request on the key and waits, bounded, until the key has let go. */
  readonly signal: AbortSignal;
  /** Each keep-alive's status byte: 1 processing, 2 waiting for touch; treat others as a sign of life. */
  readonly onKeepalive?: (status: number) => void;
  /**
   * False: never send this message twice, not even when the key says that it did not take it. For messages bound to
   * something that another program's turn in between could have changed, such as a key agreement.
   */
  readonly resend?: boolean;
}

/**
 * `unsynced`: the last exchange broke off, an INIT must come first. `lost`: the key no longer knows the channel.
 */
type ChannelState = 'ready' | 'unsynced' | 'lost';

interface GivingUp {
  readonly reason: unknown;
  readonly untilMs: number;
}

export class CtapHidChannel {
  readonly #link: PacketLink;
  readonly #bounded: BoundedLink;
  readonly #surroundings: Surroundings;
  readonly #timing: ChannelTiming;
  readonly #closing = new AbortController();
  #device: HidDevice;
  #state: ChannelState = 'ready';
  readonly #turns = new Turns();
  readonly #signals = new WeakMap<AbortSignal, AbortSignal>();

  private constructor(
    link: PacketLink,
    bounded: BoundedLink,
    surroundings: Surroundings,
    timing: ChannelTiming,
    device: HidDevice,
  ) {
    this.#link = link;
    this.#bounded = bounded;
    this.#surroundings = surroundings;
    this.#timing = timing;
    this.#device = device;
  }

  /**
   * Gets a channel on an open link. The channel owns the link from then on; when opening fails the caller still does.
   * @throws {KeyNotAnswering}, {@link CtapHidError}, {@link ProtocolViolation}, PacketLinkClosed, or the signal's reason.
   */
  static async open(
    link: PacketLink,
    surroundings: Surroundings,
    { signal, timing = STANDARD_TIMING }: { readonly signal: AbortSignal; readonly timing?: ChannelTiming },
  ): Promise<CtapHidChannel> {
    if (link.reportBytes < MIN_REPORT_BYTES) {
      throw new ProtocolViolation('CTAPHID', `reports of ${link.reportBytes} bytes`);
    }
    const bounded = new BoundedLink(link, surroundings.clock);
    const device = await allocate(bounded, surroundings, timing, signal);
    return new CtapHidChannel(link, bounded, surroundings, timing, device);
  }

  /** What the key said of itself when it gave out the channel. */
  get device(): HidDevice {
    return this.#device;
  }

  /** Bytes of the longest message that CTAPHID carries in this link's reports: 7609 for 64. */
  get maxMessageBytes(): number {
    return maxMessageBytes(this.#link.reportBytes);
  }

  /** Sends a CTAP2 request (command byte and parameters); resolves with status byte and answer. Errors as {@link transact}. */
  cbor(request: Uint8Array, call: HidCall): Promise<Uint8Array> {
    return this.transact(HID_COMMAND.CBOR, request, call);
  }

  /** Sends a CTAP1/U2F APDU; resolves with data and status word. Errors as {@link transact}. */
  msg(apdu: Uint8Array, call: HidCall): Promise<Uint8Array> {
    return this.transact(HID_COMMAND.MSG, apdu, call);
  }

  /** Sends bytes to be echoed. @throws {ProtocolViolation} when the echo differs; else as {@link transact}. */
  async ping(data: Uint8Array, call: HidCall): Promise<void> {
    const echo = await this.transact(HID_COMMAND.PING, data, call);
    if (!equalBytes(echo, data)) throw new ProtocolViolation('CTAPHID PING', 'the echo differs');
  }

  /**
   * Makes the key blink for a moment; false when it has no such feature. Some keys stumble over a CTAP2 request that
   * follows at once, so this is for finding a key, not for decoration. Errors as {@link transact}.
   */
  async wink(call: HidCall): Promise<boolean> {
    if (!this.#device.canWink) return false;
    await this.transact(HID_COMMAND.WINK, new Uint8Array(0), call);
    return true;
  }

  /**
   * One message and its answer; calls wait for their turn. When the signal aborts, a CTAP2 request is cancelled on the
   * key first: the promise rejects with the signal's reason, unless the real answer was quicker, which is then given.
   * @throws {CtapHidError} when the key refused the message; {@link KeyNotAnswering}; {@link ProtocolViolation};
   *   PacketLinkClosed; {@link ChannelClosed}; RangeError for a message too long for CTAPHID; the signal's reason.
   */
  transact(command: number, message: Uint8Array, call: HidCall): Promise<Uint8Array> {
    const signal = this.#orClosing(call.signal);
    return this.#turns.take(signal, () => this.#persist(command, message, { ...call, signal }));
  }

  /**
   * What the key answered can't be an answer to what it was asked: the next exchange gets into step first. A key that
   * answers twice would otherwise stay one answer behind for good.
   */
  distrust(): void {
    if (this.#state === 'ready') this.#state = 'unsynced';
  }

  /** One for each signal of a caller, who sends many messages under it: a signal that follows two others is dear to make. */
  #orClosing(signal: AbortSignal): AbortSignal {
    const known = this.#signals.get(signal);
    if (known !== undefined) return known;
    const made = AbortSignal.any([signal, this.#closing.signal]);
    this.#signals.set(signal, made);
    return made;
  }

  /** Cancels what is running, waits (bounded) until the key has heard it, and closes the link. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new ChannelClosed());
    await this.#turns.ended();
    await this.#link.close();
  }

  /** An exchange, with the retries that cost nothing: refused because busy, or because packets or the channel went astray. */
  async #persist(command: number, message: Uint8Array, call: HidCall): Promise<Uint8Array> {
    const { clock } = this.#surroundings;
    const reports = () => encodeMessage(this.#device.channelId, command, message, this.#link.reportBytes);
    const busyUntilMs = clock.nowMs() + this.#timing.busyRetryLimitMs;
    let mayResend = true;
    for (;;) {
      let isSent = false;
      try {
        if (this.#state !== 'ready') await this.#makeReady(call.signal);
        isSent = true;
        return await this.#exchange(command, reports(), call);
      } catch (error) {
        if (!(error instanceof CtapHidError) || (isSent && call.resend === false)) throw error;
        if (OCCUPIED.has(error.code)) {
          if (clock.nowMs() + this.#timing.busyRetryDelayMs > busyUntilMs) throw error;
          await clock.wait(this.#timing.busyRetryDelayMs, call.signal);
        } else if (ASTRAY.has(error.code) && mayResend) {
          mayResend = false;
        } else {
          throw error;
        }
      }
    }
  }

  async #exchange(command: number, reports: readonly Uint8Array[], call: HidCall): Promise<Uint8Array> {
    const { clock } = this.#surroundings;
    const startedMs = clock.nowMs();
    const notAnswering = (manner: 'silent' | 'endless'): KeyNotAnswering =>
      new KeyNotAnswering(manner, command, clock.nowMs() - startedMs);
    const endlessAtMs = startedMs + this.#timing.transactionLimitMs;
    let silentAtMs = startedMs + this.#timing.responseTimeoutMs;
    let givingUp: GivingUp | undefined;
    let assembly: MessageAssembly | undefined;
    const link = this.#bounded;

    this.#state = 'unsynced'; // until this ends well
    try {
      if (!(await link.write(reports, silentAtMs))) throw notAnswering('silent');
      silentAtMs = clock.nowMs() + this.#timing.responseTimeoutMs;
      for (;;) {
        let arrival = givingUp
          ? await link.next(givingUp.untilMs)
          : await link.next(Math.min(silentAtMs, endlessAtMs), call.signal);
        if (arrival.kind === 'late') arrival = await link.overdue();
        if (arrival.kind !== 'report') {
          if (givingUp) throw givingUp.reason;
          if (arrival.kind === 'late' && clock.nowMs() < endlessAtMs) throw notAnswering('silent');
          const reason = arrival.kind === 'aborted' ? call.signal.reason : notAnswering('endless');
          givingUp = { reason, untilMs: clock.nowMs() + this.#timing.cancelTimeoutMs };
          await this.#cancel(command, givingUp.untilMs);
          continue;
        }
        const frame = decodeFrame(arrival.report);
        if (frame?.channelId !== this.#device.channelId) continue;
        if (frame.kind === 'init' && frame.command === HID_COMMAND.KEEPALIVE) {
          silentAtMs = clock.nowMs() + this.#timing.responseTimeoutMs;
          if (!givingUp) call.onKeepalive?.(frame.data[0] ?? 0);
          continue;
        }
        const begun: MessageAssembly | undefined = this.#accept(frame, command, assembly);
        if (begun !== assembly) silentAtMs = clock.nowMs() + this.#timing.responseTimeoutMs;
        assembly = begun;
        const answer = assembly?.message;
        if (answer === undefined) continue;
        const isCancelled = command === HID_COMMAND.CBOR && answer[0] === STATUS_KEEPALIVE_CANCEL;
        // An answer that crossed our CANCEL may be followed by one to that: then INIT comes before the next message.
        if (!givingUp || isCancelled || command !== HID_COMMAND.CBOR) this.#state = 'ready';
        if (givingUp && isCancelled) throw givingUp.reason;
        link.rest();
        return answer;
      }
    } catch (error) {
      link.rest();
      await this.#recover(error);
      throw givingUp?.reason ?? error;
    }
  }

  /** Takes one frame of our channel into the answer that is being put together. */
  #accept(frame: Frame, command: number, assembly: MessageAssembly | undefined): MessageAssembly | undefined {
    if (frame.kind === 'continuation') {
      assembly?.add(frame); // one that belongs to nothing is a leftover
      return assembly;
    }
    switch (frame.command) {
      case HID_COMMAND.ERROR:
        throw new CtapHidError(frame.data[0] ?? 0, command);
      case HID_COMMAND.INIT:
        return assembly; // a late answer to an earlier INIT
      case command:
        if (assembly) throw new ProtocolViolation('CTAPHID', 'a second answer began inside the first');
        return new MessageAssembly(frame, this.#link.reportBytes);
      default:
        throw new ProtocolViolation('CTAPHID', `answer to command ${frame.command} instead of ${command}`);
    }
  }

  /** Only CTAP2 requests can be cancelled; for others the wait itself is what is bounded. */
  async #cancel(command: number, untilMs: number): Promise<void> {
    if (command !== HID_COMMAND.CBOR) return;
    const { channelId } = this.#device;
    const reports = encodeMessage(channelId, HID_COMMAND.CANCEL, new Uint8Array(0), this.#link.reportBytes);
    await this.#bounded.write(reports, untilMs);
  }

  /** After a failed exchange: decide what the channel is worth, and stop the key if it may still be working. */
  async #recover(error: unknown): Promise<void> {
    if (error instanceof CtapHidError) {
      if (error.code === HID_ERROR.INVALID_CHANNEL) this.#state = 'lost';
      else if (error.code !== HID_ERROR.INVALID_SEQ && error.code !== HID_ERROR.MSG_TIMEOUT) this.#state = 'ready';
      return;
    }
    if (this.#state !== 'unsynced') return;
    try {
      await this.#resync();
    } catch {
      // The next exchange tries again and then reports what it finds; this one has its own story to tell.
    }
  }

  async #makeReady(signal: AbortSignal): Promise<void> {
    if (this.#state === 'unsynced') {
      try {
        await this.#resync(signal);
      } catch (error) {
        if (!(error instanceof CtapHidError && error.code === HID_ERROR.INVALID_CHANNEL)) throw error;
        this.#state = 'lost';
      }
    }
    if (this.#state === 'lost') {
      this.#device = await allocate(this.#bounded, this.#surroundings, this.#timing, signal);
      this.#state = 'ready';
    }
  }

  async #resync(signal?: AbortSignal): Promise<void> {
    const { clock } = this.#surroundings;
    this.#device = await exchangeInit(this.#bounded, this.#surroundings, {
      channelId: this.#device.channelId,
      untilMs: clock.nowMs() + this.#timing.cancelTimeoutMs,
      ...(signal && { signal }),
    });
    await this.#drain(clock.nowMs() + this.#timing.drainMs);
    this.#state = 'ready';
  }

  /** Swallows what still arrives from before. */
  async #drain(untilMs: number): Promise<void> {
    try {
      while ((await this.#bounded.next(untilMs)).kind === 'report');
    } finally {
      this.#bounded.rest();
    }
  }
}

async function allocate(
  link: BoundedLink,
  surroundings: Surroundings,
  timing: ChannelTiming,
  signal: AbortSignal,
): Promise<HidDevice> {
  const { clock } = surroundings;
  const busyUntilMs = clock.nowMs() + timing.busyRetryLimitMs;
  let silences = 0;
  for (;;) {
    try {
      const untilMs = clock.nowMs() + timing.responseTimeoutMs;
      return await exchangeInit(link, surroundings, { channelId: BROADCAST_CHANNEL, untilMs, signal });
    } catch (error) {
      if (error instanceof CtapHidError) {
        // On the broadcast channel this may have been meant for another program, which makes waiting all the more right.
        if (clock.nowMs() + timing.busyRetryDelayMs > busyUntilMs) throw error;
        await clock.wait(timing.busyRetryDelayMs, signal);
      } else if (error instanceof KeyNotAnswering) {
        silences += 1; // a key that was asleep may miss the first packet
        if (silences >= ALLOCATION_ATTEMPTS) throw error;
      } else {
        throw error;
      }
    }
  }
}
