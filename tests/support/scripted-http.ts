// An HTTP port that answers from a list and keeps what it was asked. An answer too many fails the test.
import type { NoAnswer } from '../../contract/no-answer.ts';
import type { HttpPort } from '../../main/ports/http.ts';

export type ScriptedAnswer =
  | Response
  /** No answer came, and why. */
  | NoAnswer
  /** Never answers; ends only by the request's signal. */
  | 'hangs'
  | ((request: AskedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

export interface AskedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

export interface ScriptedHttp extends HttpPort {
  readonly asked: readonly AskedRequest[];
  /** Answers not given yet. */
  readonly left: number;
}

/** What an HTTP port rejects with, told apart by its name. */
class HttpUnreachable extends Error {
  override readonly name = 'HttpUnreachable';
  readonly why: NoAnswer;

  constructor(why: NoAnswer) {
    super('no answer over HTTP');
    this.why = why;
  }
}

export function scriptedHttp(...script: readonly ScriptedAnswer[]): ScriptedHttp {
  const answers = [...script];
  const asked: AskedRequest[] = [];
  return {
    asked,
    get left() {
      return answers.length;
    },
    send: async (request) => {
      request.signal.throwIfAborted();
      const seen = { method: request.method, url: new URL(request.url), headers: request.headers, body: await request.text() };
      asked.push(seen);
      const next = answers.shift();
      if (next === undefined) throw new Error(`no answer is scripted for ${seen.method} ${seen.url.pathname}`);
      return give(next, seen, request.signal);
    },
  };
}

async function give(answer: ScriptedAnswer, seen: AskedRequest, signal: AbortSignal): Promise<Response> {
  if (typeof answer === 'function') return give(await answer(seen), seen, signal);
  if (answer instanceof Response) return answer;
  if (answer !== 'hangs') throw new HttpUnreachable(answer);
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export function json(
  body: unknown,
  init: { readonly status?: number; readonly headers?: Record<string, string> } = {},
): Response {
  const headers = { 'content-type': 'application/json', ...init.headers };
  return new Response(JSON.stringify(body), { status: init.status ?? 200, headers });
}

export function html(status = 200): Response {
  return new Response('<!doctype html><title>Proxy</title><h1>Welcome</h1>', {
    status,
    headers: { 'content-type': 'text/html' },
  });
}

/** Graph's error body, as the authentication methods workload sends it. */
export function graphError(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  const ids = { date: '2026-11-23T09:12:41', 'request-id': REQUEST_ID, 'client-request-id': REQUEST_ID };
  return json(
    { error: { code, message, innerError: { message, ...ids } } },
    { status, headers: { 'request-id': REQUEST_ID, ...headers } },
  );
}

export const REQUEST_ID = '1b0c7f52-6f0d-4f43-9a35-0a5d5b7c2f10';
