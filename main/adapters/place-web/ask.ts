// One question to an address of the organisation's choice, and what can go wrong on the way there.
import { foreignAnswer, unanswered } from '../../../contract/no-answer.ts';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Call } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { Outcome } from '../../ports/outcome.ts';

export interface Asked {
  /** https only: whoever answers in its place could tell the desk any address. */
  readonly url: string;
  /** The media types hoped for. */
  readonly accept: string;
  readonly http: HttpPort;
  readonly clock: ClockPort;
}

/** What is asked for has some dozen characters, a signed one some hundred. */
const MOST_CHARACTERS = 4_096;

/** Asked once within the call's time. Rejects with the call's reason when it is given up. */
export async function ask(
  { url, accept, http, clock }: Asked,
  { signal, deadlineMs }: Call,
  silent: Reason,
): Promise<Outcome<string>> {
  signal.throwIfAborted();
  const late = new AbortController();
  const cancelDeadline = clock.after(deadlineMs, () => late.abort());
  try {
    const asking = new Request(url, { headers: { accept }, signal: AbortSignal.any([signal, late.signal]) });
    const response = await http.send(asking);
    return read(response, await response.text());
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) return no(silent);
    const none = unanswered(error);
    if (none === null) throw error;
    return no(none.reason.code === 'directory.unreachable' ? silent : none.reason);
  } finally {
    cancelDeadline();
  }
}

/** Types that say by themselves that no web page of the network answered. */
const plainTypes = /^\s*(?:text\/plain|application\/jose)\b/i;

function read({ status, ok, headers }: Response, text: string): Outcome<string> {
  const isPlain = plainTypes.test(headers.get('content-type') ?? '');
  const foreign = isPlain ? null : foreignAnswer({ status, headers, text });
  if (foreign !== null) return no(foreign);
  if (!ok) return no(because('desk.placeUnknown', { status }));
  if (text.length > MOST_CHARACTERS) return no(because('network.wrongAnswer', { status, statusName: 'tooLarge' }));
  return { ok: true, value: text };
}

function no(reason: Reason): Outcome<never> {
  return { ok: false, reason };
}
