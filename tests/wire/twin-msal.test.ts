// An independent client against the twin: Microsoft's own MSAL builds the address, redeems the code, refreshes and reads errors.
import { CryptoProvider, InteractionRequiredAuthError, PublicClientApplication, ServerError } from '@azure/msal-node';
import { expect, test } from 'vitest';
import { networkTo } from '../support/msal-network.ts';
import { NATIVE_CLIENT, browserOn, callGraph, signInWithPass, twinStand, type TwinStand } from '../support/twin-stand.ts';

interface MsalStand extends TwinStand {
  readonly msal: PublicClientApplication;
  readonly asked: string[];
}

async function msalStand(
  auth: { readonly knownAuthorities?: string[]; readonly clientCapabilities?: string[] } = {},
): Promise<MsalStand> {
  const stand = await twinStand();
  const asked: string[] = [];
  const { tenantId, app } = stand.twin.tenant;
  const msal = new PublicClientApplication({
    auth: { clientId: app.clientId, authority: `https://login.microsoftonline.com/${tenantId}`, ...auth },
    system: { networkClient: networkTo(stand.twin, asked) },
  });
  return { ...stand, msal, asked };
}

const scopes = ['https://graph.microsoft.com/.default'];

async function signInThroughMsal(stand: MsalStand, pass: string) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const asked = { scopes, redirectUri: NATIVE_CLIENT, state: 'msal-state', nonce: 'msal-nonce' };
  const url = await stand.msal.getAuthCodeUrl({
    ...asked,
    prompt: 'login',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    loginHint: stand.upn,
    extraQueryParameters: { ui_locales: 'nl' },
  });
  const browser = browserOn(stand);
  await browser.open(url);
  expect(browser.heading).toBe('Tijdelijke toegangspas invullen');
  await browser.submit({ accesspass: pass });
  await browser.submit({ LoginOptions: '3' });
  const { answer } = browser;
  const response = {
    code: answer.get('code') ?? '',
    state: answer.get('state') ?? '',
    client_info: answer.get('client_info') ?? '',
  };
  return stand.msal.acquireTokenByCode({ ...asked, code: response.code, codeVerifier: verifier }, response);
}

test.each([
  ['with the metadata it knows by heart', {}],
  ['asking for the tenant’s metadata', { knownAuthorities: ['login.microsoftonline.com'] }],
])('MSAL signs a person in with a pass, %s', async (_name, auth) => {
  const stand = await msalStand(auth);
  const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 480 });
  const result = await signInThroughMsal(stand, pass);
  expect(result.account?.username).toBe(stand.upn);
  expect(result.tenantId).toBe(stand.twin.tenant.tenantId);
  expect(result.account?.homeAccountId).toMatch(new RegExp(`^[0-9a-f-]{36}\\.${stand.twin.tenant.tenantId}$`));
  const me = await callGraph(stand.twin, result.accessToken, '/v1.0/me');
  expect(me.body.userPrincipalName).toBe(stand.upn);

  const { account } = result;
  if (!account) throw new Error('no account');
  const kept = await stand.msal.acquireTokenSilent({ account, scopes });
  expect(kept.fromCache).toBe(true);
  const renewed = await stand.msal.acquireTokenSilent({ account, scopes, forceRefresh: true });
  expect(renewed.fromCache).toBe(false);
  expect(renewed.accessToken).not.toBe(result.accessToken);
  expect((await callGraph(stand.twin, renewed.accessToken, '/v1.0/me')).status).toBe(200);
});

test('MSAL refuses a code that was used, with the number of the service', async () => {
  const stand = await msalStand();
  await expect(
    stand.msal.acquireTokenByCode({ code: 'used-up', codeVerifier: 'x'.repeat(43), scopes, redirectUri: NATIVE_CLIENT }),
  ).rejects.toSatisfy(
    (error) => error instanceof ServerError && String(error.errorNo) === '70000' && error.errorCode === 'invalid_grant',
  );
});

test('MSAL learns that the pass has ended when it refreshes', async () => {
  const stand = await msalStand();
  const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 60 });
  const { account } = await signInThroughMsal(stand, pass);
  if (!account) throw new Error('no account');
  stand.clock.advanceMinutes(60);
  await expect(stand.msal.acquireTokenSilent({ account, scopes, forceRefresh: true })).rejects.toSatisfy(
    (error) =>
      (error instanceof ServerError || error instanceof InteractionRequiredAuthError) && String(error.errorNo) === '130504',
  );
});

test('MSAL with the capability CP1 carries it into the token, so Graph may challenge', async () => {
  const stand = await msalStand({ clientCapabilities: ['CP1'] });
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const { accessToken } = await signInThroughMsal(stand, pass);
  stand.clock.advanceMinutes(11);
  const answer = await callGraph(stand.twin, accessToken, '/v1.0/me/authentication/fido2Methods/creationOptions');
  expect(answer.status).toBe(401);
  const claims = /claims="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toEqual({
    access_token: { amr: { essential: true, values: ['ngcmfa'] } },
  });
});

test('the helper that signs in by pages agrees with MSAL about the address', async () => {
  const stand = await msalStand();
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const url = await stand.msal.getAuthCodeUrl({ scopes, redirectUri: NATIVE_CLIENT });
  const browser = browserOn(stand);
  await signInWithPass(browser, url, stand.upn, pass);
  expect(browser.answer.get('code')).not.toBeNull();
});
