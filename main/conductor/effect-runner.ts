// One rule for every effect: it never rejects into a machine. What was left behind is dropped and journalled; what should
// not have happened is the crash guard's, and the person gets a plain screen.
import { fromPromise } from 'xstate';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { StayRecord } from './stay-record.ts';

export interface EffectRunner {
  readonly record: StayRecord;
  readonly onBug: (bug: unknown) => void;
}

type Act<Output, Input> = (input: Input, signal: AbortSignal) => Promise<Outcome<Output>>;

/** Makes an invoked actor of `act`; its signal aborts when the state is left. */
export function effect<Output, Input>(name: string, { record, onBug }: EffectRunner, act: Act<Output, Input>) {
  return fromPromise<Outcome<Output>, Input>(async ({ input, signal }) => {
    try {
      const outcome = await act(input, signal);
      if (signal.aborted) await record.write({ event: 'lateAnswer', effect: name });
      return outcome;
    } catch (thrown) {
      if (signal.aborted) return refused(because('desk.crashed'));
      onBug(thrown);
      return refused(because('desk.crashed'));
    }
  });
}

export const refused = (reason: Reason): { readonly ok: false; readonly reason: Reason } => ({ ok: false, reason });

export const granted = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
