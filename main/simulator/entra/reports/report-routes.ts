// `/reports/authenticationMethods/userRegistrationDetails` and `/auditLogs/directoryAudits`.
// Source: Microsoft Graph: userRegistrationDetails, directoryAudit.
import { Hono } from 'hono';
import type { User } from '../directory/directory.ts';
import type { Permission } from '../graph/caller.ts';
import { graphDate, problems } from '../graph/graph-answer.ts';
import { graphCall, graphEntity, type GraphAct } from '../graph/graph-calls.ts';
import { secondFactorsOf } from '../methods/preference-routes.ts';
import { answerCollection } from '../odata/collection-query.ts';
import type { Entity } from '../odata/filter-expression.ts';
import { servicePrincipalId } from '../sign-in/tokens.ts';
import type { TwinCore } from '../twin-core.ts';
import type { AuditActor, AuditEntry } from './audit-log.ts';

const reports: Permission = {
  delegated: ['AuditLog.Read.All'],
  application: ['AuditLog.Read.All'],
  roles: ['reportsReader', 'securityReader', 'securityAdministrator', 'globalReader'],
};
const audits: Permission = {
  ...reports,
  delegated: ['AuditLog.Read.All', 'Directory.Read.All'],
  application: ['AuditLog.Read.All', 'Directory.Read.All'],
};

export function reportRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const { directory } = core;
  /** The report is part of the paid editions. */
  const paid =
    (act: GraphAct): GraphAct =>
    (call) =>
      directory.plans.has('AAD_PREMIUM') ? act(call) : problems.notPremium;

  app.get(
    '/reports/authenticationMethods/userRegistrationDetails',
    graphCall(
      core,
      reports,
      paid((call) =>
        answerCollection(call, {
          name: 'reports/authenticationMethods/userRegistrationDetails',
          *entities() {
            for (const user of directory.users()) yield registrationEntity(core, user);
          },
          lookUp: (member, text) => directory.lookUp(member, text)?.map((user) => registrationEntity(core, user)) ?? null,
          pageSize: 1000,
          largestPage: 1000,
        }),
      ),
    ),
  );
  app.get(
    '/reports/authenticationMethods/userRegistrationDetails/:id',
    graphCall(
      core,
      reports,
      paid((call) => {
        const [user] = directory.lookUp('id', call.context.req.param('id') ?? '') ?? [];
        const name = 'reports/authenticationMethods/userRegistrationDetails/$entity';
        return user ? graphEntity(call, name, registrationEntity(core, user)) : problems.notFoundHere;
      }),
    ),
  );
  app.get(
    '/auditLogs/directoryAudits',
    graphCall(core, audits, (call) =>
      answerCollection(call, {
        name: 'auditLogs/directoryAudits',
        entities: () => core.audit.shown().map(auditEntity),
        pageSize: 1000,
        largestPage: 1000,
      }),
    ),
  );
  return app;
}

/** Microsoft Graph: userRegistrationDetails. The names of methods are free text there; these have been seen. */
function registrationEntity(core: TwinCore, user: User): Entity {
  const { directory } = core;
  const phones = directory.listed(user.authenticators);
  const methods = [
    ...new Set(
      directory
        .listed(user.passkeys)
        .map(({ passkeyType }) => (passkeyType === 'synced' ? 'passKeySynced' : 'passKeyDeviceBound')),
    ),
    ...(phones.length > 0 ? ['microsoftAuthenticatorPush'] : []),
    ...(phones.some(({ phoneSignIn }) => phoneSignIn !== null) ? ['microsoftAuthenticatorPasswordless'] : []),
    ...(secondFactorsOf(core, user).includes('oath') ? ['softwareOneTimePasscode'] : []),
    ...(user.pass && directory.usability(user, user.pass) === 'EnabledByPolicy' ? ['temporaryAccessPass'] : []),
  ];
  const lasting = methods.filter((name) => name !== 'temporaryAccessPass');
  const { enabled, registered } = directory.passwordReset(user);
  const { systemPreferred } = directory.policy.signIn;
  return {
    id: user.objectId,
    userPrincipalName: user.upn,
    userDisplayName: user.displayName,
    userType: user.userType,
    isAdmin: user.roleIds.length > 0,
    isSsprRegistered: registered,
    isSsprEnabled: enabled,
    isSsprCapable: enabled && registered,
    isMfaRegistered: lasting.length > 0,
    isMfaCapable: lasting.length > 0,
    isPasswordlessCapable: methods.some((name) => name.startsWith('passKey') || name === 'microsoftAuthenticatorPasswordless'),
    methodsRegistered: methods,
    isSystemPreferredAuthenticationMethodEnabled: systemPreferred,
    systemPreferredAuthenticationMethods: systemPreferred ? methods.slice(0, 1) : [],
    userPreferredMethodForSecondaryAuthentication: user.preferredSecondFactor ?? 'none',
    lastUpdatedDateTime: graphDate(core.time.wallMs()),
  };
}

/** Microsoft Graph: directoryAudit. */
function auditEntity(entry: AuditEntry): Entity {
  const byDevices = entry.activity.includes('Passkey') || entry.activity.includes('passwordless');
  return {
    id: entry.id,
    category: entry.activity.includes('Policy') ? 'ApplicationManagement' : 'UserManagement',
    correlationId: entry.correlationId,
    result: entry.result,
    resultReason: entry.resultReason,
    activityDisplayName: entry.activity,
    activityDateTime: new Date(entry.atMs).toISOString(),
    loggedByService: byDevices ? 'Device Registration Service' : 'Authentication Methods',
    operationType: operationOf(entry.activity),
    initiatedBy: initiatorEntity(entry.actor),
    targetResources: entry.target
      ? [
          {
            id: entry.target.objectId,
            displayName: entry.target.displayName,
            type: 'User',
            userPrincipalName: entry.target.upn,
            groupType: null,
            modifiedProperties: [],
          },
        ]
      : [],
    additionalDetails: entry.details,
  };
}

function initiatorEntity(actor: AuditActor): object {
  switch (actor.kind) {
    case 'user': {
      const { objectId, displayName, upn } = actor.user;
      return { app: null, user: { id: objectId, displayName, userPrincipalName: upn, ipAddress: actor.address } };
    }
    case 'app': {
      const { appId, displayName } = actor;
      return {
        app: { appId, displayName, servicePrincipalId: servicePrincipalId(appId), servicePrincipalName: null },
        user: null,
      };
    }
    default:
      return actor satisfies never;
  }
}

function operationOf(activity: string): 'Add' | 'Delete' | 'Update' {
  if (/^(Add|.* registered)/.test(activity)) return 'Add';
  return /[Dd]elete/.test(activity) ? 'Delete' : 'Update';
}
