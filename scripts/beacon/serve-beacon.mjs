// A beacon behind a listening port. It believes the address of the connection, and no header.

import { createServer } from 'node:https';
import { loadModules } from '../build/load-modules.mjs';
import { listening } from '../twin/listening.mjs';

/** @typedef {import('../../main/beacon/beacon.ts').Beacon} Beacon */

/**
 * @param {{ certificatePem: string, certificateKeyPem: string, privateKey: import('node:crypto').KeyObject, port: number, host?: string }} options
 *   `privateKey` is Ed25519; port 0: any free one; without `host` on every address of this machine
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 * @throws when the port is taken or a file does not hold what it should
 */
export async function serveBeacon({ certificatePem, certificateKeyPem, privateKey, port, host }) {
  const { beacon: module } = await loadModules({ beacon: 'main/beacon/beacon.ts' });
  /** @type {Beacon} */
  const beacon = module.createBeacon({ privateKey, wallMs: () => Date.now() });
  const server = createServer({ cert: certificatePem, key: certificateKeyPem, minVersion: 'TLSv1.2', maxHeaderSize: 8 * 1024 });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxRequestsPerSocket = 100;
  server.on('request', (incoming, outgoing) => {
    answer(beacon, incoming, outgoing).catch(() => outgoing.destroy());
  });
  return listening(server, port, host);
}

/** @param {Beacon} beacon @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
async function answer(beacon, incoming, outgoing) {
  incoming.resume();
  // An IPv4 connection on a socket for both kinds is written as IPv6.
  const address = (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '').replace(/%.*$/, '');
  const url = URL.canParse(incoming.url ?? '', 'https://beacon.invalid')
    ? new URL(incoming.url ?? '', 'https://beacon.invalid')
    : null;
  if (url === null) return void outgoing.writeHead(400).end();
  const response = await beacon.answer(new Request(url, { method: incoming.method ?? 'GET' }), address);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
}
