// Graph for oneself, endpoint by endpoint: what it answers, whom it refuses, and for how long a sign-in counts.
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { graphCredentialIdCandidates } from '../../main/fido/bytes/graph-credential-id.ts';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { TEST_AAGUID, TestAuthenticator } from '../support/test-authenticator.ts';
import { callGraph, signedIn, twinStand, type GraphBody, type TwinStand } from '../support/twin-stand.ts';

const ME = '/v1.0/me/authentication';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

async function tokenFor(pass: string, scopes?: readonly string[]): Promise<string> {
  if (scopes === undefined) return (await signedIn(stand, pass)).accessToken;
  stand = await twinStand({ tenant: { app: { ...stand.twin.tenant.app, graphScopes: scopes } } });
  return (await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }))).accessToken;
}
const signIn = async () => tokenFor(stand.twin.stage.issuePass({ user: stand.upn }));

async function registerKey(accessToken: string): Promise<Uint8Array> {
  const authenticator = new TestAuthenticator({
    randomBytes: stand.randomBytes,
    leaf: await stand.attestation.leafFor(TEST_AAGUID),
  });
  const options = await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/creationOptions`);
  const made = authenticator.make(options.body);
  expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`, { method: 'POST', body: made.body })).status).toBe(201);
  return made.credentialId;
}

describe('every call', () => {
  test('needs a token that is ours, for Graph and not over', async () => {
    const accessToken = await signIn();
    const unauthorized = { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    expect(await callGraph(stand.twin, null, '/v1.0/me')).toMatchObject(unauthorized);
    expect(await callGraph(stand.twin, 'not.a.token', '/v1.0/me')).toMatchObject(unauthorized);
    const [header = '', payload = '', signature = ''] = accessToken.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), upn: 'boss@kestrelharbour.example' }),
    ).toString('base64url');
    expect(await callGraph(stand.twin, `${header}.${forged}.${signature}`, '/v1.0/me')).toMatchObject(unauthorized);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect(await callGraph(stand.twin, unsigned, '/v1.0/me')).toMatchObject(unauthorized);
    stand.clock.advanceMinutes(60);
    expect(await callGraph(stand.twin, accessToken, '/v1.0/me')).toMatchObject(unauthorized);
  });

  test('refuses an id token, which is for somebody else', async () => {
    const { tokens } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    expect((await callGraph(stand.twin, String(tokens['id_token']), '/v1.0/me')).status).toBe(401);
  });

  test('carries a request id and echoes the client’s', async () => {
    const accessToken = await signIn();
    const clientRequestId = '6d9d3f7e-4f0e-4c56-9a0f-2f1f6b6c7d11';
    const { headers } = await callGraph(stand.twin, accessToken, '/v1.0/me', {
      headers: { 'client-request-id': clientRequestId },
    });
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('client-request-id')).toBe(clientRequestId);
    expect(headers.get('content-type')).toMatch(/^application\/json;odata\.metadata=minimal/);
    expect(headers.get('date')).toBe('Mon, 23 Nov 2026 09:00:00 GMT');
    const refused = await callGraph(stand.twin, null, '/v1.0/me', { headers: { 'client-request-id': clientRequestId } });
    expect(refused.body.error.innerError).toEqual({
      message: refused.body.error.message,
      date: '2026-11-23T09:00:00',
      'request-id': refused.headers.get('request-id'),
      'client-request-id': clientRequestId,
    });
  });

  test.each<[string, string, number, string]>([
    ['GET', '/v1.0/users/sam@kestrelharbour.example/authentication/fido2Methods', 403, 'Authorization_RequestDenied'],
    ['GET', '/beta/me/authentication/fido2Methods/creationOptions(challengeTimeoutInMinutes=5)', 405, 'methodNotAllowed'],
    ['GET', '/beta/me/authentication/fido2Methods/creationOptions', 405, 'methodNotAllowed'],
    ['POST', '/beta/me/authentication/fido2Methods', 405, 'methodNotAllowed'],
    ['PATCH', `${ME}/fido2Methods/some-id`, 405, 'methodNotAllowed'],
    ['POST', `${ME}/temporaryAccessPassMethods`, 405, 'methodNotAllowed'],
    ['GET', '/v1.0/galaxy', 400, 'BadRequest'],
  ])('%s %s is not for a person: %i', async (method, path, status, code) => {
    expect(await callGraph(stand.twin, await signIn(), path, { method })).toMatchObject({ status, body: { error: { code } } });
  });
});

describe('scopes', () => {
  const calls: readonly (readonly [string, string, string])[] = [
    ['GET', '/v1.0/me', 'User.Read'],
    ['GET', `${ME}/fido2Methods/creationOptions`, 'UserAuthMethod-Passkey.ReadWrite'],
    ['POST', `${ME}/fido2Methods`, 'UserAuthMethod-Passkey.ReadWrite'],
    ['DELETE', `${ME}/fido2Methods/x`, 'UserAuthenticationMethod.ReadWrite'],
    ['GET', `${ME}/fido2Methods`, 'UserAuthMethod-Passkey.Read'],
    ['GET', `${ME}/fido2Methods/x`, 'UserAuthenticationMethod.Read'],
    ['GET', `${ME}/methods`, 'UserAuthenticationMethod.Read'],
    ['GET', `${ME}/temporaryAccessPassMethods`, 'UserAuthMethod-TAP.Read'],
    ['GET', `${ME}/temporaryAccessPassMethods/x`, 'UserAuthMethod-TAP.Read'],
    ['DELETE', `${ME}/temporaryAccessPassMethods/x`, 'UserAuthMethod-TAP.ReadWrite'],
    ['GET', `${ME}/microsoftAuthenticatorMethods`, 'UserAuthMethod-MicrosoftAuthApp.Read'],
    ['GET', `${ME}/microsoftAuthenticatorMethods/x`, 'UserAuthMethod-MicrosoftAuthApp.Read'],
    ['GET', `${ME}/microsoftAuthenticatorMethods/x/device`, 'UserAuthMethod-MicrosoftAuthApp.Read'],
  ];

  test('each call is refused without any of its permissions', async () => {
    const accessToken = await tokenFor('', ['Mail.Read']);
    for (const [method, path] of calls) {
      const answer = await callGraph(stand.twin, accessToken, path, { method });
      expect({ method, path, status: answer.status, code: answer.body.error.code }).toEqual({
        method,
        path,
        status: 403,
        code: 'accessDenied',
      });
    }
  });

  test.each(calls)('%s %s is let through with %s', async (method, path, scope) => {
    const answer = await callGraph(stand.twin, await tokenFor('', [scope]), path, { method });
    expect((answer.body as Partial<GraphBody> | null)?.error?.code).not.toBe('accessDenied');
    expect(answer.status).not.toBe(403);
  });

  test('reading is not writing', async () => {
    const accessToken = await tokenFor('', [
      'UserAuthMethod-Passkey.Read',
      'UserAuthenticationMethod.Read',
      'UserAuthMethod-TAP.Read',
    ]);
    for (const [method, path] of [
      ['GET', 'fido2Methods/creationOptions'],
      ['POST', 'fido2Methods'],
      ['DELETE', 'fido2Methods/x'],
      ['DELETE', 'temporaryAccessPassMethods/x'],
    ]) {
      expect((await callGraph(stand.twin, accessToken, `${ME}/${path}`, { method: method ?? '' })).status).toBe(403);
    }
  });
});

test('/me is the person; $select picks', async () => {
  const accessToken = await signIn();
  const me = await callGraph(stand.twin, accessToken, '/v1.0/me');
  expect(me.body).toMatchObject({ displayName: 'Lina Berg', givenName: 'Lina', surname: 'Berg', userPrincipalName: stand.upn });
  const some = await callGraph(stand.twin, accessToken, '/v1.0/me?$select=id,displayName');
  expect(Object.keys(some.body)).toEqual(['@odata.context', 'displayName', 'id']);
});

describe('creationOptions', () => {
  const ask = async (accessToken: string) => callGraph(stand.twin, accessToken, `${ME}/fido2Methods/creationOptions`);

  test('ask for what the service asks for', async () => {
    const { status, body } = await ask(await signIn());
    expect(status).toBe(200);
    expect(body.challengeTimeoutDateTime).toBe('2026-11-23T09:05:00Z');
    expect(body.publicKey).toEqual({
      rp: { id: 'login.microsoft.com', name: 'Microsoft' },
      user: { id: expect.any(String), name: stand.upn, displayName: 'Lina Berg' },
      challenge: expect.any(String),
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 60000,
      excludeCredentials: [],
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'direct',
      extensions: {
        hmacCreateSecret: true,
        enforceCredentialProtectionPolicy: true,
        credentialProtectionPolicy: 'userVerificationOptional',
      },
    });
    expect(Buffer.from(decodeBase64url(body.publicKey.user.id)).subarray(0, 3).toString()).toBe('OF:');
    expect(decodeBase64url(body.publicKey.user.id)).toHaveLength(51);
    const jwe = Buffer.from(decodeBase64url(body.publicKey.challenge)).toString('ascii');
    expect(jwe.length).toBeGreaterThan(5000);
    expect(jwe.length).toBeLessThan(5600);
    expect(jwe.split('.')).toHaveLength(5);
    expect(Object.keys(JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString())).toSorted()).toEqual([
      'alg',
      'enc',
      'x5c',
      'x5t',
    ]);
    expect(jwe).not.toContain(stand.upn);
  });

  test('give a new challenge each time and the same user handle always', async () => {
    const accessToken = await signIn();
    const [one, other] = [await ask(accessToken), await ask(accessToken)];
    expect(one.body.publicKey.challenge).not.toBe(other.body.publicKey.challenge);
    expect(one.body.publicKey.user.id).toBe(other.body.publicKey.user.id);
  });

  test.each(['base64url', 'base64urlWithPaddingDigit', 'base64'] as const)(
    'exclude what is registered, spelled as %s',
    async (excludeIdSpelling) => {
      stand.twin.stage.setPolicy({ fido2: { excludeIdSpelling } });
      const accessToken = await signIn();
      const credentialId = await registerKey(accessToken);
      const [excluded] = (await ask(accessToken)).body.publicKey.excludeCredentials;
      expect(excluded).toMatchObject({ type: 'public-key', transports: [] });
      expect(graphCredentialIdCandidates(excluded?.id ?? '').map((id) => Buffer.from(id).toString('hex'))).toContain(
        Buffer.from(credentialId).toString('hex'),
      );
    },
  );

  test('are refused while passkeys or self-service are off', async () => {
    const accessToken = await signIn();
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    expect((await ask(accessToken)).body.error).toMatchObject({
      code: 'badRequest',
      message: expect.stringContaining('self-service'),
    });
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: true, state: 'disabled' } });
    expect((await ask(accessToken)).status).toBe(400);
  });
});

describe('how long a sign-in counts', () => {
  const ask = async (accessToken: string) => callGraph(stand.twin, accessToken, `${ME}/fido2Methods/creationOptions`);

  test('ten minutes after a one-time pass registration is over, and no setting lengthens it', async () => {
    stand.twin.stage.setPolicy({ signIn: { freshSignInMinutes: null } });
    const accessToken = await tokenFor(stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true }));
    stand.clock.advanceMinutes(10);
    expect((await ask(accessToken)).status).toBe(200);
    stand.clock.advanceMs(1);
    expect(await ask(accessToken)).toMatchObject({ status: 403, body: { error: { code: 'accessDenied' } } });
    expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`, { method: 'POST', body: {} })).status).toBe(403);
    expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`)).status).toBe(200);
  });

  test('a pass that can be used again only needs a new sign-in', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const accessToken = await tokenFor(pass);
    stand.clock.advanceMinutes(11);
    expect((await ask(accessToken)).status).toBe(403);
    expect((await ask(await tokenFor(pass))).status).toBe(200);
  });

  test.each([
    [5, 403],
    [null, 200],
  ])('the tenant may say %s minutes', async (freshSignInMinutes, status) => {
    stand.twin.stage.setPolicy({ signIn: { freshSignInMinutes } });
    const accessToken = await signIn();
    stand.clock.advanceMinutes(6);
    expect((await ask(accessToken)).status).toBe(status);
  });
});

describe('the keys of a person', () => {
  test('are listed, read and deleted by the id that Graph gave', async () => {
    const accessToken = await signIn();
    const credentialId = await registerKey(accessToken);
    const list = await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`);
    expect(list.body.value).toHaveLength(1);
    const id = list.body.value[0]?.id ?? '';
    expect(Buffer.compare(graphCredentialIdCandidates(id)[0] ?? Buffer.alloc(0), credentialId)).toBe(0);
    expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/${id}`)).body.displayName).toBe('Test key');
    const deleted = await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/${id}`, { method: 'DELETE' });
    expect(deleted).toMatchObject({ status: 204, body: null });
    for (const method of ['GET', 'DELETE']) {
      expect(await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/${id}`, { method })).toMatchObject({
        status: 404,
        body: { error: { code: 'notFound' } },
      });
    }
    expect(stand.twin.stage.credentials()).toEqual([]);
  });

  test('show up in lists when replication is through, and can be read at once', async () => {
    stand.twin.stage.setReplicationLagMs(20_000);
    const accessToken = await signIn();
    await registerKey(accessToken);
    const [stored] = stand.twin.stage.credentials();
    const listed = async () => (await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`)).body.value.length;
    expect(await listed()).toBe(0);
    expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/${stored?.methodId}`)).status).toBe(200);
    stand.clock.advanceMs(19_999);
    expect(await listed()).toBe(0);
    stand.clock.advanceMs(1);
    expect(await listed()).toBe(1);
  });

  test('are nobody else’s business', async () => {
    await registerKey(await signIn());
    const upn = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Sam Okafor' });
    const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: upn }), {}, upn);
    const [theirs] = stand.twin.stage.credentials();
    expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods`)).body.value).toEqual([]);
    for (const method of ['GET', 'DELETE']) {
      expect((await callGraph(stand.twin, accessToken, `${ME}/fido2Methods/${theirs?.methodId}`, { method })).status).toBe(404);
    }
    expect(stand.twin.stage.credentials()).toHaveLength(1);
  });
});

describe('the pass', () => {
  test('is shown without its code, with its state', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 90, isUsableOnce: true });
    const { accessToken } = await signedIn(stand, pass);
    const list = await callGraph(stand.twin, accessToken, `${ME}/temporaryAccessPassMethods`);
    expect(list.body.value).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        temporaryAccessPass: null,
        createdDateTime: '2026-11-23T09:00:00.000Z',
        startDateTime: '2026-11-23T09:00:00.000Z',
        lifetimeInMinutes: 90,
        isUsableOnce: true,
        isUsable: false,
        methodUsabilityReason: 'OneTimeUsed',
      },
    ]);
    const id = list.body.value[0]?.id ?? '';
    expect((await callGraph(stand.twin, accessToken, `${ME}/temporaryAccessPassMethods/${id}`)).body.id).toBe(id);
    expect((await callGraph(stand.twin, accessToken, `${ME}/temporaryAccessPassMethods/other`)).status).toBe(404);
  });

  test('can be deleted by its owner where the tenant lets them', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const { accessToken } = await signedIn(stand, pass);
    const [listed] = (await callGraph(stand.twin, accessToken, `${ME}/temporaryAccessPassMethods`)).body.value;
    const id = listed?.id ?? '';
    const remove = () => callGraph(stand.twin, accessToken, `${ME}/temporaryAccessPassMethods/${id}`, { method: 'DELETE' });
    stand.twin.stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: false } });
    expect((await remove()).status).toBe(403);
    stand.twin.stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: true } });
    stand.clock.advanceMinutes(30); // no fresh sign-in is needed for it
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect(stand.twin.stage.methods(stand.upn).pass).toBeNull();
  });
});

describe('Authenticator', () => {
  test('is there without a date or a device until phone sign-in is on', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const phone = createPhone({
      http: (request) => stand.twin.handle(request),
      randomBytes: stand.randomBytes,
      deviceName: 'Lina’s phone',
    });
    phone.addWorkAccount();
    await phone.signIn({ upn: stand.upn, pass });
    const accessToken = await tokenFor(pass);
    const list = async (query = '') =>
      (await callGraph(stand.twin, accessToken, `${ME}/microsoftAuthenticatorMethods${query}`)).body.value;
    const [method] = await list();
    expect(method).toEqual({
      id: expect.any(String),
      displayName: 'Lina’s phone',
      deviceTag: 'SoftwareTokenActivated',
      phoneAppVersion: '6.2611.1',
      createdDateTime: null,
    });
    expect((await list('?$expand=device'))[0]?.device).toBeNull();
    expect((await callGraph(stand.twin, accessToken, `${ME}/microsoftAuthenticatorMethods/${method?.id}/device`)).status).toBe(
      404,
    );

    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'any' } });
    stand.clock.advanceMinutes(1);
    expect(await phone.setUpPhoneSignIn(stand.upn)).toEqual({ ok: true });
    expect((await list())[0]?.createdDateTime).toBe('2026-11-23T09:01:00Z');
    expect((await list('?$expand=device'))[0]?.device).toMatchObject({ displayName: 'Lina’s phone' });
    expect(
      (await callGraph(stand.twin, accessToken, `${ME}/microsoftAuthenticatorMethods/${method?.id}/device`)).body.displayName,
    ).toBe('Lina’s phone');
    expect((await callGraph(stand.twin, accessToken, `${ME}/microsoftAuthenticatorMethods/${method?.id}`)).body.id).toBe(
      method?.id,
    );
    expect((await callGraph(stand.twin, accessToken, `${ME}/microsoftAuthenticatorMethods/other`)).status).toBe(404);
  });
});

test('all methods are listed with their types', async () => {
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const { accessToken } = await signedIn(stand, pass);
  await registerKey(accessToken);
  const { body } = await callGraph(stand.twin, accessToken, `${ME}/methods`);
  expect(body.value.map((method) => method['@odata.type'])).toEqual([
    '#microsoft.graph.passwordAuthenticationMethod',
    '#microsoft.graph.temporaryAccessPassAuthenticationMethod',
    '#microsoft.graph.fido2AuthenticationMethod',
  ]);
});
