// What the client's frames cost without the client: the reports it wrote, written again to a key of the same seed through
// node-hid alone, waiting for as many reports as the key answered. Keep-alives are not counted on either side.
import { HIDAsync } from 'node-hid';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';

/** One write of ours, with the name of its step; or so many reports of the key's to wait for. */
export type Exchange = { readonly step: string; readonly reports: Uint8Array[]; answers: number };

const KEEPALIVE = 0xbb;
/** On a machine that is emulated. */
const ANSWERS_WITHIN_MS = 60_000;

/** Writes down what passes a link: runs of reports written, and how many came back. */
export class RecordingLink implements PacketLink {
  readonly reportBytes: number;
  readonly exchanges: Exchange[] = [];
  /** What is going on. */
  step = 'opening';
  readonly #link: PacketLink;

  constructor(link: PacketLink) {
    this.#link = link;
    this.reportBytes = link.reportBytes;
  }

  write(report: Uint8Array): Promise<void> {
    const last = this.exchanges.at(-1);
    if (last?.answers === 0 && last.step === this.step) last.reports.push(report);
    else this.exchanges.push({ step: this.step, reports: [report], answers: 0 });
    return this.#link.write(report);
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    const report = await this.#link.read(signal);
    const last = this.exchanges.at(-1);
    if (last && report[4] !== KEEPALIVE) last.answers += 1;
    return report;
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** Says it all again; answers with the milliseconds of each step. */
export async function exchangeAgain(path: string, exchanges: readonly Exchange[]): Promise<ReadonlyMap<string, number>> {
  const device = await HIDAsync.open(path);
  let arrived = 0;
  let wake = (): void => undefined;
  let fail: (reason: Error) => void = () => undefined;
  device.on('data', (report: Buffer) => {
    if (report[4] === KEEPALIVE) return;
    arrived += 1;
    wake();
  });
  const times = new Map<string, number>();
  try {
    for (const { step, reports, answers } of exchanges) {
      const startedMs = performance.now();
      const due = arrived + answers;
      await Promise.all(reports.map((report) => device.write(Buffer.from([0, ...report]))));
      const overdue = setTimeout(() => fail(new Error(`${step}: ${due - arrived} reports did not come`)), ANSWERS_WITHIN_MS);
      const late = new Promise<never>((_resolve, reject) => (fail = reject));
      while (arrived < due) await Promise.race([late, new Promise<void>((resolve) => (wake = resolve))]);
      clearTimeout(overdue);
      times.set(step, (times.get(step) ?? 0) + performance.now() - startedMs);
    }
  } finally {
    await device.close();
  }
  return times;
}
