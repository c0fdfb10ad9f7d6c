// Which finding stands where on the page for the policy owner. Everything that was found stands somewhere.
import { healerOf, stateOf, type DoctorReport, type Finding } from '../../../contract/doctor.ts';
import { needsPolicyRights } from '../../../contract/doctor-cure.ts';

export interface PageGroups {
  /** What somebody with rights over the policies is asked to change, by consequence: who stops people first, and of more of them. */
  readonly toChange: readonly Finding[];
  /** What the technician cures without them. */
  readonly forTechnician: readonly Finding[];
  readonly unknown: readonly Finding[];
  readonly good: readonly Finding[];
}

export function pageGroups({ findings }: Pick<DoctorReport, 'findings'>): PageGroups {
  const sick = findings.filter((one) => stateOf(one) === 'stop' || stateOf(one) === 'attention');
  return {
    toChange: sick.filter(needsPolicyRights).toSorted((a, b) => weightOf(a) - weightOf(b)),
    forTechnician: sick.filter((one) => !needsPolicyRights(one)),
    unknown: findings.filter((one) => stateOf(one) === 'unknown'),
    good: findings.filter((one) => stateOf(one) === 'good'),
  };
}

/** Lighter comes first. A check that stops people stops whoever comes. */
function weightOf(finding: Finding): number {
  const peopleHit = finding.kind === 'foretold' ? finding.who.length : mostPeople;
  const ofOthers = healerOf(finding) === 'policyOwner' ? 0 : 1;
  return (stateOf(finding) === 'stop' ? 0 : 100) + (mostPeople - peopleHit) * 2 + ofOthers;
}

const mostPeople = 4;
