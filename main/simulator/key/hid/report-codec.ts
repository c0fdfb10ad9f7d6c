// CTAPHID packets as a key sees them. Written apart from the client's framing, so that each checks the other.
// Source: CTAP 2.3 §11.2.4 (packets), §11.2.9 (commands).

export const REPORT_BYTES = 64;
export const BROADCAST_CHANNEL = 0xffff_ffff;

const START_HEADER_BYTES = 7;
const START_DATA_BYTES = REPORT_BYTES - START_HEADER_BYTES;
const CONTINUATION_HEADER_BYTES = 5;
const CONTINUATION_DATA_BYTES = REPORT_BYTES - CONTINUATION_HEADER_BYTES;

/** The most one message can carry: a start packet and sequence numbers 0 to 127. */
export const MAX_MESSAGE_BYTES = START_DATA_BYTES + 128 * CONTINUATION_DATA_BYTES;

export const HidCommand = {
  ping: 0x01,
  msg: 0x03,
  lock: 0x04,
  init: 0x06,
  wink: 0x08,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
  /** Vendor range; the source is yubikey-manager's management.py. */
  readDeviceInfo: 0x42,
} as const;

export const HidError = {
  invalidCommand: 0x01,
  invalidParameter: 0x02,
  invalidLength: 0x03,
  invalidSequence: 0x04,
  messageTimeout: 0x05,
  channelBusy: 0x06,
  invalidChannel: 0x0b,
  other: 0x7f,
} as const;

export const KeepaliveStatus = { processing: 1, touchNeeded: 2 } as const;

export type HostReport =
  | {
      readonly kind: 'start';
      readonly channel: number;
      readonly command: number;
      readonly totalBytes: number;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'continuation'; readonly channel: number; readonly sequence: number; readonly data: Uint8Array };

/** Reads one report of exactly {@link REPORT_BYTES}. `data` of a start packet is cut to the message's length. */
export function readReport(report: Uint8Array): HostReport {
  const view = new DataView(report.buffer, report.byteOffset, report.byteLength);
  const channel = view.getUint32(0);
  const marker = view.getUint8(4);
  if ((marker & 0x80) === 0) {
    return { kind: 'continuation', channel, sequence: marker, data: report.slice(CONTINUATION_HEADER_BYTES) };
  }
  const totalBytes = view.getUint16(5);
  const data = report.slice(START_HEADER_BYTES, START_HEADER_BYTES + Math.min(totalBytes, START_DATA_BYTES));
  return { kind: 'start', channel, command: marker & 0x7f, totalBytes, data };
}

/** The reports that carry `payload`, in order, unused bytes zero. `payload` fits {@link MAX_MESSAGE_BYTES}. */
export function writeReports(channel: number, command: number, payload: Uint8Array): Uint8Array[] {
  if (payload.length > MAX_MESSAGE_BYTES) throw new RangeError(`a message of ${payload.length} bytes can't be framed`);
  const start = new Uint8Array(REPORT_BYTES);
  const view = new DataView(start.buffer);
  view.setUint32(0, channel);
  view.setUint8(4, 0x80 | command);
  view.setUint16(5, payload.length);
  start.set(payload.subarray(0, START_DATA_BYTES), START_HEADER_BYTES);
  const reports = [start];
  for (let sent = START_DATA_BYTES, sequence = 0; sent < payload.length; sequence += 1) {
    const report = new Uint8Array(REPORT_BYTES);
    new DataView(report.buffer).setUint32(0, channel);
    report[4] = sequence;
    report.set(payload.subarray(sent, sent + CONTINUATION_DATA_BYTES), CONTINUATION_HEADER_BYTES);
    reports.push(report);
    sent += CONTINUATION_DATA_BYTES;
  }
  return reports;
}
