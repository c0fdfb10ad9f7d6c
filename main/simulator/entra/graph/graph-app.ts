// graph.microsoft.com, as far as a person reaches it for themselves: `/me` and its sign-in methods.
import { Hono, type Context } from 'hono';
import { randomGuid } from '../directory/random-text.ts';
import type { AuthenticatorApp, User } from '../directory/directory.ts';
import type { TwinCore } from '../twin-core.ts';
import { checkFreshness, checkScopes, readCaller, type Caller } from './caller.ts';
import { creationOptions } from './creation-options.ts';
import { GRAPH_ROOT, graphEmpty, graphJson, graphProblem, problems, type GraphIds, type GraphProblem } from './graph-answer.ts';
import { allMethodEntities, authenticatorEntity, deviceEntity, passEntity, passkeyEntity } from './method-entities.ts';
import { checkRegistration, type AcceptedRegistration } from './registration-check.ts';
import { registrationRefusals, type RegistrationRefusal } from './registration-refusal.ts';

/** Delegated permissions by call, any one of each list (Microsoft Graph permissions reference). */
const SCOPES = {
  profile: ['User.Read', 'User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All'],
  creationOptions: ['UserAuthMethod-Passkey.ReadWrite'],
  passkeyWrite: ['UserAuthMethod-Passkey.ReadWrite', 'UserAuthenticationMethod.ReadWrite'],
  passkeyRead: [
    'UserAuthMethod-Passkey.Read',
    'UserAuthMethod-Passkey.ReadWrite',
    'UserAuthenticationMethod.Read',
    'UserAuthenticationMethod.ReadWrite',
  ],
  passRead: [
    'UserAuthMethod-TAP.Read',
    'UserAuthMethod-TAP.ReadWrite',
    'UserAuthenticationMethod.Read',
    'UserAuthenticationMethod.ReadWrite',
  ],
  passWrite: ['UserAuthMethod-TAP.ReadWrite', 'UserAuthenticationMethod.ReadWrite'],
  appRead: [
    'UserAuthMethod-MicrosoftAuthApp.Read',
    'UserAuthMethod-MicrosoftAuthApp.ReadWrite',
    'UserAuthenticationMethod.Read',
    'UserAuthenticationMethod.ReadWrite',
  ],
  methodsRead: ['UserAuthenticationMethod.Read', 'UserAuthenticationMethod.ReadWrite'],
} as const;

type Answer = Response | GraphProblem;

interface Call {
  readonly context: Context;
  readonly caller: Caller;
  readonly ids: GraphIds;
}

export interface GraphHost {
  readonly app: Hono;
  /** Forgets which challenges were used. */
  clear(): void;
}

export function graphHost(core: TwinCore): GraphHost {
  const app = new Hono();
  /** Until when each used challenge could come back. */
  const usedChallenges = new Map<string, number>();

  const idsOf = (context: Context): GraphIds => {
    const requestId = randomGuid(core.randomBytes);
    const date = new Date(core.time.wallMs()).toISOString().slice(0, 19);
    return { requestId, clientRequestId: context.req.header('client-request-id') ?? requestId, date };
  };
  const finish = (ids: GraphIds, answer: Answer): Response => (answer instanceof Response ? answer : graphProblem(ids, answer));

  /** Every call: who, then whether, then what. */
  const as =
    (scopes: readonly string[], act: (call: Call) => Answer | Promise<Answer>) =>
    async (context: Context): Promise<Response> => {
      const ids = idsOf(context);
      const caller = await readCaller(core, context.req.header('authorization') ?? null);
      if (!('user' in caller)) return graphProblem(ids, caller);
      return finish(ids, checkScopes(caller, scopes) ?? (await act({ context, caller, ids })));
    };
  /** Calls that change passkeys also need a recent sign-in and a policy that lets people do it themselves. */
  const asManager = (scopes: readonly string[], act: (call: Call) => Answer | Promise<Answer>) =>
    as(scopes, (call) => checkPasskeyPolicy(core) ?? checkFreshness(core, call.caller) ?? act(call));

  const context = (caller: Caller, rest: string): string =>
    `${GRAPH_ROOT}/v1.0/$metadata#users('${caller.user.objectId}')/authentication/${rest}`;
  const list = (call: Call, name: string, value: readonly object[]): Response =>
    graphJson(call.ids, { '@odata.context': context(call.caller, name), value });
  const entity = (call: Call, name: string, body: object | null): Answer =>
    body === null
      ? problems.notFound
      : graphJson(call.ids, { '@odata.context': context(call.caller, `${name}/$entity`), ...body });

  app.get(
    '/v1.0/me',
    as(SCOPES.profile, (call) => graphJson(call.ids, profileEntity(call))),
  );

  const refusedMeanwhile = ({ passkey, challenge }: AcceptedRegistration): RegistrationRefusal | null => {
    for (const [id, endsAtMs] of usedChallenges) if (endsAtMs < core.time.wallMs()) usedChallenges.delete(id);
    if (!core.directory.policy.fido2.challengeReuseAllowed && usedChallenges.has(challenge.id)) return 'challengeUsed';
    return core.directory.passkeyByCredentialId(passkey.credentialId) ? 'duplicate' : null;
  };
  const refuseRegistration = (user: User, refusal: RegistrationRefusal): GraphProblem => {
    core.note({ atMs: core.time.wallMs(), upn: user.upn, refusal });
    return { status: 400, code: 'badRequest', message: registrationRefusals[refusal] };
  };

  const passkeys = '/v1.0/me/authentication/fido2Methods';
  app.get(
    `${passkeys}/creationOptions`,
    asManager(SCOPES.creationOptions, async (call) => graphJson(call.ids, await creationOptions(core, call.caller.user))),
  );
  app.get(
    passkeys,
    as(SCOPES.passkeyRead, (call) =>
      list(call, 'fido2Methods', core.directory.listed(call.caller.user.passkeys).map(passkeyEntity)),
    ),
  );
  app.get(
    `${passkeys}/:id`,
    as(SCOPES.passkeyRead, (call) => {
      const passkey = call.caller.user.passkeys.find((candidate) => candidate.methodId === call.context.req.param('id'));
      return entity(call, 'fido2Methods', passkey ? passkeyEntity(passkey) : null);
    }),
  );
  app.post(
    passkeys,
    asManager(SCOPES.passkeyWrite, async (call) => {
      const { user } = call.caller;
      const outcome = await checkRegistration(core, user, await call.context.req.text());
      // Asked once more without a pause between question and deed: two posts may have been checked side by side.
      const refusal = outcome.ok ? refusedMeanwhile(outcome) : outcome.refusal;
      if (!outcome.ok || refusal) return refuseRegistration(user, refusal ?? 'duplicate');
      usedChallenges.set(outcome.challenge.id, outcome.challenge.endsAtMs);
      user.passkeys = [...user.passkeys, outcome.passkey];
      const body = { '@odata.context': context(call.caller, 'fido2Methods/$entity'), ...passkeyEntity(outcome.passkey) };
      return graphJson(call.ids, body, 201);
    }),
  );
  app.delete(
    `${passkeys}/:id`,
    as(SCOPES.passkeyWrite, (call) => {
      const { user } = call.caller;
      const stale = checkFreshness(core, call.caller);
      if (stale) return stale;
      const kept = user.passkeys.filter((passkey) => passkey.methodId !== call.context.req.param('id'));
      if (kept.length === user.passkeys.length) return problems.notFound;
      user.passkeys = kept;
      return graphEmpty(call.ids);
    }),
  );

  app.get(
    '/v1.0/me/authentication/methods',
    as(SCOPES.methodsRead, (call) => list(call, 'methods', allMethodEntities(core, call.caller.user))),
  );

  const passes = '/v1.0/me/authentication/temporaryAccessPassMethods';
  const ownPass = (call: Call) => {
    const { pass } = call.caller.user;
    return pass?.methodId === call.context.req.param('id') ? pass : null;
  };
  app.get(
    passes,
    as(SCOPES.passRead, (call) =>
      list(call, 'temporaryAccessPassMethods', call.caller.user.pass ? [passEntity(core, call.caller.user.pass)] : []),
    ),
  );
  app.get(
    `${passes}/:id`,
    as(SCOPES.passRead, (call) => {
      const pass = ownPass(call);
      return entity(call, 'temporaryAccessPassMethods', pass && passEntity(core, pass));
    }),
  );
  app.delete(
    `${passes}/:id`,
    as(SCOPES.passWrite, (call) => {
      if (!core.directory.policy.temporaryAccessPass.selfDeletionAllowed) return problems.passDeletionOff;
      if (!ownPass(call)) return problems.notFound;
      call.caller.user.pass = null;
      return graphEmpty(call.ids);
    }),
  );

  const apps = '/v1.0/me/authentication/microsoftAuthenticatorMethods';
  const expanded = (call: Call, method: AuthenticatorApp): object => {
    const withDevice = (call.context.req.query('$expand') ?? '').split(',').includes('device');
    return withDevice ? { ...authenticatorEntity(method), device: deviceEntity(core, method) } : authenticatorEntity(method);
  };
  const ownApp = (call: Call) =>
    call.caller.user.authenticators.find((candidate) => candidate.methodId === call.context.req.param('id')) ?? null;
  app.get(
    apps,
    as(SCOPES.appRead, (call) =>
      list(
        call,
        'microsoftAuthenticatorMethods',
        core.directory.listed(call.caller.user.authenticators).map((method) => expanded(call, method)),
      ),
    ),
  );
  app.get(
    `${apps}/:id`,
    as(SCOPES.appRead, (call) => {
      const method = ownApp(call);
      return entity(call, 'microsoftAuthenticatorMethods', method && expanded(call, method));
    }),
  );
  app.get(
    `${apps}/:id/device`,
    as(SCOPES.appRead, (call) => {
      const method = ownApp(call);
      return entity(call, 'microsoftAuthenticatorMethods/device', method && deviceEntity(core, method));
    }),
  );

  // The beta pages say that provisioning does not support self-service; people who tried got 405.
  app.get(
    '/beta/me/authentication/fido2Methods/:options{creationOptions.*}',
    as(SCOPES.creationOptions, () => problems.methodNotAllowed),
  );
  app.post(
    '/beta/me/authentication/fido2Methods',
    as(SCOPES.passkeyWrite, () => problems.methodNotAllowed),
  );
  // A person's own rights do not reach other people.
  app.all(
    '/:version{v1.0|beta}/users/*',
    as(SCOPES.profile, () => problems.notForOthers),
  );
  app.notFound(async (context_) => {
    const ids = idsOf(context_);
    const caller = await readCaller(core, context_.req.header('authorization') ?? null);
    if (!('user' in caller)) return graphProblem(ids, caller);
    const segment = new URL(context_.req.url).pathname.split('/')[2] ?? '';
    if (segment === 'me') return graphProblem(ids, problems.methodNotAllowed);
    return graphProblem(ids, { status: 400, code: 'BadRequest', message: `Resource not found for the segment '${segment}'.` });
  });
  return { app, clear: () => usedChallenges.clear() };
}

function checkPasskeyPolicy(core: TwinCore): GraphProblem | null {
  const { state, isSelfServiceRegistrationAllowed } = core.directory.policy.fido2;
  if (state === 'disabled') return problems.passkeysOff;
  return isSelfServiceRegistrationAllowed ? null : problems.selfServiceOff;
}

/** Microsoft Graph: user; `$select` picks members, of which `id` is not automatically one. */
function profileEntity({ context, caller }: Call): object {
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
