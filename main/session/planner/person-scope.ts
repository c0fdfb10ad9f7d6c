// Whether a rule is about this person; before they sign in, whether it is about nearly everybody.
import type { AccessPolicy, MethodTargets, PersonStanding } from '../../ports/tenant.ts';

/** `likely`: true of everybody but some who are excluded, and who stands here is not known yet. */
export type Scope = 'sure' | 'likely' | 'no';

/** Microsoft Graph: a method's targets. An exclusion wins over an inclusion. */
export function inTargets({ include, exclude }: MethodTargets, person: PersonStanding | null): Scope {
  if (person === null) {
    if (!include.includes('all_users')) return 'no';
    return exclude.length > 0 ? 'likely' : 'sure';
  }
  const named = (ids: readonly string[]): boolean =>
    ids.includes(person.objectId) || person.groupIds.some((group) => ids.includes(group));
  if (named(exclude)) return 'no';
  return include.includes('all_users') || named(include) ? 'sure' : 'no';
}

/**
 * Whether nobody who could stand here is in the targets: the opposite of `inTargets` only once the person is known, for a
 * group's members may walk up at any time.
 */
export function outOfTargets(targets: MethodTargets, person: PersonStanding | null): boolean {
  return person === null ? targets.include.length === 0 : inTargets(targets, person) === 'no';
}

/** Microsoft Graph: conditionalAccessUsers. An exclusion wins over an inclusion. */
export function inPolicyUsers({ users }: AccessPolicy, person: PersonStanding | null): Scope {
  if (person === null) {
    if (!users.includeUsers.includes('All')) return 'no';
    const excepted = users.excludeUsers.length + users.excludeGroups.length + users.excludeRoles.length;
    return excepted > 0 ? 'likely' : 'sure';
  }
  const guest = person.userType === 'guest';
  const named = (ids: readonly string[], groups: readonly string[], roles: readonly string[]): boolean =>
    ids.includes(person.objectId) ||
    (guest && ids.includes('GuestsOrExternalUsers')) ||
    person.groupIds.some((group) => groups.includes(group)) ||
    person.roleIds.some((role) => roles.includes(role));
  if (named(users.excludeUsers, users.excludeGroups, users.excludeRoles)) return 'no';
  if (users.includeUsers.includes('All')) return 'sure';
  return named(users.includeUsers, users.includeGroups, users.includeRoles) ? 'sure' : 'no';
}
