// An open HID device as a packet link: reports without a report ID, queued from the moment of opening.
import { PacketLinkClosed, type PacketLink } from '../../fido/hid/packet-link.ts';
import { ReportQueue } from '../../fido/hid/report-queue.ts';
import type { HidBackend, HidHandle } from './hid-backend.ts';

/** Full-speed FIDO devices have reports of this size (CTAP 2.3 §11.2.4). */
const REPORT_BYTES = 64;
/** FIDO devices number no reports; node-hid still wants the number in front, on every system. */
const REPORT_ID = 0x00;

export class NodeHidLink implements PacketLink {
  readonly reportBytes = REPORT_BYTES;
  #handle: HidHandle | undefined;
  readonly #reports = new ReportQueue();
  #closing: Promise<void> | undefined;

  private constructor() {
    // Made by open(), which waits for the device.
  }

  /** Opens the device at `path`. Rejects with the system's own error. */
  static async open(backend: HidBackend, path: string): Promise<NodeHidLink> {
    const link = new NodeHidLink();
    link.#handle = await backend.open(path, {
      onReport: (report) => link.#reports.push(report),
      onGone: (cause) => link.#fail(new PacketLinkClosed('the key is gone', { cause })),
    });
    // It may have gone while it was being opened.
    if (link.#reports.closed !== null) await link.#release();
    return link;
  }

  async write(report: Uint8Array): Promise<void> {
    if (this.#reports.closed !== null) throw this.#reports.closed;
    if (report.length !== REPORT_BYTES) throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
    const numbered = new Uint8Array(1 + REPORT_BYTES);
    numbered[0] = REPORT_ID;
    numbered.set(report, 1);
    try {
      await this.#handle?.write(numbered);
    } catch (cause) {
      const closed = new PacketLinkClosed('the key takes no more reports', { cause });
      this.#fail(closed);
      throw closed;
    }
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    return this.#reports.read(signal);
  }

  async close(): Promise<void> {
    this.#fail(new PacketLinkClosed('this side closed the link'));
    await this.#release();
  }

  /** Closes the link for a reason; the first counts. */
  #fail(reason: PacketLinkClosed): void {
    if (this.#reports.close(reason)) void this.#release();
  }

  /** Gives the device back, once. A device that is gone may fail at that too, and nobody can do anything about it. */
  #release(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return Promise.resolve();
    this.#closing ??= handle.close().catch(() => undefined);
    return this.#closing;
  }
}
