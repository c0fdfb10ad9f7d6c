// What the client's frames cost without the client: the reports it wrote, written again to a key of the same seed through
// node-hid alone, waiting for as many reports as the key answered and comparing them afterwards. Keep-alives do not count.
import { HIDAsync } from 'node-hid';
import type { HidBackend } from '../../main/adapters/key-hid/hid-backend.ts';

/** Reports written in one go, as node-hid takes them, and what the key answered. */
export interface Exchange {
  readonly written: Uint8Array[];
  readonly answered: Uint8Array[];
}

const MARKER_AT = 4;
const KEEPALIVE = 0xbb;
/** On a machine that is emulated. */
const ANSWERS_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 5_000;

/** The system's devices, with everything written down that passes; {@link take} it. */
export class RecordingBackend implements HidBackend {
  readonly #inner: HidBackend;
  #exchanges: Exchange[] = [];

  constructor(inner: HidBackend) {
    this.#inner = inner;
  }

  /** What has passed since the last time. */
  take(): readonly Exchange[] {
    const taken = this.#exchanges;
    this.#exchanges = [];
    return taken;
  }

  async open(...[path, { onReport, onGone }]: Parameters<HidBackend['open']>): ReturnType<HidBackend['open']> {
    const handle = await this.#inner.open(path, {
      onReport: (report) => {
        if (report[MARKER_AT] !== KEEPALIVE) this.#exchanges.at(-1)?.answered.push(report);
        onReport(report);
      },
      onGone,
    });
    const write = (bytes: Uint8Array): Promise<unknown> => {
      const last = this.#exchanges.at(-1);
      if (last?.answered.length === 0) last.written.push(bytes);
      else this.#exchanges.push({ written: [bytes], answered: [] });
      return handle.write(bytes);
    };
    return { write, close: () => handle.close() };
  }

  list(): ReturnType<HidBackend['list']> {
    return this.#inner.list();
  }

  onChange(...listeners: Parameters<HidBackend['onChange']>): ReturnType<HidBackend['onChange']> {
    return this.#inner.onChange(...listeners);
  }
}

/** node-hid and nothing else. */
export class RawPeer {
  readonly #device: HIDAsync;
  #arrived: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  /** Not one for each exchange: this side is to have nothing to do but reports. */
  readonly #lookAgain = setInterval(() => this.#wake(), LOOK_AGAIN_MS);

  private constructor(device: HIDAsync) {
    this.#device = device;
  }

  static async open(path: string): Promise<RawPeer> {
    const device = await HIDAsync.open(path);
    const peer = new RawPeer(device);
    device.on('data', (report: Uint8Array) => {
      if (report[MARKER_AT] === KEEPALIVE) return;
      peer.#arrived.push(report);
      peer.#wake();
    });
    return peer;
  }

  /** Says it all again. @throws when the key does not answer, or not what it answered before. */
  async say(exchanges: readonly Exchange[]): Promise<void> {
    for (const { written, answered } of exchanges) {
      this.#arrived = [];
      const untilMs = performance.now() + ANSWERS_WITHIN_MS;
      await Promise.all(written.map((bytes) => this.#device.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))));
      while (this.#arrived.length < answered.length && performance.now() < untilMs) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      if (this.#arrived.length < answered.length) throw new Error(`${this.#arrived.length} of ${answered.length} reports came`);
    }
  }

  /** Whether the last exchange was the same to the byte. @throws when it was not */
  compare(exchanges: readonly Exchange[]): void {
    const answered = exchanges.at(-1)?.answered ?? [];
    if (Buffer.concat(answered).equals(Buffer.concat(this.#arrived))) return;
    const [was, is] = [answered, this.#arrived].map((reports) => Buffer.concat(reports).toString('hex'));
    throw new Error(`the same frames were answered otherwise: first ${was}, then ${is}`);
  }

  close(): Promise<void> {
    clearInterval(this.#lookAgain);
    return this.#device.close();
  }
}
