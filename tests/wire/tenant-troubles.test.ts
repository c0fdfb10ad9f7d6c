// The tenant's rules and a person's standing, read in few requests, against everything that can go wrong on the way.
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withBudget } from '../../main/adapters/directory-graph/wire/call-budget.ts';
import { createGraphBatch } from '../../main/adapters/directory-graph/wire/graph-batch.ts';
import { createGraphClient } from '../../main/adapters/directory-graph/wire/graph-client.ts';
import { createGraphTenant } from '../../main/adapters/directory-graph/graph-tenant.ts';
import type { Call } from '../../main/ports/directory.ts';
import type { TokenSource } from '../../main/ports/identity.ts';
import type { TenantPort, TenantRules, WhatIfQuestion } from '../../main/ports/tenant.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { batchAnswer, part, partsOf, type BatchPart } from '../support/graph-batch-answer.ts';
import {
  graphError,
  html,
  json,
  REQUEST_ID,
  scriptedHttp,
  type ScriptedAnswer,
  type ScriptedHttp,
} from '../support/scripted-http.ts';
import {
  AAGUID,
  accessPolicy,
  fido2,
  GROUP,
  homeCountries,
  methodsPolicy,
  microsoftAuthenticator,
  office,
  premiumSku,
  strengthPasswordless,
  temporaryAccessPass,
} from '../support/tenant-answers.ts';

const clocks: DeskClock[] = [];
afterEach(() => {
  const left = clocks.splice(0).reduce((sum, clock) => sum + clock.pendingWaits, 0);
  if (left > 0) throw new Error(`${left} timers outlived their call`);
});

interface Desk {
  readonly clock: DeskClock;
  readonly http: ScriptedHttp;
  readonly tenant: TenantPort;
  readonly run: <T>(act: (call: Call) => Promise<T>, deadlineMs?: number) => Promise<T>;
}

const goodToken: TokenSource = { accessToken: async () => ({ ok: true, value: 'eyJ0-marked-token' }) };

function desk(script: readonly ScriptedAnswer[], tokens = goodToken): Desk {
  const clock = new DeskClock();
  clocks.push(clock);
  const http = scriptedHttp(...script);
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(255);
  const tenant = createGraphTenant({ settings: { graphOrigin: 'https://graph.microsoft.com' }, http, tokens, clock, random });
  const run: Desk['run'] = (act, deadlineMs = 30_000) =>
    clock.runUntil(act({ signal: new AbortController().signal, deadlineMs }));
  return { clock, http, tenant, run };
}

const list = (...value: readonly unknown[]): object => ({ '@odata.context': 'x', value });
const refused = (status: number, code: string): BatchPart =>
  part({ error: { code, message: 'no', innerError: { 'request-id': REQUEST_ID } } }, status);
const rulesParts = {
  '/policies/authenticationMethodsPolicy': part(methodsPolicy),
  '/policies/authenticationStrengthPolicies': part(list(strengthPasswordless)),
  '/subscribedSkus': part(list(premiumSku)),
  '/identity/conditionalAccess/policies': part(list(accessPolicy)),
};
const places = (): Response => json(list(office, homeCountries));

async function rulesOf(under: Desk): Promise<TenantRules> {
  const outcome = await under.run((call) => under.tenant.rules(call));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.reason));
  return outcome.value;
}

describe('the rules', () => {
  test('come in two requests, a second apart for Conditional Access', async () => {
    const under = desk([batchAnswer(rulesParts, { date: 'Mon, 23 Nov 2026 09:01:00 GMT' }), places]);
    const startedMs = under.clock.nowMs();
    const rules = await rulesOf(under);
    expect(rules).toEqual({
      readAtMs: Date.parse('2026-11-23T09:00:01.100Z'),
      serverAheadMs: 60_000,
      methods: {
        passkeys: {
          known: true,
          value: {
            enabled: true,
            selfServiceAllowed: true,
            targets: { include: ['all_users', GROUP], exclude: ['guests'] },
            profiles: [
              {
                name: 'Default passkey profile',
                deviceBoundAllowed: true,
                attestationEnforced: true,
                keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: [AAGUID] },
                targets: { include: ['all_users'], exclude: ['guests'] },
              },
              {
                name: 'Anything',
                deviceBoundAllowed: false,
                attestationEnforced: false,
                keyRestrictions: { isEnforced: false, enforcementType: 'block', aaGuids: [] },
                targets: { include: [GROUP], exclude: ['guests'] },
              },
            ],
          },
        },
        pass: {
          known: true,
          value: {
            enabled: true,
            onceOnly: false,
            defaultLifetimeMinutes: 60,
            minimumLifetimeMinutes: 60,
            maximumLifetimeMinutes: 480,
            targets: { include: ['all_users'], exclude: [] },
          },
        },
        authenticator: {
          known: true,
          value: { enabled: true, targets: [{ id: 'all_users', mode: 'push' }], exclude: [] },
        },
        campaign: { state: 'default', targets: { include: ['all_users'], exclude: [] } },
      },
      strengths: {
        known: true,
        value: [
          {
            id: '00000000-0000-0000-0000-000000000003',
            displayName: 'Passwordless MFA',
            builtIn: true,
            allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor', 'deviceBasedPush'],
            allowedAaguids: null,
          },
        ],
      },
      locations: {
        known: true,
        value: [
          {
            kind: 'ip',
            id: '0a1b0000-0000-0000-0000-000000000001',
            displayName: 'HQ egress',
            isTrusted: true,
            ranges: ['203.0.113.0/26', '2001:db8:77::/48'],
          },
          {
            kind: 'country',
            id: '0c2d0000-0000-0000-0000-000000000001',
            displayName: 'Home countries',
            countries: ['SE', 'DK'],
            includesUnknown: false,
            lookup: 'clientIpAddress',
          },
        ],
      },
      accessPolicies: {
        known: true,
        value: [
          {
            id: '11f00000-0000-0000-0000-000000000001',
            displayName: 'Security info registration: office or pass',
            state: 'enabled',
            users: {
              includeUsers: ['All'],
              excludeUsers: ['GuestsOrExternalUsers'],
              includeGroups: [],
              excludeGroups: [GROUP],
              includeRoles: [],
              excludeRoles: [],
            },
            userActions: ['urn:user:registersecurityinfo'],
            applications: { include: [], exclude: [] },
            locations: { include: ['All'], exclude: ['AllTrusted'] },
            clientAppTypes: ['all'],
            platforms: null,
            furtherConditions: [],
            grant: { operator: 'OR', builtInControls: ['termsOfUse'], strengthId: '00000000-0000-0000-0000-000000000003' },
          },
        ],
      },
      premium: { known: true, value: true },
      tenantName: 'Example',
    });
    expect(under.http.asked.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /v1.0/$batch',
      'GET /v1.0/identity/conditionalAccess/namedLocations',
    ]);
    expect(under.clock.nowMs() - startedMs).toBe(1_100);
  });

  test('a right that is missing leaves that part unknown, with its reason', async () => {
    const forbidden = { code: 'directory.forbidden', detail: { status: 403, requestId: REQUEST_ID } };
    const under = desk([
      batchAnswer({ ...rulesParts, '/subscribedSkus': refused(403, 'Authorization_RequestDenied') }),
      graphError(403, 'AccessDenied', 'x'),
    ]);
    const rules = await rulesOf(under);
    expect(rules.premium).toMatchObject({ known: false, why: forbidden });
    expect(rules.locations).toMatchObject({ known: false, why: forbidden });
    expect(rules.methods.passkeys.known && rules.accessPolicies.known && rules.strengths.known).toBe(true);
  });

  test('rules of which nothing can be read are refused', async () => {
    const no = refused(403, 'Authorization_RequestDenied');
    const under = desk([
      batchAnswer(Object.fromEntries(Object.keys(rulesParts).map((path) => [path, no]))),
      graphError(403, 'AccessDenied', 'x'),
    ]);
    expect(await under.run((call) => under.tenant.rules(call))).toMatchObject({
      ok: false,
      reason: { code: 'directory.forbidden' },
    });
  });

  test.each<[string, object, string]>([
    [
      'a passkey policy without its switch',
      { ...fido2, isSelfServiceRegistrationAllowed: undefined },
      'Fido2.isSelfServiceRegistrationAllowed',
    ],
    ['a passkey policy without targets', { ...fido2, includeTargets: undefined }, 'Fido2.includeTargets'],
    ['a passkey policy of another state', { ...fido2, state: 'maybe' }, 'Fido2.state'],
    [
      'a profile without its kinds',
      { ...fido2, passkeyProfiles: [{ ...fido2.passkeyProfiles[0], passkeyTypes: 7 }] },
      'Fido2.passkeyProfiles.0.passkeyTypes',
    ],
  ])('%s is unknown, and named', async (_what, changed, where) => {
    const policy = {
      ...methodsPolicy,
      authenticationMethodConfigurations: [changed, temporaryAccessPass, microsoftAuthenticator],
    };
    const under = desk([batchAnswer({ ...rulesParts, '/policies/authenticationMethodsPolicy': part(policy) }), places]);
    const { methods } = await rulesOf(under);
    expect(methods.passkeys).toEqual({
      known: false,
      why: { code: 'directory.unreadable', detail: { status: 200, statusName: where } },
    });
    expect(methods.pass.known && methods.authenticator.known).toBe(true);
  });

  test('a method that the policy does not hold is unknown too', async () => {
    const policy = { ...methodsPolicy, authenticationMethodConfigurations: [] };
    const under = desk([batchAnswer({ ...rulesParts, '/policies/authenticationMethodsPolicy': part(policy) }), places]);
    expect((await rulesOf(under)).methods.pass).toMatchObject({
      known: false,
      why: { detail: { statusName: 'TemporaryAccessPass' } },
    });
  });

  test('a tenant without passkey profiles has its settings as the only one', async () => {
    const old = { ...fido2, passkeyProfiles: undefined, defaultPasskeyProfile: undefined };
    const policy = { ...methodsPolicy, authenticationMethodConfigurations: [old] };
    const under = desk([batchAnswer({ ...rulesParts, '/policies/authenticationMethodsPolicy': part(policy) }), places]);
    expect((await rulesOf(under)).methods.passkeys).toMatchObject({
      value: {
        profiles: [
          {
            name: null,
            attestationEnforced: true,
            keyRestrictions: { enforcementType: 'allow', aaGuids: [AAGUID] },
            targets: { include: ['all_users', GROUP] },
          },
        ],
      },
    });
  });

  test.each([
    ['no licence', [], false],
    ['a licence that has run out', [{ ...premiumSku, capabilityStatus: 'Suspended' }], false],
    [
      'a plan that is switched off',
      [{ ...premiumSku, servicePlans: [{ servicePlanName: 'AAD_PREMIUM', provisioningStatus: 'Disabled' }] }],
      false,
    ],
    [
      'the second kind',
      [{ ...premiumSku, servicePlans: [{ servicePlanName: 'AAD_PREMIUM_P2', provisioningStatus: 'Success' }] }],
      true,
    ],
    ['a licence in its grace', [{ ...premiumSku, capabilityStatus: 'Warning' }], true],
  ])('%s', async (_what, skus, premium) => {
    const under = desk([batchAnswer({ ...rulesParts, '/subscribedSkus': part(list(...skus)) }), places]);
    expect((await rulesOf(under)).premium).toEqual({ known: true, value: premium });
  });

  test('a place of a kind nobody knows is left out; one of a known kind that is broken is named', async () => {
    const compliant = { '@odata.type': '#microsoft.graph.compliantNetworkNamedLocation', id: 'c', displayName: 'Compliant' };
    const good = desk([batchAnswer(rulesParts), () => json(list(compliant, office))]);
    expect((await rulesOf(good)).locations).toMatchObject({ known: true, value: [{ displayName: 'HQ egress' }] });
    const bad = desk([batchAnswer(rulesParts), () => json(list(office, { ...office, ipRanges: null }))]);
    expect((await rulesOf(bad)).locations).toMatchObject({
      known: false,
      why: { code: 'directory.unreadable', detail: { statusName: 'value.1' } },
    });
  });

  test('keys that a strength is narrowed to', async () => {
    const narrowed = {
      ...strengthPasswordless,
      policyType: 'custom',
      combinationConfigurations: [
        {
          '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
          id: 'c',
          allowedAAGUIDs: [AAGUID.toUpperCase()],
          appliesToCombinations: ['fido2'],
        },
      ],
    };
    const under = desk([
      batchAnswer({ ...rulesParts, '/policies/authenticationStrengthPolicies': part(list(narrowed)) }),
      places,
    ]);
    expect((await rulesOf(under)).strengths).toMatchObject({ value: [{ builtIn: false, allowedAaguids: [AAGUID] }] });
  });
});

describe('parts of a batch', () => {
  const throttledParts = { ...rulesParts, '/identity/conditionalAccess/policies': refused(429, 'TooManyRequests') };

  test('one that is throttled is asked again alone, no sooner than a second later', async () => {
    const under = desk([batchAnswer(throttledParts), batchAnswer(rulesParts), places]);
    const startedMs = under.clock.nowMs();
    expect((await rulesOf(under)).accessPolicies.known).toBe(true);
    expect(under.http.asked.slice(0, 2).map((asked) => partsOf(asked).length)).toEqual([4, 1]);
    expect(under.clock.nowMs() - startedMs).toBeGreaterThanOrEqual(1_100);
  });

  test('one that says when to come back is obeyed', async () => {
    const later = part({ error: { code: 'TooManyRequests' } }, 429, { 'Retry-After': '7' });
    const under = desk([batchAnswer({ ...rulesParts, '/subscribedSkus': later }), batchAnswer(rulesParts), places]);
    const startedMs = under.clock.nowMs();
    expect((await rulesOf(under)).premium).toEqual({ known: true, value: true });
    expect(under.clock.nowMs() - startedMs).toBeGreaterThanOrEqual(7_000);
  });

  test('one that is throttled for ever is unknown when the time is over', async () => {
    const always: ScriptedAnswer = (asked) => (asked.method === 'POST' ? batchAnswer(throttledParts)(asked) : places());
    const under = desk(Array.from({ length: 40 }, () => always));
    const startedMs = under.clock.nowMs();
    const rules = await rulesOf(under);
    expect(rules.accessPolicies).toMatchObject({ known: false, why: { code: 'directory.throttled', detail: { status: 429 } } });
    expect(rules.methods.pass.known).toBe(true);
    expect(under.clock.nowMs() - startedMs).toBeLessThanOrEqual(30_000);
  });

  test('one that is left out of the answer is named', async () => {
    const under = desk([batchAnswer({ ...rulesParts, '/subscribedSkus': null }), places]);
    expect((await rulesOf(under)).premium).toMatchObject({ known: false, why: { detail: { statusName: 'responses.3' } } });
  });

  test('one whose body is no JSON is named', async () => {
    const under = desk([batchAnswer({ ...rulesParts, '/subscribedSkus': { status: 200, body: 'PGh0bWw+' } }), places]);
    expect((await rulesOf(under)).premium).toMatchObject({ known: false, why: { code: 'directory.unreadable' } });
  });

  test.each<[string, ScriptedAnswer, string]>([
    ['a page', () => html(), 'network.captivePortal'],
    ['an answer without parts', () => json({}), 'directory.unreadable'],
    ['a refusal of the whole', () => graphError(400, 'BadRequest', 'x'), 'directory.refused'],
    ['ten megabytes', 'tooLarge', 'network.wrongAnswer'],
    ['a redirect', 'redirect', 'network.captivePortal'],
    ['somebody in between', 'trust', 'network.notTrusted'],
  ])('%s instead of a batch', async (_what, answer, code) => {
    const under = desk([answer, places]);
    const rules = await rulesOf(under);
    expect(rules.premium).toMatchObject({ known: false, why: { code } });
    expect(rules.locations.known).toBe(true);
  });

  test('no network at all is refused as a whole, in time', async () => {
    const under = desk(Array.from({ length: 60 }, () => 'unreachable' as const));
    const startedMs = under.clock.nowMs();
    expect(await under.run((call) => under.tenant.rules(call), 20_000)).toEqual({
      ok: false,
      reason: { code: 'directory.unreachable' },
    });
    expect(under.clock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
  });

  test('giving up rejects at once', async () => {
    const { clock, tenant } = desk(['hangs']);
    const left = new Error('the desk stops');
    const stop = new AbortController();
    const under = tenant.rules({ signal: stop.signal, deadlineMs: 60_000 });
    await clock.advance(10);
    stop.abort(left);
    await expect(under).rejects.toBe(left);
  });

  test('a station without a sign-in says so', async () => {
    const reason = { code: 'desk.stationNotReady' } as const;
    const under = desk([], { accessToken: async () => ({ ok: false, reason }) });
    expect(await under.run((call) => under.tenant.rules(call))).toEqual({ ok: false, reason });
  });
});

test('a batch holds no more than twenty, and every answer finds its question', async () => {
  const clock = new DeskClock();
  clocks.push(clock);
  const answer: ScriptedAnswer = (asked) =>
    json({
      responses: partsOf(asked)
        .map(({ id, url }) => ({ id, status: 200, body: { at: url } }))
        .toReversed(),
    });
  const http = scriptedHttp(answer, answer, answer);
  const random = (length: number): Uint8Array => new Uint8Array(length);
  const graph = createGraphClient({
    settings: { graphOrigin: 'https://graph.microsoft.com' },
    http,
    tokens: goodToken,
    clock,
    random,
  });
  const batch = createGraphBatch(graph);
  const schema = z.object({ at: z.string() });
  const read = Array.from({ length: 45 }, (_, index) => batch.add({ path: `/users/${index}`, schema }));
  const call: Call = { signal: new AbortController().signal, deadlineMs: 30_000 };
  await clock.runUntil(withBudget(clock, call, (budget) => batch.send(budget)));
  expect(http.asked.map((asked) => partsOf(asked).length)).toEqual([20, 20, 5]);
  expect(read.map((one) => one())).toMatchObject(read.map((_, index) => ({ ok: true, value: { at: `/users/${index}` } })));
});

describe('pages', () => {
  const next = 'https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies?$skiptoken=2';
  const withNext = (link: string): Record<string, BatchPart> => ({
    ...rulesParts,
    '/identity/conditionalAccess/policies': part({ value: [accessPolicy], '@odata.nextLink': link }),
  });

  test('are followed to the end, a second apart', async () => {
    const under = desk([batchAnswer(withNext(next)), () => json(list({ ...accessPolicy, displayName: 'Second' })), places]);
    const startedMs = under.clock.nowMs();
    const { accessPolicies } = await rulesOf(under);
    expect(accessPolicies.known && accessPolicies.value.map(({ displayName }) => displayName)).toEqual([
      accessPolicy.displayName,
      'Second',
    ]);
    expect(under.http.asked[1]?.url.href).toBe(next);
    expect(under.clock.nowMs() - startedMs).toBe(2_200);
  });

  test.each([
    'https://evil.example/v1.0/identity/conditionalAccess/policies?$skiptoken=2',
    'http://graph.microsoft.com/v1.0/identity/conditionalAccess/policies?$skiptoken=2',
    'https://graph.microsoft.com/beta/identity/conditionalAccess/policies?$skiptoken=2',
    'https://graph.microsoft.com/v1.0/../beta/x',
    'https://graph.microsoft.com:444/v1.0/x',
    'https://somebody@graph.microsoft.com/v1.0/x',
    '/v1.0/identity/conditionalAccess/policies',
    '',
  ])('a link to %j is not followed', async (link) => {
    const under = desk([batchAnswer(withNext(link)), places]);
    expect((await rulesOf(under)).accessPolicies).toMatchObject({
      known: false,
      why: { code: 'directory.unreadable', detail: { statusName: '@odata.nextLink' } },
    });
    expect(under.http.asked.every(({ url }) => url.origin === 'https://graph.microsoft.com')).toBe(true);
  });

  test('a list without an end has one', async () => {
    const endless = (): Response => json({ value: [], '@odata.nextLink': next });
    const under = desk([batchAnswer(withNext(next)), ...Array.from({ length: 49 }, () => endless), places]);
    const outcome = await under.run((call) => under.tenant.rules(call), 120_000);
    expect(outcome).toMatchObject({
      ok: true,
      value: { accessPolicies: { known: false, why: { detail: { statusName: 'tooManyPages' } } } },
    });
    expect(under.http.left).toBe(0);
  });
});

describe('a person', () => {
  const upn = "lina.o'berg@kiosk.example";
  const account = {
    id: '8D1C0A52-6F0D-4F43-9A35-0A5D5B7C2F10',
    userPrincipalName: upn,
    accountEnabled: true,
    userType: 'Member',
  };
  const role = {
    '@odata.type': '#microsoft.graph.directoryRole',
    id: 'r1',
    roleTemplateId: 'FE930BE7-5E62-47DB-91AF-98C3A49A38B1',
  };
  const user = `/users/${encodeURIComponent(upn)}`;
  const parts: Record<string, BatchPart | null> = {
    [`${user}?`]: part(account),
    [`${user}/transitiveMemberOf`]: part(
      list(
        { '@odata.type': '#microsoft.graph.group', id: GROUP.toUpperCase() },
        role,
        { '@odata.type': '#microsoft.graph.directoryRole', id: 'r2', roleTemplateId: null },
        { '@odata.type': '#microsoft.graph.administrativeUnit', id: 'au' },
      ),
    ),
    [`${user}/authentication/methods`]: part(
      list({ '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: 'p', displayName: null }),
    ),
    '/domains': part(
      list({ id: 'kiosk.example', authenticationType: 'Federated' }, { id: 'other.example', authenticationType: 'Managed' }),
    ),
    '/reports/authenticationMethods/userRegistrationDetails': part(
      list({ id: account.id, isSsprEnabled: true, isSsprRegistered: false }),
    ),
  };
  const person = (under: Desk, who = upn) => under.run((call) => under.tenant.person(who, call));

  test('is known in one request', async () => {
    const under = desk([batchAnswer(parts)]);
    expect(await person(under)).toEqual({
      ok: true,
      value: {
        objectId: account.id.toLowerCase(),
        userName: upn,
        accountEnabled: true,
        userType: 'member',
        federated: true,
        groupIds: [GROUP],
        roleIds: ['fe930be7-5e62-47db-91af-98c3a49a38b1', 'r2'],
        methods: { known: true, value: ['password'] },
        sspr: { enabled: true, registered: false },
      },
    });
    expect(under.http.asked).toHaveLength(1);
    const [first] = under.http.asked;
    const report = (first ? partsOf(first) : []).find(({ url }) => url.startsWith('/reports'));
    expect(decodeURIComponent(report?.url ?? '')).toContain("$filter=userPrincipalName eq 'lina.o''berg@kiosk.example'");
  });

  test('by object id the report is asked by it, and answers with the entry alone', async () => {
    const id = account.id.toLowerCase();
    const byId = Object.fromEntries(Object.entries(parts).map(([path, answer]) => [path.replace(user, `/users/${id}`), answer]));
    const entry = part({ id, isSsprEnabled: true, isSsprRegistered: true });
    const under = desk([batchAnswer({ ...byId, '/reports/authenticationMethods/userRegistrationDetails': entry })]);
    expect(await person(under, id)).toMatchObject({
      ok: true,
      value: { userName: upn, federated: true, sspr: { enabled: true, registered: true } },
    });
    const [first] = under.http.asked;
    expect((first ? partsOf(first) : []).map(({ url }) => url)).toContain(
      `/reports/authenticationMethods/userRegistrationDetails/${id}`,
    );
  });

  test('somebody the report does not know yet is known all the same', async () => {
    const under = desk([batchAnswer({ ...parts, '/reports/authenticationMethods/userRegistrationDetails': part(list()) })]);
    expect(await person(under)).toMatchObject({ ok: true, value: { sspr: null } });
  });

  test('a service that won’t pick members out of the groups gives them whole', async () => {
    const under = desk([
      batchAnswer({ ...parts, [`${user}/transitiveMemberOf`]: refused(400, 'BadRequest') }),
      () => json(list({ '@odata.type': '#microsoft.graph.group', id: GROUP, displayName: 'Everybody' }, role)),
    ]);
    expect(await person(under)).toMatchObject({
      ok: true,
      value: { groupIds: [GROUP], roleIds: [role.roleTemplateId.toLowerCase()] },
    });
    expect(under.http.asked[1]?.url.search).toBe('?$top=999');
  });

  test('nobody of that name is said to be unknown', async () => {
    const under = desk([batchAnswer({ ...parts, [`${user}?`]: refused(404, 'Request_ResourceNotFound') })]);
    expect(await person(under)).toMatchObject({
      ok: false,
      reason: { code: 'directory.personUnknown', detail: { status: 404 } },
    });
  });

  test('what may not be read stays unknown, and the rest goes on', async () => {
    const no = refused(403, 'Authorization_RequestDenied');
    const under = desk([
      batchAnswer({
        ...parts,
        [`${user}/authentication/methods`]: no,
        '/domains': no,
        '/reports/authenticationMethods/userRegistrationDetails': no,
      }),
    ]);
    expect(await person(under)).toMatchObject({
      ok: true,
      value: { federated: null, sspr: null, methods: { known: false, why: { code: 'directory.forbidden' } }, groupIds: [GROUP] },
    });
  });

  test('without their groups there is no standing', async () => {
    const under = desk([batchAnswer({ ...parts, [`${user}/transitiveMemberOf`]: refused(403, 'Authorization_RequestDenied') })]);
    expect(await person(under)).toMatchObject({ ok: false, reason: { code: 'directory.forbidden' } });
  });

  test('groups beyond the first page count', async () => {
    const link = 'https://graph.microsoft.com/v1.0/users/x/transitiveMemberOf?$skiptoken=2';
    const first = part({ value: [role], '@odata.nextLink': link });
    const under = desk([
      batchAnswer({ ...parts, [`${user}/transitiveMemberOf`]: first }),
      () => json(list({ '@odata.type': '#microsoft.graph.group', id: GROUP })),
    ]);
    expect(await person(under)).toMatchObject({ ok: true, value: { groupIds: [GROUP] } });
  });

  test.each([
    ['Guest', 'guest'],
    [null, 'member'],
    ['Member', 'member'],
  ])('a user of type %s', async (userType, read) => {
    const under = desk([batchAnswer({ ...parts, [`${user}?`]: part({ ...account, userType }) })]);
    expect(await person(under)).toMatchObject({ value: { userType: read } });
  });

  test('of a domain that is not the tenant’s nothing is claimed', async () => {
    const under = desk([batchAnswer({ ...parts, '/domains': part(list()) })]);
    expect(await person(under)).toMatchObject({ value: { federated: null } });
  });
});

describe('what if', () => {
  const question: WhatIfQuestion = {
    userId: '8d1c0a52-6f0d-4f43-9a35-0a5d5b7c2f10',
    userAction: 'registerSecurityInformation',
    place: { address: '203.0.113.17', country: 'SE' },
    devicePlatform: 'linux',
  };
  const result = {
    id: '11F00000-0000-0000-0000-000000000001',
    displayName: 'Security info registration',
    state: 'enabled',
    policyApplies: true,
    analysisReasons: 'notSet',
    grantControls: accessPolicy.grantControls,
  };

  test('is asked as Graph wants it', async () => {
    const under = desk([() => json(list(result))]);
    expect(await under.run((call) => under.tenant.whatIf(question, call))).toEqual({
      ok: true,
      value: [
        {
          policyId: '11f00000-0000-0000-0000-000000000001',
          displayName: 'Security info registration',
          applies: true,
          grant: { operator: 'OR', builtInControls: ['termsOfUse'], strengthId: '00000000-0000-0000-0000-000000000003' },
        },
      ],
    });
    const [asked] = under.http.asked;
    expect(asked?.url.pathname).toBe('/v1.0/identity/conditionalAccess/evaluate');
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: question.userId },
      signInContext: { '@odata.type': '#microsoft.graph.userActionContext', userAction: 'registerSecurityInformation' },
      signInConditions: {
        devicePlatform: 'linux',
        clientAppType: 'browser',
        ipAddress: '203.0.113.17',
        country: 'SE',
        signInRiskLevel: 'none',
        userRiskLevel: 'none',
      },
      appliedPoliciesOnly: true,
    });
  });

  test('without a country none is claimed', async () => {
    const under = desk([() => json(list())]);
    const place = { address: '203.0.113.17', country: null };
    await under.run((call) => under.tenant.whatIf({ ...question, place }, call));
    expect(JSON.parse(under.http.asked[0]?.body ?? '')).not.toHaveProperty('signInConditions.country');
  });

  test('asked twice in a row it keeps its distance', async () => {
    const under = desk([() => json(list()), () => json(list())]);
    const startedMs = under.clock.nowMs();
    await under.run((call) => Promise.all([under.tenant.whatIf(question, call), under.tenant.whatIf(question, call)]));
    expect(under.clock.nowMs() - startedMs).toBe(1_100);
  });

  test('throttled without a word it comes back after a second', async () => {
    const under = desk([() => graphError(429, 'TooManyRequests', 'x'), () => json(list(result))]);
    const startedMs = under.clock.nowMs();
    expect(await under.run((call) => under.tenant.whatIf(question, call))).toMatchObject({ ok: true });
    expect(under.clock.nowMs() - startedMs).toBe(1_100);
  });
});

describe('what the token is good for', () => {
  const tokenWith = (claims: unknown): TokenSource => ({
    accessToken: async () => ({ ok: true, value: `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s` }),
  });

  test.each([
    [{ roles: ['Policy.Read.All', 'User.Read.All'] }, { permissions: ['Policy.Read.All', 'User.Read.All'], roles: [] }],
    [
      { scp: 'User.Read Policy.Read.All', wids: ['fe930be7'] },
      { permissions: ['User.Read', 'Policy.Read.All'], roles: ['fe930be7'] },
    ],
  ])('%j', async (claims, value) => {
    const under = desk([], tokenWith(claims));
    expect(await under.run((call) => under.tenant.granted(call))).toEqual({ ok: true, value });
    expect(under.http.asked).toHaveLength(0);
  });

  test.each([{ sub: 'x' }, 'text', { scp: 7 }])('%j says nothing', async (claims) => {
    const under = desk([], tokenWith(claims));
    expect(await under.run((call) => under.tenant.granted(call))).toMatchObject({
      ok: false,
      reason: { code: 'directory.unreadable' },
    });
  });
});
