// What the metadata service reports about a model today: how far it is certified, and whether it may still be trusted.
// Source: FIDO Metadata Service 3.1.1 §3.1.3 (StatusReport), §3.1.4 (AuthenticatorStatus).
import type { StatusReport } from './metadata-entry.ts';

/** From least to most; `certified` is the functional certification that L1 took the place of. */
export const certificationLevels = ['certified', 'L1', 'L1plus', 'L2', 'L2plus', 'L3', 'L3plus'] as const;
export type CertificationLevel = (typeof certificationLevels)[number];

export type CompromiseStatus =
  | 'USER_VERIFICATION_BYPASS'
  | 'ATTESTATION_KEY_COMPROMISE'
  | 'USER_KEY_REMOTE_COMPROMISE'
  | 'USER_KEY_PHYSICAL_COMPROMISE';

export type Standing =
  | { readonly kind: 'good'; readonly certification: CertificationLevel | null; readonly updateAvailable: boolean }
  /** The alliance says that the model should not be trusted for any reason. */
  | { readonly kind: 'revoked'; readonly sinceMs: number | null }
  | { readonly kind: 'compromised'; readonly status: CompromiseStatus; readonly sinceMs: number | null };

const levelOfStatus: ReadonlyMap<string, CertificationLevel> = new Map([
  ['FIDO_CERTIFIED', 'certified'],
  ...certificationLevels.slice(1).map((level) => [`FIDO_CERTIFIED_${level}`, level] as const),
]);

const compromises: ReadonlySet<string> = new Set<CompromiseStatus>([
  'USER_VERIFICATION_BYPASS',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
]);

export interface StandingMoment {
  readonly wallMs: number;
  /** getInfo's firmwareVersion; `undefined` when the key does not say. */
  readonly firmwareVersion: number | undefined;
}

/**
 * Reports count from their date on; statuses not known here change nothing. A compromise stands until a later report of an
 * update names a firmware that this key has; a key that does not tell its firmware can't prove that it has it.
 */
export function standingOf(reports: readonly StatusReport[], { wallMs, firmwareVersion }: StandingMoment): Standing {
  const inForce = reports
    .filter(({ effectiveMs }) => effectiveMs === null || effectiveMs <= wallMs)
    .toSorted((left, right) => (left.effectiveMs ?? 0) - (right.effectiveMs ?? 0));
  const revoked = inForce.find(({ status }) => status === 'REVOKED');
  if (revoked !== undefined) return { kind: 'revoked', sinceMs: revoked.effectiveMs };
  const open = inForce.find(
    (report) => isCompromise(report) && !inForce.some((later) => repairs(later, report, firmwareVersion)),
  );
  if (open !== undefined && isCompromise(open)) return { kind: 'compromised', status: open.status, sinceMs: open.effectiveMs };
  return {
    kind: 'good',
    certification: certificationOf(inForce),
    updateAvailable: inForce.some((report) => isUpdate(report) && (firmwareVersion ?? 0) < (report.authenticatorVersion ?? 0)),
  };
}

/** Whether `level` is at least `wanted`; a model that is not certified never is. */
export function reachesLevel(level: CertificationLevel | null, wanted: CertificationLevel): boolean {
  return level !== null && certificationLevels.indexOf(level) >= certificationLevels.indexOf(wanted);
}

type Compromise = StatusReport & { readonly status: CompromiseStatus };

function isCompromise(report: StatusReport): report is Compromise {
  return compromises.has(report.status);
}

function isUpdate({ status }: StatusReport): boolean {
  return status === 'UPDATE_AVAILABLE';
}

function repairs(later: StatusReport, compromise: StatusReport, firmwareVersion: number | undefined): boolean {
  if (!isUpdate(later) || later.authenticatorVersion === null || firmwareVersion === undefined) return false;
  return (later.effectiveMs ?? 0) >= (compromise.effectiveMs ?? 0) && firmwareVersion >= later.authenticatorVersion;
}

/** The highest since it was last said to be not certified. */
function certificationOf(inForce: readonly StatusReport[]): CertificationLevel | null {
  let reached: CertificationLevel | null = null;
  for (const { status } of inForce) {
    if (status === 'NOT_FIDO_CERTIFIED') reached = null;
    const level = levelOfStatus.get(status);
    if (level !== undefined && (reached === null || reachesLevel(level, reached))) reached = level;
  }
  return reached;
}
