// A served twin's two doors: TLS that only those trust who were told to, and a stage that opens to its token only.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServed, servedStand, type ServedStand } from '../support/served-chromium.ts';

let stand: ServedStand;
beforeAll(async () => {
  stand = await servedStand();
}, 60_000);
afterAll(() => stand.close());

async function open(
  door: string,
  body: string | null,
  token = stand.served.controlToken,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${stand.served.controlUrl}${door}`, {
    method: body === null ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body === null ? {} : { body }),
  });
  return { status: response.status, body: await response.json() };
}
const call = (door: string, ...values: unknown[]) => open(door, JSON.stringify({ arguments: values }));

test('answers on every one of its names under a certificate of its own authority', async () => {
  for (const host of stand.twin.hosts) {
    const { status } = await askServed(stand.served, `https://${host}/nothing-here`);
    expect([host, status]).toEqual([host, host === 'graph.microsoft.com' ? 401 : 404]);
  }
  const { text } = await askServed(stand.served, 'https://login.microsoftonline.com/common/discovery/instance?api-version=1.1');
  expect(JSON.parse(text)).toHaveProperty('tenant_discovery_endpoint');
  await expect(askServed({ ...stand.served, authorityPem: '' }, 'https://graph.microsoft.com/v1.0/me')).rejects.toThrow(
    /certificate/,
  );
  await expect(askServed(stand.served, 'https://evil.example/')).rejects.toThrow(/altnames/);
});

test('keeps several cookies apart and answers a HEAD without a body', async () => {
  const { status, text, headers } = await askServed(stand.served, 'https://aadcdn.msftauth.net/training/page.css', {
    method: 'HEAD',
  });
  expect([status, text, headers['content-type']]).toEqual([200, '', 'text/css; charset=utf-8']);
});

test('the stage opens to its token only, and to names it has', async () => {
  expect(await open('', null, 'another')).toMatchObject({ status: 401 });
  expect(await open('reset', '{}', '')).toMatchObject({ status: 401 });
  const { body } = await open('', null);
  expect(body).toMatchObject({ result: expect.arrayContaining(['addUser', 'issuePass', 'setPolicy', 'inject', 'reset']) });
  expect(await open('constructor', '{}')).toMatchObject({ status: 404 });
  expect(await open('reset', null)).toMatchObject({ status: 405 });
});

test('scripts set the scene, order faults and look behind it', async () => {
  const upn = `scripted@${stand.twin.tenant.domain}`;
  expect(await call('addUser', { upn, displayName: 'Scripted Person' })).toMatchObject({
    status: 200,
    body: { result: { upn } },
  });
  const issued = await call('issuePass', { user: upn, code: 'Abcd1234' });
  expect(issued.body).toEqual({ result: 'Abcd1234' });
  expect(await call('issuePass', { user: upn, lifetimeMinutes: 1 })).toMatchObject({
    status: 400,
    body: { error: expect.any(String) },
  });
  expect(await call('addUser', { upn, displayName: 'Again' })).toMatchObject({ status: 400 });
  expect(await open('addUser', 'no JSON')).toMatchObject({ status: 400 });
  expect(await open('addUser', '{"arguments":{}}')).toMatchObject({ status: 400 });

  await call('inject', { match: { path: { pattern: '^/v1\\.0/me$' } }, status: 503, retryAfterSeconds: 7 });
  const faulty = await askServed(stand.served, 'https://graph.microsoft.com/v1.0/me');
  expect([faulty.status, faulty.headers['retry-after']]).toEqual([503, '7']);
  await call('inject', { match: { host: 'graph.microsoft.com' }, networkError: true });
  await expect(askServed(stand.served, 'https://graph.microsoft.com/v1.0/me')).rejects.toThrow(/hang up|reset/);
  expect((await askServed(stand.served, 'https://graph.microsoft.com/v1.0/me')).status).toBe(401);
  const { body } = await call('requests');
  expect(JSON.stringify(body)).toContain('"path":"/v1.0/me","status":503');
  await call('reset');
  expect(await call('methods', upn)).toMatchObject({ status: 400 });
});

test('a body that is too long is refused', async () => {
  const body = 'x'.repeat(1024 * 1024 + 1);
  const { status } = await askServed(stand.served, 'https://login.microsoftonline.com/common/oauth2/v2.0/token', {
    method: 'POST',
    body,
  });
  expect(status).toBe(413);
});
