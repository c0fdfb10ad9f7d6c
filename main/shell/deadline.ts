// Nothing in the shell waits for ever: whatever Electron may leave unanswered is waited for through here.
import type { ClockPort } from '../ports/clock.ts';

export const tooLate = Symbol('tooLate');

/** What `work` resolves with, or `tooLate` after `limitMs`. A rejection of `work` is passed on unless it comes too late. */
export function within<T>(clock: ClockPort, limitMs: number, work: Promise<T>): Promise<T | typeof tooLate> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(tooLate));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
