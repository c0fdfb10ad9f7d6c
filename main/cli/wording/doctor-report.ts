// The doctor's report for a terminal: in groups, or as one document whose form has a number.
import { codeOf, findingStates, healerOf, stateOf, type DoctorReport, type Finding } from '../../../contract/doctor.ts';
import { findingWords, stateWords } from './doctor-words.ts';
import { printable } from './printable.ts';
import { line } from './render-json.ts';

/** What a shell sees. */
export const doctorExitCodes = { nothingStops: 0, stops: 1, usage: 2, couldNotLook: 3, noPage: 4, interrupted: 130 } as const;

/** Higher when members change their meaning or go. */
const schema = 1;

/** Without the tenant's rules the rest says too little to be called good. */
export function doctorExitCode({ findings }: DoctorReport): number {
  if (findings.some((one) => stateOf(one) === 'stop')) return doctorExitCodes.stops;
  const unread: readonly string[] = ['tenant.noStation', 'station.notReady', 'tenant.unread'];
  return findings.some((one) => unread.includes(codeOf(one))) ? doctorExitCodes.couldNotLook : doctorExitCodes.nothingStops;
}

export function doctorText(report: DoctorReport): string {
  const groups = findingStates.flatMap((state) => {
    const own = report.findings.filter((one) => stateOf(one) === state);
    return own.length === 0 ? [] : [[stateWords(state), ...own.map((one) => findingText(one, report))].join('\n')];
  });
  return groups.join('\n\n');
}

function findingText(finding: Finding, report: DoctorReport): string {
  const { what, means, cure, setting, facts, hits, who, link } = findingWords(finding, report);
  const rows: readonly (readonly [string, string | null])[] = [
    ['found', facts.length === 0 ? null : facts.map(printable).join(' · ')],
    ['hits', hits.length === 0 ? null : hits.join(' · ')],
    ['at the desk', means],
    ['cure', cure === null ? null : `${cure} (${who})`],
    ['setting', setting === null ? null : setting.path.map(printable).join(' > ')],
    ['set it to', setting === null || setting.value === null ? null : printable(setting.value)],
    ['where', link],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const told = rows.flatMap(([name, text]) => (text === null ? [] : [`      ${name.padEnd(width)}  ${text}`]));
  return [`  ${codeOf(finding)}: ${what}`, ...told].join('\n');
}

/** `exitCode` is the process's own. */
export function doctorDocument(report: DoctorReport): string {
  const exitCode = doctorExitCode(report);
  return line({
    schema,
    ok: exitCode === doctorExitCodes.nothingStops,
    exitCode,
    world: report.world,
    cloud: report.cloud,
    tenant: report.tenant,
    desk: report.desk,
    at: new Date(report.atMs).toISOString(),
    findings: report.findings.map((finding) => documentOf(finding, report)),
  });
}

function documentOf(finding: Finding, report: DoctorReport): object {
  const { what, means, cure, setting, hits, facts, link } = findingWords(finding, report);
  return {
    state: stateOf(finding),
    code: codeOf(finding),
    who: healerOf(finding),
    what,
    found: facts,
    evidence: finding.kind === 'check' ? finding.evidence : (finding.foretold.evidence ?? {}),
    ...(finding.kind === 'foretold' ? { certainty: finding.foretold.certainty, hits: finding.who, hitsSay: hits } : {}),
    ...(means === null ? {} : { means }),
    ...(cure === null ? {} : { cure }),
    ...(setting === null ? {} : { setting }),
    ...(link === null ? {} : { link }),
  };
}

/** Nothing was looked at, for reasons of the arguments or the machine. */
export function noLookDocument(exitCode: number, says: string): string {
  return line({ schema, ok: false, exitCode, says });
}
