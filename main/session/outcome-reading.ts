// What an effect answered, in the words of a machine's transitions.
import type { Reason, ReasonCode } from '../../contract/reason.ts';
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

/** What an effect answered, as its transitions see it. */
export interface Answered {
  readonly event: { readonly output: Outcome<unknown> };
}

export const granted = ({ event }: Answered): boolean => event.output.ok;

export const refusedAs =
  (code: ReasonCode) =>
  ({ event }: Answered): boolean =>
    !event.output.ok && event.output.reason.code === code;

/** For actions of a transition that a refusal takes. */
export const itsReason = ({ event }: Answered): Reason => reasonOf(event.output);
