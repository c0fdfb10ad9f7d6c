// One question to Microsoft Graph: token, headers, retries inside the caller's time, and the refusal as a reason.
// Source: Microsoft Graph, "Best practices" (client-request-id), "Throttling guidance" (Retry-After, exponential backoff).
import { foreignAnswer, unanswered } from '../../../../contract/no-answer.ts';
import { because, type Reason } from '../../../../contract/reason.ts';
import type { ClockPort } from '../../../ports/clock.ts';
import type { HttpPort } from '../../../ports/http.ts';
import type { TokenSource } from '../../../ports/identity.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import type { Settings } from '../../../ports/settings.ts';
import type { CallBudget } from './call-budget.ts';
import { refusal, type GraphAnswer, type GraphQuestion } from './graph-question.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';

/** What every client of Graph is made of. */
export interface GraphParts {
  readonly settings: Pick<Settings, 'graphOrigin'>;
  readonly http: HttpPort;
  /** Of whoever asks: the person, a technician or the station. */
  readonly tokens: TokenSource;
  /** `Call.deadlineMs` counts from the call, in this clock's milliseconds. */
  readonly clock: ClockPort;
  /** `length` random bytes, for request ids and for the jitter of waits. */
  readonly random: (length: number) => Uint8Array;
}

export interface GraphClient {
  readonly origin: string;
  ask<T>(question: GraphQuestion<T>, budget: CallBudget): Promise<GraphAnswer<T>>;
  /** Milliseconds before try number `attempt` + 1 (from 0): exponential, the upper half of it by chance. */
  backoffMs(attempt: number): number;
  /** The token the next question would go with. */
  token(budget: CallBudget): Promise<Outcome<string>>;
}

/** A single try: a hung connection must not eat the whole budget. */
const TRY_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** The Date header counts whole seconds and travels; smaller differences are not a wrong clock. */
const CLOCK_TOLERANCE_MS = 5_000;

export function createGraphClient({ settings: { graphOrigin }, http, tokens, clock, random }: GraphParts): GraphClient {
  const scopes = [`${graphOrigin}/.default`];

  async function ask<T>(question: GraphQuestion<T>, budget: CallBudget): Promise<GraphAnswer<T>> {
    let wish: { readonly claims?: string; readonly renew?: boolean } = {};
    let last: Reason = because('directory.unreachable');
    try {
      for (let attempt = 0; ; attempt += 1) {
        const token: Outcome<string> = await budget.race(tokens.accessToken(scopes, wish));
        if (!token.ok) return refusal(sharper(token.reason, last));
        const verdict: Verdict<T> = await once(question, token.value, budget);
        if (verdict.kind === 'done') return verdict.answer;
        if (verdict.kind === 'claims') {
          if (wish.claims !== undefined) return refusal(because('directory.tokenExpired', verdict.reason.detail));
          wish = { claims: verdict.claims };
          last = verdict.reason;
          continue;
        }
        if (verdict.kind === 'token') {
          // Whoever gives tokens knows why this one came to its end: its pass did, or somebody revoked it.
          if (wish.renew === true || wish.claims !== undefined) return refusal(verdict.reason);
          wish = { renew: true };
          last = verdict.reason;
          continue;
        }
        last = verdict.reason;
        if (question.onceOnly === true && verdict.mayBeDone) return { ok: false, reason: last, mayBeDone: true };
        const waitMs = Math.max(backoffMs(attempt), verdict.retryAfterMs);
        if (!(await budget.wait(waitMs))) return refusal(last);
      }
    } catch (error) {
      if (!budget.signal.aborted) throw error;
      return { ok: false, reason: last, mayBeDone: question.onceOnly === true };
    }
  }

  async function once<T>(question: GraphQuestion<T>, token: string, budget: CallBudget): Promise<Verdict<T>> {
    const limit = new AbortController();
    const release = clock.after(TRY_MS, () => limit.abort());
    const signal = AbortSignal.any([budget.signal, limit.signal]);
    const url = `${graphOrigin}/${question.version ?? 'v1.0'}${question.path}`;
    try {
      const response = await http.send(new Request(url, { ...shape(question, token), signal }));
      return await judge(question, response);
    } catch (error) {
      budget.signal.throwIfAborted();
      if (limit.signal.aborted) return lost(because('directory.unreachable'));
      const none = unanswered(error);
      if (none === null) throw error;
      if (none.mayPass) return { ...lost(none.reason), mayBeDone: none.mayHaveArrived };
      return { kind: 'done', answer: cut(none.reason, none.mayHaveArrived && question.onceOnly === true) };
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

  async function judge<T>(question: GraphQuestion<T>, response: Response): Promise<Verdict<T>> {
    const { status, headers } = response;
    const text = await response.text();
    const foreign = foreignAnswer({ status, headers, text });
    if (foreign !== null) return { kind: 'done', answer: cut(foreign, response.ok && question.onceOnly === true) };
    return judgeAnswer(question, { status, headers, json: readJson(text), serverAheadMs: serverAhead(headers) });
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

  return { origin: graphOrigin, ask, backoffMs, token: (budget) => budget.race(tokens.accessToken(scopes)) };
}

/** A token source that only says that the sign-in is over says less than Graph's own refusal with its request id. */
function sharper(ofToken: Reason, ofGraph: Reason): Reason {
  return ofToken.code === 'directory.tokenExpired' && ofGraph.code === 'directory.tokenExpired' ? ofGraph : ofToken;
}

function lost(reason: Reason): Extract<Verdict<never>, { kind: 'failed' }> {
  return { kind: 'failed', reason, mayBeDone: true, retryAfterMs: 0 };
}

function cut(reason: Reason, mayBeDone: boolean): GraphAnswer<never> {
  return { ok: false, reason, mayBeDone };
}

/** Undefined for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9562 version 4. */
function guidFrom(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, 16));
  hex[6] = ((hex[6] ?? 0) & 0x0f) | 0x40;
  hex[8] = ((hex[8] ?? 0) & 0x3f) | 0x80;
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
