// What Graph tells of the tenant itself: organization, licences, domains, directory roles and groups.
import { Hono } from 'hono';
import { directoryRoles } from '../directory/directory-roles.ts';
import { products, servicePlans, type Licence } from '../directory/licences.ts';
import { graphJson, problems } from '../graph/graph-answer.ts';
import { graphCall, graphEntity, graphList, metadataContext } from '../graph/graph-calls.ts';
import { answerCollection } from '../odata/collection-query.ts';
import type { Entity } from '../odata/filter-expression.ts';
import type { TenantFacts } from '../tenant-facts.ts';
import type { TwinCore } from '../twin-core.ts';
import { groupEntity, planEntities, roleEntity, roleObjectId, typed, userEntity, USUAL_USER_MEMBERS } from './user-entity.ts';

const anyOf = (...names: readonly string[]) => ({ delegated: names, application: names });
const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const organization = anyOf('Organization.Read.All', 'Organization.ReadWrite.All', 'User.Read', ...DIRECTORY);
const licences = anyOf('LicenseAssignment.Read.All', 'Organization.Read.All', ...DIRECTORY);
const domains = anyOf('Domain.Read.All', 'Domain.ReadWrite.All', ...DIRECTORY);
const roles = anyOf('RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory', ...DIRECTORY);
const groups = anyOf('GroupMember.Read.All', 'Group.Read.All', ...DIRECTORY);
const CREATED = '2024-02-12T08:00:00Z';

export function tenantRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const { directory, tenant } = core;
  const domainEntities = (): readonly Entity[] => {
    const own = tenant.domain.toLowerCase();
    const all = new Map<string, 'Managed' | 'Federated'>([[own, 'Managed'], ...directory.domains]);
    return [...all].map(([id, authenticationType]) => domainEntity(id, authenticationType, id === own));
  };

  app.get(
    '/organization',
    graphCall(core, organization, (call) =>
      graphList(call, 'organization', [
        {
          id: tenant.tenantId,
          displayName: tenant.displayName,
          createdDateTime: CREATED,
          countryLetterCode: 'SE',
          tenantType: 'AAD',
          assignedPlans: planEntities(directory.plans, CREATED),
          verifiedDomains: domainEntities().map(({ id, isDefault, isInitial, authenticationType }) => ({
            capabilities: 'Email, OfficeCommunicationsOnline',
            isDefault,
            isInitial,
            name: id,
            type: authenticationType,
          })),
        },
      ]),
    ),
  );
  app.get(
    '/subscribedSkus',
    graphCall(core, licences, (call) =>
      graphList(
        call,
        'subscribedSkus',
        directory.licences.map((licence) => skuEntity(tenant, licence)),
      ),
    ),
  );
  app.get(
    '/domains',
    graphCall(core, domains, (call) =>
      answerCollection(call, { name: 'domains', entities: domainEntities, pageSize: 100, largestPage: 999 }),
    ),
  );
  app.get(
    '/domains/:id',
    graphCall(core, domains, (call) => {
      const wanted = (call.context.req.param('id') ?? '').toLowerCase();
      const domain = domainEntities().find(({ id }) => id === wanted);
      return domain ? graphEntity(call, 'domains/$entity', domain) : problems.userUnknown;
    }),
  );

  app.get(
    '/directoryRoles',
    graphCall(core, roles, (call) =>
      answerCollection(call, {
        name: 'directoryRoles',
        entities: () => Object.values(directoryRoles).map(roleEntity),
        pageSize: 999,
        largestPage: 999,
      }),
    ),
  );
  app.get(
    '/directoryRoles/:role/members',
    graphCall(core, roles, (call) => {
      const role = namedRole(call.context.req.param('role') ?? '');
      if (!role) return problems.userUnknown;
      return answerCollection(call, {
        name: 'directoryObjects',
        entities: () =>
          [...directory.users()]
            .filter(({ roleIds }) => roleIds.includes(role.templateId))
            .map((user) => typed('user', userEntity(user, directory.plans))),
        pageSize: 100,
        largestPage: 999,
        usual: USUAL_USER_MEMBERS,
        severalTypes: true,
      });
    }),
  );
  app.get(
    '/roleManagement/directory/roleAssignments',
    graphCall(core, roles, (call) =>
      answerCollection(call, {
        name: 'roleManagement/directory/roleAssignments',
        entities: () =>
          [...directory.users()].flatMap(({ objectId, roleIds }) =>
            roleIds.map((roleDefinitionId) => ({
              id: `${roleDefinitionId}-${objectId}`,
              principalId: objectId,
              directoryScopeId: '/',
              roleDefinitionId,
            })),
          ),
        pageSize: 100,
        largestPage: 999,
      }),
    ),
  );

  app.get(
    '/groups',
    graphCall(core, groups, (call) =>
      answerCollection(call, {
        name: 'groups',
        entities: () => [...directory.groups.all()].map(groupEntity),
        pageSize: 100,
        largestPage: 999,
        directoryObjects: true,
        searched: ['displayName'],
      }),
    ),
  );
  app.get(
    '/groups/:id',
    graphCall(core, groups, (call) => {
      const group = directory.groups.find(call.context.req.param('id') ?? '');
      if (!group) return problems.userUnknown;
      return graphJson(call.ids, { '@odata.context': metadataContext(call, 'groups/$entity'), ...groupEntity(group) });
    }),
  );
  return app;
}

/** Microsoft Graph: domain. */
function domainEntity(id: string, authenticationType: 'Managed' | 'Federated', isDefault: boolean): Entity {
  return {
    id,
    authenticationType,
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault,
    isInitial: isDefault,
    isRoot: true,
    isVerified: true,
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
  };
}

/** Microsoft Graph: subscribedSku. */
function skuEntity({ tenantId, displayName }: TenantFacts, { product, status }: Licence): Entity {
  const { skuId, plans } = products[product];
  return {
    id: `${tenantId}_${skuId}`,
    accountId: tenantId,
    accountName: displayName,
    appliesTo: 'User',
    capabilityStatus: status,
    consumedUnits: 1,
    prepaidUnits: { enabled: status === 'Enabled' ? 25 : 0, suspended: status === 'Enabled' ? 0 : 25, warning: 0, lockedOut: 0 },
    servicePlans: plans.map((plan) => ({
      servicePlanId: servicePlans[plan],
      servicePlanName: plan,
      appliesTo: 'User',
      provisioningStatus: status === 'Enabled' ? 'Success' : 'Disabled',
    })),
    skuId,
    skuPartNumber: product,
  };
}

/** By the id of its object in this tenant. */
function namedRole(text: string): { readonly templateId: string } | null {
  const wanted = text.toLowerCase();
  return Object.values(directoryRoles).find(({ templateId }) => roleObjectId(templateId) === wanted) ?? null;
}
