// From everything the doctor was told to what there is to say of it. Pure: asking is gather.ts's.
import { codeOf, findingStates, stateOf, type DoctorReport, type Finding } from '../../contract/doctor.ts';
import type { TenantRules } from '../ports/tenant.ts';
import { deskChecks } from './desk-checks.ts';
import type { DeskEvidence } from './evidence.ts';
import { foretoldFindings } from './newcomers.ts';
import { wallChecks } from './wall-checks.ts';
import { check, isWhole, personChecks, stationChecks, tenantChecks } from './tenant-checks.ts';

/** Stops first, then what wants attention, what could not be looked at, and what is good. */
export function examine(evidence: DeskEvidence): DoctorReport {
  const { world, atMs, settings, machine, rules } = evidence;
  const foretold = foretoldFindings(evidence);
  const isClear = rules?.ok === true && isWhole(rules.value) && !foretold.some((one) => stateOf(one) === 'stop');
  const findings: readonly Finding[] = [
    ...foretold,
    ...(isClear ? [check('journey.clear')] : []),
    ...(rules?.ok === true && takesPass(rules.value, foretold) ? [check('access.takesPass')] : []),
    ...personChecks(evidence),
    ...tenantChecks(evidence),
    ...stationChecks(evidence),
    ...wallChecks(evidence),
    ...deskChecks(evidence),
  ];
  const heaviness = (finding: Finding): number => findingStates.indexOf(stateOf(finding));
  return {
    world,
    cloud: settings.cloud,
    tenant: { id: settings.tenantId, name: rules?.ok === true ? rules.value.tenantName : null },
    desk: { machine, contact: settings.contact },
    atMs,
    findings: findings.toSorted((a, b) => heaviness(a) - heaviness(b)),
  };
}

/** Whether every rule there is lets a pass through: said only where all of them could be judged. */
function takesPass({ accessPolicies, strengths, locations }: TenantRules, foretold: readonly Finding[]): boolean {
  if (!accessPolicies.known || !strengths.known || !locations.known) return false;
  return !foretold.some((one) => codeOf(one).startsWith('access.'));
}
