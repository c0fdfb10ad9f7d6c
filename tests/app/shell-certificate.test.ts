// The sign-in view on a real network, where somebody on the way opens encrypted traffic: a proxy that answers for every host
// with a certificate of its own making.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';

const authorize = 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize';

let desk: ShellDesk;
let proxy: Server;
/** Hosts the view asked to be connected to. */
const connected: string[] = [];
/** Requests that were said over such a connection: the secret part of it. */
const told: string[] = [];

beforeAll(async () => {
  const { certificate, key } = await ownCertificate('login.microsoftonline.com');
  const tls = createTlsServer({ cert: certificate, key }, (socket) => {
    socket.on('data', (part) => told.push(part.toString('latin1')));
    socket.on('error', () => undefined);
  });
  tls.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  proxy = createHttpServer((request, response) => {
    told.push(`${request.method} ${request.url}`);
    response.end();
  });
  proxy.on('connect', (request, client) => {
    connected.push(request.url ?? '');
    const server = connect((tls.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const end of [client, server]) end.on('error', () => undefined);
  });
  proxy.on('close', () => tls.close());
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  // The system's proxy for the whole application, from its first moment: whatever connects is seen.
  desk = await startShellDesk({ networkProxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await desk.close();
  proxy.closeAllConnections();
  proxy.close();
});

it('refuses the certificate, says that the page failed, and has told nothing over that connection', async () => {
  await desk.host(({ shell }, url) => shell.page.open({ url, redirectPrefix: null, language: 'en' }), authorize);
  await desk.until('the failure', () => desk.host((host) => host.facts.some(({ type }) => type === 'page.failed')));
  const facts = await desk.host((host) => [...host.facts]);
  expect(facts).toContainEqual({ type: 'page.failed', what: 'load' });
  expect(facts.filter((fact) => fact.type === 'page.host' && fact.verified)).toEqual([]);
  expect(await desk.host((host) => [...host.notices])).toContainEqual({
    notice: 'page.blocked',
    what: 'certificate',
    host: 'login.microsoftonline.com',
  });
  expect(new Set(connected)).toEqual(new Set(['login.microsoftonline.com:443']));
  expect(told).toEqual([]);
});

it('does not even connect to a host that is not on the list', async () => {
  const outcomes = await desk.app.evaluate(
    ({ session }, urls) =>
      Promise.all(
        urls.map((url) =>
          session
            .fromPartition('stay-1')
            .fetch(url)
            .then(
              () => 'answered',
              (error: Error) => error.message,
            ),
        ),
      ),
    [
      'https://evil.example/',
      'http://login.microsoftonline.com/',
      'https://login.microsoftonline.com:8443/',
      'https://login.live.com/',
    ],
  );
  for (const outcome of outcomes) expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
  expect(connected.filter((host) => host !== 'login.microsoftonline.com:443')).toEqual([]);
  expect(told).toEqual([]);
});

it('is forgotten like any other stay', async () => {
  expect(await desk.host(({ shell }) => shell.page.forget())).toEqual([]);
});

async function ownCertificate(host: string): Promise<{ readonly certificate: string; readonly key: string }> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${host}`,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----\n`,
  };
}
