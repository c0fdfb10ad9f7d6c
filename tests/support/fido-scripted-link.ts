import { PacketLinkClosed, type PacketLink } from '../../main/fido/hid/packet-link.ts';

/** The bytes of one report, written by hand so that the tested framing is not its own judge. */
export function initReport(channelId: number, command: number, messageBytes: number, data: Uint8Array): Uint8Array {
  const report = Buffer.alloc(64);
  report.writeUInt32BE(channelId, 0);
  report.writeUInt8(0x80 + command, 4);
  report.writeUInt16BE(messageBytes, 5);
  report.set(data.slice(0, 57), 7);
  return new Uint8Array(report);
}

export function continuationReport(channelId: number, sequence: number, data: Uint8Array): Uint8Array {
  const report = Buffer.alloc(64);
  report.writeUInt32BE(channelId, 0);
  report.writeUInt8(sequence, 4);
  report.set(data.slice(0, 59), 5);
  return new Uint8Array(report);
}

export function reportsOf(channelId: number, command: number, message: Uint8Array): Uint8Array[] {
  const reports = [initReport(channelId, command, message.length, message)];
  for (let offset = 57; offset < message.length; offset += 59) {
    reports.push(continuationReport(channelId, reports.length - 1, message.slice(offset)));
  }
  return reports;
}

export interface HostMessage {
  readonly channelId: number;
  readonly command: number;
  readonly message: Uint8Array;
}

/** A link whose other end is a function of the whole messages the host sends. */
export class ScriptedLink implements PacketLink {
  readonly reportBytes = 64;
  /** Every report written, and every whole message, in order. */
  readonly reports: Uint8Array[] = [];
  readonly messages: HostMessage[] = [];
  closed = false;
  /** False: writes are accepted by nobody and never settle. */
  takesWrites = true;
  readonly #onMessage: (message: HostMessage, link: ScriptedLink) => void;
  #queue: Uint8Array[] = [];
  #reader: (() => void) | undefined;
  #partial: { channelId: number; command: number; length: number; data: number[] } | undefined;

  constructor(onMessage: (message: HostMessage, link: ScriptedLink) => void) {
    this.#onMessage = onMessage;
  }

  /** Sends reports to the host; one that was pulled out sends no more. */
  send(...reports: readonly Uint8Array[]): void {
    if (this.closed) return;
    this.#queue.push(...reports);
    this.#reader?.();
  }

  /** Sends a whole message to the host. */
  answer(channelId: number, command: number, message: Uint8Array): void {
    this.send(...reportsOf(channelId, command, message));
  }

  /** Pulls the key out. */
  unplug(): void {
    this.closed = true;
    this.#reader?.();
  }

  async write(report: Uint8Array): Promise<void> {
    if (this.closed) throw new PacketLinkClosed();
    if (!this.takesWrites) return new Promise(() => undefined);
    if (report.length !== 64) throw new Error(`report of ${report.length} bytes`);
    this.reports.push(report);
    const view = Buffer.from(report);
    const channelId = view.readUInt32BE(0);
    const marker = view.readUInt8(4);
    if (marker >= 0x80) {
      this.#partial = { channelId, command: marker - 0x80, length: view.readUInt16BE(5), data: [...view.subarray(7)] };
    } else if (this.#partial) {
      this.#partial.data.push(...view.subarray(5));
    }
    const partial = this.#partial;
    if (!partial || partial.data.length < partial.length) return;
    this.#partial = undefined;
    const whole = { ...partial, message: Uint8Array.from(partial.data.slice(0, partial.length)) };
    this.messages.push(whole);
    this.#onMessage(whole, this);
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#reader) throw new Error('two reads at once');
      const settle = (): void => {
        const report = this.#queue[0];
        if (signal.aborted) reject(signal.reason);
        else if (report !== undefined) {
          this.#queue.shift();
          resolve(report);
        } else if (this.closed) reject(new PacketLinkClosed());
        else return;
        this.#reader = undefined;
        signal.removeEventListener('abort', settle);
      };
      this.#reader = settle;
      signal.addEventListener('abort', settle, { once: true });
      settle();
    });
  }

  async close(): Promise<void> {
    this.unplug();
  }
}

/** An INIT answer, as long as asked. */
export function initAnswer(
  nonce: Uint8Array,
  { channelId = 0x0102_0304, capabilities = 0x05, length = 17, version = [5, 4, 3] as readonly number[] } = {},
): Uint8Array {
  const answer = Buffer.alloc(length);
  answer.set(nonce, 0);
  answer.writeUInt32BE(channelId, 8);
  answer.set([2, ...version, capabilities], 12);
  return new Uint8Array(answer);
}
