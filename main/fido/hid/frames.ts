// One message as reports and back. Source: CTAP 2.3 §11.2.4 (message and packet structure).
import { ProtocolViolation } from '../protocol-violation.ts';

/** The first packet of a message: command, total length, first bytes (padding included). */
export interface InitFrame {
  readonly kind: 'init';
  readonly channelId: number;
  /** Without the bit 0x80. */
  readonly command: number;
  /** Length of the whole message in bytes (BCNT). */
  readonly messageBytes: number;
  readonly data: Uint8Array;
}

export interface ContinuationFrame {
  readonly kind: 'continuation';
  readonly channelId: number;
  /** 0 to 127. */
  readonly sequence: number;
  readonly data: Uint8Array;
}

export type Frame = InitFrame | ContinuationFrame;

const INIT_HEADER_BYTES = 7;
const CONTINUATION_HEADER_BYTES = 5;
const MAX_CONTINUATIONS = 128;
const INIT_BIT = 0x80;

/** What two bytes of length can say. */
const MAX_LENGTH = 0xffff;

/** Longest message that reports of this size can carry: 7609 bytes for 64. */
export function maxMessageBytes(reportBytes: number): number {
  const room = reportBytes - INIT_HEADER_BYTES + MAX_CONTINUATIONS * (reportBytes - CONTINUATION_HEADER_BYTES);
  return Math.min(room, MAX_LENGTH);
}

/**
 * All reports of one message, in order, padded with zeros.
 * @throws {RangeError} when the message is longer than {@link maxMessageBytes}.
 */
export function encodeMessage(
  channelId: number,
  command: number,
  message: Uint8Array,
  reportBytes: number,
): readonly Uint8Array[] {
  if (message.length > maxMessageBytes(reportBytes)) {
    throw new RangeError(`a CTAPHID message holds ${maxMessageBytes(reportBytes)} bytes, not ${message.length}`);
  }
  const first = new Uint8Array(reportBytes);
  const view = new DataView(first.buffer);
  view.setUint32(0, channelId);
  view.setUint8(4, INIT_BIT | command);
  view.setUint16(5, message.length);
  let offset = reportBytes - INIT_HEADER_BYTES;
  first.set(message.subarray(0, offset), INIT_HEADER_BYTES);
  const reports = [first];
  while (offset < message.length) {
    const next = new Uint8Array(reportBytes);
    new DataView(next.buffer).setUint32(0, channelId);
    next[4] = reports.length - 1;
    const end = offset + reportBytes - CONTINUATION_HEADER_BYTES;
    next.set(message.subarray(offset, end), CONTINUATION_HEADER_BYTES);
    offset = end;
    reports.push(next);
  }
  return reports;
}

/** Reads one report; `undefined` when it is too short to hold a header, and so to belong to anybody. */
export function decodeFrame(report: Uint8Array): Frame | undefined {
  if (report.length < CONTINUATION_HEADER_BYTES) return undefined;
  const view = new DataView(report.buffer, report.byteOffset, report.byteLength);
  const channelId = view.getUint32(0);
  const marker = view.getUint8(4);
  if ((marker & INIT_BIT) === 0) {
    return { kind: 'continuation', channelId, sequence: marker, data: report.subarray(CONTINUATION_HEADER_BYTES) };
  }
  if (report.length < INIT_HEADER_BYTES) return undefined;
  return {
    kind: 'init',
    channelId,
    command: marker & ~INIT_BIT,
    messageBytes: view.getUint16(5),
    data: report.subarray(INIT_HEADER_BYTES),
  };
}

/** Puts one message together from its frames. A report longer than agreed has padding behind its bytes, and no more. */
export class MessageAssembly {
  readonly command: number;
  readonly #reportBytes: number;
  readonly #bytes: Uint8Array;
  #filled = 0;
  #nextSequence = 0;

  /** @throws {ProtocolViolation} when the announced length can't be carried by reports of this size. */
  constructor(first: InitFrame, reportBytes: number) {
    if (first.messageBytes > maxMessageBytes(reportBytes)) {
      throw new ProtocolViolation('CTAPHID', `message of ${first.messageBytes} bytes announced`);
    }
    this.command = first.command;
    this.#reportBytes = reportBytes;
    this.#bytes = new Uint8Array(first.messageBytes);
    this.#fill(first.data, INIT_HEADER_BYTES);
  }

  /** The whole message, or `undefined` while parts are missing. */
  get message(): Uint8Array | undefined {
    return this.#filled === this.#bytes.length ? this.#bytes : undefined;
  }

  /** @throws {ProtocolViolation} for a frame out of order. */
  add(frame: ContinuationFrame): void {
    if (frame.sequence !== this.#nextSequence) {
      throw new ProtocolViolation('CTAPHID', `packet ${frame.sequence} where ${this.#nextSequence} was due`);
    }
    this.#nextSequence += 1;
    this.#fill(frame.data, CONTINUATION_HEADER_BYTES);
  }

  #fill(data: Uint8Array, headerBytes: number): void {
    const part = data.subarray(0, Math.min(this.#reportBytes - headerBytes, this.#bytes.length - this.#filled));
    this.#bytes.set(part, this.#filled);
    this.#filled += part.length;
  }
}
