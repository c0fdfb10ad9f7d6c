// One open handle of a virtual key: what the key sends is queued here until somebody reads it.
import { PacketLinkClosed, type PacketLink } from '../../fido/hid/packet-link.ts';
import { REPORT_BYTES } from './hid/report-codec.ts';

interface Reader {
  readonly resolve: (report: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

export class ReportPipe implements PacketLink {
  readonly reportBytes = REPORT_BYTES;
  readonly #send: (report: Uint8Array) => void;
  readonly #closed: () => void;
  #queued: Uint8Array[] = [];
  #readers: Reader[] = [];
  #isOpen = true;

  /** `send` takes host reports to the key; `closed` is told once, whoever closes. */
  constructor(send: (report: Uint8Array) => void, closed: () => void) {
    this.#send = send;
    this.#closed = closed;
  }

  async write(report: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new PacketLinkClosed('the handle is closed');
    if (report.length !== REPORT_BYTES) throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
    this.#send(report.slice());
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const queued = this.#queued.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    if (!this.#isOpen) return Promise.reject(new PacketLinkClosed('the handle is closed'));
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#readers = this.#readers.filter((other) => other !== reader);
        reject(signal.reason);
      };
      const reader: Reader = {
        resolve: (report) => {
          signal.removeEventListener('abort', aborted);
          resolve(report);
        },
        reject: (reason) => {
          signal.removeEventListener('abort', aborted);
          reject(reason);
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#readers.push(reader);
    });
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#queued = [];
    for (const reader of this.#readers.splice(0)) reader.reject(new PacketLinkClosed('the handle is closed'));
    this.#closed();
  }

  /** A report from the key, as every handle sees it. */
  deliver(report: Uint8Array): void {
    if (!this.#isOpen) return;
    const reader = this.#readers.shift();
    if (reader === undefined) this.#queued.push(report.slice());
    else reader.resolve(report.slice());
  }
}
