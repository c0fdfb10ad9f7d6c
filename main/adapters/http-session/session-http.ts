// The desk's only way out: one exchange through a session's fetch (system proxy, the desk's TLS rules) or the twin.
import type { HttpPort } from '../../ports/http.ts';

/** Electron's `session.fetch`, or anything that answers a request: handed in, so this file knows neither. */
export type FetchLike = (request: Request) => Promise<Response>;

/** No answer came: no route, a broken connection, a redirect, too much of it. Says nothing the network said. */
export class HttpUnreachable extends Error {
  override readonly name = 'HttpUnreachable';

  constructor() {
    super('no answer over HTTP');
  }
}

/** The largest answers are creation options (about 10 kB) and lists of methods; more than this is not for us. */
const MOST_BYTES = 1_048_576;

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
        throw isNetworkFailure(error) ? new HttpUnreachable() : error;
      }
    },
  };
}

async function whole(answer: Response, maxBytes: number): Promise<Response> {
  if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400 && answer.status !== 304)) {
    await answer.body?.cancel();
    throw new HttpUnreachable();
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
      throw new HttpUnreachable();
    }
    parts.push(part.value);
  }
}

/**
 * How "no answer" looks: undici and the twin throw a TypeError, Electron an Error whose message names a `net::` code.
 * Anything else is a mistake of ours and goes up as it is.
 */
function isNetworkFailure(error: unknown): boolean {
  if (error instanceof HttpUnreachable || error instanceof TypeError) return true;
  return error instanceof Error && (/\bnet::[A-Z_]+/.test(error.message) || error.message.includes('redirect'));
}
