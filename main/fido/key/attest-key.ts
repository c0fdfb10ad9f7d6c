// Trust before PIN: the key shows by whom it was made before any secret is told to it. A credential that is no account is
// made for a name that no site has, and its attestation read. Source: CTAP 2.3 §6.1.2 (makeCredUvNotRqd), WebAuthn
// Level 3 §6.5, §8.2; RFC 2606 (.invalid).
import { COSE_ALGORITHM } from '../bytes/cose.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { makeCredential } from '../ctap/make-credential.ts';
import { CTAP_STATUS, isStatus } from '../ctap/status.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { checkCreatedCredential } from '../webauthn/created-credential.ts';
import type { Verdict } from '../webauthn/verdict.ts';
import { verifyAttestation, type Attestation } from '../webauthn/verify-attestation.ts';
import type { HeldCredential } from './held-credential.ts';
import type { KeyOperations, Turn } from './operation.ts';
import { done, refused, type KeyOutcome } from './outcome.ts';

export interface AttestedKey {
  readonly info: AuthenticatorInfo;
  /** Signed and the same as in {@link info}, 16 bytes. */
  readonly aaguid: Uint8Array;
  /** Whether its signature holds. Whom its certificates chain to is for metadata to say. */
  readonly attestation: Verdict<Attestation>;
  /** What it proved itself with: nobody's account, and known to this key alone. */
  readonly credential: HeldCredential;
}

const NOBODYS_RP = { id: 'attestation.invalid', name: 'attestation.invalid' };
const ALGORITHMS = [COSE_ALGORITHM.ES256, COSE_ALGORITHM.EDDSA, COSE_ALGORITHM.RS256];

/** Wants a touch. `attestationNeedsPin` where the key makes nothing without a PIN or fingerprint. */
export async function attestKey(
  { channel, randomBytes }: KeyOperations,
  { info, hidCall }: Turn,
): Promise<KeyOutcome<AttestedKey>> {
  if (!attestsWithoutPin(info)) return refused({ kind: 'attestationNeedsPin' });
  const clientDataHash = randomBytes(32); // fresh, so that the statement can't be an old one
  const parameters = {
    clientDataHash,
    rp: NOBODYS_RP,
    user: { id: randomBytes(16), name: 'nobody', displayName: 'nobody' },
    algorithms: ALGORITHMS,
  };
  try {
    const { authenticatorData, format, attestationStatement } = await makeCredential(channel, parameters, hidCall);
    const expected = { rpId: NOBODYS_RP.id, aaguid: info.aaguid, algorithms: ALGORITHMS, userVerification: 'notAsked' } as const;
    const { aaguid, credentialId, publicKey } = held(checkCreatedCredential(authenticatorData, expected));
    const statement = { format, attestationStatement, authenticatorData, clientDataHash, aaguid, publicKey };
    const credential = { rpId: NOBODYS_RP.id, credentialId, publicKey };
    return done({ info, aaguid, attestation: verifyAttestation(statement), credential });
  } catch (error) {
    const needsPin = isStatus(error, CTAP_STATUS.PUAT_REQUIRED) || isStatus(error, CTAP_STATUS.UNAUTHORIZED_PERMISSION);
    if (needsPin) return refused({ kind: 'attestationNeedsPin' });
    throw error;
  }
}

/** Without anything that verifies a person, or where the key says that it makes plain credentials all the same. */
export function attestsWithoutPin({ options }: AuthenticatorInfo): boolean {
  if (options.get('alwaysUv') === true) return false;
  const guarded = options.get('clientPin') === true || options.get('uv') === true;
  return !guarded || options.get('makeCredUvNotRqd') === true;
}

function held<T>(verdict: Verdict<T>): T {
  if (verdict.ok) return verdict.value;
  const { check, expected, found } = verdict.failure;
  throw new ProtocolViolation('attestation', `${check}: expected ${expected}, found ${found}`);
}
