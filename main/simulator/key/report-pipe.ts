// One open handle of a virtual key: what the key sends is queued here until somebody reads it.
import { PacketLinkClosed, type PacketLink } from '../../fido/hid/packet-link.ts';
import { ReportQueue } from '../../fido/hid/report-queue.ts';
import { REPORT_BYTES } from './hid/report-codec.ts';

export class ReportPipe implements PacketLink {
  readonly reportBytes = REPORT_BYTES;
  readonly #send: (report: Uint8Array) => void;
  readonly #closed: () => void;
  readonly #reports = new ReportQueue();

  /** `send` takes host reports to the key; `closed` is told once, whoever closes. */
  constructor(send: (report: Uint8Array) => void, closed: () => void) {
    this.#send = send;
    this.#closed = closed;
  }

  async write(report: Uint8Array): Promise<void> {
    if (this.#reports.closed !== null) throw this.#reports.closed;
    if (report.length !== REPORT_BYTES) throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
    this.#send(report.slice());
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    return this.#reports.read(signal);
  }

  async close(): Promise<void> {
    if (this.#reports.close(new PacketLinkClosed('the handle is closed'))) this.#closed();
  }

  /** A report from the key, as every handle sees it. */
  deliver(report: Uint8Array): void {
    this.#reports.push(report.slice());
  }
}
