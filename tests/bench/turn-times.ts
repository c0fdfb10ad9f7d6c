// How long the event loop of this process is held, and by whom: by work of its own, or by other programs on its processor.
// The kernel counts both for the thread. Source: Linux Documentation/scheduler/sched-stats.rst (/proc/<pid>/schedstat).
import { closeSync, openSync, readSync } from 'node:fs';

const EVERY_MS = 1;
const ROOM_BYTES = 128;

export interface TurnTimes {
  /** The longest that the loop did not come round, whatever the reason. Milliseconds, as all of them. */
  readonly heldMs: number;
  readonly heldP99Ms: number;
  /** The most processor time that this thread used between two rounds: no single turn of ours was longer. */
  readonly ownMs: number;
  readonly ownP99Ms: number;
}

/** Looks every millisecond. Between two looks there is at least one whole turn of anything else that runs. */
export function watchTurns(): { readonly stop: () => TurnTimes } {
  // The main thread's file, opened once: its numbers are of the moment of reading.
  const file = openSync('/proc/thread-self/schedstat', 'r');
  const room = Buffer.alloc(ROOM_BYTES);
  const usedMs = (): number => {
    const length = readSync(file, room, 0, ROOM_BYTES, 0);
    return Number(room.toString('latin1', 0, length).split(' ')[0]) / 1e6;
  };
  const held: number[] = [];
  const own: number[] = [];
  let last = { atMs: performance.now(), usedMs: usedMs() };
  const timer = setInterval(() => {
    const now = { atMs: performance.now(), usedMs: usedMs() };
    held.push(now.atMs - last.atMs - EVERY_MS);
    own.push(now.usedMs - last.usedMs);
    last = now;
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      closeSync(file);
      const [heldMs, heldP99Ms] = longest(held);
      const [ownMs, ownP99Ms] = longest(own);
      return { heldMs, heldP99Ms, ownMs, ownP99Ms };
    },
  };
}

/** The longest, and the 99th percentile. */
function longest(times: readonly number[]): [number, number] {
  const sorted = times.toSorted((left, right) => left - right);
  return [Math.max(0, sorted.at(-1) ?? 0), Math.max(0, sorted[Math.floor(sorted.length * 0.99)] ?? 0)];
}
