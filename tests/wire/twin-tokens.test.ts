// `/token`: what a code, a verifier and a refresh token are worth, and that nothing outlives its pass.
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  authorizeUrl,
  browserOn,
  codeForm,
  postToken,
  signInWithPass,
  signedIn,
  twinStand,
  type TwinStand,
} from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

async function freshCode(): Promise<string> {
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const browser = browserOn(stand);
  await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
  return browser.answer.get('code') ?? '';
}

test('a code and its verifier give tokens in the shape MSAL reads', async () => {
  const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 480 });
  const { tokens } = await signedIn(stand, pass);
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 4500, ext_expires_in: 4500 });
  expect(String(tokens['scope']).split(' ')).toEqual(
    expect.arrayContaining(['openid', 'https://graph.microsoft.com/.default', 'https://graph.microsoft.com/User.Read']),
  );
  expect(tokens['refresh_token']).toMatch(/^1\./);
  const access = decodeJwt(String(tokens['access_token']));
  expect(access).toMatchObject({
    aud: 'https://graph.microsoft.com',
    tid: stand.twin.tenant.tenantId,
    appid: stand.twin.tenant.app.clientId,
    upn: stand.upn,
    amr: ['tap', 'mfa'],
  });
  expect(access['scp']).toBe(stand.twin.tenant.app.graphScopes.join(' '));
});

test('gives no refresh token and no id token to those who did not ask', async () => {
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const { tokens } = await signedIn(stand, pass, { scope: 'User.Read' });
  expect(tokens['access_token']).toBeDefined();
  expect(String(tokens['scope'])).toMatch(/^User\.Read /);
  expect(tokens).not.toHaveProperty('refresh_token');
  expect(tokens).not.toHaveProperty('id_token');
});

test('no token outlives the pass it came from', async () => {
  const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 30 });
  stand.clock.advanceMinutes(10);
  const { tokens } = await signedIn(stand, pass);
  const endsAtMs = stand.twin.stage.methods(stand.upn).pass?.endsAtMs ?? 0;
  expect(tokens['expires_in']).toBe(20 * 60);
  expect(decodeJwt(String(tokens['access_token'])).exp).toBe(endsAtMs / 1000);
  expect(decodeJwt(String(tokens['id_token'])).exp).toBe(endsAtMs / 1000);
  const refresh = {
    grant_type: 'refresh_token',
    client_id: stand.twin.tenant.app.clientId,
    refresh_token: String(tokens['refresh_token']),
  };
  stand.clock.advanceMinutes(19);
  const still = await postToken(stand.twin, refresh);
  expect(still.body['expires_in']).toBe(60);
  stand.clock.advanceMinutes(1);
  const over = await postToken(stand.twin, refresh);
  expect(over).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [130504] } });
});

describe('refused', () => {
  const guid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

  test('answers have the shape of the service', async () => {
    const { status, body } = await postToken(stand.twin, codeForm(stand.twin, 'no-code'));
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'invalid_grant',
      error_description: expect.stringMatching(
        /^AADSTS70000: .* Trace ID: .* Correlation ID: .* Timestamp: 2026-11-23 09:00:00Z$/,
      ),
      error_codes: [70000],
      timestamp: '2026-11-23 09:00:00Z',
      trace_id: guid,
      correlation_id: guid,
      error_uri: 'https://login.microsoftonline.com/error?code=70000',
    });
  });

  test('a code used twice', async () => {
    const code = await freshCode();
    expect((await postToken(stand.twin, codeForm(stand.twin, code))).status).toBe(200);
    expect((await postToken(stand.twin, codeForm(stand.twin, code))).body['error_codes']).toEqual([54005]);
  });

  test('a code older than ten minutes', async () => {
    const code = await freshCode();
    stand.clock.advanceMinutes(10);
    expect((await postToken(stand.twin, codeForm(stand.twin, code))).body['error_codes']).toEqual([70008]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['another verifier', { code_verifier: 'a-verifier-that-belongs-to-somebody-else-entirely' }, 501481],
    ['another redirect address', { redirect_uri: 'http://localhost' }, 50011],
    ['another client', { client_id: '4813382a-8fa7-425e-ab75-3b753aab3abb' }, 70000],
    ['an unknown client', { client_id: '11111111-2222-3333-4444-555555555555' }, 700016],
    ['another grant', { grant_type: 'password' }, 70003],
  ])('%s', async (_name, change, aadsts) => {
    const code = await freshCode();
    const { status, body } = await postToken(stand.twin, { ...codeForm(stand.twin, code), ...change });
    expect(status).toBe(400);
    expect(body['error_codes']).toEqual([aadsts]);
  });

  test.each(['grant_type', 'client_id', 'code', 'redirect_uri'])('no %s', async (name) => {
    const { [name]: _left, ...rest } = codeForm(stand.twin, await freshCode());
    expect((await postToken(stand.twin, rest)).body['error_codes']).toEqual([900144]);
  });

  test('no verifier where a challenge was given', async () => {
    const { code_verifier: _left, ...rest } = codeForm(stand.twin, await freshCode());
    expect((await postToken(stand.twin, rest)).body['error_codes']).toEqual([501481]);
  });

  test('the wrong tenant', async () => {
    const form = codeForm(stand.twin, await freshCode());
    expect((await postToken(stand.twin, form, 'organizations')).body['error_codes']).toEqual([50194]);
    expect((await postToken(stand.twin, form, 'elsewhere.example')).body['error_codes']).toEqual([90002]);
  });

  test('a refresh token that is not ours, or of another client', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const { tokens } = await signedIn(stand, pass);
    const form = { grant_type: 'refresh_token', client_id: stand.twin.tenant.app.clientId, refresh_token: 'made-up' };
    expect((await postToken(stand.twin, form)).body['error_codes']).toEqual([70000]);
    const foreign = {
      ...form,
      client_id: '4813382a-8fa7-425e-ab75-3b753aab3abb',
      refresh_token: String(tokens['refresh_token']),
    };
    expect((await postToken(stand.twin, foreign)).body['error_codes']).toEqual([70000]);
    const wider = { ...form, refresh_token: String(tokens['refresh_token']), scope: 'Directory.ReadWrite.All' };
    expect((await postToken(stand.twin, wider)).body['error_codes']).toEqual([90094]);
  });

  test('everything after the stage was reset', async () => {
    const code = await freshCode();
    stand.twin.stage.reset();
    expect((await postToken(stand.twin, codeForm(stand.twin, code))).body['error_codes']).toEqual([70000]);
  });
});
