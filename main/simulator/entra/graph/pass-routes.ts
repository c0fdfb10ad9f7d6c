// `/me/authentication/temporaryAccessPassMethods` (Microsoft Graph: temporaryAccessPassAuthenticationMethod).
import { Hono } from 'hono';
import type { AccessPass } from '../directory/access-pass.ts';
import type { TwinCore } from '../twin-core.ts';
import { graphEmpty, problems } from './graph-answer.ts';
import { graphCall, methodEntity, methodList, type GraphCall } from './graph-calls.ts';
import { passEntity } from './method-entities.ts';

const NAME = 'temporaryAccessPassMethods';
const WRITE = ['UserAuthMethod-TAP.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const READ = ['UserAuthMethod-TAP.Read', 'UserAuthenticationMethod.Read', ...WRITE];

export function passRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const named = ({ caller, context }: GraphCall): AccessPass | null => {
    const { pass } = caller.user;
    return pass?.methodId === context.req.param('id') ? pass : null;
  };
  app.get(
    '/',
    graphCall(core, READ, (call) => {
      const { pass } = call.caller.user;
      return methodList(call, NAME, pass ? [passEntity(core, call.caller.user, pass)] : []);
    }),
  );
  app.get(
    '/:id',
    graphCall(core, READ, (call) => {
      const pass = named(call);
      return methodEntity(call, NAME, pass && passEntity(core, call.caller.user, pass));
    }),
  );
  app.delete(
    '/:id',
    graphCall(core, WRITE, (call) => {
      if (!core.directory.policy.temporaryAccessPass.selfDeletionAllowed) return problems.passDeletionOff;
      if (!named(call)) return problems.notFound;
      call.caller.user.pass = null;
      return graphEmpty(call.ids);
    }),
  );
  return app;
}
