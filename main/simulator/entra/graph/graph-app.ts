// graph.microsoft.com, v1.0 and beta: people and their sign-in methods, the tenant and its policies, reports, and batches.
import { Hono } from 'hono';
import type { Faults } from '../faults.ts';
import { authenticatorRoutes } from '../methods/authenticator-routes.ts';
import { allMethodEntities, passwordEntity } from '../methods/method-entities.ts';
import { passRoutes } from '../methods/pass-routes.ts';
import { passkeyRoutes } from '../methods/passkey-routes.ts';
import { preferenceRoutes } from '../methods/preference-routes.ts';
import { tenantRoutes } from '../people/tenant-routes.ts';
import { userRoutes } from '../people/user-routes.ts';
import { policyRoutes } from '../policy-routes/policy-routes.ts';
import { reportRoutes } from '../reports/report-routes.ts';
import type { TwinCore } from '../twin-core.ts';
import { batchHandler } from './batch.ts';
import { graphProblem, problems } from './graph-answer.ts';
import { graphIds, identified } from './graph-calls.ts';
import type { Throttles } from './throttles.ts';
import { methodList, mountMethods, userCall, type UserPermission } from './user-calls.ts';

const ALL_METHODS = ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All'];
const allMethods: UserPermission = {
  self: ['UserAuthenticationMethod.Read', 'UserAuthenticationMethod.ReadWrite'],
  others: ALL_METHODS,
  application: ALL_METHODS,
  reach: 'read',
  notFound: problems.notFound,
};

/** Nobody in the twin's tenant has one of these. */
const UNPLAYED_METHODS = [
  'emailMethods',
  'externalAuthenticationMethods',
  'phoneMethods',
  'platformCredentialMethods',
  'softwareOathMethods',
  'windowsHelloForBusinessMethods',
] as const;

export interface GraphHost {
  readonly app: Hono;
  clear(): void;
}

export interface GraphHostParts {
  readonly throttles: Throttles;
  readonly faults: Faults;
  /** A part of a batch comes from where the batch comes from. */
  readonly sameOrigin: (part: Request, whole: Request) => void;
}

export function graphHost(core: TwinCore, { throttles, faults, sameOrigin }: GraphHostParts): GraphHost {
  const app = new Hono();
  app.use(async (context, next) => {
    const wait = throttles.take(new URL(context.req.url).pathname);
    return wait ? graphProblem(graphIds(core, context), problems.throttled(wait.retryAfterSeconds)) : next();
  });

  const passkeys = passkeyRoutes(core);
  mountMethods(app, 'fido2Methods', passkeys.app);
  mountMethods(app, 'temporaryAccessPassMethods', passRoutes(core));
  mountMethods(app, 'microsoftAuthenticatorMethods', authenticatorRoutes(core));
  const methods = new Hono();
  methods.get(
    '/',
    userCall(core, allMethods, (call) => methodList(call, 'methods', allMethodEntities(core, call.target))),
  );
  mountMethods(app, 'methods', methods);
  const passwords = new Hono();
  passwords.get(
    '/',
    userCall(core, allMethods, (call) => methodList(call, 'passwordMethods', [passwordEntity(call.target)])),
  );
  mountMethods(app, 'passwordMethods', passwords);
  for (const name of UNPLAYED_METHODS) {
    const none = new Hono();
    none.get(
      '/',
      userCall(core, allMethods, (call) => methodList(call, name, [])),
    );
    mountMethods(app, name, none);
  }
  // Preferences are not in v1.0.
  const preferences = preferenceRoutes(core);
  app.route('/beta/me/authentication/signInPreferences', preferences);
  app.route('/beta/users/:user/authentication/signInPreferences', preferences);

  for (const version of ['/v1.0', '/beta']) {
    for (const routes of [userRoutes(core), tenantRoutes(core), policyRoutes(core), reportRoutes(core)])
      app.route(version, routes);
    app.post(`${version}/$batch`, batchHandler(core, { app, faults, sameOrigin }));
  }

  app.notFound(
    identified(core, ({ context }) => {
      const [, , segment = '', second = ''] = context.req.path.split('/');
      // What is there answers other methods with 405; what isn't is an unknown segment.
      const known = segment === 'me' || (segment === 'users' && second !== '');
      return known && !context.req.path.endsWith('/signInPreferences')
        ? problems.methodNotAllowed
        : problems.segmentUnknown(segment);
    }),
  );
  return { app, clear: () => passkeys.clear() };
}
