// `/authorize` and discovery: what is refused on a page, what is refused to the application, and how answers travel.
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { readForm } from '../../main/simulator/phone/page-form.ts';
import {
  NATIVE_CLIENT,
  authorizeUrl,
  browserOn,
  signInWithPass,
  signedIn,
  twinStand,
  type TwinStand,
} from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

describe('a request that cannot be trusted gets a page and no answer', () => {
  test.each<[string, Record<string, string | null>, number]>([
    ['without a client', { client_id: null }, 900144],
    ['of an unknown client', { client_id: '11111111-2222-3333-4444-555555555555' }, 700016],
    ['without a redirect address', { redirect_uri: null }, 900971],
    ['to a foreign redirect address', { redirect_uri: 'https://evil.example/nativeclient' }, 50011],
    ['to a longer redirect address', { redirect_uri: `${NATIVE_CLIENT}/more` }, 50011],
    ['to loopback over https', { redirect_uri: 'https://localhost' }, 50011],
    ['in an unknown response mode', { response_mode: 'smoke' }, 9002313],
  ])('%s', async (_name, changes, aadsts) => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, changes));
    expect(browser.caught).toBeNull();
    expect(browser.status).toBe(400);
    expect(browser.aadsts).toBe(aadsts);
    expect(browser.page).toContain('Correlation ID');
    expect(browser.page).not.toContain('evil.example');
  });

  test.each([
    ['common', 50194],
    ['organizations', 50194],
    ['99999999-0000-0000-0000-000000000000', 90002],
    ['elsewhere.example', 90002],
  ])('under the tenant name %s', async (tenant, aadsts) => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, {}, tenant));
    expect(browser.aadsts).toBe(aadsts);
  });

  test('but the tenant may be named by its domain', async () => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, {}, 'KestrelHarbour.example'));
    expect(browser.heading).toBe('Sign in');
  });
});

describe('a request with a proven address gets its refusal there', () => {
  test.each<[string, Record<string, string | null>, string, number]>([
    ['no response type', { response_type: null }, 'invalid_request', 900144],
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type', 700054],
    ['no scope', { scope: null }, 'invalid_request', 900144],
    ['an unknown resource', { scope: 'https://vault.azure.net/.default' }, 'invalid_resource', 500011],
    [
      'two resources',
      { scope: 'https://graph.microsoft.com/.default 01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/.default' },
      'invalid_scope',
      70011,
    ],
    ['an unknown prompt', { prompt: 'shout' }, 'invalid_request', 90023],
    ['a short code challenge', { code_challenge: 'short' }, 'invalid_request', 501491],
    ['an unknown challenge method', { code_challenge_method: 'S1' }, 'invalid_request', 9002313],
    ['a challenge method alone', { code_challenge: null }, 'invalid_request', 900144],
    ['claims that are not JSON', { claims: '{' }, 'invalid_request', 9002313],
  ])('%s', async (_name, changes, error, aadsts) => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, changes));
    expect(browser.answer.get('error')).toBe(error);
    expect(browser.answer.get('error_description')).toMatch(
      new RegExp(`^AADSTS${aadsts}: .+ Trace ID: .+ Correlation ID: .+ Timestamp: 2026-11-23 09:00:00Z$`),
    );
    expect(browser.answer.get('state')).toBe('state-of-the-test');
    expect(browser.answer.has('code')).toBe(false);
  });
});

describe('answers', () => {
  test('travel in the query, the fragment or a form that sends itself', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin, { response_mode: 'query' }), stand.upn, pass);
    expect(browser.caught?.searchParams.get('code')).not.toBeNull();
    await browser.open(authorizeUrl(stand.twin, { response_mode: 'fragment', prompt: null }));
    expect(browser.caught?.search).toBe('');
    expect(browser.answer.get('code')).not.toBeNull();

    await browser.open(
      authorizeUrl(stand.twin, { response_mode: 'form_post', prompt: null, redirect_uri: 'http://localhost:51234' }),
    );
    expect(browser.page).toContain('data-send-itself');
    const form = readForm(browser.page, browser.url);
    expect(form?.action).toBe('http://localhost:51234/');
    expect(form?.fields.get('state')).toBe('state-of-the-test');
    expect(form?.fields.get('code')).toMatch(/^1\./);
    expect(browser.headers.get('content-security-policy')).toContain('http://localhost:*');
  });

  test('of loopback go to the port asked for, but not to another path', async () => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { redirect_uri: 'http://localhost:8400', prompt: 'none' }));
    expect(browser.caught?.origin).toBe('http://localhost:8400');
    await browser.open(authorizeUrl(stand.twin, { redirect_uri: 'http://localhost:8400/elsewhere', prompt: 'none' }));
    expect(browser.aadsts).toBe(50011);
  });

  test('are kept back when an administrator has not consented, after a one-time pass was spent', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await signInWithPass(
      browser,
      authorizeUrl(stand.twin, { scope: 'https://graph.microsoft.com/Directory.ReadWrite.All' }),
      stand.upn,
      pass,
    );
    expect(browser.caught).toBeNull();
    expect(browser.aadsts).toBe(90094);
    expect(stand.twin.stage.methods(stand.upn).pass?.usability).toBe('OneTimeUsed');
  });

  test('ask for a fresh sign-in when claims demand it of an older session', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const claims = JSON.stringify({ access_token: { amr: { essential: true, values: ['ngcmfa'] } } });
    const { browser } = await signedIn(stand, pass);
    await browser.open(authorizeUrl(stand.twin, { prompt: null, claims }));
    expect(browser.answer.get('code')).not.toBeNull();
    stand.clock.advanceMinutes(11);
    await browser.open(authorizeUrl(stand.twin, { prompt: null }));
    expect(browser.answer.get('code')).not.toBeNull();
    await browser.open(authorizeUrl(stand.twin, { prompt: null, claims }));
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    expect(browser.page).toContain(stand.upn);
  });
});

describe('discovery', () => {
  const ask = async (path: string, host = 'login.microsoftonline.com') => {
    const response = await stand.twin.handle(new Request(`https://${host}${path}`));
    return { status: response.status, body: await response.json() };
  };

  test('names the endpoints of the tenant, and refuses strangers', async () => {
    const { tenantId } = stand.twin.tenant;
    const { body } = await ask(`/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect(body).toMatchObject({
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      authorization_endpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
      token_endpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    });
    expect((await ask('/organizations/v2.0/.well-known/openid-configuration')).body.issuer).toContain('{tenantid}');
    expect((await ask('/elsewhere.example/v2.0/.well-known/openid-configuration')).status).toBe(400);
    const instance = await ask('/common/discovery/instance?api-version=1.1');
    expect(instance.body.metadata[0].aliases).toContain('login.microsoftonline.com');
  });

  test('publishes the keys that tokens are signed with', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const { tokens } = await signedIn(stand, pass);
    const { body } = await ask(`/${stand.twin.tenant.tenantId}/discovery/v2.0/keys`);
    const keys = createLocalJWKSet(body as JSONWebKeySet);
    const { payload } = await jwtVerify(String(tokens['id_token']), keys, {
      audience: stand.twin.tenant.app.clientId,
      issuer: `https://login.microsoftonline.com/${stand.twin.tenant.tenantId}/v2.0`,
      currentDate: new Date(stand.clock.wallMs()),
    });
    expect(payload['nonce']).toBe('nonce-of-the-test');
    expect(payload['preferred_username']).toBe(stand.upn);
    await expect(jwtVerify(`${String(tokens['id_token']).slice(0, -4)}AAAA`, keys)).rejects.toThrow(
      'signature verification failed',
    );
  });
});
