// `authentication/microsoftAuthenticatorMethods` (Microsoft Graph: microsoftAuthenticatorAuthenticationMethod): read and
// delete; only the app itself makes one.
import { Hono } from 'hono';
import type { AuthenticatorApp } from '../directory/directory.ts';
import { graphEmpty, problems } from '../graph/graph-answer.ts';
import {
  actorOf,
  methodEntity,
  methodList,
  stillFresh,
  userCall,
  type UserCall,
  type UserPermission,
} from '../graph/user-calls.ts';
import type { TwinCore } from '../twin-core.ts';
import { authenticatorEntity, deviceEntity } from './method-entities.ts';

const NAME = 'microsoftAuthenticatorMethods';
const WRITE_ALL = ['UserAuthMethod-MicrosoftAuthApp.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All'];
const READ_ALL = ['UserAuthMethod-MicrosoftAuthApp.Read.All', 'UserAuthenticationMethod.Read.All', ...WRITE_ALL];
const WRITE_OWN = ['UserAuthMethod-MicrosoftAuthApp.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const notFound = problems.notFound;
const write: UserPermission = { self: WRITE_OWN, others: WRITE_ALL, application: WRITE_ALL, reach: 'write', notFound };
const read: UserPermission = {
  self: ['UserAuthMethod-MicrosoftAuthApp.Read', 'UserAuthenticationMethod.Read', ...WRITE_OWN],
  others: READ_ALL,
  application: READ_ALL,
  reach: 'read',
  notFound,
};

export function authenticatorRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const named = ({ target, context }: UserCall): AuthenticatorApp | null =>
    target.authenticators.find(({ methodId }) => methodId === context.req.param('id')) ?? null;
  const asAsked = ({ context, version }: UserCall, method: AuthenticatorApp): object => {
    const withDevice = (context.req.query('$expand') ?? '').split(',').includes('device');
    const beta = version === 'beta' ? { clientAppName: 'microsoftAuthenticator' } : {};
    const entity = { ...authenticatorEntity(method), ...beta };
    return withDevice ? { ...entity, device: deviceEntity(core, method) } : entity;
  };
  app.get(
    '/',
    userCall(core, read, (call) => {
      const listed = core.directory.listed(call.target.authenticators);
      return methodList(
        call,
        NAME,
        listed.map((method) => asAsked(call, method)),
      );
    }),
  );
  app.get(
    '/:id',
    userCall(core, read, (call) => {
      const method = named(call);
      return methodEntity(call, NAME, method && asAsked(call, method));
    }),
  );
  app.get(
    '/:id/device',
    userCall(core, read, (call) => {
      const method = named(call);
      return methodEntity(call, `${NAME}/device`, method && deviceEntity(core, method));
    }),
  );
  app.delete(
    '/:id',
    userCall(core, write, (call) => {
      const stale = stillFresh(core, call);
      if (stale) return stale;
      const { target, self } = call;
      const gone = named(call);
      if (!gone) return problems.notFound;
      target.authenticators = target.authenticators.filter((method) => method !== gone);
      core.audit.add({
        activity: self ? 'User deleted security info' : 'Admin deleted security info',
        actor: actorOf(core, call),
        target,
      });
      return graphEmpty(call.ids);
    }),
  );
  return app;
}
