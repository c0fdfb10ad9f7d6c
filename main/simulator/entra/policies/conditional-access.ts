// Conditional Access, pure: which policies apply to a question, and whether a way of signing in satisfies what they ask.
// Source: Microsoft Entra "Building a Conditional Access policy", "Control security information registration"; Microsoft
// Graph: conditionalAccessPolicy, whatIfAnalysisReasons.
import type { AccessPolicy, GrantControls, GuestKind, UserCondition } from './access-policy.ts';
import type { AccessQuestion, AccessTarget } from './access-question.ts';
import { satisfiesStrength, type AuthenticationStrength, type ProvenSignIn } from './authentication-strength.ts';
import { coversPlace, type NamedLocation } from './named-location.ts';
import type { Place } from './place.ts';
import type { PolicySubject } from './policy-subject.ts';

/** Microsoft Graph: whatIfAnalysisReasons, as far as the twin gives them. */
export type WhyNot = 'policyNotEnabled' | 'users' | 'application' | 'userActions' | 'devicePlatform' | 'clientApps' | 'location';

/** What the rules refer to by id. */
export interface AccessLists {
  readonly locations: readonly NamedLocation[];
  readonly strengths: readonly AuthenticationStrength[];
}

/** Null when every condition of the policy is met; a policy in report-only mode is looked at like any other. */
export function whyNotApplied(
  policy: AccessPolicy,
  question: AccessQuestion,
  locations: readonly NamedLocation[],
): WhyNot | null {
  const { users, applications, locations: places, platforms, clientAppTypes } = policy.conditions;
  if (policy.state === 'disabled') return 'policyNotEnabled';
  if (!usersMatch(users, question.subject)) return 'users';
  const target = targetMismatch(applications, question.target);
  if (target) return target;
  if (!clientAppTypes.includes('all') && !clientAppTypes.includes(question.client)) return 'clientApps';
  if (platforms !== null) {
    const { includePlatforms, excludePlatforms } = platforms;
    const { platform } = question;
    const included = includePlatforms.includes('all') || (platform !== null && includePlatforms.includes(platform));
    if (!included || (platform !== null && excludePlatforms.includes(platform))) return 'devicePlatform';
  }
  return places === null ? null : placeMismatch(places, question.place, locations);
}

function usersMatch(users: UserCondition, subject: PolicySubject): boolean {
  const kind = guestKindOf(subject);
  const named = (ids: readonly string[]): boolean =>
    ids.some((id) => id === subject.objectId || (id === 'GuestsOrExternalUsers' && kind !== null));
  const inGroup = (ids: readonly string[]): boolean => ids.some((id) => subject.groupIds.has(id));
  const inRole = (ids: readonly string[]): boolean => ids.some((id) => subject.roleIds.includes(id));
  const asGuest = (kinds: readonly GuestKind[]): boolean => kind !== null && kinds.includes(kind);
  const included =
    users.includeUsers.includes('All') ||
    named(users.includeUsers) ||
    inGroup(users.includeGroups) ||
    inRole(users.includeRoles) ||
    asGuest(users.includeGuestsOrExternalUsers);
  const excluded =
    users.excludeUsers.includes('All') ||
    named(users.excludeUsers) ||
    inGroup(users.excludeGroups) ||
    inRole(users.excludeRoles) ||
    asGuest(users.excludeGuestsOrExternalUsers);
  return included && !excluded;
}

/** Microsoft Graph: conditionalAccessGuestOrExternalUserTypes; null for the tenant's own members. */
export function guestKindOf({ userType, external }: PolicySubject): GuestKind | null {
  if (userType === 'guest') return external ? 'b2bCollaborationGuest' : 'internalGuest';
  return external ? 'b2bCollaborationMember' : null;
}

/** A policy is about applications or about user actions; "all applications" does not cover the actions. */
function targetMismatch(applications: AccessPolicy['conditions']['applications'], target: AccessTarget): WhyNot | null {
  const { includeApplications, excludeApplications, includeUserActions } = applications;
  switch (target.kind) {
    case 'registerSecurityInformation':
      return includeUserActions.includes('urn:user:registersecurityinfo') ? null : 'userActions';
    case 'registerOrJoinDevices':
      return includeUserActions.includes('urn:user:registerdevice') ? null : 'userActions';
    case 'application': {
      const has = (ids: readonly string[]): boolean =>
        ids.some((id) => id === 'All' || id.toLowerCase() === target.applicationId.toLowerCase());
      return has(includeApplications) && !has(excludeApplications) ? null : 'application';
    }
    default:
      return target satisfies never;
  }
}

function placeMismatch(
  { includeLocations, excludeLocations }: NonNullable<AccessPolicy['conditions']['locations']>,
  place: Place,
  locations: readonly NamedLocation[],
): WhyNot | null {
  const covers = (entries: readonly string[]): boolean => entries.some((entry) => coversPlace(entry, place, locations));
  return covers(includeLocations) && !covers(excludeLocations) ? null : 'location';
}

/** Whether a finished sign-in has what a grant asks for. `block` is never satisfied. */
export function grantSatisfied(
  grant: GrantControls,
  proof: ProvenSignIn,
  place: Place,
  strengths: readonly AuthenticationStrength[],
): boolean {
  if (grant.builtInControls.includes('block')) return false;
  const answers = grant.builtInControls.map((control) => {
    switch (control) {
      case 'mfa':
        return isMultifactor(proof);
      case 'compliantDevice':
        return place.compliantDevice ?? false;
      case 'domainJoinedDevice':
        return place.domainJoinedDevice ?? false;
      case 'block':
      case 'approvedApplication':
      case 'passwordChange':
        return false;
      default:
        return control satisfies never;
    }
  });
  if (grant.strengthId !== null) {
    const strength = strengths.find(({ id }) => id === grant.strengthId);
    answers.push(strength !== undefined && satisfiesStrength(proof, strength));
  }
  if (answers.length === 0) return true;
  return grant.operator === 'AND' ? answers.every(Boolean) : answers.some(Boolean);
}

/** Methods that are two factors by themselves. */
const MULTIFACTOR: ReadonlySet<string> = new Set([
  'fido2',
  'windowsHelloForBusiness',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'x509CertificateMultiFactor',
  'federatedMultiFactor',
]);

function isMultifactor({ modes }: ProvenSignIn): boolean {
  return modes.length > 1 || modes.some((mode) => MULTIFACTOR.has(mode));
}

/**
 * `blocked`: no way of signing in helps from here. `stepUp`: another method or device would satisfy the policies named.
 * Report-only policies are only reported.
 */
export type AccessDecision =
  | { readonly kind: 'granted'; readonly reportOnly: readonly AccessPolicy[] }
  | { readonly kind: 'blocked'; readonly by: readonly AccessPolicy[] }
  | { readonly kind: 'stepUp'; readonly by: readonly AccessPolicy[] };

/** `proof` null: before any sign-in; then every policy that asks for something is a step up. */
export function decideAccess(
  policies: readonly AccessPolicy[],
  question: AccessQuestion,
  proof: ProvenSignIn | null,
  { locations, strengths }: AccessLists,
): AccessDecision {
  const applied = policies.filter((policy) => whyNotApplied(policy, question, locations) === null);
  const enforced = applied.filter(({ state }) => state === 'enabled');
  const blocking = enforced.filter(({ grantControls }) => grantControls?.builtInControls.includes('block'));
  if (blocking.length > 0) return { kind: 'blocked', by: blocking };
  const missing = enforced.filter(
    ({ grantControls }) =>
      grantControls !== null && (proof === null || !grantSatisfied(grantControls, proof, question.place, strengths)),
  );
  if (missing.length > 0) return { kind: 'stepUp', by: missing };
  return { kind: 'granted', reportOnly: applied.filter(({ state }) => state === 'enabledForReportingButNotEnforced') };
}
