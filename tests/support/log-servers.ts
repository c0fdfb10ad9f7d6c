// Real servers of logs on this machine: syslog over TLS and OTLP over HTTPS, with certificates of an authority made for the run.
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { serverCertificates } from '../../scripts/twin/certificates.mjs';

export interface LogServer {
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  close(): Promise<void>;
}

export interface SyslogServer extends LogServer {
  /** Everything that came, as it came. */
  bytes(): Buffer;
}

export type Certificates = Awaited<ReturnType<typeof serverCertificates>>;

/** For a server of this name, from an authority of its own. */
export const certificatesFor = (host: string): Promise<Certificates> => serverCertificates([host], Date.now());

export async function syslogServer({ authorityPem, chainPem, keyPem }: Certificates): Promise<SyslogServer> {
  const parts: Buffer[] = [];
  const server = createTlsServer({ cert: chainPem, key: keyPem }, (socket) => {
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  return { ...(await listening(server)), ca: authorityPem, bytes: () => Buffer.concat(parts) };
}

export interface OtlpServer extends LogServer {
  readonly requests: { readonly url: string; readonly type: string; readonly document: unknown }[];
  /** What the next answers are; 200 and an empty object when there is none. */
  readonly answers: { readonly status: number; readonly body: string }[];
}

export async function otlpServer({ authorityPem, chainPem, keyPem }: Certificates): Promise<OtlpServer> {
  const requests: OtlpServer['requests'] = [];
  const answers: OtlpServer['answers'] = [];
  const server = createHttpsServer({ cert: chainPem, key: keyPem }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const document = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
      requests.push({ url: request.url ?? '', type: request.headers['content-type'] ?? '', document });
      const { status, body } = answers.shift() ?? { status: 200, body: '{}' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  server.on('tlsClientError', () => undefined);
  return { ...(await listening(server)), ca: authorityPem, requests, answers };
}

async function listening(server: Server): Promise<Pick<LogServer, 'port' | 'close'>> {
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
