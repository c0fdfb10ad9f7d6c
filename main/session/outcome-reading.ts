// Reading an outcome inside a transition whose guard has already decided which side it is.
import type { Reason } from '../../contract/reason.ts';
import type { Outcome } from '../ports/outcome.ts';

/** The reason of a refused outcome; asking a granted one is a bug. */
export function reasonOf(outcome: Outcome<unknown>): Reason {
  if (outcome.ok) throw new Error('a reason was read from an outcome that has none');
  return outcome.reason;
}

/** The value of a granted outcome; asking a refused one is a bug. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error('a value was read from an outcome that has none');
  return outcome.value;
}

export const codeOf = (outcome: Outcome<unknown>): Reason['code'] | null => (outcome.ok ? null : outcome.reason.code);
