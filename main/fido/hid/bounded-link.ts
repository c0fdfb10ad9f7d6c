// Waits with an end: every read and write on a link goes through here.
import type { FidoClock } from '../surroundings.ts';
import { PacketLinkClosed, type PacketLink } from './packet-link.ts';

export type Arrival =
  | { readonly kind: 'report'; readonly report: Uint8Array }
  | { readonly kind: 'late' }
  | { readonly kind: 'aborted' };

const LATE: Arrival = { kind: 'late' };
const ABORTED: Arrival = { kind: 'aborted' };
/** Given as reason because without one every abort makes a DOMException with its stack, which costs more than a read. */
const OVER = 'the wait is over';
/** Reports that may still count after the time of an exchange is over: the longest answer, and signs of life before it. */
const MOST_OVERDUE = 512;

/**
 * A link for one exchange after the other: writes and reads, each with its end. A message has up to 129 reports and
 * keep-alives come on top, so what a wait needs (a timer, a signal to stop the read with) is made once and goes on for as
 * long as it will do. {@link rest} after each exchange; the link stays open.
 */
export class BoundedLink {
  readonly #link: PacketLink;
  readonly #clock: FidoClock;
  #stop = new AbortController();
  #ending: Arrival = LATE;
  /** When the wait under way, or the next one, must end. */
  #untilMs = Infinity;
  #timer: { readonly atMs: number; readonly callOff: () => void } | undefined;
  #signal: AbortSignal | undefined;
  /** Set while writing. */
  #writtenTooLate: (() => void) | undefined;
  #overdueLeft = MOST_OVERDUE;

  constructor(link: PacketLink, clock: FidoClock) {
    this.#link = link;
    this.#clock = clock;
  }

  get reportBytes(): number {
    return this.#link.reportBytes;
  }

  /**
   * Sends reports back to back: keys drop a message whose packets come slowly. False when that takes past `untilMs`
   * (monotonic). Not abortable, because half a message would leave the key waiting. @throws {PacketLinkClosed}
   */
  async write(reports: readonly Uint8Array[], untilMs: number): Promise<boolean> {
    this.#untilMs = untilMs;
    this.#setTimer();
    try {
      return await new Promise<boolean>((resolve, reject) => {
        this.#writtenTooLate = () => resolve(false);
        let left = reports.length;
        const written = (): void => {
          left -= 1;
          if (left === 0) resolve(true);
        };
        for (const report of reports) this.#link.write(report).then(written, reject);
      });
    } finally {
      this.#writtenTooLate = undefined;
    }
  }

  /**
   * The next report, unless `untilMs` (monotonic) passes or `signal` aborts first. A report that arrives in the same
   * moment wins, so none is lost. @throws {PacketLinkClosed}
   */
  async next(untilMs: number, signal?: AbortSignal): Promise<Arrival> {
    if (signal?.aborted === true) return ABORTED;
    if (untilMs - this.#clock.nowMs() <= 0) return LATE;
    this.#untilMs = untilMs;
    if (this.#stop.signal.aborted) this.#stop = new AbortController();
    this.#listenTo(signal);
    this.#setTimer();
    try {
      return { kind: 'report', report: await this.#link.read(this.#stop.signal) };
    } catch (error) {
      if (this.#stop.signal.aborted && !(error instanceof PacketLinkClosed)) return this.#ending;
      throw error;
    }
  }

  /**
   * A report that was here already when the time ran out; `late` when there is none. A process that was held up, or a
   * machine that slept, finds its timers due before it has looked at its devices once: what the key said in time counts,
   * and one turn of the event loop is waited for it. Bounded, so that no flood outlasts its deadline.
   * @throws {PacketLinkClosed}
   */
  async overdue(): Promise<Arrival> {
    if (this.#overdueLeft === 0) return LATE;
    this.#overdueLeft -= 1;
    const queued = await this.#atOnce();
    if (queued.kind === 'report') return queued;
    await this.#clock.wait(0, new AbortController().signal);
    return this.#atOnce();
  }

  /** A report that is queued, without waiting for one. */
  async #atOnce(): Promise<Arrival> {
    const stop = new AbortController();
    const reading = this.#link.read(stop.signal);
    stop.abort(OVER);
    try {
      return { kind: 'report', report: await reading };
    } catch (error) {
      if (error === OVER) return LATE;
      throw error;
    }
  }

  /** Gives the timer and the caller's signal back: the exchange is over. */
  rest(): void {
    this.#untilMs = Infinity;
    this.#overdueLeft = MOST_OVERDUE;
    this.#listenTo(undefined);
    this.#timer?.callOff();
    this.#timer = undefined;
  }

  readonly #onAbort = (): void => this.#stopReading(ABORTED);

  #listenTo(signal: AbortSignal | undefined): void {
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    signal?.addEventListener('abort', this.#onAbort);
    this.#signal = signal;
  }

  /** A timer that is early looks again; only one that would be late is replaced. */
  #setTimer(): void {
    if (this.#timer !== undefined && this.#timer.atMs <= this.#untilMs) return;
    this.#timer?.callOff();
    const atMs = this.#untilMs;
    this.#timer = { atMs, callOff: this.#clock.alarm(Math.max(0, atMs - this.#clock.nowMs()), this.#onAlarm) };
  }

  readonly #onAlarm = (): void => {
    this.#timer = undefined;
    if (this.#clock.nowMs() < this.#untilMs) this.#setTimer();
    else if (this.#writtenTooLate) this.#writtenTooLate();
    else this.#stopReading(LATE);
  };

  #stopReading(ending: Arrival): void {
    this.#ending = ending;
    this.#stop.abort(OVER);
  }
}
