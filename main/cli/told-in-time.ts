// Waiting for something to be told, with an end: time, or the person who gives up.
import type { ClockPort } from '../ports/clock.ts';

export interface ToldInTimeParts<Told> {
  readonly clock: ClockPort;
  readonly withinMs: number;
  readonly signal: AbortSignal;
  /** Listens to the source, which may tell at once; the result stops it. */
  readonly listen: (tell: (told: Told) => void) => () => void;
}

/** The first that is told; null when nothing was in time. Rejects with the signal's reason when it aborts. */
export function toldInTime<Told>({ clock, withinMs, signal, listen }: ToldInTimeParts<Told>): Promise<Told | null> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stopClock();
      signal.removeEventListener('abort', abort);
      // Not before listening has begun: the source may have told at once.
      queueMicrotask(() => stopListening());
      finish();
    };
    const abort = () => settle(() => reject(signal.reason));
    const stopClock = clock.after(withinMs, () => settle(() => resolve(null)));
    signal.addEventListener('abort', abort, { once: true });
    const stopListening = listen((told) => settle(() => resolve(told)));
  });
}
