// `authentication/fido2Methods` (Microsoft Graph: fido2AuthenticationMethod). v1.0 and beta differ: only beta takes a time for
// the challenge, and beta refuses people who act for themselves.
import { Hono } from 'hono';
import type { User } from '../directory/directory.ts';
import { creationOptions } from '../graph/creation-options.ts';
import { graphEmpty, graphJson, problems, type GraphProblem } from '../graph/graph-answer.ts';
import { metadataContext, type GraphVersion } from '../graph/graph-calls.ts';
import { checkRegistration, type AcceptedRegistration } from '../graph/registration-check.ts';
import { registrationRefusals, type RegistrationRefusal } from '../graph/registration-refusal.ts';
import {
  actorOf,
  methodEntity,
  methodList,
  stillFresh,
  userCall,
  type UserAct,
  type UserCall,
  type UserPermission,
} from '../graph/user-calls.ts';
import { passkeyScope } from '../policies/method-scope.ts';
import { admitToMethods, circumstancesOf } from '../sign-in/access-gate.ts';
import type { TwinCore } from '../twin-core.ts';
import { passkeyEntity } from './method-entities.ts';

const WRITE_ALL = ['UserAuthMethod-Passkey.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All'];
const READ_ALL = ['UserAuthMethod-Passkey.Read.All', 'UserAuthenticationMethod.Read.All', ...WRITE_ALL];
const WRITE_OWN = ['UserAuthMethod-Passkey.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const notFound = problems.notFound;
const options: UserPermission = {
  self: ['UserAuthMethod-Passkey.ReadWrite'],
  others: WRITE_ALL,
  application: WRITE_ALL,
  reach: 'read',
  notFound,
};
const write: UserPermission = { self: WRITE_OWN, others: WRITE_ALL, application: WRITE_ALL, reach: 'write', notFound };
const read: UserPermission = {
  self: ['UserAuthMethod-Passkey.Read', 'UserAuthenticationMethod.Read', ...WRITE_OWN],
  others: READ_ALL,
  application: READ_ALL,
  reach: 'read',
  notFound,
};

/** Microsoft Graph beta: challengeTimeoutInMinutes. */
const SHORTEST_CHALLENGE_MINUTES = 5;
const LONGEST_CHALLENGE_MINUTES = 43_200;

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
  /** Making a passkey needs a policy that lets people do it themselves, and a recent sign-in of those who do. */
  const making =
    (act: UserAct): UserAct =>
    (call) =>
      checkSelfService(core, call) ??
      checkPolicy(core, call.target) ??
      checkAccess(core, call) ??
      stillFresh(core, call) ??
      act(call);

  app.get(
    '/:options{creationOptions.*}',
    userCall(
      core,
      options,
      making(async (call) => {
        const minutes = challengeMinutes(core, call);
        if (typeof minutes === 'object') return minutes;
        const body = await creationOptions(core, call.target, minutes);
        const name = { '@odata.context': metadataContext(call, 'microsoft.graph.webauthnCredentialCreationOptions') };
        const wrapped = call.version === 'beta' && core.directory.policy.graph.betaWrapsOptions;
        return graphJson(call.ids, wrapped ? { ...name, value: body } : { ...name, ...body });
      }),
    ),
  );
  app.get(
    '/',
    userCall(core, read, (call) =>
      methodList(call, 'fido2Methods', core.directory.listed(call.target.passkeys).map(passkeyEntity)),
    ),
  );
  app.get(
    '/:id',
    userCall(core, read, (call) => {
      const passkey = call.target.passkeys.find(({ methodId }) => methodId === call.context.req.param('id'));
      return methodEntity(call, 'fido2Methods', passkey ? passkeyEntity(passkey) : null);
    }),
  );
  app.post(
    '/',
    userCall(
      core,
      write,
      making(async (call) => {
        const { target } = call;
        const outcome = await checkRegistration(core, target, await call.context.req.text());
        if (!outcome.ok) return refuse(target, outcome.refusal);
        // Asked once more without a pause between question and deed: two posts may have been checked side by side.
        const refusal = refusedMeanwhile(outcome);
        if (refusal) return refuse(target, refusal);
        usedChallenges.set(outcome.challenge.id, outcome.challenge.endsAtMs);
        target.passkeys = [...target.passkeys, outcome.passkey];
        noteChange(core, call, 'added', outcome.passkey.aaguid);
        return methodEntity(call, 'fido2Methods', passkeyEntity(outcome.passkey), 201);
      }),
    ),
  );
  app.delete(
    '/:id',
    userCall(core, write, (call) => {
      const stale = stillFresh(core, call);
      if (stale) return stale;
      const { target, context, ids } = call;
      const gone = target.passkeys.find(({ methodId }) => methodId === context.req.param('id'));
      if (!gone) return problems.notFound;
      target.passkeys = target.passkeys.filter((passkey) => passkey !== gone);
      noteChange(core, call, 'deleted', gone.aaguid);
      return graphEmpty(ids);
    }),
  );
  return { app, clear: () => usedChallenges.clear() };
}

/** The beta pages say that provisioning does not support self-service; people who tried got 405. */
function checkSelfService(core: TwinCore, { self, version }: UserCall): GraphProblem | null {
  const works = version === 'v1.0' && core.directory.policy.graph.selfServiceRegistration === 'works';
  return self && !works ? problems.methodNotAllowed : null;
}

/** The switch for self-service has to be on for administrators too (Microsoft Graph: known issues, FIDO2 provisioning). */
function checkPolicy(core: TwinCore, target: User): GraphProblem | null {
  const { fido2 } = core.directory.policy;
  if (passkeyScope(fido2, core.directory.subjectOf(target)) !== 'inScope') return problems.passkeysOff;
  return fido2.isSelfServiceRegistrationAllowed ? null : problems.selfServiceOff;
}

/** Others act under their own rules, and applications under none. */
function checkAccess(core: TwinCore, { self, caller, context, target }: UserCall): GraphProblem | null {
  if (!core.directory.policy.graph.accessAskedAtRegistration || !self || caller.kind !== 'person') return null;
  const seen = circumstancesOf(core, context.req.raw);
  const admission = admitToMethods(core, caller.session, target, seen, 'mobileAppsAndDesktopClients');
  return admission.kind === 'admitted' ? null : problems.accessBlocked;
}

/** Minutes, or why not. The time may stand in the function's brackets or, where the service takes it, in the query. */
function challengeMinutes(core: TwinCore, { context, version }: UserCall): number | GraphProblem {
  const { fido2, graph } = core.directory.policy;
  const called = /^creationOptions(?:\((.*)\))?$/.exec(context.req.param('options') ?? '');
  if (!called) return problems.segmentUnknown('creationOptions');
  const inBrackets = called[1] ?? '';
  const inQuery = context.req.query('challengeTimeoutInMinutes');
  if (!takesTime(version)) return inBrackets === '' ? fido2.challengeMinutes : problems.segmentUnknown('creationOptions');
  if (inBrackets === '' && inQuery === undefined) return fido2.challengeMinutes;
  if (inBrackets === '' && !graph.betaTakesQueryForm) return problems.methodNotAllowed;
  const text = inBrackets === '' ? inQuery : /^\s*challengeTimeoutInMinutes\s*=\s*(\d{1,9})\s*$/.exec(inBrackets)?.[1];
  const minutes = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return minutes >= SHORTEST_CHALLENGE_MINUTES && minutes <= LONGEST_CHALLENGE_MINUTES ? minutes : problems.challengeTime;
}

function takesTime(version: GraphVersion): boolean {
  return version === 'beta';
}

/** A passkey has an event of its own beside the general one. */
function noteChange(core: TwinCore, call: UserCall, change: 'added' | 'deleted', aaguid: string): void {
  const actor = actorOf(core, call);
  const { target, self } = call;
  const who = self ? 'User' : 'Admin';
  const added = change === 'added';
  core.audit.add({
    activity: added ? 'Add Passkey (device-bound)' : 'Delete Passkey (device-bound)',
    actor,
    target,
    details: [{ key: 'AAGuid', value: aaguid }],
  });
  core.audit.add({ activity: `${who} ${added ? 'registered' : 'deleted'} security info`, actor, target });
}
