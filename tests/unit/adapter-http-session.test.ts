import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sessionHttp, type FetchLike } from '../../main/adapters/http-session/session-http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const url = 'https://graph.microsoft.com/v1.0/me';
const unreachable = { name: 'HttpUnreachable', message: 'no answer over HTTP' };
const fetchFailed = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('10.0.0.9:443 said no'), { code }) });

/** A real server, so that broken connections are real ones. */
async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer as never);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function answering(response: () => Response): FetchLike {
  return async () => response();
}

describe('one exchange', () => {
  test('the request arrives whole, without cookies, cache or redirects', async () => {
    const seen: Request[] = [];
    const http = sessionHttp(async (request) => {
      seen.push(request);
      return new Response(await request.text(), { status: 201, headers: { 'request-id': 'x', 'content-encoding': 'gzip' } });
    });
    const answer = await http.send(new Request(url, { method: 'POST', body: '{"a":1}', headers: { authorization: 'Bearer t' } }));
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('{"a":1}');
    expect(answer.headers.get('request-id')).toBe('x');
    expect(answer.headers.has('content-encoding')).toBe(false);
    expect(seen[0]).toMatchObject({ method: 'POST', url, redirect: 'error', credentials: 'omit', cache: 'no-store' });
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer t');
  });

  test('an answer without a body stays without one', async () => {
    const answer = await sessionHttp(answering(() => new Response(null, { status: 204 }))).send(new Request(url));
    expect(answer.status).toBe(204);
    expect(answer.body).toBeNull();
  });
});

describe('no answer', () => {
  test.each<[string, FetchLike]>([
    [
      'undici and the twin',
      async () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED 10.0.0.9:443') })),
    ],
    ['Electron', async () => Promise.reject(new Error('net::ERR_PROXY_CONNECTION_FAILED'))],
    ['Electron, a redirect', async () => Promise.reject(new Error("Attempted to redirect, but redirect policy was 'error'"))],
    [
      'a redirect that came through',
      answering(() => new Response(null, { status: 302, headers: { location: 'https://login.portal.example/' } })),
    ],
  ])('%s: HttpUnreachable, and not a word of the network', async (_who, fetchLike) => {
    const failure = await sessionHttp(fetchLike)
      .send(new Request(url))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject(unreachable);
    expect(failure).not.toHaveProperty('cause');
  });

  test.each<[string, Error, string]>([
    ['undici, no route', fetchFailed('ECONNREFUSED'), 'unreachable'],
    ['undici, no such name', fetchFailed('ENOTFOUND'), 'name'],
    ['undici, no name server', fetchFailed('EAI_AGAIN'), 'name'],
    ['undici, a certificate for another name', fetchFailed('ERR_TLS_CERT_ALTNAME_INVALID'), 'trust'],
    ['undici, a certificate of its own', fetchFailed('SELF_SIGNED_CERT_IN_CHAIN'), 'trust'],
    ['undici, no TLS at all', fetchFailed('EPROTO'), 'trust'],
    ['undici, an old certificate', fetchFailed('CERT_HAS_EXPIRED'), 'dates'],
    ['undici, a redirect', new TypeError('fetch failed', { cause: new Error('unexpected redirect') }), 'redirect'],
    ['the twin', new TypeError('fetch failed'), 'unreachable'],
    ['Electron, no network', new Error('net::ERR_INTERNET_DISCONNECTED'), 'unreachable'],
    ['Electron, no such name', new Error('net::ERR_NAME_NOT_RESOLVED'), 'name'],
    ['Electron, an authority nobody trusts', new Error('net::ERR_CERT_AUTHORITY_INVALID'), 'trust'],
    ['Electron, a certificate for another name', new Error('net::ERR_CERT_COMMON_NAME_INVALID'), 'trust'],
    ['Electron, no TLS at all', new Error('net::ERR_SSL_PROTOCOL_ERROR'), 'trust'],
    ['Electron, a certificate of another day', new Error('net::ERR_CERT_DATE_INVALID'), 'dates'],
    ['Electron, a proxy out of reach', new Error('net::ERR_PROXY_CONNECTION_FAILED'), 'proxy'],
    ['Electron, a proxy that asks for a name', new Error('net::ERR_TUNNEL_CONNECTION_FAILED'), 'proxy'],
    ['Electron, a proxy with a certificate nobody trusts', new Error('net::ERR_PROXY_CERTIFICATE_INVALID'), 'proxy'],
    ['Electron, a redirect', new Error("Attempted to redirect, but redirect policy was 'error'"), 'redirect'],
  ])('%s is told apart', async (_what, thrown, why) => {
    await expect(sessionHttp(() => Promise.reject(thrown)).send(new Request(url))).rejects.toMatchObject({ ...unreachable, why });
  });

  test('a connection that breaks in the middle of the body', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"value":[');
      setImmediate(() => response.destroy());
    });
    await expect(sessionHttp((request) => fetch(request)).send(new Request(address))).rejects.toMatchObject(unreachable);
  });

  test('a real redirect is not followed', async () => {
    let visits = 0;
    const address = await serve((_request, response) => {
      visits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(sessionHttp((request) => fetch(request)).send(new Request(address))).rejects.toMatchObject({
      ...unreachable,
      why: 'redirect',
    });
    expect(visits).toBe(1);
  });

  test('an endless answer ends at the cap, and its source is told to stop', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(
      sessionHttp(
        answering(() => new Response(endless)),
        { maxBytes: 10_000 },
      ).send(new Request(url)),
    ).rejects.toMatchObject({ ...unreachable, why: 'tooLarge' });
    expect(cancelled).toBe(true);
  });

  test('ten megabytes are too many without being told', async () => {
    const http = sessionHttp(answering(() => new Response(new Uint8Array(10 * 1_048_576))));
    await expect(http.send(new Request(url))).rejects.toMatchObject({ ...unreachable, why: 'tooLarge' });
  });

  test('exactly the cap is still an answer', async () => {
    const http = sessionHttp(
      answering(() => new Response('x'.repeat(10))),
      { maxBytes: 10 },
    );
    expect(await (await http.send(new Request(url))).text()).toHaveLength(10);
  });
});

describe('giving up', () => {
  test('an aborted request rejects with its own reason, before and while it is under way', async () => {
    const reason = new Error('the person left');
    let asked = 0;
    const http = sessionHttp((request) => {
      asked += 1;
      return new Promise((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(new TypeError('fetch failed')), { once: true });
      });
    });
    await expect(http.send(new Request(url, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(asked).toBe(0);
    const controller = new AbortController();
    const under = http.send(new Request(url, { signal: controller.signal }));
    controller.abort(reason);
    await expect(under).rejects.toBe(reason);
    expect(asked).toBe(1);
  });

  test('a mistake of ours is not dressed up as a network failure', async () => {
    const mistake = new RangeError('a bug');
    await expect(sessionHttp(() => Promise.reject(mistake)).send(new Request(url))).rejects.toBe(mistake);
  });
});
