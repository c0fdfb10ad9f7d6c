// Microsoft Graph about the tenant: its rules, a person's standing in it, and what Conditional Access would say.
// Source: Microsoft Graph v1.0, /policies, /identity/conditionalAccess, /users; "Microsoft Graph service-specific throttling
// limits": Conditional Access answers once a second for a whole tenant, and says nothing of when to come back.
import { z } from 'zod';
import { because } from '../../../contract/reason.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Known, NamedLocation, TenantPort, TenantRules, WhatIfQuestion, WhatIfResult } from '../../ports/tenant.ts';
import { accessPolicySchema, grantSchema, namedLocationSchema, strengthSchema } from './tenant/access-rules.ts';
import { known } from './tenant/known.ts';
import { methodRulesSchema } from './tenant/method-rules.ts';
import { subscriptionSchema } from './tenant/person-answers.ts';
import { readPerson } from './tenant/person-standing.ts';
import { withBudget, type CallBudget } from './wire/call-budget.ts';
import { createGraphBatch } from './wire/graph-batch.ts';
import { createGraphClient, type GraphParts } from './wire/graph-client.ts';
import { allPages, pageOf, type Page } from './wire/graph-pages.ts';
import { refusal, type GraphAnswer } from './wire/graph-question.ts';
import { createPace } from './wire/pace.ts';
import { rightsIn } from './wire/token-rights.ts';

/** One question a second to Conditional Access, and a little more. */
const ACCESS_APART_MS = 1_100;

const policies = pageOf(accessPolicySchema);
const locations = pageOf(namedLocationSchema);
const strengths = pageOf(strengthSchema);
const licences = pageOf(subscriptionSchema);
const whatIfResults = pageOf(
  z
    .object({
      id: z.string().min(1).toLowerCase(),
      displayName: z.string(),
      policyApplies: z.boolean(),
      grantControls: grantSchema,
    })
    .transform((result): WhatIfResult => ({
      policyId: result.id,
      displayName: result.displayName,
      applies: result.policyApplies,
      grant: result.grantControls,
    })),
);

/**
 * Read-only, with the station's sign-in or a technician's. Every call rejects with its signal's reason when that aborts. Parts of the rules that can't be read are unknown
 * with their reason; rules of which nothing can be read are refused with the first one.
 */
export function createGraphTenant(parts: GraphParts): TenantPort {
  const { clock } = parts;
  const graph = createGraphClient(parts);
  const pace = createPace(clock, ACCESS_APART_MS);

  async function rules(budget: CallBudget): Promise<Outcome<TenantRules>> {
    const batch = createGraphBatch(graph);
    const methods = batch.add({ path: '/policies/authenticationMethodsPolicy', schema: methodRulesSchema });
    const strength = batch.add({ path: '/policies/authenticationStrengthPolicies', schema: strengths, apartMs: ACCESS_APART_MS });
    const licence = batch.add({ path: '/subscribedSkus?$select=accountName,capabilityStatus,servicePlans', schema: licences });
    const policy = batch.add({ path: '/identity/conditionalAccess/policies', schema: policies, apartMs: ACCESS_APART_MS });
    await pace.turn(budget);
    await batch.send(budget);

    const said = methods();
    const strengthsSaid = known(await allPages(graph, strength(), { page: strengths }, budget));
    const subscriptions = known(await allPages(graph, licence(), { page: licences }, budget));
    const accessPolicies = known(await allPages(graph, policy(), { page: policies, pace }, budget));
    const places = known(await namedLocations(budget));

    const read: readonly Known<unknown>[] = [known(said), strengthsSaid, subscriptions, accessPolicies, places];
    const [firstUnknown] = read.flatMap((part) => (part.known ? [] : [part.why]));
    if (firstUnknown !== undefined && read.every((part) => !part.known)) return { ok: false, reason: firstUnknown };
    return {
      ok: true,
      value: {
        readAtMs: clock.wallMs(),
        serverAheadMs: said.ok ? said.serverAheadMs : 0,
        methods: said.ok ? said.value : unknownMethods(said.reason),
        strengths: strengthsSaid,
        locations: places,
        accessPolicies,
        premium: subscriptions.known ? { known: true, value: subscriptions.value.some(({ premium }) => premium) } : subscriptions,
        tenantName: subscriptions.known
          ? (subscriptions.value.find(({ accountName }) => accountName)?.accountName ?? null)
          : null,
      },
    };
  }

  async function namedLocations(budget: CallBudget): Promise<GraphAnswer<readonly NamedLocation[]>> {
    const path = '/identity/conditionalAccess/namedLocations';
    const first = await accessPage({ method: 'GET', path, schema: locations }, budget);
    const all = await allPages(graph, first, { page: locations, pace }, budget);
    return all.ok ? { ...all, value: all.value.filter((location) => location !== null) } : all;
  }

  async function accessPage<T>(
    question: {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly body?: object;
      readonly schema: z.ZodType<Page<T>>;
    },
    budget: CallBudget,
  ): Promise<GraphAnswer<Page<T>>> {
    if (!(await pace.turn(budget))) return refusal(because('directory.throttled'));
    return graph.ask({ ...question, apartMs: ACCESS_APART_MS }, budget);
  }

  async function whatIf(question: WhatIfQuestion, budget: CallBudget): Promise<Outcome<readonly WhatIfResult[]>> {
    const path = '/identity/conditionalAccess/evaluate';
    const first = await accessPage({ method: 'POST', path, body: whatIfBody(question), schema: whatIfResults }, budget);
    const all = await allPages(graph, first, { page: whatIfResults, pace }, budget);
    return all.ok ? { ok: true, value: all.value } : { ok: false, reason: all.reason };
  }

  return {
    rules: (call) => withBudget(clock, call, rules),
    person: (user, call) => withBudget(clock, call, (budget) => readPerson(graph, user, budget)),
    whatIf: (question, call) => withBudget(clock, call, (budget) => whatIf(question, budget)),
    granted: async (call) => {
      const token = await withBudget(clock, call, (budget) => graph.token(budget));
      if (!token.ok) return token;
      const rights = rightsIn(token.value);
      return rights === null
        ? { ok: false, reason: because('directory.unreadable', { statusName: 'accessToken' }) }
        : { ok: true, value: rights };
    },
  };
}

function unknownMethods(why: ReturnType<typeof because>): TenantRules['methods'] {
  const part = { known: false, why } as const;
  return { passkeys: part, pass: part, authenticator: part, campaign: null };
}

/** Risk is none: nobody is judged before they sign in. */
function whatIfBody({ userId, userAction, place, devicePlatform }: WhatIfQuestion): object {
  return {
    signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
    signInContext: { '@odata.type': '#microsoft.graph.userActionContext', userAction },
    signInConditions: {
      devicePlatform,
      clientAppType: 'browser',
      ipAddress: place.address,
      ...(place.country === null ? {} : { country: place.country }),
      signInRiskLevel: 'none',
      userRiskLevel: 'none',
    },
    appliedPoliciesOnly: true,
  };
}
