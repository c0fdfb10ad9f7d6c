// The desk's only way out: one exchange through a session's fetch (system proxy, the desk's TLS rules) or the twin.
import type { NoAnswer } from '../../../contract/no-answer.ts';
import type { HttpPort, HttpUnreachable as Unanswered } from '../../ports/http.ts';

/** Electron's `session.fetch`, or anything that answers a request: handed in, so this file knows neither. */
export type FetchLike = (request: Request) => Promise<Response>;

/** No answer came: no route, a broken connection, a redirect, too much of it. Says nothing the network said. */
export class HttpUnreachable extends Error implements Unanswered {
  override readonly name = 'HttpUnreachable';
  readonly why: NoAnswer;

  constructor(why: NoAnswer) {
    super('no answer over HTTP');
    this.why = why;
  }
}

/** The largest answers are a big tenant's access policies and licences, some hundred kilobytes; more than this is not for us. */
const MOST_BYTES = 4 * 1_048_576;

// `cache` is part of the Fetch standard and of both runtimes, though not of the types of Node 20.
const PLAINLY: RequestInit & { readonly cache: 'no-store' } = { redirect: 'error', credentials: 'omit', cache: 'no-store' };

/** Statuses that have no body by definition (Fetch standard, "null body status"). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Sends without cookies, cache or redirects and reads the whole answer before handing it on, so that a connection that
 * breaks half-way is no answer either.
 * @throws {HttpUnreachable} when no whole answer came; the request's abort reason when it was aborted.
 */
export function sessionHttp(fetchLike: FetchLike, options: { readonly maxBytes?: number } = {}): HttpPort {
  const maxBytes = options.maxBytes ?? MOST_BYTES;
  return {
    send: async (request) => {
      const { signal } = request;
      signal.throwIfAborted();
      try {
        const answer = await fetchLike(new Request(request, PLAINLY));
        return await whole(answer, maxBytes);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const why = whyOf(error);
        throw why === null ? error : new HttpUnreachable(why);
      }
    },
  };
}

async function whole(answer: Response, maxBytes: number): Promise<Response> {
  if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400 && answer.status !== 304)) {
    await answer.body?.cancel();
    throw new HttpUnreachable('redirect');
  }
  const bytes = await readAtMost(answer, maxBytes);
  const headers = new Headers(answer.headers);
  // They describe the body as it travelled, not the one handed on.
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(WITHOUT_BODY.has(answer.status) ? null : bytes, { status: answer.status, headers });
}

async function readAtMost(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) return new Uint8Array(Buffer.concat(parts, length));
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new HttpUnreachable('tooLarge');
    }
    parts.push(part.value);
  }
}

/**
 * How "no answer" looks: undici and the twin throw a TypeError whose cause may carry a code of Node's, Electron an Error whose
 * message names a `net::` code. Null: a mistake of ours, which goes up as it is.
 * Source: Chromium, net/base/net_error_list.h; Node.js, "TLS: certificate verification error codes".
 */
function whyOf(error: unknown): NoAnswer | null {
  if (error instanceof HttpUnreachable) return error.why;
  if (!(error instanceof Error)) return null;
  const electrons = /\bnet::(ERR_[A-Z0-9_]+)/.exec(error.message)?.[1];
  if (electrons !== undefined) return whyOfCode(electrons);
  if (/\bredirect/i.test(error.message) || /\bredirect/i.test(messageOf(error.cause))) return 'redirect';
  return error instanceof TypeError ? whyOfCode(codeOf(error.cause)) : null;
}

const codes: readonly (readonly [RegExp, NoAnswer])[] = [
  [/^(?:ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'dates'],
  [/^(?:ERR_NAME_|ERR_DNS_|ERR_ICANN_NAME_|ENOTFOUND$|EAI_)/, 'name'],
  [/PROXY|^(?:ERR_TUNNEL_|ERR_SOCKS_|ERR_PAC_)/, 'proxy'],
  [
    /^(?:ERR_CERT_|ERR_SSL_|ERR_TLS_|ERR_BAD_SSL_|ERR_ECH_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|EPROTO$)/,
    'trust',
  ],
  [/^(?:ERR_TOO_MANY_REDIRECTS|ERR_UNSAFE_REDIRECT|ERR_INVALID_REDIRECT)$/, 'redirect'],
];

function whyOfCode(code: string): NoAnswer {
  return codes.find(([names]) => names.test(code))?.[1] ?? 'unreachable';
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}
