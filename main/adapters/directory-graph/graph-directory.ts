// Microsoft Graph for the person who signed in: who they are, their pass, their keys, their phone.
// Source: Microsoft Graph v1.0, /me and /me/authentication.
import type { Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Call, DirectoryPort } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { TokenSource } from '../../ports/identity.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Settings } from '../../ports/settings.ts';
import { withBudget } from './wire/call-budget.ts';
import { creationOptionsSchema } from './person/creation-options.ts';
import { createGraphClient, type GraphAnswer, type GraphQuestion } from './wire/graph-client.ts';
import { createKeyRegistration, KEYS_PATH } from './person/key-registration.ts';
import { nothing, passListSchema, profileSchema } from './person/method-answers.ts';
import { createPhoneReader } from './person/phone-reader.ts';

export interface GraphDirectoryOptions {
  readonly settings: Pick<Settings, 'graphOrigin'>;
  readonly http: HttpPort;
  readonly tokens: TokenSource;
  /** `Call.deadlineMs` counts from the call, in this clock's milliseconds. */
  readonly clock: ClockPort;
  /** `length` random bytes, for request ids and for the jitter of waits. */
  readonly random: (length: number) => Uint8Array;
}

const PASSES_PATH = '/me/authentication/temporaryAccessPassMethods';

/**
 * Every call rejects with its signal's reason when that aborts; everything else that may be refused is an outcome.
 * Times in answers are turned into the desk's own wall time where the server's clock differs.
 */
export function createGraphDirectory(options: GraphDirectoryOptions): DirectoryPort {
  const { clock } = options;
  const graph = createGraphClient({ ...options, graphOrigin: options.settings.graphOrigin });
  const keys = createKeyRegistration(graph);
  const phones = createPhoneReader(graph);

  function ask<T>(question: GraphQuestion<T>, call: Call): Promise<GraphAnswer<T>> {
    return withBudget(clock, call, (budget) => graph.ask(question, budget));
  }

  return {
    profile: async (call) => {
      const path = '/me?$select=id,userPrincipalName,displayName,givenName';
      return outcomeOf(await ask({ method: 'GET', path, schema: profileSchema }, call));
    },
    pass: async (call) => {
      const answer = await ask({ method: 'GET', path: PASSES_PATH, schema: passListSchema }, call);
      if (!answer.ok) return isNotForUs(answer.reason) ? { ok: true, value: null } : outcomeOf(answer);
      const { value, serverAheadMs } = answer;
      if (value === null) return { ok: true, value };
      const { startsAtMs, endsAtMs } = value;
      return { ok: true, value: { ...value, startsAtMs: startsAtMs - serverAheadMs, endsAtMs: endsAtMs - serverAheadMs } };
    },
    creationOptions: async (call) => {
      const path = `${KEYS_PATH}/creationOptions`;
      const answer = await ask({ method: 'GET', path, schema: creationOptionsSchema, aboutKey: true }, call);
      if (!answer.ok) return outcomeOf(answer);
      return { ok: true, value: { ...answer.value, expiresAtMs: answer.value.expiresAtMs - answer.serverAheadMs } };
    },
    registerKey: (made, displayName, call) => withBudget(clock, call, (budget) => keys.register(made, displayName, budget)),
    waitUntilListed: (made, call) => withBudget(clock, call, (budget) => keys.waitUntilListed(made, budget)),
    phoneMethods: (call) => withBudget(clock, call, (budget) => phones.read(budget)),
    deletePass: async (methodId, call) => {
      const path = `${PASSES_PATH}/${encodeURIComponent(methodId)}`;
      const answer = await ask({ method: 'DELETE', path, schema: nothing }, call);
      // Gone is gone: an earlier try whose answer was lost, or an administrator, came first.
      if (!answer.ok && answer.reason.detail?.status === 404) return { ok: true, value: null };
      return outcomeOf(answer);
    },
  };
}

/** The right to see passes is missing, or there is nothing to see. */
function isNotForUs(reason: Reason): boolean {
  return reason.code === 'directory.forbidden' || reason.detail?.status === 404;
}

function outcomeOf<T>(answer: GraphAnswer<T>): Outcome<T> {
  return answer.ok ? { ok: true, value: answer.value } : { ok: false, reason: answer.reason };
}
