// graph.microsoft.com, as far as a person reaches it for themselves: `/me` and its sign-in methods.
import { Hono } from 'hono';
import type { TwinCore } from '../twin-core.ts';
import { authenticatorRoutes } from './authenticator-routes.ts';
import { readCaller } from './caller.ts';
import { GRAPH_ROOT, graphJson, graphProblem, problems } from './graph-answer.ts';
import { graphCall, graphIds, methodList, type GraphCall } from './graph-calls.ts';
import { allMethodEntities } from './method-entities.ts';
import { passRoutes } from './pass-routes.ts';
import { betaPasskeyRoutes, passkeyRoutes } from './passkey-routes.ts';
import type { Throttles } from './throttles.ts';

const PROFILE = ['User.Read', 'User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All'];
const ALL_METHODS = ['UserAuthenticationMethod.Read', 'UserAuthenticationMethod.ReadWrite'];

export interface GraphHost {
  readonly app: Hono;
  clear(): void;
}

export function graphHost(core: TwinCore, throttles: Throttles): GraphHost {
  const app = new Hono();
  app.use(async (context, next) => {
    const wait = throttles.take(new URL(context.req.url).pathname);
    return wait ? graphProblem(graphIds(core, context), problems.throttled(wait.retryAfterSeconds)) : next();
  });
  const passkeys = passkeyRoutes(core);
  app.get(
    '/v1.0/me',
    graphCall(core, PROFILE, (call) => graphJson(call.ids, profileEntity(call))),
  );
  app.get(
    '/v1.0/me/authentication/methods',
    graphCall(core, ALL_METHODS, (call) => methodList(call, 'methods', allMethodEntities(core, call.caller.user))),
  );
  app.route('/v1.0/me/authentication/fido2Methods', passkeys.app);
  app.route('/v1.0/me/authentication/temporaryAccessPassMethods', passRoutes(core));
  app.route('/v1.0/me/authentication/microsoftAuthenticatorMethods', authenticatorRoutes(core));
  app.route('/beta/me/authentication/fido2Methods', betaPasskeyRoutes(core));
  // A person's own rights do not reach other people.
  app.all(
    '/:version{v1.0|beta}/users/*',
    graphCall(core, PROFILE, () => problems.notForOthers),
  );
  app.notFound(async (context) => {
    const ids = graphIds(core, context);
    const caller = await readCaller(core, context.req.header('authorization') ?? null);
    if (!('user' in caller)) return graphProblem(ids, caller);
    const segment = new URL(context.req.url).pathname.split('/')[2] ?? '';
    if (segment === 'me') return graphProblem(ids, problems.methodNotAllowed);
    return graphProblem(ids, { status: 400, code: 'BadRequest', message: `Resource not found for the segment '${segment}'.` });
  });
  return { app, clear: () => passkeys.clear() };
}

/** Microsoft Graph: user; `$select` picks members. */
function profileEntity({ context, caller }: GraphCall): object {
  const { user } = caller;
  const all = {
    businessPhones: [],
    displayName: user.displayName,
    givenName: user.givenName,
    jobTitle: null,
    mail: user.upn,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: user.displayName.split(' ').slice(1).join(' ') || null,
    userPrincipalName: user.upn,
    id: user.objectId,
  };
  const selected = context.req.query('$select')?.split(',');
  const members = Object.entries(all).filter(([name]) => selected === undefined || selected.includes(name));
  return { '@odata.context': `${GRAPH_ROOT}/v1.0/$metadata#users/$entity`, ...Object.fromEntries(members) };
}
