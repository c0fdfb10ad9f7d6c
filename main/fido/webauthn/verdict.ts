// A verification says which step failed, what it wanted and what it found: never just "no".

export type CheckName =
  | 'clientData'
  | 'type'
  | 'challenge'
  | 'origin'
  | 'authenticatorData'
  | 'rpIdHash'
  | 'userPresent'
  | 'userVerified'
  | 'backupState'
  | 'attestedCredential'
  | 'aaguid'
  | 'algorithm'
  | 'publicKey'
  | 'attestationFormat'
  | 'attestationStatement'
  | 'attestationCertificate'
  | 'attestationSignature'
  | 'credential'
  | 'userHandle'
  | 'signature'
  | 'signCount';

export interface FailedCheck {
  readonly check: CheckName;
  /** Document and section. */
  readonly clause: string;
  readonly expected: string;
  readonly found: string;
}

export type Verdict<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: FailedCheck };

class CheckFailure extends Error {
  readonly failure: FailedCheck;
  constructor(failure: FailedCheck) {
    super(`${failure.check}: expected ${failure.expected}, found ${failure.found} (${failure.clause})`);
    this.failure = failure;
  }
}

/** Runs a verification written as a row of {@link check} and {@link reject}; the first that fails is the verdict. */
export function judge<T>(verify: () => T): Verdict<T> {
  try {
    return { ok: true, value: verify() };
  } catch (error) {
    if (error instanceof CheckFailure) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** One step. Only inside {@link judge}. */
export function check(holds: boolean, name: CheckName, clause: string, expected: string, found: string): asserts holds {
  if (!holds) reject(name, clause, expected, found);
}

export function reject(name: CheckName, clause: string, expected: string, found: string): never {
  throw new CheckFailure({ check: name, clause, expected, found });
}
