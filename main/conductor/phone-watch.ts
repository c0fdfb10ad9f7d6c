// Watches the directory for the person's phone. The directory tells slowly and is asked politely: every few seconds,
// slower when it is busy.
import type { Reason } from '../../contract/reason.ts';
import type { DirectoryPort, PhoneMethod } from '../ports/directory.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { PhoneFact } from '../session/event.ts';

/** Under one question in three seconds, also of a service that answers in no time. */
const firstPauseMs = 3_100;
const longestPauseMs = 15_000;

export interface PhoneWatch {
  readonly clock: ClockPort;
  readonly directory: DirectoryPort;
  readonly known: readonly PhoneMethod[];
  readonly deadlineMs: number;
  readonly tell: (fact: PhoneFact) => void;
  readonly onBug: (bug: unknown) => void;
}

/** Said of the sign-in, not of the moment: asking again brings the same. */
const endsTheView = ({ code }: Reason): boolean => code === 'pass.expired' || code === 'directory.tokenExpired';

/** Starts watching; the result stops it. A phone that was known before counts only once its phone sign-in comes on. */
export function watchPhone({ clock, directory, known, deadlineMs, tell, onBug }: PhoneWatch): () => void {
  const before = new Map(known.map((phone) => [phone.methodId, phone]));
  const stopped = new AbortController();
  let cancelPause: () => void = () => undefined;
  let registered = false;

  const look = async (pauseMs: number): Promise<void> => {
    const phones = await directory.phoneMethods({ signal: stopped.signal, deadlineMs });
    if (stopped.signal.aborted) return;
    let nextPauseMs = Math.min(longestPauseMs, pauseMs * 2);
    if (phones.ok) {
      nextPauseMs = firstPauseMs;
      const on = phones.value.find((phone) => phone.signInOn && before.get(phone.methodId)?.signInOn !== true);
      const added = on ?? phones.value.find((phone) => !before.has(phone.methodId));
      if (added && !registered) {
        registered = true;
        tell({ type: 'phoneFact.registered', name: added.name, atMs: clock.wallMs() });
      }
      if (on) {
        tell({ type: 'phoneFact.signInOn', name: on.name, atMs: clock.wallMs() });
        return;
      }
    } else if (endsTheView(phones.reason)) {
      tell({ type: 'phoneFact.unseen', reason: phones.reason });
      return;
    } else if (phones.reason.detail?.retryAfterSeconds !== undefined) {
      nextPauseMs = Math.max(nextPauseMs, phones.reason.detail.retryAfterSeconds * 1_000);
    }
    cancelPause = clock.after(nextPauseMs, () => begin(nextPauseMs));
  };

  // A question that is given up on rejects; nobody waits for its answer.
  const begin = (pauseMs: number): void => {
    look(pauseMs).catch((thrown: unknown) => {
      if (!stopped.signal.aborted) onBug(thrown);
    });
  };

  begin(firstPauseMs);
  return () => {
    stopped.abort();
    cancelPause();
  };
}
