// How the twin's Graph behaves around its answers: reports and the audit log, batches, throttling, challenges, places.
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeJwt } from 'jose';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { TEST_AAGUID, TEST_AAGUID_TEXT, TestAuthenticator } from '../support/test-authenticator.ts';
import { TECHNICIAN, stationToken, technicianToken } from '../support/twin-staff.ts';
import { callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
let token: string;
beforeEach(async () => {
  stand = await twinStand();
  token = await stationToken(stand);
});

const get = (path: string, bearer = token) => callGraph(stand.twin, bearer, path);
const REPORT = '/v1.0/reports/authenticationMethods/userRegistrationDetails';
const AUDITS = '/v1.0/auditLogs/directoryAudits';

async function registerKey(bearer: string): Promise<void> {
  const leaf = await stand.attestation.leafFor(TEST_AAGUID);
  const path = `/v1.0/users/${stand.upn}/authentication/fido2Methods`;
  const options = await get(`${path}/creationOptions`, bearer);
  const made = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf }).make(options.body);
  expect((await callGraph(stand.twin, bearer, path, { method: 'POST', body: made.body })).status).toBe(201);
}

async function registerPhone(): Promise<void> {
  const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
  phone.addWorkAccount();
  await phone.signIn({ upn: stand.upn, pass: stand.twin.stage.issuePass({ user: stand.upn }) });
}

describe('the registration report', () => {
  const lina = async () => (await get(`${REPORT}?$filter=userPrincipalName eq '${stand.upn}'`)).body.value[0];

  test('grows with what a person registers', async () => {
    expect(await lina()).toMatchObject({
      userType: 'member',
      isAdmin: false,
      isMfaRegistered: false,
      isPasswordlessCapable: false,
      methodsRegistered: [],
    });
    await registerKey(token);
    await registerPhone();
    const after = await lina();
    expect(after).toMatchObject({
      isMfaRegistered: true,
      isPasswordlessCapable: true,
      methodsRegistered: [
        'passKeyDeviceBound',
        'microsoftAuthenticatorPush',
        'microsoftAuthenticatorPasswordless',
        'softwareOneTimePasscode',
        'temporaryAccessPass',
      ],
    });
    expect((await get(`${REPORT}/${after?.id}`)).body.userPrincipalName).toBe(stand.upn);
    expect((await get(`${REPORT}/${stand.upn}`)).status).toBe(404); // by object id only
  });

  test('tells self-service reset by its policy and by what was registered', async () => {
    const { stage } = stand.twin;
    expect(await lina()).toMatchObject({ isSsprEnabled: false, isSsprRegistered: false, isSsprCapable: false });
    const group = stage.addGroup({ displayName: 'Reset', members: [stand.upn] });
    stage.setPolicy({ passwordReset: { enabledFor: 'selected', groupIds: [group] } });
    expect(await lina()).toMatchObject({ isSsprEnabled: true, isSsprCapable: false });
    stage.changeUser(stand.upn, { passwordResetRegistered: true });
    expect(await lina()).toMatchObject({ isSsprEnabled: true, isSsprRegistered: true, isSsprCapable: true });
  });

  test('needs the paid edition and a reader', async () => {
    const reader = await technicianToken(stand, ['reportsReader']);
    const other = await technicianToken(stand, ['authenticationAdministrator'], 'other@kestrelharbour.example');
    expect((await get(REPORT, reader)).status).toBe(200);
    expect((await get(REPORT, other)).status).toBe(403);
    stand.twin.stage.setLicences([]);
    expect((await get(REPORT, reader)).body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant');
  });
});

describe('the audit log', () => {
  test('names who did what to whom, from where, newest first', async () => {
    const bearer = await technicianToken(stand, ['authenticationAdministrator', 'reportsReader']);
    stand.twin.stage.setPlace('desk', { address: '198.51.100.77', country: 'NL' });
    await registerKey(bearer);
    const { value } = (await get(AUDITS, bearer)).body;
    expect(value.map((entry) => entry['activityDisplayName'])).toEqual([
      'Admin registered security info',
      'Add Passkey (device-bound)',
    ]);
    expect(value[1]).toMatchObject({
      category: 'UserManagement',
      loggedByService: 'Device Registration Service',
      operationType: 'Add',
      result: 'success',
      activityDateTime: '2026-11-23T09:00:00.000Z',
      initiatedBy: { app: null, user: { userPrincipalName: TECHNICIAN, ipAddress: '198.51.100.77' } },
      targetResources: [{ type: 'User', userPrincipalName: stand.upn }],
      additionalDetails: [{ key: 'AAGuid', value: TEST_AAGUID_TEXT }],
    });
  });

  test('names an application where no person acted', async () => {
    await registerKey(token);
    const [entry] = (await get(AUDITS)).body.value;
    const { appid, oid } = decodeJwt(token);
    expect(entry?.['initiatedBy']).toMatchObject({ app: { appId: appid, servicePrincipalId: oid }, user: null });
  });

  test('can be filtered, and takes its time', async () => {
    stand.twin.stage.setAuditLagMs(120_000);
    await registerKey(token);
    const found = async (filter: string) => (await get(`${AUDITS}?$filter=${encodeURIComponent(filter)}`)).body.value.length;
    const passkeys = "activityDisplayName eq 'Add Passkey (device-bound)'";
    expect(await found(passkeys)).toBe(0);
    stand.clock.advanceMs(120_000);
    expect(await found(passkeys)).toBe(1);
    expect(await found(`${passkeys} and activityDateTime ge 2026-11-23T09:00:00Z`)).toBe(1);
    expect(await found(`${passkeys} and activityDateTime ge 2026-11-23T09:01:00Z`)).toBe(0);
    expect(await found(`targetResources/any(t:t/userPrincipalName eq '${stand.upn}')`)).toBe(2);
    expect(await found("targetResources/any(t:t/userPrincipalName eq 'nobody')")).toBe(0);
  });
});

describe('batches', () => {
  const batch = (requests: unknown, version = 'v1.0') =>
    callGraph(stand.twin, token, `/${version}/$batch`, { method: 'POST', body: { requests } });
  const responses = async (requests: unknown) =>
    (await batch(requests)).body['responses'] as readonly {
      id: string;
      status: number;
      headers: Record<string, string>;
      body: Record<string, unknown> & { error?: { code: string } };
    }[];
  const json = { 'content-type': 'application/json' };

  test('answer each part by itself', async () => {
    const parts = await responses([
      { id: 'who', method: 'GET', url: `/users/${stand.upn}?$select=displayName` },
      { id: 'ghost', method: 'GET', url: '/users/ghost' },
      {
        id: 'groups',
        method: 'POST',
        url: `/users/${stand.upn}/getMemberGroups`,
        headers: json,
        body: { securityEnabledOnly: false },
      },
    ]);
    const byId = Object.fromEntries(parts.map((part) => [part.id, part]));
    expect(byId['who']).toMatchObject({ status: 200, body: { displayName: 'Lina Berg' } });
    expect(byId['ghost']).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    expect(byId['groups']).toMatchObject({ status: 200, body: { value: [] } });
  });

  test('fail what depends on a failure, and only that', async () => {
    const parts = await responses([
      { id: 'c', method: 'GET', url: '/organization', dependsOn: ['b'] },
      { id: 'a', method: 'GET', url: '/domains' },
      { id: 'b', method: 'GET', url: '/users/ghost', dependsOn: ['A'] },
    ]);
    expect(Object.fromEntries(parts.map(({ id, status }) => [id, status]))).toEqual({ a: 200, b: 404, c: 424 });
  });

  test.each<[string, unknown]>([
    ['none', []],
    ['twenty-one', Array.from({ length: 21 }, (_, id) => ({ id: String(id), method: 'GET', url: '/domains' }))],
    [
      'an id twice, whatever its case',
      [
        { id: 'a', method: 'GET', url: '/domains' },
        { id: 'A', method: 'GET', url: '/domains' },
      ],
    ],
    ['a dependency that is not there', [{ id: 'a', method: 'GET', url: '/domains', dependsOn: ['b'] }]],
    [
      'a circle',
      [
        { id: 'a', method: 'GET', url: '/domains', dependsOn: ['b'] },
        { id: 'b', method: 'GET', url: '/domains', dependsOn: ['a'] },
      ],
    ],
    ['a body without its type', [{ id: 'a', method: 'POST', url: '/users/x/getMemberGroups', body: {} }]],
    ['an absolute address', [{ id: 'a', method: 'GET', url: 'https://graph.microsoft.com/v1.0/domains' }]],
  ])('are refused with %s', async (_name, requests) => {
    expect((await batch(requests)).status).toBe(400);
  });

  test('are nobody’s without a token', async () => {
    const answer = await callGraph(stand.twin, null, '/v1.0/$batch', { method: 'POST', body: { requests: [] } });
    expect(answer.status).toBe(401);
  });

  test('meet throttling and faults part by part', async () => {
    stand.twin.stage.setThrottle('reports', { requests: 1, perMs: 10_000, retryAfter: true });
    stand.twin.stage.inject({ match: { path: '/v1.0/domains' }, status: 503, retryAfterSeconds: 3 });
    const parts = await responses([
      { id: '1', method: 'GET', url: '/reports/authenticationMethods/userRegistrationDetails' },
      { id: '2', method: 'GET', url: '/auditLogs/directoryAudits' },
      { id: '3', method: 'GET', url: '/domains' },
      { id: '4', method: 'GET', url: '/domains' },
    ]);
    expect(parts.map(({ status }) => status)).toEqual([200, 429, 503, 200]);
    expect(parts[1]?.headers['retry-after']).toBe('10');
    expect(parts[2]?.headers['retry-after']).toBe('3');
  });
});

describe('disturbed answers', () => {
  test('may be of the wrong shape or cut short, and say they are JSON', async () => {
    stand.twin.stage.inject({
      match: { path: '/v1.0/domains' },
      status: 200,
      body: '{"value":[',
      contentType: 'application/json',
    });
    const url = 'https://graph.microsoft.com/v1.0/domains';
    const response = await stand.twin.handle(new Request(url));
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test('name their server for support', async () => {
    expect((await get('/v1.0/domains')).headers.get('x-ms-ags-diagnostic')).toMatch(/^\{"ServerInfo":/);
  });
});

test('sign-in learns of a new pass later than Graph', async () => {
  stand.twin.stage.setPassLagMs(10_000);
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  expect((await get(`/v1.0/users/${stand.upn}/authentication/temporaryAccessPassMethods`)).body.value).toHaveLength(1);
  await expect(signedIn(stand, pass)).rejects.toThrow('/login/pass');
  stand.clock.advanceMs(10_000);
  expect((await signedIn(stand, pass)).tokens['access_token']).toBeDefined();
});

test('methods the twin does not play are there and empty', async () => {
  const path = `/v1.0/users/${stand.upn}/authentication`;
  for (const name of ['phoneMethods', 'softwareOathMethods', 'windowsHelloForBusinessMethods'])
    expect((await get(`${path}/${name}`)).body.value).toEqual([]);
  expect((await get(`${path}/passwordMethods`)).body.value).toHaveLength(1);
  expect((await get(`${path}/passwordlessMicrosoftAuthenticatorMethods`)).status).toBe(405);
});

describe('throttling', () => {
  test('counts per workload in a sliding window, and says when to come back', async () => {
    stand.twin.stage.setThrottle('reports', { requests: 5, perMs: 10_000, retryAfter: true });
    for (let number = 0; number < 5; number += 1) {
      expect((await get(REPORT)).status).toBe(200);
      stand.clock.advanceMs(1_000);
    }
    const refused = await get(AUDITS);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'TooManyRequests' } } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await get('/v1.0/domains')).status).toBe(200);
    stand.clock.advanceMs(5_000);
    expect((await get(REPORT)).status).toBe(200);
    expect((await get(REPORT)).status).toBe(429);
    stand.twin.stage.setThrottle('reports', null);
    expect((await get(REPORT)).status).toBe(200);
  });

  test.each([
    ['conditionalAccess', '/v1.0/identity/conditionalAccess/policies'],
    ['conditionalAccess', '/v1.0/policies/authenticationStrengthPolicies'],
    ['authenticationMethods', '/v1.0/users/lina.berg@kestrelharbour.example/authentication/methods'],
    ['authenticationMethods', '/v1.0/policies/authenticationMethodsPolicy'],
    ['directory', '/v1.0/users'],
  ] as const)('%s: %s, which may keep the time to itself', async (workload, path) => {
    stand.twin.stage.setThrottle(workload, { requests: 1, perMs: 1_000, retryAfter: false });
    expect((await get(path)).status).toBe(200);
    const refused = await get(path);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBeNull();
    stand.clock.advanceMs(1_000);
    expect((await get(path)).status).toBe(200);
    stand.twin.stage.setThrottle(workload, { requests: 1, perMs: 60_000, retryAfter: true });
    stand.twin.stage.reset();
    expect((await get(path, await stationToken(stand))).status).not.toBe(429);
    expect((await get(path, await stationToken(stand))).status).not.toBe(429);
  });
});

describe('challenges', () => {
  const challenged = (headers: Headers): unknown => {
    const encoded = /claims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  };
  const CP1 = JSON.stringify({ access_token: { xms_cc: { values: ['CP1'] } } });

  test('a client that understands is asked for a newer token, another keeps what it has', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const able = (await signedIn(stand, pass, { claims: CP1 })).accessToken;
    const unable = (await signedIn(stand, pass)).accessToken;
    stand.clock.advanceMs(1_000);
    stand.twin.stage.revokeTokens(stand.upn);
    const refused = await get('/v1.0/me', able);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_claims"');
    const nbf = String(Date.parse('2026-11-23T09:00:01Z') / 1000);
    expect(challenged(refused.headers)).toEqual({ access_token: { nbf: { essential: true, value: nbf } } });
    expect((await get('/v1.0/me', unable)).status).toBe(200);
    const newer = (await signedIn(stand, pass, { claims: CP1 })).accessToken;
    expect((await get('/v1.0/me', newer)).status).toBe(200);
  });

  test('a challenge can be ordered for whatever comes next', async () => {
    const claims = { access_token: { acrs: { essential: true, value: 'c1' } } };
    stand.twin.stage.inject({ match: { path: '/v1.0/domains' }, claims });
    const refused = await get('/v1.0/domains');
    expect(refused.status).toBe(401);
    expect(challenged(refused.headers)).toEqual(claims);
    expect((await get('/v1.0/domains')).status).toBe(200);
  });
});

test('a person who was disabled meanwhile has no token any more', async () => {
  const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
  stand.twin.stage.changeUser(stand.upn, { accountEnabled: false });
  expect((await get('/v1.0/me', accessToken)).status).toBe(401);
});

test('reset takes the tenant back to its beginning', async () => {
  const { stage } = stand.twin;
  stage.addGroup({ displayName: 'Group' });
  stage.addNamedLocation({ kind: 'ip', displayName: 'HQ', ranges: ['203.0.113.0/26'] });
  stage.addAccessPolicy({ displayName: 'Policy' });
  stage.addStrength({ displayName: 'Strength', allowedCombinations: ['fido2'] });
  stage.setDomain('yard.example', 'Federated');
  stage.setLicences([]);
  await registerKey(token);
  stage.reset();
  const again = await stationToken(stand);
  const count = async (path: string) => (await get(path, again)).body.value.length;
  expect(await count('/v1.0/groups')).toBe(0);
  expect(await count('/v1.0/identity/conditionalAccess/namedLocations')).toBe(0);
  expect(await count('/v1.0/identity/conditionalAccess/policies')).toBe(0);
  expect(await count('/v1.0/policies/authenticationStrengthPolicies')).toBe(3);
  expect(await count('/v1.0/domains')).toBe(1);
  expect(await count('/v1.0/subscribedSkus')).toBe(1);
  expect(await count(AUDITS)).toBe(0);
});
