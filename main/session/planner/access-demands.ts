// What Conditional Access will ask of one attempt, and whether the way of signing in gives it.
// Source: Microsoft Graph: conditionalAccessPolicy, authenticationStrengthPolicy; Entra: "Require MFA for security info registration".
import type { Evidence, Foretold, ForetoldCode } from '../../../contract/foretold.ts';
import { foretold } from '../../../contract/foretold.ts';
import type { AccessPolicy, AuthenticationStrength, DeskPlace, PersonStanding, TenantRules } from '../../ports/tenant.ts';
import { appliesAt, looksAtPlace, placeNames } from './in-place.ts';
import type { Scope } from './person-scope.ts';
import { inPolicyUsers } from './person-scope.ts';

/** Microsoft Graph: authenticationMethodModes. */
export type WayToSignIn = 'temporaryAccessPassOneTime' | 'temporaryAccessPassMultiUse' | 'deviceBasedPush';

export interface Attempt {
  readonly action: 'registerSecurityInfo' | 'registerDevice' | 'signIn';
  readonly way: WayToSignIn;
  readonly place: DeskPlace | null;
  readonly person: PersonStanding | null;
  /** The desk's application. */
  readonly clientId: string;
}

/** Microsoft Graph's own application id: every token of the desk is for it. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** Everything that stands in the way of `attempt`, the certain first. */
export function demandsOn(attempt: Attempt, rules: TenantRules): readonly Foretold[] {
  if (!rules.accessPolicies.known) return [];
  // Policies outlive the licence they were made with (Entra: "Conditional Access", license requirements) and ask nobody then.
  if (rules.premium.known && !rules.premium.value) return [];
  return rules.accessPolicies.value.flatMap((policy) => {
    const demand = demandOf(policy, attempt, rules);
    return demand === null ? [] : [demand];
  });
}

function demandOf(policy: AccessPolicy, attempt: Attempt, rules: TenantRules): Foretold | null {
  if (policy.state === 'disabled' || policy.grant === null || !isAbout(policy, attempt)) return null;
  const ours = isForUs(policy);
  if (ours === 'no') return null;
  const about = inPolicyUsers(policy, attempt.person);
  if (about === 'no') return null;
  const scope = ours === 'likely' ? ours : about;
  const locations = rules.locations.known ? rules.locations.value : null;
  const here = appliesAt(policy.locations, attempt.place, locations);
  if (here === 'no') return null;
  const strengths = rules.strengths.known ? rules.strengths.value : null;
  const failure = failureOf(policy, attempt.way, strengths);
  if (failure === null) return null;

  const evidence: Evidence = {
    policyName: policy.displayName,
    ...(failure.strengthName === null ? {} : { strengthName: failure.strengthName }),
    ...placeEvidence(policy, attempt.place, rules),
  };
  if (policy.state === 'enabledForReportingButNotEnforced') return met('access.reportOnly', scope, evidence);
  if (here === 'unknown') return met('access.placeUnknown', scope, evidence);
  // What the directory knows of a machine that is not registered in it can't be foretold.
  if (policy.furtherConditions.includes('device')) return met('access.otherDemand', scope, evidence);
  return met(failure.code, scope, evidence);
}

/** Microsoft Graph: conditionalAccessDevicePlatform, as far as a desk can be one. */
const desktops = ['windows', 'macOS', 'linux'] as const;

/** Leaves out rules for old mail programs, for other platforms, for risky sign-ins and for ways of signing in that a desk does not use. */
function isForUs({ clientAppTypes, platforms, furtherConditions }: AccessPolicy): Scope {
  if (furtherConditions.includes('risk') || furtherConditions.includes('flow')) return 'no';
  // To Conditional Access the desk's sign-in is an application's, and its visit to My Security Info a browser's.
  if (!['all', 'browser', 'mobileAppsAndDesktopClients'].some((type) => clientAppTypes.includes(type))) return 'no';
  if (platforms === null) return 'sure';
  const { include, exclude } = platforms;
  const meant = desktops.filter((platform) =>
    [include, exclude].every((ids, at) => (ids.includes('all') || ids.includes(platform)) === (at === 0)),
  );
  if (meant.length === 0) return 'no';
  return meant.length === desktops.length ? 'sure' : 'likely';
}

function met(code: ForetoldCode, scope: Exclude<Scope, 'no'>, evidence: Evidence): Foretold {
  return { code, weight: foretold[code].weight, certainty: scope, evidence };
}

function placeEvidence({ locations }: AccessPolicy, place: DeskPlace | null, rules: TenantRules): Evidence {
  if (!looksAtPlace(locations)) return {};
  const [placeName] = placeNames(locations, rules.locations.known ? rules.locations.value : null);
  return {
    ...(placeName === undefined ? {} : { placeName }),
    ...(place === null ? {} : { address: place.address }),
    ...(place?.country ? { country: place.country } : {}),
  };
}

function isAbout({ userActions, applications }: AccessPolicy, { action, clientId }: Attempt): boolean {
  switch (action) {
    case 'registerSecurityInfo':
      return userActions.includes('urn:user:registersecurityinfo');
    case 'registerDevice':
      return userActions.includes('urn:user:registerdevice');
    case 'signIn': {
      const named = (ids: readonly string[]): boolean => ids.includes(clientId) || ids.includes(GRAPH_APP_ID);
      if (userActions.length > 0 || named(applications.exclude)) return false;
      return applications.include.includes('All') || named(applications.include);
    }
    default:
      return action satisfies never;
  }
}

interface Failure {
  readonly code: ForetoldCode;
  readonly strengthName: string | null;
}

/** What of the grant the way of signing in can't give; null when it gives enough. */
function failureOf(policy: AccessPolicy, way: WayToSignIn, strengths: readonly AuthenticationStrength[] | null): Failure | null {
  const { grant } = policy;
  if (grant === null) return null;
  const parts: (Failure | null)[] = grant.builtInControls.map((control) => controlFailure(policy, control));
  if (grant.strengthId !== null) parts.push(strengthFailure(grant.strengthId, way, strengths));
  const failures = parts.filter((part) => part !== null);
  if (failures.length === 0) return null;
  if (grant.operator === 'OR' && failures.length < parts.length && !grant.builtInControls.includes('block')) return null;
  return failures[0] ?? null;
}

/** Microsoft Graph: conditionalAccessGrantControl. A pass and phone sign-in are both multifactor. */
function controlFailure(policy: AccessPolicy, control: string): Failure | null {
  switch (control) {
    case 'mfa':
      return null;
    case 'block':
      return { code: looksAtPlace(policy.locations) ? 'access.wrongPlace' : 'access.blocked', strengthName: null };
    case 'compliantDevice':
    case 'domainJoinedDevice':
    case 'approvedApplication':
    case 'compliantApplication':
      return { code: 'access.deviceDemanded', strengthName: null };
    default:
      return { code: 'access.otherDemand', strengthName: null };
  }
}

function strengthFailure(id: string, way: WayToSignIn, strengths: readonly AuthenticationStrength[] | null): Failure | null {
  const strength = strengths?.find((candidate) => candidate.id === id);
  if (strength === undefined) return { code: 'access.otherDemand', strengthName: null };
  if (strength.allowedCombinations.includes(way)) return null;
  const code = way === 'deviceBasedPush' ? 'access.strengthForgetsPhone' : 'access.strengthForgetsPass';
  return { code, strengthName: strength.displayName };
}
