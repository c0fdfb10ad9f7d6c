// What staff do for a person beyond registering a key: with a technician's sign-in or the station's, never with the person's.
// Member names follow Microsoft Graph's resources.
import type { Call, PassFacts } from './directory.ts';
import type { Outcome } from './outcome.ts';

export interface WantedPass {
  /** Null: what the tenant's policy says. */
  readonly lifetimeMinutes: number | null;
  readonly usableOnce: boolean;
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethod, just made. */
export interface IssuedPass {
  readonly facts: PassFacts;
  /** UTF-8; told this once and never again. The caller's to wipe. */
  readonly code: Uint8Array;
}

/** Microsoft Graph: userRegistrationDetails. A report that lags by hours. */
export interface RegistrationDetails {
  readonly methodsRegistered: readonly string[];
  readonly passwordlessCapable: boolean;
  readonly mfaCapable: boolean;
  readonly ssprEnabled: boolean;
  readonly ssprRegistered: boolean;
  readonly admin: boolean;
  readonly updatedAtMs: number | null;
}

/** Microsoft Graph: directoryAudit, as far as it says what happened to a person's ways to sign in. */
export interface AuditEntry {
  readonly atMs: number;
  readonly activity: string;
  readonly result: string;
  /** The key's model where the entry tells; lower case. */
  readonly aaguid: string | null;
  readonly correlationId: string | null;
}

/** One person, named when the port is made. */
export interface StaffPort {
  /** A pass that is there is replaced. */
  issuePass(wanted: WantedPass, call: Call): Promise<Outcome<IssuedPass>>;
  /** Deleting what is gone is done. */
  deleteKey(methodId: string, call: Call): Promise<Outcome<null>>;
  deletePhone(methodId: string, call: Call): Promise<Outcome<null>>;
  /** Null while the report does not know the person. */
  registrationDetails(call: Call): Promise<Outcome<RegistrationDetails | null>>;
  /** What the audit log says of the person's ways to sign in since then; entries come minutes late. */
  audit(sinceMs: number, call: Call): Promise<Outcome<readonly AuditEntry[]>>;
}
