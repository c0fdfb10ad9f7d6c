// The whole client in front of the twin: rules, persons and What-If with the station's sign-in, registering for others with a
// technician's, and the number of requests a registration takes.
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import { createGraphStaff } from '../../main/adapters/directory-graph/graph-staff.ts';
import { createGraphTenant } from '../../main/adapters/directory-graph/graph-tenant.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { Call, DirectoryPort } from '../../main/ports/directory.ts';
import type { TokenSource } from '../../main/ports/identity.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import type { TenantPort } from '../../main/ports/tenant.ts';
import { softCredential } from '../support/soft-credential.ts';
import { stationToken, technicianToken } from '../support/twin-staff.ts';
import { twinStand, type TwinStand } from '../support/twin-stand.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const settings = { graphOrigin: 'https://graph.microsoft.com', cloud: 'global' } as const;

let stand: TwinStand;
let clock: ClockPort;
beforeEach(async () => {
  stand = await twinStand();
  clock = { ...systemClock(), wallMs: () => stand.clock.wallMs() };
});

const call = (deadlineMs = 20_000): Call => ({ signal: new AbortController().signal, deadlineMs });
const http = () => sessionHttp((request) => stand.twin.handle(request));
const withToken = (token: string): TokenSource => ({ accessToken: async () => ({ ok: true, value: token }) });

async function valueOf<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`refused: ${JSON.stringify(settled.reason)}`);
  return settled.value;
}

const graphRequests = (): readonly string[] =>
  stand.twin.stage
    .requests()
    .filter(({ host }) => host === 'graph.microsoft.com')
    .map(({ path }) => path);

async function tenantPort(): Promise<TenantPort> {
  const tokens = withToken(await stationToken(stand));
  return createGraphTenant({ settings, http: http(), tokens, clock, random: stand.randomBytes });
}

describe('the rules of the twin', () => {
  test('are all known, in two requests', async () => {
    const { stage } = stand.twin;
    const group = stage.addGroup({ displayName: 'Break glass' });
    const office = stage.addNamedLocation({ kind: 'ip', displayName: 'HQ egress', isTrusted: true, ranges: ['203.0.113.0/26'] });
    const countries = stage.addNamedLocation({ kind: 'country', displayName: 'Home', countries: ['SE'] });
    const strength = stage.addStrength({
      displayName: 'Kiosk onboarding',
      allowedCombinations: ['temporaryAccessPassMultiUse', 'fido2'],
    });
    const policy = stage.addAccessPolicy({
      displayName: 'Security info',
      users: { includeUsers: ['All'], excludeGroups: [group] },
      applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
      locations: { includeLocations: ['All'], excludeLocations: [office] },
      grantControls: { operator: 'OR', strengthId: strength },
    });
    const tenant = await tenantPort();
    const before = graphRequests();
    const rules = await valueOf(tenant.rules(call()));
    expect(
      graphRequests()
        .slice(before.length)
        .filter((path) => path.endsWith('$batch') || path.endsWith('namedLocations')),
    ).toHaveLength(2);
    expect(rules).toMatchObject({
      serverAheadMs: 0,
      methods: { passkeys: { known: true }, pass: { known: true }, authenticator: { known: true } },
      premium: { known: true, value: true },
      tenantName: 'Kestrel Harbour',
      accessPolicies: {
        known: true,
        value: [
          {
            id: policy,
            displayName: 'Security info',
            users: { includeUsers: ['All'], excludeGroups: [group] },
            userActions: ['urn:user:registersecurityinfo'],
            locations: { include: ['All'], exclude: [office] },
            clientAppTypes: ['all'],
            platforms: null,
            furtherConditions: [],
            grant: { strengthId: strength },
          },
        ],
      },
      locations: {
        known: true,
        value: [
          { kind: 'ip', id: office, isTrusted: true, ranges: ['203.0.113.0/26'] },
          { kind: 'country', id: countries, countries: ['SE'] },
        ],
      },
    });
    expect(rules.strengths.known && rules.strengths.value.map(({ displayName }) => displayName)).toContain('Kiosk onboarding');
  });

  test('tell a tenant that pays for nothing, and a clock that is ahead', async () => {
    const tenant = await tenantPort();
    stand.twin.stage.setLicences([]);
    stand.twin.stage.setClockSkewMs(30 * 60_000);
    const rules = await valueOf(tenant.rules(call()));
    expect(rules.premium).toEqual({ known: true, value: false });
    expect(Math.abs(rules.serverAheadMs - 30 * 60_000)).toBeLessThanOrEqual(1_000);
  });

  test('of two hundred policies come page by page', async () => {
    for (let index = 0; index < 200; index += 1) stand.twin.stage.addAccessPolicy({ displayName: `Policy ${index}` });
    const rules = await valueOf((await tenantPort()).rules(call(60_000)));
    expect(rules.accessPolicies.known && rules.accessPolicies.value).toHaveLength(200);
  });
});

describe('a person of the twin', () => {
  test('is known with groups, roles, domain and ways to sign in', async () => {
    const { stage } = stand.twin;
    const inner = stage.addGroup({ displayName: 'Inner' });
    const upn = 'noor.vandijk@federated.example';
    stage.setDomain('federated.example', 'Federated');
    stage.addUser({ upn, displayName: 'Noor van Dijk', roles: ['authenticationAdministrator'], groups: [inner] });
    stage.issuePass({ user: upn });
    const standing = await valueOf((await tenantPort()).person(upn, call()));
    expect(standing).toMatchObject({
      userName: upn,
      accountEnabled: true,
      userType: 'member',
      federated: true,
      groupIds: [inner],
      roleIds: ['c4e39bd9-1100-46d3-8c65-fb160da0071f'],
      methods: { known: true, value: ['password', 'temporaryAccessPass'] },
    });
    expect((await valueOf((await tenantPort()).person(standing.objectId, call()))).userName).toBe(upn);
  });

  test('nobody is nobody', async () => {
    const tenant = await tenantPort();
    expect(await tenant.person('nobody@kestrelharbour.example', call())).toMatchObject({
      ok: false,
      reason: { code: 'directory.personUnknown', detail: { status: 404 } },
    });
  });
});

test('what if: the policy that would stop somebody elsewhere does not stop them here', async () => {
  const { stage } = stand.twin;
  const office = stage.addNamedLocation({ kind: 'ip', displayName: 'HQ egress', isTrusted: true, ranges: ['203.0.113.0/26'] });
  const policy = stage.addAccessPolicy({
    displayName: 'Office only',
    users: { includeUsers: ['All'] },
    applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
    locations: { includeLocations: ['All'], excludeLocations: [office] },
    grantControls: { operator: 'OR', builtInControls: ['block'] },
  });
  const tenant = await tenantPort();
  const { objectId: userId } = await valueOf(tenant.person(stand.upn, call()));
  const at = (address: string) =>
    tenant.whatIf(
      { userId, userAction: 'registerSecurityInformation', place: { address, country: 'SE' }, devicePlatform: 'linux' },
      call(),
    );
  expect(await at('203.0.113.17')).toEqual({ ok: true, value: [] });
  expect(await at('198.51.100.7')).toMatchObject({
    ok: true,
    value: [{ policyId: policy, displayName: 'Office only', applies: true, grant: { builtInControls: ['block'] } }],
  });
});

test('the station’s token tells its rights', async () => {
  const granted = await valueOf((await tenantPort()).granted(call()));
  expect(granted.permissions).toContain('Policy.Read.All');
});

describe('for others', () => {
  async function forOthers(token: string, user = stand.upn): Promise<DirectoryPort> {
    return createGraphDirectory({ settings, http: http(), tokens: withToken(token), clock, random: stand.randomBytes, user });
  }

  test.each(['technician', 'station'] as const)('a %s registers a key for somebody', async (route) => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const token = route === 'station' ? await stationToken(stand) : await technicianToken(stand, ['authenticationAdministrator']);
    const directory = await forOthers(token);
    expect(await directory.ready(call())).toEqual({ ok: true, value: null });
    const made = softCredential(await valueOf(directory.creationOptions(call())), new Uint8Array(32).fill(9), AAGUID);
    await valueOf(directory.registerKey(made, 'Kiosk key', call()));
    await valueOf(directory.waitUntilListed(made, call()));
    expect(stand.twin.stage.credentials()).toMatchObject([{ upn: stand.upn, displayName: 'Kiosk key' }]);
    expect((await valueOf(directory.methods(call()))).map(({ kind }) => kind)).toContain('fido2');
  });

  test('a challenge that holds for an hour is taken after fifty minutes', async () => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const tokens = withToken(await stationToken(stand));
    const parts = { settings, http: http(), tokens, clock, random: stand.randomBytes, user: stand.upn };
    const directory = createGraphDirectory({ ...parts, challengeMinutes: 60 });
    const options = await valueOf(directory.creationOptions(call()));
    expect(options.expiresAtMs - stand.clock.wallMs()).toBe(60 * 60_000);
    stand.clock.advanceMinutes(50);
    const made = softCredential(options, new Uint8Array(32).fill(9), AAGUID);
    expect(await valueOf(directory.registerKey(made, 'Kiosk key', call()))).toMatchObject({ name: 'Kiosk key' });
  });

  test('a technician without a role is refused, and a person’s own rights reach nobody else', async () => {
    const directory = await forOthers(await technicianToken(stand, []));
    expect(await directory.creationOptions(call())).toMatchObject({ ok: false, reason: { code: 'directory.forbidden' } });
  });

  test('a technician issues a pass, sees it, and takes keys away', async () => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const token = await technicianToken(stand, ['authenticationAdministrator']);
    const directory = await forOthers(token);
    const { objectId } = await valueOf(directory.profile(call()));
    const person = { objectId, userName: stand.upn };
    const staff = createGraphStaff({
      settings,
      http: http(),
      tokens: withToken(token),
      clock,
      random: stand.randomBytes,
      person,
    });
    const issued = await valueOf(staff.issuePass({ lifetimeMinutes: 90, usableOnce: true }, call()));
    expect(new TextDecoder().decode(issued.code)).toMatch(/^\S{8,}$/);
    expect(await valueOf(directory.pass(call()))).toEqual(issued.facts);
    expect(issued.facts).toMatchObject({ usableOnce: true, usability: 'EnabledByPolicy' });
    await valueOf(directory.deletePass(issued.facts.methodId, call()));
    expect(await valueOf(directory.pass(call()))).toBeNull();
    const made = softCredential(await valueOf(directory.creationOptions(call())), new Uint8Array(32).fill(9), AAGUID);
    const { methodId } = await valueOf(directory.registerKey(made, 'Key', call()));
    await valueOf(staff.deleteKey(methodId, call()));
    await valueOf(staff.deleteKey(methodId, call()));
    expect(stand.twin.stage.credentials()).toEqual([]);
  });

  test('which second factor is asked for is read, and one that is not registered can’t be chosen', async () => {
    const directory = await forOthers(await technicianToken(stand, ['authenticationAdministrator']));
    expect(await valueOf(directory.signInPreference(call()))).toMatchObject({ preferred: null });
    expect(await directory.preferSecondFactor('oath', call())).toMatchObject({
      ok: false,
      reason: { code: 'directory.refused', detail: { status: 400 } },
    });
  });

  test('the reports and the audit log tell what was done', async () => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const sinceMs = stand.clock.wallMs();
    const token = await stationToken(stand);
    const directory = await forOthers(token);
    const { objectId } = await valueOf(directory.profile(call()));
    const made = softCredential(await valueOf(directory.creationOptions(call())), new Uint8Array(32).fill(9), AAGUID);
    await valueOf(directory.registerKey(made, 'Key', call()));
    const person = { objectId, userName: stand.upn };
    const staff = createGraphStaff({
      settings,
      http: http(),
      tokens: withToken(token),
      clock,
      random: stand.randomBytes,
      person,
    });
    expect(await valueOf(staff.registrationDetails(call()))).toMatchObject({ admin: false });
    stand.clock.advanceMinutes(30);
    const entries = await valueOf(staff.audit(sinceMs, call()));
    expect(entries.map(({ activity }) => activity)).toContain('Add Passkey (device-bound)');
    expect(entries.find(({ activity }) => activity === 'Add Passkey (device-bound)')).toMatchObject({
      result: 'success',
      aaguid: AAGUID,
    });
  });
});
