// What policies look at in a person.
import { ALL_USERS, type MethodTarget } from '../tenant-policy.ts';

export interface PolicySubject {
  readonly objectId: string;
  readonly userType: 'member' | 'guest';
  /** Signs in with an account of another organization. */
  readonly external: boolean;
  /** Every group, directly or through other groups. */
  readonly groupIds: ReadonlySet<string>;
  /** Template ids of directory roles. */
  readonly roleIds: readonly string[];
}

/** Whether a list of targets reaches a person; an exclusion wins over every inclusion. */
export function targeted(
  subject: PolicySubject,
  {
    includeTargets,
    excludeTargets,
  }: { readonly includeTargets: readonly MethodTarget[]; readonly excludeTargets: readonly MethodTarget[] },
): boolean {
  return !excludeTargets.some((target) => hits(subject, target)) && includeTargets.some((target) => hits(subject, target));
}

/** Whether this one target is the person, or a group they are in. */
export function hits(subject: PolicySubject, { targetType, id }: MethodTarget): boolean {
  if (id === ALL_USERS) return true;
  return targetType === 'user' ? id === subject.objectId : subject.groupIds.has(id);
}
