// Waits with an end: every read and write on a link goes through here.
import type { FidoClock } from '../surroundings.ts';
import { PacketLinkClosed, type PacketLink } from './packet-link.ts';

export type Arrival =
  | { readonly kind: 'report'; readonly report: Uint8Array }
  | { readonly kind: 'late' }
  | { readonly kind: 'aborted' };

const LATE: Arrival = { kind: 'late' };
const ABORTED: Arrival = { kind: 'aborted' };
/** Given as reason because without one every abort makes a DOMException with its stack, which costs more than the read. */
const OVER = 'the wait is over';

/**
 * The next report, unless `untilMs` (monotonic) passes or `signal` aborts first. A report that arrives in the same
 * moment wins, so none is lost. @throws {PacketLinkClosed}
 */
export async function nextReport(link: PacketLink, clock: FidoClock, untilMs: number, signal?: AbortSignal): Promise<Arrival> {
  if (signal?.aborted === true) return ABORTED;
  const leftMs = untilMs - clock.nowMs();
  if (leftMs <= 0) return LATE;
  const stop = new AbortController();
  let ending: Arrival = LATE;
  const onAbort = (): void => {
    ending = ABORTED;
    stop.abort(OVER);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  clock.wait(leftMs, stop.signal).then(
    () => stop.abort(OVER),
    () => undefined, // stopped because the report came, or the caller gave up
  );
  try {
    return { kind: 'report', report: await link.read(stop.signal) };
  } catch (error) {
    if (stop.signal.aborted && !(error instanceof PacketLinkClosed)) return ending;
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort(OVER);
  }
}

/**
 * Sends reports back to back: keys drop a message whose packets come slowly. False when that takes past `untilMs`.
 * Not abortable, because half a message would leave the key waiting. @throws {PacketLinkClosed}
 */
export async function writeReports(
  link: PacketLink,
  clock: FidoClock,
  reports: readonly Uint8Array[],
  untilMs: number,
): Promise<boolean> {
  const stop = new AbortController();
  const late = clock.wait(Math.max(0, untilMs - clock.nowMs()), stop.signal).then(
    () => false,
    () => true,
  );
  try {
    const written = Promise.all(reports.map((report) => link.write(report))).then(() => true);
    return await Promise.race([written, late]);
  } finally {
    stop.abort(OVER);
  }
}
