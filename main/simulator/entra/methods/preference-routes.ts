// `authentication/signInPreferences` (Microsoft Graph beta: signInPreferences): which method is asked as second factor.
import { Hono } from 'hono';
import { z } from 'zod';
import type { User } from '../directory/directory.ts';
import { graphEmpty, graphJson, problems } from '../graph/graph-answer.ts';
import { jsonBody, metadataContext } from '../graph/graph-calls.ts';
import { actorOf, userCall, type UserPermission } from '../graph/user-calls.ts';
import type { SecondFactor } from '../stage.ts';
import type { TwinCore } from '../twin-core.ts';

const WRITE_ALL = ['UserAuthenticationMethod.ReadWrite.All'];
const READ_ALL = ['UserAuthenticationMethod.Read.All', ...WRITE_ALL];
const WRITE_OWN = ['UserAuthenticationMethod.ReadWrite'];
const write: UserPermission = { self: WRITE_OWN, others: WRITE_ALL, application: WRITE_ALL, reach: 'write' };
const read: UserPermission = {
  self: ['UserAuthenticationMethod.Read', ...WRITE_OWN],
  others: READ_ALL,
  application: READ_ALL,
  reach: 'read',
};

const changeSchema = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.signInPreferences').optional(),
  userPreferredMethodForSecondaryAuthentication: z
    .enum(['push', 'oath', 'voiceMobile', 'voiceAlternateMobile', 'voiceOffice', 'sms'])
    .optional(),
  isSystemPreferredAuthenticationMethodEnabled: z.boolean().optional(),
});

export function preferenceRoutes(core: TwinCore): Hono {
  const app = new Hono();
  app.get(
    '/',
    userCall(core, read, (call) => {
      const name = `users('${call.target.objectId}')/authentication/signInPreferences/$entity`;
      return graphJson(call.ids, {
        '@odata.context': metadataContext(call, name),
        isSystemPreferredAuthenticationMethodEnabled: core.directory.policy.signIn.systemPreferred,
        userPreferredMethodForSecondaryAuthentication: call.target.preferredSecondFactor,
      });
    }),
  );
  app.patch(
    '/',
    userCall(core, write, async (call) => {
      const change = changeSchema.safeParse(await jsonBody(call));
      if (!change.success) return problems.badBody;
      const wanted = change.data.userPreferredMethodForSecondaryAuthentication;
      if (wanted !== undefined) {
        if (!secondFactorsOf(core, call.target).includes(wanted)) return problems.preferenceNotRegistered;
        call.target.preferredSecondFactor = wanted;
        const activity = call.self ? 'User changed default security info' : 'Admin updated security info';
        core.audit.add({ activity, actor: actorOf(core, call), target: call.target });
      }
      return graphEmpty(call.ids);
    }),
  );
  return app;
}

/** The second factors a person has: Authenticator's approvals, and its codes where the tenant allows them. */
export function secondFactorsOf(core: TwinCore, user: User): readonly SecondFactor[] {
  if (core.directory.listed(user.authenticators).length === 0) return [];
  return core.directory.policy.microsoftAuthenticator.isSoftwareOathEnabled ? ['push', 'oath'] : ['push'];
}
