// One question to Microsoft Graph: token, headers, retries inside the caller's time, and the refusal as a reason.
// Source: Microsoft Graph, "Best practices" (client-request-id), "Throttling guidance" (Retry-After, exponential backoff).
import type { z } from 'zod';
import { because, type Reason } from '../../../../contract/reason.ts';
import type { ClockPort } from '../../../ports/clock.ts';
import type { HttpPort } from '../../../ports/http.ts';
import type { TokenSource } from '../../../ports/identity.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import type { CallBudget } from './call-budget.ts';
import { claimsAskedFor } from './claims-challenge.ts';
import { reasonOfRefusal, retryAfterSeconds, unreadable } from './graph-refusal.ts';

export interface GraphQuestion<T> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Under `/v1.0`, with its query; parts that come from answers are percent-encoded by the caller. */
  readonly path: string;
  readonly body?: object;
  /** Reads the body of a good answer; a 204 is read as null. */
  readonly schema: z.ZodType<T>;
  /** True: asking twice is not the same as asking once, so a lost answer is told instead of asked for again. */
  readonly onceOnly?: boolean;
  /** The question is about registering a key: a refusal's words may say which rule stood in the way. */
  readonly aboutKey?: boolean;
}

export type GraphAnswer<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** How far the server's clock is ahead of the desk's wall clock, milliseconds; 0 within what can't be told apart. */
      readonly serverAheadMs: number;
    }
  | {
      readonly ok: false;
      readonly reason: Reason;
      /** The server may have done what was asked although no good answer came (`onceOnly` questions only). */
      readonly mayBeDone: boolean;
    };

export interface GraphClientOptions {
  readonly graphOrigin: string;
  readonly http: HttpPort;
  readonly tokens: TokenSource;
  readonly clock: ClockPort;
  readonly random: (length: number) => Uint8Array;
}

/** A single try: a hung connection must not eat the whole budget. */
const TRY_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** The Date header counts whole seconds and travels; smaller differences are not a wrong clock. */
const CLOCK_TOLERANCE_MS = 5_000;

export interface GraphClient {
  ask<T>(question: GraphQuestion<T>, budget: CallBudget): Promise<GraphAnswer<T>>;
  /** Milliseconds before try number `attempt` + 1 (from 0): exponential, the upper half of it by chance. */
  backoffMs(attempt: number): number;
}

export function createGraphClient({ graphOrigin, http, tokens, clock, random }: GraphClientOptions): GraphClient {
  const scopes = [`${graphOrigin}/.default`];

  async function ask<T>(question: GraphQuestion<T>, budget: CallBudget): Promise<GraphAnswer<T>> {
    let claims: string | null = null;
    let last: Reason = because('directory.unreachable');
    try {
      for (let attempt = 0; ; attempt += 1) {
        const token: Outcome<string> = await budget.race(tokens.accessToken(scopes, claims === null ? {} : { claims }));
        if (!token.ok) return no(token.reason);
        const tried: Tried<T> = await once(question, token.value, budget);
        if (tried.kind === 'done') return tried.answer;
        if (tried.kind === 'claims') {
          if (claims !== null) return no(because('directory.tokenExpired', tried.reason.detail));
          claims = tried.claims;
          continue;
        }
        last = tried.reason;
        if (question.onceOnly === true && tried.mayBeDone) return { ok: false, reason: last, mayBeDone: true };
        const waitMs = Math.max(backoffMs(attempt), tried.retryAfterMs);
        if (!(await budget.wait(waitMs))) return no(last);
      }
    } catch (error) {
      if (!budget.signal.aborted) throw error;
      return { ok: false, reason: last, mayBeDone: question.onceOnly === true };
    }
  }

  async function once<T>(question: GraphQuestion<T>, token: string, budget: CallBudget): Promise<Tried<T>> {
    const limit = new AbortController();
    const release = clock.after(TRY_MS, () => limit.abort());
    const signal = AbortSignal.any([budget.signal, limit.signal]);
    try {
      const response = await http.send(new Request(`${graphOrigin}/v1.0${question.path}`, { ...shape(question, token), signal }));
      return await judge(question, response);
    } catch (error) {
      budget.signal.throwIfAborted();
      if (!limit.signal.aborted && !(error instanceof Error && error.name === 'HttpUnreachable')) throw error;
      return { kind: 'failed', reason: because('directory.unreachable'), mayBeDone: true, retryAfterMs: 0 };
    } finally {
      release();
    }
  }

  function shape(question: GraphQuestion<unknown>, token: string): RequestInit {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'client-request-id': guidFrom(random(16)),
      'return-client-request-id': 'true',
    };
    if (question.body === undefined) return { method: question.method, headers };
    headers['content-type'] = 'application/json';
    return { method: question.method, headers, body: JSON.stringify(question.body) };
  }

  async function judge<T>(question: GraphQuestion<T>, response: Response): Promise<Tried<T>> {
    const { status, headers } = response;
    const text = await response.text();
    if (response.ok) return read(question, response, text);
    const reason = reasonOfRefusal({ status, headers, text, aboutKey: question.aboutKey === true });
    const claims = status === 401 || status === 403 ? claimsAskedFor(headers.get('www-authenticate')) : null;
    if (claims !== null) return { kind: 'claims', claims, reason };
    if (status !== 429 && status < 500) return { kind: 'done', answer: no(reason) };
    const seconds = retryAfterSeconds(headers);
    return {
      kind: 'failed',
      reason: seconds === null ? reason : because(reason.code, { ...reason.detail, retryAfterSeconds: seconds }),
      mayBeDone: status !== 429,
      retryAfterMs: (seconds ?? 0) * 1000,
    };
  }

  function read<T>(question: GraphQuestion<T>, response: Response, text: string): Tried<T> {
    const { status, headers } = response;
    const refuse = (where: string): Tried<T> => {
      const reason = unreadable(status, headers, where);
      return { kind: 'done', answer: { ok: false, reason, mayBeDone: question.onceOnly === true } };
    };
    const json = status === 204 ? null : readJson(text);
    if (json === undefined) return refuse('notJson');
    const parsed = question.schema.safeParse(json);
    if (!parsed.success) return refuse(placeOf(parsed.error));
    return { kind: 'done', answer: { ok: true, value: parsed.data, serverAheadMs: serverAhead(headers) } };
  }

  function serverAhead(headers: Headers): number {
    const aheadMs = Date.parse(headers.get('date') ?? '') - clock.wallMs();
    return Math.abs(aheadMs) > CLOCK_TOLERANCE_MS ? aheadMs : 0; // NaN, a missing date, is not above it either
  }

  function backoffMs(attempt: number): number {
    const fullMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
    const [byte = 0] = random(1);
    return fullMs / 2 + (fullMs / 2) * (byte / 255);
  }

  return { ask, backoffMs };
}

type Tried<T> =
  | { readonly kind: 'done'; readonly answer: GraphAnswer<T> }
  | { readonly kind: 'claims'; readonly claims: string; readonly reason: Reason }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly mayBeDone: boolean; readonly retryAfterMs: number };

function no(reason: Reason): { readonly ok: false; readonly reason: Reason; readonly mayBeDone: false } {
  return { ok: false, reason, mayBeDone: false };
}

/** `undefined` when it is not JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The path of the first thing amiss, as our schema names it: `publicKey.challenge`. */
function placeOf(error: z.ZodError): string {
  return error.issues[0]?.path.map(String).join('.') || 'body';
}

/** RFC 9562 version 4. */
function guidFrom(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, 16));
  hex[6] = ((hex[6] ?? 0) & 0x0f) | 0x40;
  hex[8] = ((hex[8] ?? 0) & 0x3f) | 0x80;
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
