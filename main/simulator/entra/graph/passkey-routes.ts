// `/me/authentication/fido2Methods` (Microsoft Graph: fido2AuthenticationMethod).
import { Hono } from 'hono';
import type { User } from '../directory/directory.ts';
import type { TwinCore } from '../twin-core.ts';
import { checkFreshness } from './caller.ts';
import { creationOptions } from './creation-options.ts';
import { graphEmpty, graphJson, problems, type GraphProblem } from './graph-answer.ts';
import { graphCall, methodEntity, methodList, type GraphAct } from './graph-calls.ts';
import { passkeyEntity } from './method-entities.ts';
import { checkRegistration, type AcceptedRegistration } from './registration-check.ts';
import { registrationRefusals, type RegistrationRefusal } from './registration-refusal.ts';

const OPTIONS = ['UserAuthMethod-Passkey.ReadWrite'];
const WRITE = ['UserAuthMethod-Passkey.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const READ = ['UserAuthMethod-Passkey.Read', 'UserAuthenticationMethod.Read', ...WRITE];

export interface PasskeyRoutes {
  readonly app: Hono;
  /** Forgets which challenges were used. */
  clear(): void;
}

export function passkeyRoutes(core: TwinCore): PasskeyRoutes {
  const app = new Hono();
  /** Until when each used challenge could come back. */
  const usedChallenges = new Map<string, number>();

  const refusedMeanwhile = ({ passkey, challenge }: AcceptedRegistration): RegistrationRefusal | null => {
    for (const [id, endsAtMs] of usedChallenges) if (endsAtMs < core.time.wallMs()) usedChallenges.delete(id);
    if (!core.directory.policy.fido2.challengeReuseAllowed && usedChallenges.has(challenge.id)) return 'challengeUsed';
    return core.directory.passkeyByCredentialId(passkey.credentialId) ? 'duplicate' : null;
  };
  const refuse = (user: User, refusal: RegistrationRefusal): GraphProblem => {
    core.note({ atMs: core.time.wallMs(), upn: user.upn, refusal });
    return { status: 400, code: 'badRequest', message: registrationRefusals[refusal] };
  };
  /** Making a passkey needs a policy that lets people do it themselves, and a recent sign-in. */
  const making =
    (act: GraphAct): GraphAct =>
    (call) =>
      checkPolicy(core) ?? checkFreshness(core, call.caller) ?? act(call);

  app.get(
    '/creationOptions',
    graphCall(
      core,
      OPTIONS,
      making(async ({ ids, caller }) => graphJson(ids, await creationOptions(core, caller.user))),
    ),
  );
  app.get(
    '/',
    graphCall(core, READ, (call) =>
      methodList(call, 'fido2Methods', core.directory.listed(call.caller.user.passkeys).map(passkeyEntity)),
    ),
  );
  app.get(
    '/:id',
    graphCall(core, READ, (call) => {
      const passkey = call.caller.user.passkeys.find(({ methodId }) => methodId === call.context.req.param('id'));
      return methodEntity(call, 'fido2Methods', passkey ? passkeyEntity(passkey) : null);
    }),
  );
  app.post(
    '/',
    graphCall(
      core,
      WRITE,
      making(async (call) => {
        const { user } = call.caller;
        const outcome = await checkRegistration(core, user, await call.context.req.text());
        if (!outcome.ok) return refuse(user, outcome.refusal);
        // Asked once more without a pause between question and deed: two posts may have been checked side by side.
        const refusal = refusedMeanwhile(outcome);
        if (refusal) return refuse(user, refusal);
        usedChallenges.set(outcome.challenge.id, outcome.challenge.endsAtMs);
        user.passkeys = [...user.passkeys, outcome.passkey];
        return methodEntity(call, 'fido2Methods', passkeyEntity(outcome.passkey), 201);
      }),
    ),
  );
  app.delete(
    '/:id',
    graphCall(core, WRITE, ({ caller, context, ids }) => {
      const stale = checkFreshness(core, caller);
      if (stale) return stale;
      const kept = caller.user.passkeys.filter(({ methodId }) => methodId !== context.req.param('id'));
      if (kept.length === caller.user.passkeys.length) return problems.notFound;
      caller.user.passkeys = kept;
      return graphEmpty(ids);
    }),
  );
  return { app, clear: () => usedChallenges.clear() };
}

/** The beta pages say that provisioning does not support self-service; people who tried got 405. */
export function betaPasskeyRoutes(core: TwinCore): Hono {
  const app = new Hono();
  app.get(
    '/:options{creationOptions.*}',
    graphCall(core, OPTIONS, () => problems.methodNotAllowed),
  );
  app.post(
    '/',
    graphCall(core, WRITE, () => problems.methodNotAllowed),
  );
  return app;
}

function checkPolicy(core: TwinCore): GraphProblem | null {
  const { state, isSelfServiceRegistrationAllowed } = core.directory.policy.fido2;
  if (state === 'disabled') return problems.passkeysOff;
  return isSelfServiceRegistrationAllowed ? null : problems.selfServiceOff;
}
