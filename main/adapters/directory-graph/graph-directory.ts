// Microsoft Graph about one person: who they are, their pass, their keys, their phone, what they prefer.
// Source: Microsoft Graph v1.0, /me and /users/{id}, /authentication; beta: signInPreferences and creationOptions with a time.
import { clouds } from '../../../contract/clouds.ts';
import { because, type Reason } from '../../../contract/reason.ts';
import type { Call, DirectoryPort } from '../../ports/directory.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Settings } from '../../ports/settings.ts';
import { passOf, readArrival } from './person/arrival-reader.ts';
import { creationOptionsSchema } from './person/creation-options.ts';
import { createKeyRegistration } from './person/key-registration.ts';
import { methodListSchema, nothing, passListSchema, preferenceSchema, profileSchema } from './person/method-answers.ts';
import { createPhoneReader } from './person/phone-reader.ts';
import { withBudget } from './wire/call-budget.ts';
import { createGraphClient, type GraphParts } from './wire/graph-client.ts';
import type { GraphAnswer, GraphQuestion } from './wire/graph-question.ts';
import { rightsIn } from './wire/token-rights.ts';

export interface GraphDirectoryOptions extends GraphParts {
  readonly settings: Pick<Settings, 'graphOrigin' | 'cloud'>;
  /** Whose directory entry: that of who signed in (left out), or of a user by object id or UPN. */
  readonly user?: string;
  /** Minutes for which a challenge holds, 5 to 43,200: beta, for keys made away from the network. Left out: v1.0's five. */
  readonly challengeMinutes?: number;
}

/** Permissions of which one is enough to register a key. */
const rightsForOwnKey: readonly string[] = ['UserAuthMethod-Passkey.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const rightsForKeys: readonly string[] = rightsForOwnKey.map((right) => `${right}.All`);

/**
 * Every call rejects with its signal's reason when that aborts; everything else that may be refused is an outcome.
 * Times in answers are turned into the desk's own wall time where the server's clock differs.
 */
export function createGraphDirectory(options: GraphDirectoryOptions): DirectoryPort {
  const { clock, user, settings, challengeMinutes } = options;
  const graph = createGraphClient(options);
  const root = user === undefined ? '/me' : `/users/${encodeURIComponent(user)}`;
  const ways = `${root}/authentication`;
  const keysPath = `${ways}/fido2Methods`;
  const version = challengeMinutes === undefined ? 'v1.0' : 'beta';
  const keys = createKeyRegistration(graph, keysPath, version);
  const paths = {
    profile: `${root}?$select=id,userPrincipalName,displayName,givenName`,
    passes: `${ways}/temporaryAccessPassMethods`,
  };
  const phones = createPhoneReader(graph, `${ways}/microsoftAuthenticatorMethods`);

  async function ask<T>(question: GraphQuestion<T>, call: Call): Promise<GraphAnswer<T>> {
    const answer = await withBudget(clock, call, (budget) => graph.ask(question, budget));
    return answer.ok || question.method === 'DELETE' ? answer : { ...answer, reason: ofNobody(answer.reason) };
  }

  function ofNobody(reason: Reason): Reason {
    const isNobody = user !== undefined && reason.detail?.status === 404;
    return isNobody ? because('directory.personUnknown', reason.detail) : reason;
  }

  function unfitCloud(): Outcome<never> | null {
    return clouds[settings.cloud].registersKeys ? null : { ok: false, reason: because('directory.notInThisCloud') };
  }

  return {
    ready: async (call) => {
      const unfit = unfitCloud();
      if (unfit !== null) return unfit;
      const token = await withBudget(clock, call, (budget) => graph.token(budget));
      if (!token.ok) return token;
      const rights = rightsIn(token.value);
      const enough = user === undefined ? [...rightsForOwnKey, ...rightsForKeys] : rightsForKeys;
      // A token that can't be read is Graph's to judge.
      if (rights === null || rights.permissions.some((right) => enough.includes(right))) return { ok: true, value: null };
      return { ok: false, reason: because('directory.forbidden', { statusName: enough[0] ?? '' }) };
    },
    arrival: async (call) => {
      const arrival = await withBudget(clock, call, (budget) => readArrival(graph, paths, phones, budget));
      return arrival.ok ? arrival : { ok: false, reason: ofNobody(arrival.reason) };
    },
    profile: async (call) => outcomeOf(await ask({ method: 'GET', path: paths.profile, schema: profileSchema }, call)),
    pass: async (call) => passOf(await ask({ method: 'GET', path: paths.passes, schema: passListSchema }, call)),
    creationOptions: async (call) => {
      const unfit = unfitCloud();
      if (unfit !== null) return unfit;
      const how = challengeMinutes === undefined ? '' : `(challengeTimeoutInMinutes=${challengeMinutes})`;
      const path = `${keysPath}/creationOptions${how}`;
      const answer = await ask({ method: 'GET', version, path, schema: creationOptionsSchema, aboutKey: true }, call);
      if (!answer.ok) return outcomeOf(answer);
      return { ok: true, value: { ...answer.value, expiresAtMs: answer.value.expiresAtMs - answer.serverAheadMs } };
    },
    registerKey: (made, displayName, call) => withBudget(clock, call, (budget) => keys.register(made, displayName, budget)),
    waitUntilListed: (made, call) => withBudget(clock, call, (budget) => keys.waitUntilListed(made, budget)),
    phoneMethods: (call) => withBudget(clock, call, (budget) => phones.read(budget)),
    deletePass: async (methodId, call) => {
      const path = `${paths.passes}/${encodeURIComponent(methodId)}`;
      const answer = await ask({ method: 'DELETE', path, schema: nothing }, call);
      // Gone is gone: an earlier try whose answer was lost, or an administrator, came first.
      if (!answer.ok && answer.reason.detail?.status === 404) return { ok: true, value: null };
      return outcomeOf(answer);
    },
    methods: async (call) => outcomeOf(await ask({ method: 'GET', path: `${ways}/methods`, schema: methodListSchema }, call)),
    signInPreference: async (call) => {
      const path = `${ways}/signInPreferences`;
      return outcomeOf(await ask({ method: 'GET', version: 'beta', path, schema: preferenceSchema }, call));
    },
    preferSecondFactor: async (method, call) => {
      const path = `${ways}/signInPreferences`;
      const body = { userPreferredMethodForSecondaryAuthentication: method };
      return outcomeOf(await ask({ method: 'PATCH', version: 'beta', path, body, schema: nothing }, call));
    },
  };
}

function outcomeOf<T>(answer: GraphAnswer<T>): Outcome<T> {
  return answer.ok ? { ok: true, value: answer.value } : { ok: false, reason: answer.reason };
}
