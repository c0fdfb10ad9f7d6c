// The twin's tenant over Graph: people in lists and pages, what they belong to, roles, licences and domains.
import { beforeEach, describe, expect, test } from 'vitest';
import { directoryRoles } from '../../main/simulator/entra/directory/directory-roles.ts';
import { stationToken, technicianToken } from '../support/twin-staff.ts';
import { callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
let token: string;
beforeEach(async () => {
  stand = await twinStand();
  token = await stationToken(stand);
});

const EVENTUAL = { consistencylevel: 'eventual' };
const get = (path: string, headers: Record<string, string> = {}) => callGraph(stand.twin, token, `/v1.0${path}`, { headers });
const names = async (path: string, headers?: Record<string, string>) =>
  (await get(path, headers)).body.value.map(({ userPrincipalName }) => userPrincipalName.split('@')[0]);

function seed(): void {
  const { stage } = stand.twin;
  for (const [upn, displayName] of [
    ['sam.okafor', 'Sam Okafor'],
    ['noor.haddad', 'Noor Haddad'],
    ['berg.olsen', 'Berg Olsen'],
  ])
    stage.addUser({ upn: `${upn}@kestrelharbour.example`, displayName: displayName ?? '' });
}

describe('people', () => {
  test('one, by either name, with what was selected', async () => {
    const { objectId } = stand.twin.stage.addUser({
      upn: 'gus_contoso.example#EXT#@kestrelharbour.example',
      displayName: 'Gus',
      userType: 'guest',
    });
    const byName = await get(`/users/${encodeURIComponent('gus_contoso.example#EXT#@kestrelharbour.example')}`);
    expect(byName.body.id).toBe(objectId);
    expect(byName.body).not.toHaveProperty('userType');
    const picked = await get(`/users/${objectId}?$select=userType,accountEnabled,creationType`);
    expect(picked.body).toEqual({
      '@odata.context': expect.any(String),
      accountEnabled: true,
      userType: 'Guest',
      creationType: 'Invitation',
    });
    expect((await get(`/users/${objectId}?$select=shoeSize`)).status).toBe(400);
    expect((await get('/users/ghost')).body.error.code).toBe('Request_ResourceNotFound');
    stand.twin.stage.changeUser(objectId, { accountEnabled: false });
    expect((await get(`/users/${objectId}?$select=accountEnabled`)).body['accountEnabled']).toBe(false);
  });

  test('many, page by page, each once', async () => {
    seed();
    const seen: string[] = [];
    let link: string | undefined = 'https://graph.microsoft.com/v1.0/users?$top=3&$select=userPrincipalName';
    let pages = 0;
    while (link !== undefined) {
      const { pathname, search } = new URL(link);
      const { body } = await callGraph(stand.twin, token, `${pathname}${search}`);
      for (const user of body.value) {
        expect(Object.keys(user)).toEqual(['userPrincipalName']);
        seen.push(user.userPrincipalName);
      }
      link = body['@odata.nextLink'] as string | undefined;
      pages += 1;
    }
    expect(pages).toBe(2);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
    for (const bad of ['$top=0', '$top=1000', '$top=many', '$skiptoken=made-up'])
      expect((await get(`/users?${bad}`)).status).toBe(400);
  });

  test('in order, when one is asked for; never by number', async () => {
    seed();
    expect(await names('/users?$orderby=displayName')).toEqual(['berg.olsen', 'lina.berg', 'noor.haddad', 'sam.okafor']);
    expect(await names('/users?$orderby=userPrincipalName desc&$top=2')).toEqual(['sam.okafor', 'noor.haddad']);
    for (const bad of ['$skip=2', '$orderby=displayName sideways', '$orderby='])
      expect((await get(`/users?${bad}`)).body.error.code).toBe('Request_UnsupportedQuery');
  });

  test('filtered and searched, counted only with eventual consistency', async () => {
    seed();
    expect(await names("/users?$filter=startsWith(displayName,'Berg')")).toEqual(['berg.olsen']);
    expect(await names('/users?$search="displayName:berg"', EVENTUAL)).toEqual(['lina.berg', 'berg.olsen']);
    expect(await names('/users?$search="displayName:haddad" OR "mail:sam"', EVENTUAL)).toEqual(['sam.okafor', 'noor.haddad']);
    expect((await get('/users?$count=true', EVENTUAL)).body['@odata.count']).toBe(4);
    expect(await names("/users?$filter=endsWith(displayName,'r')&$count=true", EVENTUAL)).toEqual(['sam.okafor']);
    for (const path of ['$count=true', '$search="displayName:berg"', "$filter=endsWith(displayName,'r')"])
      expect((await get(`/users?${path}`)).body.error.code).toBe('Request_UnsupportedQuery');
    expect((await get('/users?$filter=nonsense')).status).toBe(400);
    expect((await get('/users?$search="shoeSize:40"', EVENTUAL)).status).toBe(400);
  });

  test('are not listed for those who only read themselves', async () => {
    const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    expect((await callGraph(stand.twin, accessToken, '/v1.0/users')).body.error.code).toBe('Authorization_RequestDenied');
    expect((await callGraph(stand.twin, accessToken, `/v1.0/users/${stand.upn}`)).status).toBe(200);
  });
});

describe('what people belong to', () => {
  const path = (name: string) => `/users/${encodeURIComponent(stand.upn)}/${name}`;
  const post = (name: string, body: object) => callGraph(stand.twin, token, `/v1.0${path(name)}`, { method: 'POST', body });

  test('groups through groups, and roles', async () => {
    const { stage } = stand.twin;
    const crew = stage.addGroup({ displayName: 'Crew', members: [stand.upn] });
    const staff = stage.addGroup({ displayName: 'Staff', members: [crew] });
    const other = stage.addGroup({ displayName: 'Other' });
    stage.changeUser(stand.upn, { roles: ['globalReader'] });
    const all = (await get(path('transitiveMemberOf'))).body.value;
    expect(all.map(({ displayName }) => displayName)).toEqual(['Crew', 'Staff', 'Global Reader']);
    expect(all.at(-1)).toMatchObject({
      '@odata.type': '#microsoft.graph.directoryRole',
      roleTemplateId: directoryRoles.globalReader.templateId,
    });
    const picked = (await get(`${path('transitiveMemberOf')}?$select=id,roleTemplateId&$top=999`)).body.value;
    expect(picked.map((one) => Object.keys(one))).toEqual([
      ['@odata.type', 'id'],
      ['@odata.type', 'id'],
      ['@odata.type', 'id', 'roleTemplateId'],
    ]);
    const groups = (await get(`${path('transitiveMemberOf/microsoft.graph.group')}?$select=id`)).body.value;
    expect(groups.map(({ id }) => id)).toEqual([crew, staff]);
    expect((await get(path('memberOf/microsoft.graph.group'))).body.value.map(({ id }) => id)).toEqual([crew]);
    expect((await post('checkMemberGroups', { groupIds: [staff, other] })).body.value).toEqual([staff]);
    expect((await post('checkMemberGroups', { groupIds: Array.from({ length: 21 }, () => staff) })).status).toBe(400);
    expect((await post('getMemberGroups', { securityEnabledOnly: false })).body.value).toEqual([crew, staff]);
    expect((await post('getMemberObjects', { securityEnabledOnly: false })).body.value).toHaveLength(3);
    expect((await post('getMemberObjects', {})).status).toBe(400);
    stage.removeFromGroup(staff, crew);
    expect((await post('getMemberGroups', { securityEnabledOnly: true })).body.value).toEqual([crew]);
    expect((await get(`/groups/${other}`)).body.displayName).toBe('Other');
    expect((await get("/groups?$filter=displayName eq 'crew'")).body.value.map(({ id }) => id)).toEqual([crew]);
  });

  test('roles tell their members, and people their assignments', async () => {
    await technicianToken(stand, ['authenticationAdministrator', 'globalReader']);
    const { value } = (await get('/directoryRoles')).body;
    const role = value.find(({ displayName }) => displayName === 'Authentication Administrator');
    const members = (await get(`/directoryRoles/${role?.id}/members`)).body.value;
    expect(members.map(({ displayName }) => displayName)).toEqual(['Tess Admin']);
    const assigned = await get(`/roleManagement/directory/roleAssignments?$filter=principalId eq '${members[0]?.id}'`);
    expect(assigned.body.value.map((one) => one['roleDefinitionId'])).toEqual([
      directoryRoles.authenticationAdministrator.templateId,
      directoryRoles.globalReader.templateId,
    ]);
  });
});

describe('the tenant', () => {
  const plansOf = (body: { value: readonly Record<string, unknown>[] }) =>
    body.value.flatMap((sku) => (sku['servicePlans'] as { servicePlanName: string; provisioningStatus: string }[]) ?? []);

  test('says what it pays for', async () => {
    expect(plansOf((await get('/subscribedSkus')).body)).toContainEqual(
      expect.objectContaining({ servicePlanName: 'AAD_PREMIUM', provisioningStatus: 'Success' }),
    );
    const person = await technicianToken(stand, []);
    const organization = async () => (await callGraph(stand.twin, person, '/v1.0/organization')).body.value[0]?.['assignedPlans'];
    expect((await get('/organization')).status).toBe(403);
    expect(await organization()).toContainEqual(
      expect.objectContaining({ servicePlanId: '41781fb2-bc02-4b7c-bd55-b576c07bb09d', capabilityStatus: 'Enabled' }),
    );
    stand.twin.stage.setLicences([{ product: 'AAD_PREMIUM_P2', status: 'Suspended' }]);
    expect(await organization()).toEqual([]);
    expect((await get('/subscribedSkus')).body.value[0]).toMatchObject({ capabilityStatus: 'Suspended' });
    stand.twin.stage.setLicences([]);
    expect((await get('/subscribedSkus')).body.value).toEqual([]);
  });

  test('has domains, some of which sign in elsewhere', async () => {
    stand.twin.stage.setDomain('yard.example', 'Federated');
    expect((await get('/domains')).body.value.map(({ id, authenticationType }) => [id, authenticationType])).toEqual([
      ['kestrelharbour.example', 'Managed'],
      ['yard.example', 'Federated'],
    ]);
    expect((await get('/domains/yard.example')).body['isDefault']).toBe(false);
    expect((await get('/domains/none.example')).status).toBe(404);
  });
});

test('a hundred thousand people are seeded and searched in seconds', { timeout: 60_000 }, async () => {
  const startedMs = performance.now();
  stand.twin.stage.addUsers(
    (function* () {
      for (let number = 0; number < 100_000; number += 1)
        yield { upn: `person.${number}@kestrelharbour.example`, displayName: `Person ${number}` };
    })(),
  );
  for (let number = 0; number < 200; number += 1)
    stand.twin.stage.addAccessPolicy({ displayName: `Policy ${number}`, users: { includeUsers: ['All'] } });
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  expect((await get('/users/person.99999@kestrelharbour.example')).body.displayName).toBe('Person 99999');
  expect(await names("/users?$filter=userPrincipalName eq 'person.77777@kestrelharbour.example'")).toEqual(['person.77777']);
  expect((await get('/users?$top=1&$count=true', EVENTUAL)).body['@odata.count']).toBe(100_001);
});
