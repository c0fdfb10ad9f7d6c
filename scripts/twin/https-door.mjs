// The twin behind a listening port, for clients that are not ours: TLS on loopback, one request in, one answer out.

import { createServer } from 'node:https';
import { listening } from './listening.mjs';

const mostBodyBytes = 1024 * 1024;
const requestDeadlineMs = 60_000;

/**
 * @typedef {object} Answering the part of the twin that is needed here
 * @property {readonly string[]} hosts
 * @property {(request: Request) => Promise<Response>} handle rejects where the connection is to break
 */

/**
 * Listens on 127.0.0.1.
 *
 * @param {Answering} twin
 * @param {{ port: number, certificates: import('./certificates.mjs').ServerCertificates }} options port 0: any free one
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 * @throws when the port is taken
 */
export async function openHttpsDoor(twin, { port, certificates }) {
  const server = createServer({
    key: certificates.keyPem,
    cert: certificates.chainPem,
    requestTimeout: requestDeadlineMs,
    // The twin was made for one request at a time from one desk, not for thousands of idle ones.
    maxHeaderSize: 64 * 1024,
  });
  server.on('request', (incoming, outgoing) => {
    void answer(twin, incoming, outgoing);
  });
  return listening(server, port, '127.0.0.1');
}

/**
 * @param {Answering} twin
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing
 */
async function answer(twin, incoming, outgoing) {
  const host = (incoming.headers.host ?? '').split(':')[0] ?? '';
  if (!twin.hosts.includes(host)) return finish(outgoing, 421, 'The twin does not answer for this host.');
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    const body = await bodyOf(incoming);
    if (body === null) return finish(outgoing, 413, 'The twin takes no bodies as long as this.');
    const { method = 'GET' } = incoming;
    const response = await twin.handle(
      new Request(`https://${host}${incoming.url ?? '/'}`, {
        method,
        headers: headersOf(incoming),
        ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
        signal: gone.signal,
      }),
    );
    await send(response, outgoing);
  } catch (error) {
    // A connection that a fault was to break fails as fetch does; anything else is a bug, unless the client has just gone.
    const ordered = error instanceof TypeError && error.message === 'fetch failed';
    if (!ordered && !gone.signal.aborted) throw error;
    incoming.socket.destroy();
  }
}

/** @param {import('node:http').IncomingMessage} incoming @returns {Promise<Buffer<ArrayBuffer> | null>} null when it is too long */
async function bodyOf(incoming) {
  /** @type {Buffer[]} */
  const parts = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > mostBodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @param {import('node:http').IncomingMessage} incoming @returns {Headers} */
function headersOf(incoming) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    if (!name.startsWith(':')) for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** @param {Response} response @param {import('node:http').ServerResponse} outgoing */
async function send(response, outgoing) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

/** @param {import('node:http').ServerResponse} outgoing @param {number} status @param {string} text */
function finish(outgoing, status, text) {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  outgoing.end(`${text}\n`);
}
