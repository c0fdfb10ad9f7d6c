// Graph for others on the twin: technicians with roles and stations with application permissions look after people's methods.
import { beforeEach, describe, expect, test } from 'vitest';
import { graphCredentialIdCandidates } from '../../main/fido/bytes/graph-credential-id.ts';
import type { DirectoryRole } from '../../main/simulator/entra/directory/directory-roles.ts';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { TEST_AAGUID, TEST_AAGUID_TEXT, TestAuthenticator } from '../support/test-authenticator.ts';
import { TECHNICIAN, stationToken, technicianToken } from '../support/twin-staff.ts';
import { callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

const methodsOf = (upn: string, version = 'v1.0') => `/${version}/users/${encodeURIComponent(upn)}/authentication`;
const theirs = (version?: string) => methodsOf(stand.upn, version);
const technician = (...roles: DirectoryRole[]) => technicianToken(stand, roles);
const ask = (token: string, path: string, method = 'GET', body?: object) =>
  callGraph(stand.twin, token, path, { method, ...(body ? { body } : {}) });

async function registerKey(token: string, options: string, version = 'v1.0') {
  const leaf = await stand.attestation.leafFor(TEST_AAGUID);
  const authenticator = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf });
  const made = authenticator.make((await ask(token, options)).body);
  return { made, answer: await ask(token, `${theirs(version)}/fido2Methods`, 'POST', made.body) };
}

describe('who reaches whom', () => {
  const calls: readonly (readonly [string, string, 'read' | 'write'])[] = [
    ['GET', 'fido2Methods', 'read'],
    ['GET', 'fido2Methods/creationOptions', 'read'],
    ['POST', 'fido2Methods', 'write'],
    ['DELETE', 'fido2Methods/x', 'write'],
    ['GET', 'temporaryAccessPassMethods', 'read'],
    ['POST', 'temporaryAccessPassMethods', 'write'],
    ['DELETE', 'temporaryAccessPassMethods/x', 'write'],
    ['GET', 'microsoftAuthenticatorMethods', 'read'],
    ['DELETE', 'microsoftAuthenticatorMethods/x', 'write'],
    ['GET', 'methods', 'read'],
  ];

  test.each<[DirectoryRole | null, boolean, boolean, boolean]>([
    // role, reads, writes to members, writes to administrators
    [null, false, false, false],
    ['globalReader', true, false, false],
    ['helpdeskAdministrator', false, false, false],
    ['authenticationAdministrator', true, true, false],
    ['privilegedAuthenticationAdministrator', true, true, true],
    ['globalAdministrator', true, true, true],
  ])('%s', async (role, reads, writes, writesToAdmins) => {
    const token = await technician(...(role ? [role] : []));
    const admin = 'boss@kestrelharbour.example';
    stand.twin.stage.addUser({ upn: admin, displayName: 'Boss', roles: ['globalReader'] });
    for (const [method, path, kind] of calls) {
      const member = (await ask(token, `${theirs()}/${path}`, method, method === 'POST' ? {} : undefined)).status !== 403;
      expect({ path, method, member }).toEqual({ path, method, member: kind === 'read' ? reads : writes });
      const boss = (await ask(token, `${methodsOf(admin)}/${path}`, method, method === 'POST' ? {} : undefined)).status !== 403;
      expect({ path, method, boss }).toEqual({ path, method, boss: kind === 'read' ? reads : writesToAdmins });
    }
  });

  test('a station needs no role, and only what it was granted', async () => {
    const token = await stationToken(stand);
    expect((await ask(token, `${theirs()}/fido2Methods`)).status).toBe(200);
    expect((await ask(token, `${theirs()}/temporaryAccessPassMethods`)).status).toBe(200);
    expect(await ask(token, `${theirs()}/temporaryAccessPassMethods`, 'POST', {})).toMatchObject({
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    });
    expect(await ask(token, '/v1.0/me')).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
  });

  test('both names of a refusal can be had', async () => {
    const token = await technician();
    const code = async () => (await ask(token, `${theirs()}/fido2Methods`)).body.error.code;
    expect(await code()).toBe('accessDenied');
    stand.twin.stage.setPolicy({ graph: { refusalCode: 'Authorization_RequestDenied' } });
    expect(await code()).toBe('Authorization_RequestDenied');
  });

  test('nobody finds people who are not there', async () => {
    const token = await technician('authenticationAdministrator');
    for (const path of ['fido2Methods', 'methods', 'fido2Methods/creationOptions', 'temporaryAccessPassMethods'])
      expect((await ask(token, `${methodsOf('ghost@kestrelharbour.example')}/${path}`)).status).toBe(404);
    expect((await ask(token, `${theirs()}/fido2Methods/none`)).body.error.code).toBe('notFound');
  });
});

describe('passkeys for others', () => {
  test('v1.0: made, listed, told in the audit log, deleted', async () => {
    const token = await technician('authenticationAdministrator');
    const { made, answer } = await registerKey(token, `${theirs()}/fido2Methods/creationOptions`);
    expect(answer).toMatchObject({ status: 201, body: { displayName: 'Test key', aaGuid: TEST_AAGUID_TEXT } });
    expect(answer.body['@odata.context']).toContain("/v1.0/$metadata#users('");
    const { body } = await ask(token, `${theirs()}/fido2Methods`);
    expect(Buffer.compare(graphCredentialIdCandidates(body.value[0]?.id ?? '')[0] ?? Buffer.of(), made.credentialId)).toBe(0);
    expect(stand.twin.stage.audit().map(({ activity, actor, target }) => [activity, actor.kind, target?.upn])).toEqual([
      ['Add Passkey (device-bound)', 'user', stand.upn],
      ['Admin registered security info', 'user', stand.upn],
    ]);
    expect((await ask(token, `${theirs()}/fido2Methods/${body.value[0]?.id}`, 'DELETE')).status).toBe(204);
    expect(stand.twin.stage.audit().at(-1)).toMatchObject({ activity: 'Admin deleted security info' });
  });

  test('beta: the challenge lives as long as it is told to, so a key can be made far from any network', async () => {
    const token = await technician('authenticationAdministrator');
    const options = `${theirs('beta')}/fido2Methods/creationOptions(challengeTimeoutInMinutes=43200)`;
    const asked = await ask(token, options);
    expect(asked.body.challengeTimeoutDateTime).toBe('2026-12-23T09:00:00Z');
    expect(asked.body['@odata.context']).toContain('/beta/');
    const leaf = await stand.attestation.leafFor(TEST_AAGUID);
    const made = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf }).make(asked.body);
    stand.clock.advanceMinutes(43_199);
    const later = await stationToken(stand);
    expect((await ask(later, `${theirs('beta')}/fido2Methods`, 'POST', made.body)).status).toBe(201);
  });

  test.each([
    ['creationOptions(challengeTimeoutInMinutes=5)', 200],
    ['creationOptions(challengeTimeoutInMinutes=43200)', 200],
    ['creationOptions(challengeTimeoutInMinutes=4)', 400],
    ['creationOptions(challengeTimeoutInMinutes=43201)', 400],
    ['creationOptions(challengeTimeoutInMinutes=soon)', 400],
    ['creationOptions?challengeTimeoutInMinutes=60', 200],
    ['creationOptions?challengeTimeoutInMinutes=1', 400],
    ['creationOptions', 200],
    ['creationOptionsOfMine', 400],
  ])('beta %s: %i', async (call, status) => {
    const token = await technician('authenticationAdministrator');
    expect((await ask(token, `${theirs('beta')}/fido2Methods/${call}`)).status).toBe(status);
  });

  test('v1.0 knows no time', async () => {
    const token = await technician('authenticationAdministrator');
    const bracketed = await ask(token, `${theirs()}/fido2Methods/creationOptions(challengeTimeoutInMinutes=60)`);
    expect(bracketed).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
    const queried = await ask(token, `${theirs()}/fido2Methods/creationOptions?challengeTimeoutInMinutes=60`);
    expect(queried.body.challengeTimeoutDateTime).toBe('2026-11-23T09:05:00Z');
  });

  test('the query form and the wrapped answer are the tenant’s weather', async () => {
    const token = await technician('authenticationAdministrator');
    stand.twin.stage.setPolicy({ graph: { betaTakesQueryForm: false, betaWrapsOptions: true } });
    const path = `${theirs('beta')}/fido2Methods/creationOptions`;
    expect((await ask(token, `${path}?challengeTimeoutInMinutes=60`)).body.error.code).toBe('methodNotAllowed');
    expect((await ask(token, path)).body.value).toMatchObject({ publicKey: { rp: { id: 'login.microsoft.com' } } });
  });

  test('beta is not for oneself, under either address; v1.0 may be closed too', async () => {
    const token = await technician('authenticationAdministrator');
    for (const own of ['/beta/me/authentication', methodsOf(TECHNICIAN, 'beta')]) {
      for (const path of ['fido2Methods/creationOptions', 'fido2Methods/creationOptions(challengeTimeoutInMinutes=5)'])
        expect((await ask(token, `${own}/${path}`)).body.error.code).toBe('methodNotAllowed');
      expect((await ask(token, `${own}/fido2Methods`, 'POST', {})).status).toBe(405);
    }
    const self = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    stand.twin.stage.setPolicy({ graph: { selfServiceRegistration: 'methodNotAllowed' } });
    const path = '/v1.0/me/authentication/fido2Methods/creationOptions';
    expect((await ask(self.accessToken, path)).body.error.code).toBe('methodNotAllowed');
    expect((await ask(token, `${theirs()}/fido2Methods/creationOptions`)).status).toBe(200);
  });

  test('the switch for self-service holds administrators up too, and so does the scope', async () => {
    const token = await technician('authenticationAdministrator');
    const status = async () => (await ask(token, `${theirs()}/fido2Methods/creationOptions`)).status;
    const { stage } = stand.twin;
    expect(await status()).toBe(200);
    stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    expect(await status()).toBe(400);
    const group = stage.addGroup({ displayName: 'No keys', members: [stand.upn] });
    const everybody = { isSelfServiceRegistrationAllowed: true, excludeTargets: [{ targetType: 'group', id: group }] } as const;
    stage.setPolicy({ fido2: everybody });
    expect(await status()).toBe(400);
    stage.removeFromGroup(group, stand.upn);
    expect(await status()).toBe(200);
  });

  test('profiles: one that is kept in full is enough', async () => {
    const { stage } = stand.twin;
    const token = await technician('authenticationAdministrator');
    const path = `${theirs()}/fido2Methods/creationOptions`;
    const strict = {
      id: '00000000-0000-0000-0000-000000000001',
      name: 'Default',
      passkeyTypes: 'deviceBound',
      attestationEnforcement: 'registrationOnly',
      keyRestrictions: { isEnforced: true, enforcementType: 'block', aaGuids: [TEST_AAGUID_TEXT] },
    } as const;
    const open = {
      ...strict,
      id: '00000000-0000-0000-0000-000000000002',
      keyRestrictions: { ...strict.keyRestrictions, isEnforced: false },
    };
    const pilots = stage.addGroup({ displayName: 'Pilots' });
    const includeTargets = [
      { targetType: 'group', id: 'all_users' },
      { targetType: 'group', id: pilots, allowedPasskeyProfiles: [open.id] },
    ] as const;
    stage.setPolicy({ fido2: { passkeyProfiles: [strict, open], includeTargets } });
    expect((await registerKey(token, path)).answer.status).toBe(400);
    expect(stage.refusals().at(-1)?.refusal).toBe('aaguid');
    stage.addToGroup(pilots, stand.upn);
    expect((await registerKey(token, path)).answer.status).toBe(201);
    stage.setPolicy({ fido2: { passkeyProfiles: [{ ...open, passkeyTypes: 'synced' }] } });
    expect((await registerKey(token, path)).answer.status).toBe(400);
    expect(stage.refusals().at(-1)?.refusal).toBe('passkeyType');
  });
});

describe('passes', () => {
  const passes = () => `${theirs()}/temporaryAccessPassMethods`;
  const make = async (token: string, body: object = {}) => ask(token, passes(), 'POST', body);

  test('are shown once, replaced, and gone when deleted', async () => {
    const token = await technician('authenticationAdministrator');
    const first = await make(token, { lifetimeInMinutes: 90, isUsableOnce: true });
    expect(first).toMatchObject({
      status: 201,
      body: {
        temporaryAccessPass: expect.stringMatching(/^\S{8}$/),
        createdDateTime: '2026-11-23T09:00:00.000Z',
        lifetimeInMinutes: 90,
        isUsableOnce: true,
        isUsable: true,
        methodUsabilityReason: 'EnabledByPolicy',
      },
    });
    const code = String(first.body['temporaryAccessPass']);
    const { accessToken } = await signedIn(stand, code);
    expect(accessToken).not.toBe('undefined');
    const second = await make(token);
    const list = await ask(token, passes());
    expect(list.body.value).toHaveLength(1);
    expect(list.body.value[0]).toMatchObject({ id: second.body.id, temporaryAccessPass: null });
    expect((await ask(token, `${passes()}/${first.body.id}`)).status).toBe(404);
    expect((await ask(token, `${passes()}/${second.body.id}`, 'DELETE')).status).toBe(204);
    expect((await ask(token, passes())).body.value).toEqual([]);
  });

  test.each([
    [{ lifetimeInMinutes: 9 }, 'LifetimeInMinutes'],
    [{ lifetimeInMinutes: 481 }, '10 to 480'],
    [{ lifetimeInMinutes: '60' }, 'body'],
    [{ length: 12 }, 'body'],
    [{ startDateTime: 'tomorrow' }, 'body'],
  ])('%o is refused', async (body, message) => {
    const token = await technician('authenticationAdministrator');
    expect(await make(token, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'badRequest', message: expect.stringContaining(message) } },
    });
    expect(stand.twin.stage.methods(stand.upn).pass).toBeNull();
  });

  test('start when they are told to', async () => {
    const token = await technician('authenticationAdministrator');
    const { body } = await make(token, { startDateTime: '2026-11-23T12:00:00+01:00' });
    expect(body).toMatchObject({ startDateTime: '2026-11-23T11:00:00.000Z', methodUsabilityReason: 'NotYetValid' });
  });

  test('follow the policy: once only, off, out of scope, external guests', async () => {
    const { stage } = stand.twin;
    const token = await technician('authenticationAdministrator');
    stage.setPolicy({ temporaryAccessPass: { isUsableOnce: true } });
    expect((await make(token, { isUsableOnce: false })).status).toBe(400);
    expect((await make(token)).body['isUsableOnce']).toBe(true);
    stage.setPolicy({ temporaryAccessPass: { includeTargets: [] } });
    expect((await make(token)).body).toMatchObject({ isUsable: false, methodUsabilityReason: 'DisabledByPolicy' });
    stage.setPolicy({ temporaryAccessPass: { state: 'disabled' } });
    expect((await make(token)).status).toBe(400);
    stage.setPolicy({ temporaryAccessPass: { state: 'enabled' } });
    stage.changeUser(stand.upn, { userType: 'guest', external: true });
    expect((await make(token)).body.error.message).toContain('external guest');
  });

  test('are never made for oneself', async () => {
    const token = await technician('privilegedAuthenticationAdministrator');
    expect((await ask(token, `${methodsOf(TECHNICIAN)}/temporaryAccessPassMethods`, 'POST', {})).status).toBe(403);
    expect((await ask(token, '/v1.0/me/authentication/temporaryAccessPassMethods', 'POST', {})).status).toBe(405);
  });
});

describe('Authenticator', () => {
  async function phoneOf(mode: 'any' | 'push') {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: mode } });
    const phone = createPhone({
      http: (request) => stand.twin.handle(request, 'phone'),
      randomBytes: stand.randomBytes,
      deviceName: 'Lina’s phone',
    });
    phone.addWorkAccount();
    await phone.signIn({ upn: stand.upn, pass: stand.twin.stage.issuePass({ user: stand.upn }) });
  }

  test('is seen with its device, taken away by an administrator, and told', async () => {
    await phoneOf('any');
    const token = await technician('authenticationAdministrator');
    const path = `${theirs()}/microsoftAuthenticatorMethods`;
    const [method] = (await ask(token, `${path}?$expand=device`)).body.value;
    expect(method?.device).toMatchObject({ displayName: 'Lina’s phone', trustType: 'Workplace', isCompliant: false });
    expect((await ask(token, `${theirs('beta')}/microsoftAuthenticatorMethods`)).body.value[0]).toMatchObject({
      clientAppName: 'microsoftAuthenticator',
    });
    expect(stand.twin.stage.audit().map(({ activity }) => activity)).toEqual([
      'User registered security info',
      'Add passwordless phone sign-in credential',
    ]);
    expect((await ask(token, path, 'POST', {})).status).toBe(405);
    expect((await ask(token, `${path}/none`, 'DELETE')).status).toBe(404);
    expect((await ask(token, `${path}/${method?.id}`, 'DELETE')).status).toBe(204);
    expect((await ask(token, path)).body.value).toEqual([]);
    expect(stand.twin.stage.audit().at(-1)).toMatchObject({ activity: 'Admin deleted security info' });
  });

  test('is not for those whom the policy leaves out', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { excludeTargets: [{ targetType: 'group', id: 'all_users' }] } });
    await phoneOf('any');
    expect(stand.twin.stage.methods(stand.upn).authenticators).toEqual([]);
  });

  test('is the second factor people may prefer, in beta, once it is registered', async () => {
    const token = await technician('authenticationAdministrator');
    const path = `${theirs('beta')}/signInPreferences`;
    expect((await ask(token, path)).body).toMatchObject({
      isSystemPreferredAuthenticationMethodEnabled: true,
      userPreferredMethodForSecondaryAuthentication: null,
    });
    const prefer = (method: string) => ask(token, path, 'PATCH', { userPreferredMethodForSecondaryAuthentication: method });
    expect((await prefer('push')).status).toBe(400);
    await phoneOf('push');
    expect((await prefer('push')).status).toBe(204);
    expect((await ask(token, path)).body['userPreferredMethodForSecondaryAuthentication']).toBe('push');
    expect((await prefer('oath')).status).toBe(204);
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { isSoftwareOathEnabled: false } });
    expect((await prefer('oath')).status).toBe(400);
    expect((await prefer('fido2')).status).toBe(400);
    expect(await ask(token, `${theirs()}/signInPreferences`)).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequest' } },
    });
  });
});
