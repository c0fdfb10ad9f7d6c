// The beacon that is shipped, behind a real port, asked by the desk's own adapter.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createSignedBeacon } from '../../main/adapters/place-web/signed-beacon.ts';
import { serveBeacon } from '../../scripts/beacon/serve-beacon.mjs';
import { seededRandomBytes } from '../support/seeded-random.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const folder = mkdtempSync(path.join(tmpdir(), 'beacon-'));
const file = (name: string): string => path.join(folder, name);
let served: Awaited<ReturnType<typeof serveBeacon>>;

beforeAll(async () => {
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...[
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      file('key.pem'),
      '-out',
      file('certificate.pem'),
    ],
  ]);
  served = await serveBeacon({
    certificatePem: readFileSync(file('certificate.pem'), 'utf8'),
    certificateKeyPem: readFileSync(file('key.pem'), 'utf8'),
    privateKey,
    port: 0,
    host: '127.0.0.1',
  });
}, 60_000);

afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An exchange with the certificate's own root, as a company's machines have it. */
function exchange(address: string, method = 'GET', headers: Record<string, string> = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(address, { method, headers, ca: readFileSync(file('certificate.pem')) }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.once('end', () =>
        resolve(
          new Response(Buffer.concat(parts), {
            status: incoming.statusCode ?? 0,
            headers: { 'content-type': incoming.headers['content-type'] ?? '' },
          }),
        ),
      );
    });
    asked.once('error', reject);
    asked.end();
  });
}

const url = (): string => `https://localhost:${served.port}/here`;

test('tells the desk the address of its connection, whatever a header says', async () => {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const http = sessionHttp((request) => exchange(request.url, request.method, { 'x-forwarded-for': '203.0.113.17' }));
  const options = { url: url(), keys: [x], http, clock: systemClock(), randomBytes: seededRandomBytes('served') };
  const call = { signal: new AbortController().signal, deadlineMs: 5_000 };
  expect(await createSignedBeacon(options).where(call)).toEqual({ ok: true, value: { address: '127.0.0.1', country: null } });
});

test.each<[string, string, string, number]>([
  ['no nonce', 'GET', '', 400],
  ['a short nonce', 'GET', '?nonce=abc', 400],
  ['a nonce of another alphabet', 'GET', `?nonce=${'%20'.repeat(30)}`, 400],
  ['a long nonce', 'GET', `?nonce=${'a'.repeat(87)}`, 400],
  ['another method', 'POST', `?nonce=${'a'.repeat(43)}`, 405],
])('%s is refused', async (_what, method, query, status) => {
  expect((await exchange(`${url()}${query}`, method)).status).toBe(status);
});
