// The metadata BLOB from where the settings say. Anything but a whole answer in time is no answer.
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';

export interface BlobFetch {
  readonly http: HttpPort;
  readonly clock: Pick<ClockPort, 'after'>;
  readonly url: string;
  /** For the whole of it: 10 MB over a slow line take their time. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export type FetchedBlob =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'late' }
  | { readonly kind: 'unreachable' };

/** @throws the signal's reason when it aborts. */
export async function fetchBlob({ http, clock, url, deadlineMs, signal }: BlobFetch): Promise<FetchedBlob> {
  const late = new AbortController();
  const cancelDeadline = clock.after(deadlineMs, () => late.abort());
  try {
    const answer = await http.send(new Request(url, { signal: AbortSignal.any([signal, late.signal]) }));
    if (!answer.ok) return { kind: 'status', status: answer.status };
    return { kind: 'text', text: await answer.text() };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (late.signal.aborted) return { kind: 'late' };
    if (error instanceof Error && error.name === 'HttpUnreachable') return { kind: 'unreachable' };
    throw error;
  } finally {
    cancelDeadline();
  }
}
