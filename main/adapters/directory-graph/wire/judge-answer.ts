// What one answer of Graph means, whether it came by itself or as a part of a batch.
// Source: Microsoft Graph, "Throttling guidance" (Retry-After), "Combine multiple HTTP requests using JSON batching".
import type { z } from 'zod';
import { because, type Reason } from '../../../../contract/reason.ts';
import { claimsAskedFor } from './claims-challenge.ts';
import { reasonOfRefusal, retryAfterSeconds, unreadable, type AnswerHeaders } from './graph-refusal.ts';
import { refusal, type GraphAnswer, type GraphQuestion } from './graph-question.ts';

export interface CameAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The body; undefined: it was no JSON. */
  readonly json: unknown;
  readonly serverAheadMs: number;
}

export type Verdict<T> =
  | { readonly kind: 'done'; readonly answer: GraphAnswer<T> }
  /** A token with these claims may be let in. */
  | { readonly kind: 'claims'; readonly claims: string; readonly reason: Reason }
  /** The token is refused as it is. */
  | { readonly kind: 'token'; readonly reason: Reason }
  /** Another try may go better. */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly mayBeDone: boolean; readonly retryAfterMs: number };

type Judged<T> = Pick<GraphQuestion<T>, 'schema' | 'aboutKey' | 'onceOnly' | 'apartMs'>;

export function judgeAnswer<T>(question: Judged<T>, came: CameAnswer): Verdict<T> {
  const { status, headers, json } = came;
  if (status >= 200 && status < 300) return read(question, came);
  const reason = reasonOfRefusal({ status, headers, body: json, aboutKey: question.aboutKey === true });
  const claims = status === 401 || status === 403 ? claimsAskedFor(headers.get('www-authenticate')) : null;
  if (claims !== null) return { kind: 'claims', claims, reason };
  if (status === 401) return { kind: 'token', reason };
  if (status !== 429 && status < 500) return { kind: 'done', answer: refusal(reason) };
  const seconds = retryAfterSeconds(headers);
  return {
    kind: 'failed',
    reason: seconds === null ? reason : because(reason.code, { ...reason.detail, retryAfterSeconds: seconds }),
    mayBeDone: status !== 429,
    retryAfterMs: Math.max((seconds ?? 0) * 1000, question.apartMs ?? 0),
  };
}

function read<T>(question: Judged<T>, { status, headers, json, serverAheadMs }: CameAnswer): Verdict<T> {
  const refuse = (where: string): Verdict<T> => {
    const reason = unreadable(status, headers, where);
    return { kind: 'done', answer: { ok: false, reason, mayBeDone: question.onceOnly === true } };
  };
  const body = status === 204 ? null : json;
  if (body === undefined) return refuse('notJson');
  const parsed = question.schema.safeParse(body);
  if (!parsed.success) return refuse(placeOf(parsed.error));
  return { kind: 'done', answer: { ok: true, value: parsed.data, serverAheadMs } };
}

/** Where the first thing is that is missing or of another shape; never a value. */
function placeOf(error: z.ZodError): string {
  return error.issues[0]?.path.map(String).join('.') || 'body';
}
