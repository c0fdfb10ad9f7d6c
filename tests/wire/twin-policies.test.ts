// What an administrator has set, as the twin's Graph tells it: method policies, strengths, places, Conditional Access, What-If.
import { beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryRole } from '../../main/simulator/entra/directory/directory-roles.ts';
import { stationToken, technicianToken } from '../support/twin-staff.ts';
import { callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
let token: string;
beforeEach(async () => {
  stand = await twinStand();
  token = await stationToken(stand);
});

const METHODS = '/v1.0/policies/authenticationMethodsPolicy';
const ACCESS = '/v1.0/identity/conditionalAccess';
const get = (path: string, bearer = token) => callGraph(stand.twin, bearer, path);
const configuration = async (id: string) => (await get(`${METHODS}/authenticationMethodConfigurations/${id}`)).body;

describe('the authentication methods policy', () => {
  test('holds every configuration, each under its own address in any case', async () => {
    const { body } = await get(METHODS);
    const all = body['authenticationMethodConfigurations'] as readonly { id: string }[];
    expect(all.map(({ id }) => id)).toEqual([
      'Fido2',
      'MicrosoftAuthenticator',
      'TemporaryAccessPass',
      'Sms',
      'Voice',
      'Email',
      'SoftwareOath',
      'HardwareOath',
      'X509Certificate',
      'QRCodePin',
    ]);
    for (const spelling of ['fido2', 'FIDO2', 'Fido2']) expect((await configuration(spelling)).id).toBe('Fido2');
    expect((await configuration('Sms'))['state']).toBe('disabled');
    expect((await get(`${METHODS}/authenticationMethodConfigurations/none`)).status).toBe(404);
    expect((await get(`${METHODS}/authenticationMethodConfigurations`)).body.value).toEqual(all);
  });

  test('tells passkeys’ switches, restrictions and profiles', async () => {
    expect(await configuration('fido2')).toMatchObject({
      '@odata.type': '#microsoft.graph.fido2AuthenticationMethodConfiguration',
      state: 'enabled',
      isSelfServiceRegistrationAllowed: true,
      defaultPasskeyProfile: null,
      passkeyProfiles: [],
      includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false, allowedPasskeyProfiles: [] }],
    });
    const profile = {
      id: '00000000-0000-0000-0000-000000000001',
      name: 'Default',
      passkeyTypes: 'deviceBound',
      attestationEnforcement: 'registrationOnly',
      keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: ['2fc0579f-8113-47ea-b116-bb5a8db9202a'] },
    } as const;
    stand.twin.stage.setPolicy({ fido2: { passkeyProfiles: [profile], isSelfServiceRegistrationAllowed: false } });
    expect(await configuration('fido2')).toMatchObject({
      isSelfServiceRegistrationAllowed: false,
      defaultPasskeyProfile: profile.id,
      passkeyProfiles: [profile],
      includeTargets: [{ allowedPasskeyProfiles: [profile.id] }],
    });
  });

  test('tells the pass’s limits and Authenticator’s modes', async () => {
    stand.twin.stage.setPolicy({
      temporaryAccessPass: { minimumLifetimeInMinutes: 30, isUsableOnce: true },
      microsoftAuthenticator: {
        includeTargets: [{ targetType: 'group', id: 'some', authenticationMode: 'deviceBasedPush' }],
        excludeTargets: [{ targetType: 'user', id: 'other' }],
      },
    });
    expect(await configuration('temporaryAccessPass')).toMatchObject({
      minimumLifetimeInMinutes: 30,
      maximumLifetimeInMinutes: 480,
      defaultLength: 8,
      isUsableOnce: true,
    });
    expect(await configuration('microsoftAuthenticator')).toMatchObject({
      isSoftwareOathEnabled: true,
      includeTargets: [{ id: 'some', targetType: 'group', authenticationMode: 'deviceBasedPush', isRegistrationRequired: false }],
      excludeTargets: [{ id: 'other', targetType: 'user' }],
    });
  });

  test('tells the registration campaign, security defaults and self-service reset', async () => {
    stand.twin.stage.setPolicy({
      registrationCampaign: { state: 'enabled' },
      signIn: { securityDefaults: true },
      passwordReset: { enabledFor: 'all' },
    });
    expect((await get(METHODS)).body['registrationEnforcement']).toMatchObject({
      authenticationMethodsRegistrationCampaign: {
        state: 'enabled',
        includeTargets: [{ id: 'all_users', targetedAuthenticationMethod: 'microsoftAuthenticator' }],
      },
    });
    expect((await get('/v1.0/policies/identitySecurityDefaultsEnforcementPolicy')).body['isEnabled']).toBe(true);
    expect((await get('/v1.0/policies/authorizationPolicy')).body['allowedToUseSSPR']).toBe(true);
  });
});

describe('who may read them', () => {
  const paths = {
    methods: METHODS,
    configuration: `${METHODS}/authenticationMethodConfigurations/fido2`,
    strengths: '/v1.0/policies/authenticationStrengthPolicies',
    locations: `${ACCESS}/namedLocations`,
    access: `${ACCESS}/policies`,
  };

  test.each<[DirectoryRole | null, readonly (keyof typeof paths)[]]>([
    [null, []],
    ['authenticationAdministrator', []],
    ['globalReader', ['methods', 'configuration', 'strengths', 'locations', 'access']],
    ['authenticationPolicyAdministrator', ['methods', 'configuration', 'strengths']],
    ['conditionalAccessAdministrator', ['strengths', 'locations', 'access']],
  ])('%s', async (role, readable) => {
    const bearer = await technicianToken(stand, role ? [role] : []);
    const open: string[] = [];
    for (const [name, path] of Object.entries(paths)) {
      const { status } = await get(path, bearer);
      expect([200, 403]).toContain(status);
      if (status === 200) open.push(name);
    }
    expect(open).toEqual(readable);
  });

  test('nobody with only their own rights', async () => {
    const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    for (const path of Object.values(paths))
      expect((await get(path, accessToken)).body.error.code).toBe('Authorization_RequestDenied');
  });
});

describe('strengths', () => {
  test('are the three built-in ones and the tenant’s own', async () => {
    const id = stand.twin.stage.addStrength({
      displayName: 'Desk',
      allowedCombinations: ['temporaryAccessPassMultiUse', 'fido2'],
      fido2Aaguids: ['2fc0579f-8113-47ea-b116-bb5a8db9202a'],
    });
    const { value } = (await get('/v1.0/policies/authenticationStrengthPolicies')).body;
    expect(value.map((one) => [one.id, one.displayName, one['policyType']])).toEqual([
      ['00000000-0000-0000-0000-000000000002', 'Multifactor authentication', 'builtIn'],
      ['00000000-0000-0000-0000-000000000003', 'Passwordless MFA', 'builtIn'],
      ['00000000-0000-0000-0000-000000000004', 'Phishing resistant MFA', 'builtIn'],
      [id, 'Desk', 'custom'],
    ]);
    expect(value[0]?.['allowedCombinations']).toHaveLength(19);
    expect(value[1]?.['allowedCombinations']).toEqual([
      'windowsHelloForBusiness',
      'fido2',
      'x509CertificateMultiFactor',
      'deviceBasedPush',
    ]);
    expect(value[3]?.['combinationConfigurations']).toMatchObject([
      { '@odata.type': '#microsoft.graph.fido2CombinationConfiguration', appliesToCombinations: ['fido2'] },
    ]);
    expect((await get(`${ACCESS}/authenticationStrength/policies/${id}`)).body.displayName).toBe('Desk');
    expect((await get(`${ACCESS}/authenticationStrength/policies/none`)).status).toBe(404);
    const modes = (await get(`${ACCESS}/authenticationStrength/authenticationMethodModes`)).body.value;
    expect(modes.map(({ id: mode }) => mode)).toContain('temporaryAccessPassOneTime');
    const custom = await get("/v1.0/policies/authenticationStrengthPolicies?$filter=policyType eq 'custom'");
    expect(custom.body.value).toHaveLength(1);
  });
});

describe('Conditional Access', () => {
  function seed() {
    const { stage } = stand.twin;
    const office = stage.addNamedLocation({
      kind: 'ip',
      displayName: 'HQ',
      isTrusted: true,
      ranges: ['203.0.113.0/26', '2001:db8:77::/48'],
    });
    const home = stage.addNamedLocation({ kind: 'country', displayName: 'Home', countries: ['SE', 'DK'] });
    const registration = stage.addAccessPolicy({
      displayName: 'Registration: office or strong',
      users: { includeUsers: ['All'], excludeGuestsOrExternalUsers: ['b2bCollaborationGuest'] },
      applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
      locations: { excludeLocations: ['AllTrusted'] },
      grantControls: { strengthId: '00000000-0000-0000-0000-000000000003' },
    });
    const everything = stage.addAccessPolicy({
      displayName: 'All apps: multifactor',
      users: { includeUsers: ['All'] },
      state: 'enabledForReportingButNotEnforced',
      grantControls: { builtInControls: ['mfa'] },
    });
    return { office, home, registration, everything };
  }

  test('places are told with their ranges and countries', async () => {
    const { office, home } = seed();
    expect((await get(`${ACCESS}/namedLocations`)).body.value).toMatchObject([
      {
        '@odata.type': '#microsoft.graph.ipNamedLocation',
        id: office,
        isTrusted: true,
        ipRanges: [
          { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/26' },
          { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '2001:db8:77::/48' },
        ],
      },
      {
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        id: home,
        countriesAndRegions: ['SE', 'DK'],
        includeUnknownCountriesAndRegions: false,
        countryLookupMethod: 'clientIpAddress',
      },
    ]);
    expect((await get(`${ACCESS}/namedLocations/${office}`)).body.displayName).toBe('HQ');
  });

  test('policies are told as Graph does, page by page', async () => {
    const { registration } = seed();
    expect((await get(`${ACCESS}/policies/${registration}`)).body).toMatchObject({
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        users: {
          includeUsers: ['All'],
          excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: 'b2bCollaborationGuest' },
          includeGuestsOrExternalUsers: null,
        },
        applications: { includeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] },
        locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
      },
      grantControls: { operator: 'OR', authenticationStrength: { displayName: 'Passwordless MFA' } },
      sessionControls: null,
    });
    for (let number = 0; number < 200; number += 1) stand.twin.stage.addAccessPolicy({ displayName: `More ${number}` });
    const first = (await get(`${ACCESS}/policies`)).body;
    expect(first.value).toHaveLength(100);
    expect(first['@odata.nextLink']).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/identity\/conditionalAccess\/policies\?/);
  });

  test('holds up Graph’s own registration only where the tenant is told so, by place and by method', async () => {
    seed();
    const { stage } = stand.twin;
    const { accessToken } = await signedIn(stand, stage.issuePass({ user: stand.upn }));
    const status = async () => (await get('/v1.0/me/authentication/fido2Methods/creationOptions', accessToken)).status;
    stage.setPlace('desk', { address: '198.51.100.9', country: 'NO' });
    expect(await status()).toBe(200);
    stage.setPolicy({ graph: { accessAskedAtRegistration: true } });
    expect(await status()).toBe(403);
    stage.setPlace('desk', { address: '203.0.113.17', country: 'SE' });
    expect(await status()).toBe(200);
    stage.setPlace('desk', { address: '198.51.100.9', country: 'NO' });
    stage.setLicences([]);
    expect(await status()).toBe(200);
  });

  const whatIf = async (changes: object = {}, bearer = token) =>
    callGraph(stand.twin, bearer, `${ACCESS}/evaluate`, {
      method: 'POST',
      body: {
        signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: await idOf() },
        signInContext: { '@odata.type': '#microsoft.graph.userActionContext', userAction: 'registerSecurityInformation' },
        signInConditions: { devicePlatform: 'windows', clientAppType: 'browser', ipAddress: '198.51.100.9', country: 'NO' },
        ...changes,
      },
    });
  const idOf = async () => (await get(`/v1.0/users/${stand.upn}`)).body.id;

  test('What-If says which would apply, and why the others would not', async () => {
    const { registration, everything } = seed();
    const away = (await whatIf()).body.value;
    expect(away.map((one) => [one.id, one['policyApplies'], one['analysisReasons']])).toEqual([
      [registration, true, 'notSet'],
      [everything, false, 'userActions'],
    ]);
    expect(away[0]?.['grantControls']).toMatchObject({ authenticationStrength: { id: '00000000-0000-0000-0000-000000000003' } });
    const office = { signInConditions: { ipAddress: '203.0.113.17', country: 'SE' } };
    expect((await whatIf(office)).body.value[0]).toMatchObject({ policyApplies: false, analysisReasons: 'location' });
    expect((await whatIf({ ...office, appliedPoliciesOnly: true })).body.value).toEqual([]);
    expect((await whatIf({ signInConditions: {} })).body.value[0]?.['analysisReasons']).toBe('notEnoughInformation');
    const devices = {
      signInContext: { '@odata.type': '#microsoft.graph.userActionContext', userAction: 'registerOrJoinDevices' },
    };
    expect((await whatIf(devices)).body.value.map((one) => one['policyApplies'])).toEqual([false, false]);
    const app = {
      signInContext: { '@odata.type': '#microsoft.graph.applicationContext', includeApplications: ['any-app'] },
      appliedPoliciesOnly: true,
    };
    expect((await whatIf(app)).body.value.map(({ id }) => id)).toEqual([everything]);
  });

  test('What-If judges nothing by what it was not told', async () => {
    const { stage } = stand.twin;
    const { home } = seed();
    const add = (displayName: string, condition: object) =>
      stage.addAccessPolicy({
        displayName,
        users: { includeUsers: ['All'] },
        applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
        ...condition,
      });
    add('by country', { locations: { includeLocations: [home] } });
    add('by platform', { platforms: { includePlatforms: ['iOS'] } });
    const reasons = async (signInConditions: object) =>
      (await whatIf({ signInConditions })).body.value.map((one) => one['analysisReasons']);
    expect(await reasons({})).toEqual(['notEnoughInformation', 'userActions', 'notEnoughInformation', 'notEnoughInformation']);
    expect(await reasons({ ipAddress: '198.51.100.9' })).toEqual([
      'notSet',
      'userActions',
      'notEnoughInformation',
      'notEnoughInformation',
    ]);
    expect(await reasons({ country: 'NO', devicePlatform: 'iOS' })).toEqual([
      'notEnoughInformation',
      'userActions',
      'location',
      'notSet',
    ]);
  });

  test('What-If refuses questions that make no sense', async () => {
    for (const changes of [
      { signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: 'ghost' } },
      { signInContext: { '@odata.type': '#microsoft.graph.userActionContext', userAction: 'dance' } },
      { signInConditions: undefined },
      { signInConditions: { ipAddress: 'here', country: 'SE' } },
      { signInConditions: { devicePlatform: 'toaster' } },
      { more: true },
    ])
      expect((await whatIf(changes)).status).toBe(400);
  });
});
