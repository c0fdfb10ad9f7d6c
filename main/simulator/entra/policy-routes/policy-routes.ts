// `/policies` and `/identity/conditionalAccess`: what an administrator has set, to be read.
// Source: Microsoft Graph: authenticationMethodsPolicy, authenticationStrengthPolicy, namedLocation, conditionalAccessPolicy,
// identitySecurityDefaultsEnforcementPolicy, authorizationPolicy; their permissions and roles on the same pages.
import { Hono } from 'hono';
import type { Permission } from '../graph/caller.ts';
import { problems } from '../graph/graph-answer.ts';
import { graphCall, graphEntity, graphList } from '../graph/graph-calls.ts';
import { answerCollection } from '../odata/collection-query.ts';
import { authenticationMethodModes } from '../policies/authentication-strength.ts';
import type { TwinCore } from '../twin-core.ts';
import { accessPolicyEntity, locationEntity, strengthEntity } from './access-entities.ts';
import { configurationEntities, methodsPolicyEntity } from './method-policy-entities.ts';
import { whatIfRoute } from './what-if.ts';

const permission = (names: readonly string[], roles: Permission['roles'] = []): Permission => ({
  delegated: names,
  application: names,
  roles,
});
const METHOD_POLICY = ['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'];
const methodPolicy = permission(METHOD_POLICY, [
  'globalReader',
  'authenticationPolicyAdministrator',
  'securityReader',
  'securityAdministrator',
]);
const strengthPolicy = permission(
  [...METHOD_POLICY, 'Policy.Read.ConditionalAccess', 'Policy.ReadWrite.ConditionalAccess'],
  [
    'globalReader',
    'conditionalAccessAdministrator',
    'securityReader',
    'securityAdministrator',
    'authenticationPolicyAdministrator',
  ],
);
const accessPolicy = permission(
  ['Policy.Read.ConditionalAccess', 'Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess'],
  ['globalReader', 'conditionalAccessAdministrator', 'securityReader', 'securityAdministrator'],
);
const everyone: Permission = { delegated: ['Policy.Read.All'], application: ['Policy.Read.All'] };

const METHODS = '/policies/authenticationMethodsPolicy';
const CONFIGURATIONS = `${METHODS}/authenticationMethodConfigurations`;
const ACCESS = '/identity/conditionalAccess';
const STRENGTHS = ['/policies/authenticationStrengthPolicies', `${ACCESS}/authenticationStrength/policies`];

export function policyRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const { accessRules, directory } = core;

  // Neither $select nor $filter is supported here.
  app.get(
    METHODS,
    graphCall(core, methodPolicy, (call) =>
      graphEntity(call, 'authenticationMethodsPolicy', methodsPolicyEntity(directory.policy, directory.policyChangedAtMs)),
    ),
  );
  app.get(
    CONFIGURATIONS,
    graphCall(core, methodPolicy, (call) =>
      graphList(
        call,
        'policies/authenticationMethodsPolicy/authenticationMethodConfigurations',
        configurationEntities(directory.policy),
      ),
    ),
  );
  app.get(
    `${CONFIGURATIONS}/:id`,
    graphCall(core, methodPolicy, (call) => {
      const wanted = (call.context.req.param('id') ?? '').toLowerCase();
      const found = configurationEntities(directory.policy).find(({ id }) => String(id).toLowerCase() === wanted);
      return found ? graphEntity(call, 'authenticationMethodConfigurations/$entity', found) : problems.notFoundHere;
    }),
  );

  for (const base of STRENGTHS) {
    app.get(
      base,
      graphCall(core, strengthPolicy, (call) =>
        answerCollection(call, {
          name: 'policies/authenticationStrengthPolicies',
          entities: () => accessRules.strengths.map(strengthEntity),
          pageSize: 200,
          largestPage: 999,
        }),
      ),
    );
    app.get(
      `${base}/:id`,
      graphCall(core, strengthPolicy, (call) => {
        const found = accessRules.strengths.find(({ id }) => id === call.context.req.param('id'));
        return found
          ? graphEntity(call, 'policies/authenticationStrengthPolicies/$entity', strengthEntity(found))
          : problems.notFoundHere;
      }),
    );
  }
  app.get(
    `${ACCESS}/authenticationStrength/authenticationMethodModes`,
    graphCall(core, strengthPolicy, (call) =>
      graphList(
        call,
        'identity/conditionalAccess/authenticationStrength/authenticationMethodModes',
        authenticationMethodModes.map((mode) => ({ id: mode, authenticationMethod: mode, displayName: mode })),
      ),
    ),
  );

  app.get(
    `${ACCESS}/namedLocations`,
    graphCall(core, accessPolicy, (call) =>
      answerCollection(call, {
        name: 'identity/conditionalAccess/namedLocations',
        entities: () => accessRules.locations.map(locationEntity),
        pageSize: 100,
        largestPage: 999,
      }),
    ),
  );
  app.get(
    `${ACCESS}/namedLocations/:id`,
    graphCall(core, accessPolicy, (call) => {
      const found = accessRules.locations.find(({ id }) => id === call.context.req.param('id'));
      return found
        ? graphEntity(call, 'identity/conditionalAccess/namedLocations/$entity', locationEntity(found))
        : problems.notFoundHere;
    }),
  );
  app.get(
    `${ACCESS}/policies`,
    graphCall(core, accessPolicy, (call) =>
      answerCollection(call, {
        name: 'identity/conditionalAccess/policies',
        entities: () => accessRules.policies.map((policy) => accessPolicyEntity(policy, accessRules.strengths)),
        pageSize: 100,
        largestPage: 999,
      }),
    ),
  );
  app.get(
    `${ACCESS}/policies/:id`,
    graphCall(core, accessPolicy, (call) => {
      const found = accessRules.policies.find(({ id }) => id === call.context.req.param('id'));
      return found
        ? graphEntity(call, 'identity/conditionalAccess/policies/$entity', accessPolicyEntity(found, accessRules.strengths))
        : problems.notFoundHere;
    }),
  );
  app.post(`${ACCESS}/evaluate`, graphCall(core, accessPolicy, whatIfRoute(core)));

  app.get(
    '/policies/identitySecurityDefaultsEnforcementPolicy',
    graphCall(core, everyone, (call) =>
      graphEntity(call, 'policies/identitySecurityDefaultsEnforcementPolicy/$entity', {
        id: '00000000-0000-0000-0000-000000000005',
        displayName: 'Security Defaults',
        description: 'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
        isEnabled: directory.policy.signIn.securityDefaults,
      }),
    ),
  );
  app.get(
    '/policies/authorizationPolicy',
    graphCall(core, everyone, (call) =>
      graphEntity(call, 'policies/authorizationPolicy/$entity', {
        id: 'authorizationPolicy',
        displayName: 'Authorization Policy',
        allowedToUseSSPR: directory.policy.passwordReset.enabledFor !== 'none',
        allowInvitesFrom: 'everyone',
        blockMsolPowerShell: false,
      }),
    ),
  );
  return app;
}
