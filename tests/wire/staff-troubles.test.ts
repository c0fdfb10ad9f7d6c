// What staff ask of Graph for a person, and the routes that register keys for others.
import { afterEach, describe, expect, test } from 'vitest';
import { createGraphDirectory, type GraphDirectoryOptions } from '../../main/adapters/directory-graph/graph-directory.ts';
import { createGraphStaff } from '../../main/adapters/directory-graph/graph-staff.ts';
import type { Call, DirectoryPort } from '../../main/ports/directory.ts';
import type { TokenSource } from '../../main/ports/identity.ts';
import type { MadeCredential } from '../../main/ports/key.ts';
import type { StaffPort } from '../../main/ports/staff.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { graphError, html, json, scriptedHttp, type ScriptedAnswer, type ScriptedHttp } from '../support/scripted-http.ts';

const person = { objectId: '8d1c0a52-6f0d-4f43-9a35-0a5d5b7c2f10', userName: 'lina@kiosk.example' };
const users = `/v1.0/users/${person.objectId}/authentication`;

const clocks: DeskClock[] = [];
afterEach(() => {
  const left = clocks.splice(0).reduce((sum, clock) => sum + clock.pendingWaits, 0);
  if (left > 0) throw new Error(`${left} timers outlived their call`);
});

interface Desk {
  readonly http: ScriptedHttp;
  readonly staff: StaffPort;
  readonly directory: DirectoryPort;
  readonly run: <T>(act: (call: Call) => Promise<T>) => Promise<T>;
}

interface Changes extends Partial<Pick<GraphDirectoryOptions, 'challengeMinutes' | 'settings' | 'tokens'>> {
  /** Whose place; `me`: that of who signed in. */
  readonly whose?: string;
}

function desk(script: readonly ScriptedAnswer[], { whose = person.objectId, ...changes }: Changes = {}): Desk {
  const clock = new DeskClock();
  clocks.push(clock);
  const http = scriptedHttp(...script);
  const tokens: TokenSource = { accessToken: async () => ({ ok: true, value: 'eyJ0-marked-token' }) };
  const settings = { graphOrigin: 'https://graph.microsoft.com', cloud: 'global' } as const;
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(255);
  const parts = { settings, http, tokens, clock, random };
  const directory = createGraphDirectory({ ...parts, ...(whose === 'me' ? {} : { user: whose }), ...changes });
  const run: Desk['run'] = (act) => clock.runUntil(act({ signal: new AbortController().signal, deadlineMs: 30_000 }));
  return { http, staff: createGraphStaff({ ...parts, person }), directory, run };
}

const refusedWith = (code: string): object => ({ ok: false, reason: { code } });

describe('a pass for somebody', () => {
  const made = (headers: Record<string, string> = {}): Response =>
    json(
      {
        id: '3f6d8a10',
        temporaryAccessPass: 'H7+kq2Wd',
        createdDateTime: '2026-11-23T08:58:02.511Z',
        startDateTime: '2026-11-23T09:00:00Z',
        lifetimeInMinutes: 90,
        isUsableOnce: true,
        isUsable: true,
        methodUsabilityReason: 'EnabledByPolicy',
      },
      { status: 201, headers },
    );

  test('is made as wanted, and its code comes as bytes', async () => {
    const { http, staff, run } = desk([made()]);
    const outcome = await run((call) => staff.issuePass({ lifetimeMinutes: 90, usableOnce: true }, call));
    const startsAtMs = Date.parse('2026-11-23T09:00:00Z');
    expect(outcome).toEqual({
      ok: true,
      value: {
        facts: {
          methodId: '3f6d8a10',
          usableOnce: true,
          startsAtMs,
          endsAtMs: startsAtMs + 90 * 60_000,
          usability: 'EnabledByPolicy',
        },
        code: new TextEncoder().encode('H7+kq2Wd'),
      },
    });
    expect(http.asked[0]).toMatchObject({ method: 'POST', body: '{"isUsableOnce":true,"lifetimeInMinutes":90}' });
    expect(http.asked[0]?.url.pathname).toBe(`${users}/temporaryAccessPassMethods`);
  });

  test('leaves its length to the policy, and its times to the desk’s clock', async () => {
    const { http, staff, run } = desk([made({ date: 'Mon, 23 Nov 2026 10:00:00 GMT' })]);
    const outcome = await run((call) => staff.issuePass({ lifetimeMinutes: null, usableOnce: false }, call));
    expect(outcome).toMatchObject({ value: { facts: { startsAtMs: Date.parse('2026-11-23T08:00:00Z') } } });
    expect(http.asked[0]?.body).toBe('{"isUsableOnce":false}');
  });

  test('whose answer was lost is made anew: nobody has read the first', async () => {
    const { http, staff, run } = desk(['unreachable', made()]);
    expect(await run((call) => staff.issuePass({ lifetimeMinutes: 90, usableOnce: true }, call))).toMatchObject({ ok: true });
    expect(http.asked).toHaveLength(2);
  });

  test.each<[string, ScriptedAnswer, string]>([
    ['that the policy does not allow', () => graphError(400, 'badRequest', 'Invalid LifetimeInMinutes'), 'directory.refused'],
    ['without the right', () => graphError(403, 'accessDenied', 'x'), 'directory.forbidden'],
    [
      'without a code',
      () => json({ id: 'p', startDateTime: '2026-11-23T09:00:00Z', lifetimeInMinutes: 1, isUsableOnce: true }),
      'directory.unreadable',
    ],
    ['behind a portal', () => html(), 'network.captivePortal'],
  ])('%s is refused', async (_what, answer, code) => {
    const { staff, run } = desk([answer]);
    expect(await run((call) => staff.issuePass({ lifetimeMinutes: 1, usableOnce: true }, call))).toMatchObject(refusedWith(code));
  });
});

describe('taking away', () => {
  test.each([
    ['a key', 'deleteKey', 'fido2Methods'],
    ['a phone', 'deletePhone', 'microsoftAuthenticatorMethods'],
  ] as const)('%s, or finding it gone', async (_what, verb, set) => {
    const { http, staff, run } = desk([
      new Response(null, { status: 204 }),
      graphError(404, 'notFound', 'x'),
      graphError(403, 'accessDenied', 'x'),
    ]);
    expect(await run((call) => staff[verb]('a/b', call))).toEqual({ ok: true, value: null });
    expect(await run((call) => staff[verb]('a/b', call))).toEqual({ ok: true, value: null });
    expect(await run((call) => staff[verb]('a/b', call))).toMatchObject(refusedWith('directory.forbidden'));
    expect(http.asked[0]).toMatchObject({ method: 'DELETE' });
    expect(http.asked[0]?.url.pathname).toBe(`${users}/${set}/a%2Fb`);
  });
});

describe('the reports', () => {
  const details = {
    id: person.objectId,
    userPrincipalName: person.userName,
    isAdmin: false,
    isSsprRegistered: false,
    isSsprEnabled: true,
    isMfaCapable: true,
    isPasswordlessCapable: true,
    methodsRegistered: ['passKeyDeviceBound'],
    lastUpdatedDateTime: '2026-11-23T08:40:00Z',
  };

  test('tell what is registered, or that they don’t know the person yet', async () => {
    const { http, staff, run } = desk([
      json(details),
      json({ ...details, lastUpdatedDateTime: null }),
      graphError(404, 'notFound', 'x'),
    ]);
    const read = () => run((call) => staff.registrationDetails(call));
    const value = {
      methodsRegistered: ['passKeyDeviceBound'],
      passwordlessCapable: true,
      mfaCapable: true,
      ssprEnabled: true,
      ssprRegistered: false,
      admin: false,
      updatedAtMs: Date.parse('2026-11-23T08:40:00Z'),
    };
    expect(await read()).toEqual({ ok: true, value });
    expect(await read()).toEqual({ ok: true, value: { ...value, updatedAtMs: null } });
    expect(await read()).toEqual({ ok: true, value: null });
    expect(http.asked[0]?.url.pathname).toBe(`/v1.0/reports/authenticationMethods/userRegistrationDetails/${person.objectId}`);
  });

  test('name what is missing', async () => {
    const { staff, run } = desk([json({ ...details, isSsprEnabled: undefined })]);
    expect(await run((call) => staff.registrationDetails(call))).toMatchObject({
      reason: { detail: { statusName: 'isSsprEnabled' } },
    });
  });
});

describe('the audit log', () => {
  const entry = (target: object, change: object = {}): object => ({
    id: 'a1',
    activityDateTime: '2026-11-23T09:10:00Z',
    activityDisplayName: 'Add Passkey (device-bound)',
    category: 'UserManagement',
    loggedByService: 'Device Registration Service',
    result: 'success',
    correlationId: '1b0c7f52-6f0d-4f43-9a35-0a5d5b7c2f10',
    additionalDetails: [{ key: 'AAGuid', value: '2FC0579F-8113-47EA-B116-BB5A8DB9202A' }],
    targetResources: [target],
    ...change,
  });

  test('is read since a moment, page by page, for one person by id or by name', async () => {
    const next = 'https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$skiptoken=2';
    const { http, staff, run } = desk([
      json({
        value: [
          entry({ id: person.objectId.toUpperCase(), userPrincipalName: null }),
          entry({ id: 'somebody-else', userPrincipalName: 'other@kiosk.example' }),
        ],
        '@odata.nextLink': next,
      }),
      json({
        value: [
          entry(
            { id: null, userPrincipalName: 'LINA@kiosk.example' },
            { additionalDetails: [{ key: 'AAGuid', value: '<b>' }], correlationId: '' },
          ),
          entry({}, { targetResources: null, additionalDetails: null }),
        ],
      }),
    ]);
    const outcome = await run((call) => staff.audit(Date.parse('2026-11-23T09:00:00Z'), call));
    const atMs = Date.parse('2026-11-23T09:10:00Z');
    const activity = 'Add Passkey (device-bound)';
    expect(outcome).toEqual({
      ok: true,
      value: [
        {
          atMs,
          activity,
          result: 'success',
          aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
          correlationId: '1b0c7f52-6f0d-4f43-9a35-0a5d5b7c2f10',
        },
        { atMs, activity, result: 'success', aaguid: null, correlationId: null },
      ],
    });
    expect(http.asked[0]?.url.searchParams.get('$filter')).toBe(
      "activityDateTime ge 2026-11-23T09:00:00.000Z and (loggedByService eq 'Authentication Methods' or loggedByService eq 'Device Registration Service')",
    );
  });
});

describe('registering for somebody', () => {
  const options = (): Response =>
    json({
      challengeTimeoutDateTime: '2026-11-23T10:00:00Z',
      publicKey: {
        rp: { id: 'login.microsoft.com', name: 'Microsoft' },
        user: { id: 'T0Y6WiL8', name: person.userName },
        challenge: 'ZXlKaGJHY2k',
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        // 32 bytes and the digit that counts the padding, which also reads as 33 bytes.
        excludeCredentials: [{ id: `${Buffer.alloc(32, 7).toString('base64url')}1` }],
      },
    });
  const made: MadeCredential = {
    credentialIdB64u: Buffer.alloc(32, 1).toString('base64url'),
    clientDataJsonB64u: 'e30',
    attestationObjectB64u: 'o2M',
    attestationFormat: 'packed',
    aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
    rpId: 'login.microsoft.com',
    userIdB64u: 'T0Y6WiL8',
    publicKeyCoseB64u: 'pQECAyY',
    clientExtensionResults: {},
  };
  const key = (): Response => json({ id: `${made.credentialIdB64u}1`, displayName: 'Key' }, { status: 201 });

  test('goes to the person’s own place, by id or by name', async () => {
    const { http, directory, run } = desk([options(), key(), json({ value: [] })]);
    const asked = await run((call) => directory.creationOptions(call));
    expect(asked.ok && asked.value.excludeCredentialIdsB64u).toHaveLength(2);
    await run((call) => directory.registerKey(made, 'Key', call));
    await run((call) => directory.phoneMethods(call));
    expect(http.asked.map(({ url }) => url.pathname)).toEqual([
      `${users}/fido2Methods/creationOptions`,
      `${users}/fido2Methods`,
      `${users}/microsoftAuthenticatorMethods`,
    ]);
    const byName = desk([options()], { whose: "lina.o'berg#EXT#@kiosk.example" });
    await byName.run((call) => byName.directory.creationOptions(call));
    expect(byName.http.asked[0]?.url.pathname).toBe(
      "/v1.0/users/lina.o'berg%23EXT%23%40kiosk.example/authentication/fido2Methods/creationOptions",
    );
  });

  test('with a challenge that holds for long, in beta from end to end', async () => {
    const { http, directory, run } = desk([options(), key()], { challengeMinutes: 60 });
    await run((call) => directory.creationOptions(call));
    await run((call) => directory.registerKey(made, 'Key', call));
    expect(http.asked.map(({ url }) => url.pathname)).toEqual([
      `/beta/users/${person.objectId}/authentication/fido2Methods/creationOptions(challengeTimeoutInMinutes=60)`,
      `/beta/users/${person.objectId}/authentication/fido2Methods`,
    ]);
  });

  test('nobody of that name is said to be unknown', async () => {
    const none = (): Response => graphError(404, 'Request_ResourceNotFound', 'x');
    const { directory, run } = desk([none(), none(), none()]);
    expect(await run((call) => directory.profile(call))).toMatchObject(refusedWith('directory.personUnknown'));
    expect(await run((call) => directory.creationOptions(call))).toMatchObject(refusedWith('directory.personUnknown'));
    expect(await run((call) => directory.methods(call))).toMatchObject(refusedWith('directory.personUnknown'));
  });
});

describe('whether a way can serve', () => {
  const withRights = (claims: object): TokenSource => ({
    accessToken: async () => ({ ok: true, value: `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s` }),
  });
  const ready = (changes: Changes, script: readonly ScriptedAnswer[] = []) => {
    const { http, directory, run } = desk(script, changes);
    return run(async (call) => ({ said: await directory.ready(call), asked: http.asked.length }));
  };
  const own = { scp: 'User.Read UserAuthMethod-Passkey.ReadWrite' };
  const all = { roles: ['UserAuthMethod-Passkey.ReadWrite.All'] };

  test.each<[string, Changes, object]>([
    ['self', { whose: 'me', tokens: withRights(own) }, { ok: true, value: null }],
    ['technician or station', { tokens: withRights(all) }, { ok: true, value: null }],
    ['a token nobody can read', {}, { ok: true, value: null }],
    [
      'rights for oneself only',
      { tokens: withRights(own) },
      { ok: false, reason: { code: 'directory.forbidden', detail: { statusName: 'UserAuthMethod-Passkey.ReadWrite.All' } } },
    ],
    [
      'no rights',
      { whose: 'me', tokens: withRights({ scp: 'User.Read' }) },
      { ok: false, reason: { code: 'directory.forbidden', detail: { statusName: 'UserAuthMethod-Passkey.ReadWrite' } } },
    ],
    [
      'another cloud',
      { settings: { graphOrigin: 'https://graph.microsoft.us', cloud: 'usGovL4' }, tokens: withRights(all) },
      { ok: false, reason: { code: 'directory.notInThisCloud' } },
    ],
    [
      'nobody signed in',
      { tokens: { accessToken: async () => ({ ok: false, reason: { code: 'directory.tokenExpired' } }) } },
      { ok: false, reason: { code: 'directory.tokenExpired' } },
    ],
  ])('%s, without a word to Graph', async (_what, changes, said) => {
    expect(await ready(changes)).toEqual({ said, asked: 0 });
  });

  test('another cloud is told before options are asked for', async () => {
    const { http, directory, run } = desk([], {
      settings: { graphOrigin: 'https://microsoftgraph.chinacloudapi.cn', cloud: 'china' },
    });
    expect(await run((call) => directory.creationOptions(call))).toEqual(refusedWith('directory.notInThisCloud'));
    expect(http.asked).toHaveLength(0);
  });
});

describe('which second factor is asked for', () => {
  test('is read and set in beta', async () => {
    const { http, directory, run } = desk([
      json({ isSystemPreferredAuthenticationMethodEnabled: true, userPreferredMethodForSecondaryAuthentication: 'oath' }),
      new Response(null, { status: 204 }),
    ]);
    expect(await run((call) => directory.signInPreference(call))).toEqual({
      ok: true,
      value: { systemChooses: true, preferred: 'oath' },
    });
    expect(await run((call) => directory.preferSecondFactor('push', call))).toEqual({ ok: true, value: null });
    expect(http.asked[1]).toMatchObject({ method: 'PATCH', body: '{"userPreferredMethodForSecondaryAuthentication":"push"}' });
    expect(new Set(http.asked.map(({ url }) => url.pathname))).toEqual(
      new Set([`/beta/users/${person.objectId}/authentication/signInPreferences`]),
    );
  });
});
