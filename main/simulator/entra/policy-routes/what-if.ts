// What-If (Microsoft Graph: conditionalAccessRoot, evaluate; whatIfAnalysisResult): which policies would apply to a sign-in
// that did not happen.
import { z } from 'zod';
import { problems, type GraphProblem } from '../graph/graph-answer.ts';
import { graphList, jsonBody, type GraphAct } from '../graph/graph-calls.ts';
import type { AccessQuestion, AccessTarget } from '../policies/access-question.ts';
import type { AccessPolicy } from '../policies/access-policy.ts';
import { whyNotApplied, type WhyNot } from '../policies/conditional-access.ts';
import type { NamedLocation } from '../policies/named-location.ts';
import { parseAddress } from '../policies/place.ts';
import type { TwinCore } from '../twin-core.ts';
import { accessPolicyEntity } from './access-entities.ts';

const risk = z.enum(['none', 'low', 'medium', 'high', 'hidden']);
const bodySchema = z.strictObject({
  signInIdentity: z.strictObject({ '@odata.type': z.literal('#microsoft.graph.userSignIn'), userId: z.string() }),
  signInContext: z.discriminatedUnion('@odata.type', [
    z.strictObject({
      '@odata.type': z.literal('#microsoft.graph.userActionContext'),
      userAction: z.enum(['registerSecurityInformation', 'registerOrJoinDevices']),
    }),
    z.strictObject({
      '@odata.type': z.literal('#microsoft.graph.applicationContext'),
      includeApplications: z.array(z.string()).min(1),
    }),
  ]),
  signInConditions: z.strictObject({
    devicePlatform: z.enum(['android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux', 'all']).optional(),
    clientAppType: z
      .enum(['all', 'browser', 'mobileAppsAndDesktopClients', 'exchangeActiveSync', 'easSupported', 'other'])
      .optional(),
    ipAddress: z.string().optional(),
    country: z.string().optional(),
    signInRiskLevel: risk.optional(),
    userRiskLevel: risk.optional(),
    insiderRiskLevel: z.string().optional(),
    deviceInfo: z.looseObject({}).optional(),
    authenticationFlow: z.looseObject({}).optional(),
  }),
  appliedPoliciesOnly: z.boolean().optional(),
});
type Body = z.infer<typeof bodySchema>;

export function whatIfRoute(core: TwinCore): GraphAct {
  return async (call) => {
    const body = bodySchema.safeParse(await jsonBody(call));
    if (!body.success) return problems.badBody;
    const questions = readQuestions(core, body.data);
    if (!Array.isArray(questions)) return questions;
    const { locations, policies, strengths } = core.accessRules;
    const results = policies.flatMap((policy) => {
      const reasons = questions.map((question) => reasonFor(policy, question, body.data.signInConditions, locations));
      const applies = reasons.includes(null);
      if (!applies && body.data.appliedPoliciesOnly === true) return [];
      const analysisReasons = applies ? 'notSet' : (reasons[0] ?? 'notSet');
      return [{ ...accessPolicyEntity(policy, strengths), policyApplies: applies, analysisReasons }];
    });
    return graphList(call, 'Collection(microsoft.graph.whatIfAnalysisResult)', results);
  };
}

/** Conditions that decide before anything about the sign-in has to be known. */
const SURE: ReadonlySet<WhyNot | null> = new Set<WhyNot>([
  'policyNotEnabled',
  'users',
  'application',
  'userActions',
  'clientApps',
]);

/** What is not said about the sign-in cannot be judged: neither that the policy applies nor that it doesn't. */
function reasonFor(
  policy: AccessPolicy,
  question: AccessQuestion,
  said: Body['signInConditions'],
  locations: readonly NamedLocation[],
): WhyNot | 'notEnoughInformation' | null {
  const reason = whyNotApplied(policy, question, locations);
  if (SURE.has(reason)) return reason;
  const { platforms, locations: places } = policy.conditions;
  const anyPlatform =
    platforms === null || (platforms.includePlatforms.includes('all') && platforms.excludePlatforms.length === 0);
  if (!anyPlatform && question.platform === null) return 'notEnoughInformation';
  const named = [...(places?.includeLocations ?? []), ...(places?.excludeLocations ?? [])];
  const names = (kind: NamedLocation['kind']): boolean =>
    locations.some((location) => location.kind === kind && named.includes(location.id));
  if (said.ipAddress === undefined && (named.includes('AllTrusted') || names('ip'))) return 'notEnoughInformation';
  if (said.country === undefined && names('country')) return 'notEnoughInformation';
  return reason;
}

/** One for every application asked about. */
function readQuestions(
  core: TwinCore,
  { signInIdentity, signInContext, signInConditions }: Body,
): AccessQuestion[] | GraphProblem {
  const user = core.directory.find(signInIdentity.userId);
  if (!user) return problems.badBody;
  const { ipAddress, country, devicePlatform, clientAppType } = signInConditions;
  if (ipAddress !== undefined && parseAddress(ipAddress) === null) return problems.badBody;
  const face = {
    subject: core.directory.subjectOf(user),
    place: { address: ipAddress ?? '', country: country === undefined || country === '' ? null : country },
    platform: devicePlatform === undefined || devicePlatform === 'all' ? null : devicePlatform,
    client: clientAppType === 'mobileAppsAndDesktopClients' ? clientAppType : ('browser' as const),
  };
  return targetsOf(signInContext).map((target) => ({ ...face, target }));
}

function targetsOf(context: Body['signInContext']): readonly AccessTarget[] {
  switch (context['@odata.type']) {
    case '#microsoft.graph.userActionContext':
      return [{ kind: context.userAction }];
    case '#microsoft.graph.applicationContext':
      return context.includeApplications.map((applicationId) => ({ kind: 'application', applicationId }));
    default:
      return context satisfies never;
  }
}
