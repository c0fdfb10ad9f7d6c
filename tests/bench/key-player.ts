// Keys that only play. A real key computes on a chip of its own; ten virtual keys on one machine compute on its processors, and
// what is measured then is the keys. A recording is one conversation with a virtual key, report by report with the key's own
// pauses; a player is a key that answers the recorded reports after the recorded pauses and computes nothing.
import { PacketLinkClosed, type PacketLink } from '../../main/fido/hid/packet-link.ts';
import { ReportQueue } from '../../main/fido/hid/report-queue.ts';

export interface PlayedReport {
  readonly from: 'host' | 'key';
  /** Since the report before it. What a host took does not matter. */
  readonly afterMs: number;
  readonly hex: string;
}

export type Recording = readonly PlayedReport[];

/** Writes down what passes a link. */
export class RecordedLink implements PacketLink {
  readonly reportBytes: number;
  readonly recording: PlayedReport[] = [];
  readonly #link: PacketLink;
  #lastMs = performance.now();

  constructor(link: PacketLink) {
    this.#link = link;
    this.reportBytes = link.reportBytes;
  }

  write(report: Uint8Array): Promise<void> {
    this.#passed('host', report);
    return this.#link.write(report);
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    const report = await this.#link.read(signal);
    this.#passed('key', report);
    return report;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #passed(from: PlayedReport['from'], report: Uint8Array): void {
    const nowMs = performance.now();
    this.recording.push({ from, afterMs: nowMs - this.#lastMs, hex: Buffer.from(report).toString('hex') });
    this.#lastMs = nowMs;
  }
}

/** The key's end of a recorded conversation. Any report that differs from the recording ends it loudly. */
export class KeyPlayer implements PacketLink {
  readonly reportBytes = 64;
  readonly #recording: Recording;
  readonly #diverged: (complaint: Error) => void;
  readonly #reports = new ReportQueue();
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `diverged` is told of the first report that the recording does not have. */
  constructor(recording: Recording, diverged: (complaint: Error) => void) {
    this.#recording = recording;
    this.#diverged = diverged;
  }

  /** Whether the conversation has come to its end. */
  get isOver(): boolean {
    return this.#next === this.#recording.length;
  }

  async write(report: Uint8Array): Promise<void> {
    const due = this.#recording[this.#next];
    const hex = Buffer.from(report).toString('hex');
    if (due?.from !== 'host' || due.hex !== hex) {
      const expected = due === undefined ? 'no more reports' : `${due.from} ${due.hex}`;
      this.#diverged(new Error(`report ${this.#next} of the conversation: expected ${expected}, found host ${hex}`));
      return;
    }
    this.#next += 1;
    this.#play(performance.now());
  }

  /** Sends what the key has to say now, each report at its time after `fromMs`, however late a timer is. */
  #play(fromMs: number): void {
    const due = this.#recording[this.#next];
    if (due?.from !== 'key') return;
    const atMs = fromMs + due.afterMs;
    this.#timer = setTimeout(() => {
      this.#reports.push(Uint8Array.from(Buffer.from(due.hex, 'hex')));
      this.#next += 1;
      this.#play(atMs);
    }, atMs - performance.now());
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    return this.#reports.read(signal);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#reports.close(new PacketLinkClosed('the player has gone'));
  }
}
