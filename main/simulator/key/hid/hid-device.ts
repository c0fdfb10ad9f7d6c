// CTAPHID as a key speaks it, between power-up and power-down: channels, one transaction at a time, keep-alives, errors.
// Told in one file because all of it is one state: who holds the key right now. Source: CTAP 2.3 §11.2.
import type { Surroundings } from '../../../fido/surroundings.ts';
import { spoilAnswer, spoilReports, type FaultInjector, type FaultOccasion, type OutgoingStep } from '../key-faults.ts';
import type { KeyFault } from '../key-fault-plan.ts';
import type { KeyModel } from '../key-model.ts';
import {
  BROADCAST_CHANNEL,
  HidCommand,
  HidError,
  KeepaliveStatus,
  MAX_MESSAGE_BYTES,
  readReport,
  REPORT_BYTES,
  writeReports,
  type HostReport,
} from './report-codec.ts';

const CTAP_RESET = 0x07;
const NONCE_BYTES = 8;
const PROTOCOL_VERSION = 2;
const Capability = { wink: 0x01, cbor: 0x04, noMsg: 0x08 } as const;

/** What the device needs from the key it is part of. */
export interface HidDeviceHost {
  readonly model: KeyModel;
  readonly surroundings: Surroundings;
  readonly faults: FaultInjector;
  /** Ends with the power. */
  readonly power: AbortSignal;
  readonly send: (report: Uint8Array) => void;
  /** Somebody pulls the key out, now. */
  readonly vanish: () => void;
  /** The key leaves the bus by itself and comes back. */
  readonly reenumerate: () => void;
  readonly isTouchAwaited: () => boolean;
  /** Answers one CBOR request; `cancelled` aborts when the host sends CANCEL, `over` when nobody wants the answer. */
  readonly answer: (request: Uint8Array, cancelled: AbortSignal, over: AbortSignal) => Promise<Uint8Array>;
  /** Answers one U2F message at once. */
  readonly answerU2f: (message: Uint8Array) => Uint8Array;
  readonly winked: () => void;
}

/** A message that is arriving, or the request being answered. */
interface Transaction {
  readonly channel: number;
  readonly command: number;
  readonly payload: Uint8Array;
  receivedBytes: number;
  nextSequence: number;
  phase: 'arriving' | 'answering';
  readonly cancelled: AbortController;
  /** Ends with the answer, a resync or the power. */
  readonly over: AbortController;
  /** Restarted at each packet. */
  packetTimer: AbortController;
  faults: readonly KeyFault[];
}

export class HidDevice {
  readonly #host: HidDeviceHost;
  #channels: number[] = [];
  #current: Transaction | undefined;
  /** Answers nothing any more. */
  #isChoked = false;

  constructor(host: HidDeviceHost) {
    this.#host = host;
    host.power.addEventListener('abort', () => this.#drop(), { once: true });
  }

  /** One report from any handle. */
  receive(report: Uint8Array): void {
    if (report.length !== REPORT_BYTES || this.#host.power.aborted || this.#isChoked) return;
    const packet = readReport(report);
    if (packet.kind === 'start') this.#start(packet);
    else this.#continue(packet);
  }

  /** The touch changed from not awaited to awaited or back: the host is told at once. */
  presenceChanged(): void {
    const transaction = this.#current;
    if (transaction?.phase !== 'answering') return;
    if (transaction.faults.some(({ kind }) => kind === 'unplug-at-touch')) return this.#host.vanish();
    this.#sendKeepalive(transaction);
  }

  #start(packet: HostReport & { kind: 'start' }): void {
    const { channel, command, totalBytes } = packet;
    if (command === HidCommand.init) return this.#init(packet);
    if (!this.#isUsable(channel)) return this.#sendError(channel, HidError.invalidChannel);
    const current = this.#current;
    if (command === HidCommand.cancel) {
      const mine = current?.channel === channel && current.phase === 'answering';
      if (mine && !this.#host.model.quirks.has('ignores-cancel')) current.cancelled.abort();
      return;
    }
    if (current !== undefined && (current.channel !== channel || current.phase === 'answering')) {
      return this.#sendError(channel, HidError.channelBusy);
    }
    if (current !== undefined) {
      this.#drop();
      return this.#sendError(channel, HidError.invalidSequence);
    }
    if (totalBytes > Math.min(MAX_MESSAGE_BYTES, this.#host.model.hid.maxMessageBytes)) {
      return this.#sendError(channel, HidError.invalidLength);
    }
    this.#begin(packet);
  }

  #begin({ channel, command, totalBytes, data }: HostReport & { kind: 'start' }): void {
    const transaction: Transaction = {
      channel,
      command,
      payload: new Uint8Array(totalBytes),
      receivedBytes: data.length,
      nextSequence: 0,
      phase: 'arriving',
      cancelled: new AbortController(),
      over: new AbortController(),
      packetTimer: new AbortController(),
      faults: [],
    };
    transaction.payload.set(data);
    this.#current = transaction;
    this.#whenWhole(transaction);
  }

  #continue({ channel, sequence, data }: HostReport & { kind: 'continuation' }): void {
    const transaction = this.#current;
    // A continuation of nothing is ignored, whoever sends it.
    if (transaction?.phase !== 'arriving' || transaction.channel !== channel) return;
    if (sequence !== transaction.nextSequence) {
      this.#drop();
      return this.#sendError(channel, HidError.invalidSequence);
    }
    const wanted = data.subarray(0, transaction.payload.length - transaction.receivedBytes);
    transaction.payload.set(wanted, transaction.receivedBytes);
    transaction.receivedBytes += wanted.length;
    transaction.nextSequence += 1;
    this.#whenWhole(transaction);
  }

  #whenWhole(transaction: Transaction): void {
    transaction.packetTimer.abort();
    if (transaction.receivedBytes === transaction.payload.length) {
      transaction.phase = 'answering';
      void this.#answer(transaction);
      return;
    }
    transaction.packetTimer = new AbortController();
    const ends = AbortSignal.any([transaction.over.signal, transaction.packetTimer.signal]);
    this.#after(this.#host.model.hid.packetTimeoutMs, ends, () => {
      this.#drop();
      this.#sendError(transaction.channel, HidError.messageTimeout);
    });
  }

  async #answer(transaction: Transaction): Promise<void> {
    const { command, payload } = transaction;
    const { model } = this.#host;
    switch (command) {
      case HidCommand.ping:
        return this.#finish(transaction, command, payload, this.#struck({ hidCommand: command }));
      case HidCommand.wink:
        if (!model.hid.wink) break;
        if (payload.length > 0) return this.#refuse(transaction, HidError.invalidLength);
        this.#host.winked();
        return this.#finish(transaction, command, new Uint8Array(0), []);
      case HidCommand.readDeviceInfo:
        if (model.hid.deviceInfo === undefined) break;
        if (payload.length !== 1) return this.#refuse(transaction, HidError.invalidLength);
        return this.#finish(
          transaction,
          command,
          deviceInfoPage(model.hid.deviceInfo, payload),
          this.#struck({ hidCommand: command }),
        );
      case HidCommand.msg:
        if (!model.hid.u2f) break;
        return this.#finish(transaction, command, this.#host.answerU2f(payload), this.#struck({ hidCommand: command }));
      case HidCommand.cbor:
        if (model.quirks.has('chokes-on-ctap2')) {
          this.#isChoked = true;
          return this.#drop();
        }
        if (model.ctap2 === undefined) break;
        if (payload.length === 0) return this.#refuse(transaction, HidError.invalidLength);
        return this.#answerCbor(transaction);
    }
    this.#refuse(transaction, HidError.invalidCommand);
  }

  async #answerCbor(transaction: Transaction): Promise<void> {
    const { payload, over, cancelled } = transaction;
    const faults = this.#struck(occasionOf(payload));
    transaction.faults = faults;
    if (faults.some(({ kind }) => kind === 'unplug-at-request')) return this.#host.vanish();
    if (faults.some(({ kind }) => kind === 'silent')) return this.#drop();
    const error = faults.find((fault) => fault.kind === 'hid-error');
    if (error !== undefined) return this.#refuse(transaction, error.code);
    const endless = faults.find((fault) => fault.kind === 'endless-keepalive');
    this.#keepAlive(transaction, endless?.status);
    if (endless !== undefined) return;
    const answer = await this.#host.answer(payload, cancelled.signal, over.signal);
    if (over.signal.aborted) return;
    this.#finish(transaction, HidCommand.cbor, spoilAnswer(answer, faults), faults);
    const hasReset = payload[0] === CTAP_RESET && answer[0] === 0;
    if (hasReset && this.#host.model.quirks.has('leaves-after-reset')) this.#host.reenumerate();
  }

  /** Tells the host every 100 ms that the request lives, for as long as it does. */
  #keepAlive(transaction: Transaction, status: number | undefined): void {
    this.#after(this.#host.model.hid.keepaliveMs, transaction.over.signal, () => {
      this.#sendKeepalive(transaction, status);
      this.#keepAlive(transaction, status);
    });
  }

  #sendKeepalive(transaction: Transaction, status?: number): void {
    const own = this.#host.isTouchAwaited() ? KeepaliveStatus.touchNeeded : KeepaliveStatus.processing;
    const payload = Uint8Array.of(status ?? own);
    for (const report of writeReports(transaction.channel, HidCommand.keepalive, payload)) this.#host.send(report);
  }

  #finish(transaction: Transaction, command: number, payload: Uint8Array, faults: readonly KeyFault[]): void {
    const steps = spoilReports(writeReports(transaction.channel, command, payload), faults);
    if (this.#current === transaction) this.#drop();
    void this.#play(steps);
  }

  #refuse(transaction: Transaction, code: number): void {
    if (this.#current === transaction) this.#drop();
    this.#sendError(transaction.channel, code);
  }

  /** Sends what is to be sent, in order; without faults all of it at once. */
  async #play(steps: readonly OutgoingStep[]): Promise<void> {
    for (const step of steps) {
      if (this.#host.power.aborted) return;
      switch (step.kind) {
        case 'send':
          this.#host.send(step.report);
          break;
        case 'unplug':
          return this.#host.vanish();
        case 'wait':
          try {
            await this.#host.surroundings.clock.wait(step.delayMs, this.#host.power);
          } catch {
            return;
          }
          break;
        default: {
          const never: never = step;
          throw new Error(`unknown step ${String(never)}`);
        }
      }
    }
  }

  /** On the broadcast channel: a new channel. On one's own: drop whatever is under way and keep the channel. */
  #init({ channel, totalBytes, data }: HostReport & { kind: 'start' }): void {
    if (totalBytes !== NONCE_BYTES) return this.#sendError(channel, HidError.invalidLength);
    if (channel !== BROADCAST_CHANNEL && !this.#isUsable(channel)) {
      return this.#sendError(channel, HidError.invalidChannel);
    }
    if (this.#current?.channel === channel) this.#drop();
    const given = channel === BROADCAST_CHANNEL ? this.#newChannel() : channel;
    const { model } = this.#host;
    const { major, minor, build } = model.firmware;
    const capabilities =
      (model.hid.wink ? Capability.wink : 0) |
      (model.ctap2 === undefined && !model.quirks.has('chokes-on-ctap2') ? 0 : Capability.cbor) |
      (model.hid.u2f ? 0 : Capability.noMsg);
    const answer = new Uint8Array(17);
    answer.set(data);
    new DataView(answer.buffer).setUint32(8, given);
    answer.set([PROTOCOL_VERSION, major, minor, build, capabilities], 12);
    const faults = this.#struck({ hidCommand: HidCommand.init });
    if (faults.some(({ kind }) => kind === 'silent')) return;
    const error = faults.find((fault) => fault.kind === 'hid-error');
    if (error !== undefined) return this.#sendError(channel, error.code);
    void this.#play(spoilReports(writeReports(channel, HidCommand.init, answer), faults));
  }

  #newChannel(): number {
    for (;;) {
      const bytes = this.#host.surroundings.randomBytes(4);
      const channel = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
      if (channel === 0 || channel === BROADCAST_CHANNEL || this.#channels.includes(channel)) continue;
      this.#channels = [...this.#channels, channel].slice(-this.#host.model.hid.channels);
      return channel;
    }
  }

  #isUsable(channel: number): boolean {
    if (channel === 0 || channel === BROADCAST_CHANNEL) return false;
    return this.#channels.includes(channel) || this.#host.model.quirks.has('answers-any-channel');
  }

  #sendError(channel: number, code: number): void {
    for (const report of writeReports(channel, HidCommand.error, Uint8Array.of(code))) this.#host.send(report);
  }

  #drop(): void {
    const dropped = this.#current;
    this.#current = undefined;
    dropped?.over.abort();
  }

  #struck(occasion: Partial<FaultOccasion> & { hidCommand: number }): readonly KeyFault[] {
    return this.#host.faults.strike({ ctapCommand: undefined, subCommand: undefined, ...occasion });
  }

  #after(delayMs: number, signal: AbortSignal, action: () => void): void {
    this.#host.surroundings.clock.wait(delayMs, signal).then(action, () => undefined);
  }
}

/** The length of the rest, then tag, length and value of each field; nothing but the length behind the last page. */
function deviceInfoPage(pages: readonly ReadonlyMap<number, Uint8Array>[], [page = 0]: Uint8Array): Uint8Array {
  const fields = [...(pages[page] ?? [])].flatMap(([tag, value]) => [tag, value.length, ...value]);
  return Uint8Array.of(fields.length, ...fields);
}

/** Reads just enough of a CBOR request to know which fault is meant for it: {1: protocol, 2: sub-command, …}. */
function occasionOf(request: Uint8Array): FaultOccasion {
  const ctapCommand = request[0];
  // clientPIN starts a? 01 pp 02 ss; credentialManagement and config start a? 01 ss.
  const subCommand = request[2] === 0x01 && request[4] === 0x02 && ctapCommand === 0x06 ? request[5] : request[3];
  return { hidCommand: HidCommand.cbor, ctapCommand, subCommand };
}
