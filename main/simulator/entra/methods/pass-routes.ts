// `authentication/temporaryAccessPassMethods` (Microsoft Graph: temporaryAccessPassAuthenticationMethod): one per user, the
// code shown once, never made for oneself.
import { Hono } from 'hono';
import { z } from 'zod';
import type { AccessPass } from '../directory/access-pass.ts';
import { graphEmpty, problems, type GraphProblem } from '../graph/graph-answer.ts';
import { jsonBody } from '../graph/graph-calls.ts';
import { actorOf, methodEntity, methodList, refused, userCall, type UserCall, type UserPermission } from '../graph/user-calls.ts';
import type { TwinCore } from '../twin-core.ts';
import type { AccessPassPolicy } from '../tenant-policy.ts';
import { passEntity } from './method-entities.ts';

const NAME = 'temporaryAccessPassMethods';
const WRITE_ALL = ['UserAuthMethod-TAP.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All'];
const READ_ALL = ['UserAuthMethod-TAP.Read.All', 'UserAuthenticationMethod.Read.All', ...WRITE_ALL];
const WRITE_OWN = ['UserAuthMethod-TAP.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const notFound = problems.notFound;
const write: UserPermission = { self: WRITE_OWN, others: WRITE_ALL, application: WRITE_ALL, reach: 'write', notFound };
const read: UserPermission = {
  self: ['UserAuthMethod-TAP.Read', 'UserAuthenticationMethod.Read', ...WRITE_OWN],
  others: READ_ALL,
  application: READ_ALL,
  reach: 'read',
  notFound,
};

const orderSchema = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.temporaryAccessPassAuthenticationMethod').optional(),
  startDateTime: z.iso.datetime({ offset: true }).nullish(),
  lifetimeInMinutes: z.int().nullish(),
  isUsableOnce: z.boolean().nullish(),
});

export function passRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const named = ({ target, context }: UserCall): AccessPass | null => {
    const { pass } = target;
    return pass?.methodId === context.req.param('id') ? pass : null;
  };
  app.get(
    '/',
    userCall(core, read, (call) => {
      const { pass } = call.target;
      return methodList(call, NAME, pass ? [passEntity(core, call.target, pass)] : []);
    }),
  );
  app.get(
    '/:id',
    userCall(core, read, (call) => {
      const pass = named(call);
      return methodEntity(call, NAME, pass && passEntity(core, call.target, pass));
    }),
  );
  app.post(
    '/',
    userCall(core, write, async (call) => {
      const { target } = call;
      if (call.self)
        return call.context.req.param('user') === undefined ? problems.methodNotAllowed : refused(core, 'accessDenied');
      const order = orderSchema.safeParse((await jsonBody(call)) ?? {});
      if (!order.success) return problems.passBody;
      const { startDateTime, lifetimeInMinutes, isUsableOnce } = order.data;
      const problem = checkOrder(core.directory.policy.temporaryAccessPass, target.external, { lifetimeInMinutes, isUsableOnce });
      if (problem) return problem;
      const startsInMinutes = startDateTime ? (Date.parse(startDateTime) - core.time.wallMs()) / 60_000 : 0;
      const code = core.directory.issuePass({
        user: target.objectId,
        startsInMinutes,
        ...(typeof lifetimeInMinutes === 'number' ? { lifetimeMinutes: lifetimeInMinutes } : {}),
        ...(typeof isUsableOnce === 'boolean' ? { isUsableOnce } : {}),
      });
      core.audit.add({ activity: 'Admin registered security info', actor: actorOf(core, call), target });
      const { pass } = target;
      return methodEntity(call, NAME, pass && { ...passEntity(core, target, pass), temporaryAccessPass: code }, 201);
    }),
  );
  app.delete(
    '/:id',
    userCall(core, write, (call) => {
      const { target, self } = call;
      if (self && !core.directory.policy.temporaryAccessPass.selfDeletionAllowed) return problems.passDeletionOff;
      if (!named(call)) return problems.notFound;
      target.pass = null;
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

function checkOrder(
  policy: AccessPassPolicy,
  external: boolean,
  order: { readonly lifetimeInMinutes: number | null | undefined; readonly isUsableOnce: boolean | null | undefined },
): GraphProblem | null {
  const badRequest = (message: string): GraphProblem => ({ status: 400, code: 'badRequest', message });
  if (policy.state === 'disabled') return badRequest('Temporary Access Pass is not enabled by the policy.');
  if (external) return badRequest('Temporary Access Pass cannot be added to an external guest user.');
  const { minimumLifetimeInMinutes: least, maximumLifetimeInMinutes: most } = policy;
  const lifetime = order.lifetimeInMinutes ?? policy.defaultLifetimeInMinutes;
  if (lifetime < least || lifetime > most)
    return badRequest(`Invalid LifetimeInMinutes: ${lifetime}. The valid range is ${least} to ${most} minutes.`);
  if (policy.isUsableOnce && order.isUsableOnce === false)
    return badRequest('The policy requires Temporary Access Passes that are usable once.');
  return null;
}
