// One port call's time: everything below it waits inside this and nothing outlives it.
import type { ClockPort } from '../../../ports/clock.ts';
import type { Call } from '../../../ports/directory.ts';

export interface CallBudget {
  /** Aborts when the caller gives up or the time is over. */
  readonly signal: AbortSignal;
  /** True after `delayMs`; false, without waiting in vain, when that is longer than what is left or the caller gives up. */
  wait(delayMs: number): Promise<boolean>;
  /** `work`'s outcome, or a rejection as soon as the budget ends; late outcomes are dropped. */
  race<T>(work: Promise<T>): Promise<T>;
}

/**
 * Runs `work` with `call.deadlineMs` of time. Rejects with the caller's abort reason when the caller gave up, whatever
 * `work` made of it; a budget that ran out is `work`'s to turn into an outcome.
 */
export async function withBudget<T>(clock: ClockPort, call: Call, work: (budget: CallBudget) => Promise<T>): Promise<T> {
  call.signal.throwIfAborted();
  const endsAtMs = clock.nowMs() + call.deadlineMs;
  const over = new AbortController();
  const cancelTimer = clock.after(call.deadlineMs, () => over.abort());
  const signal = AbortSignal.any([call.signal, over.signal]);
  try {
    const outcome = await work({
      signal,
      wait: (delayMs) => wait(clock, delayMs, endsAtMs - clock.nowMs(), signal),
      race: (late) => race(late, signal),
    });
    call.signal.throwIfAborted();
    return outcome;
  } catch (error) {
    call.signal.throwIfAborted();
    throw error;
  } finally {
    cancelTimer();
  }
}

/** False at once when the budget would end first, false later when the caller gives up meanwhile. */
async function wait(clock: ClockPort, delayMs: number, leftMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || delayMs >= leftMs) return false;
  return new Promise((resolve) => {
    const aborted = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', aborted);
      resolve(true);
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}

async function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let aborted = (): void => {};
  const end = new Promise<never>((_resolve, reject) => {
    aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}
