// Whether a key still holds a credential that was made on it: the one thing by which any key can be told from all others
// without a PIN and without a touch. Source: CTAP 2.3 §6.2.2 (option up), WebAuthn Level 3 §6.3.3.
import { createHash } from 'node:crypto';
import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { CoseError, verifyCoseSignature, type CosePublicKey } from '../bytes/cose.ts';
import { getAssertion, type AssertionAnswer } from '../ctap/get-assertion.ts';
import { CTAP_STATUS, CtapStatusError, isStatus } from '../ctap/status.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { readAuthenticatorData } from '../webauthn/authenticator-data.ts';
import { done, type KeyOutcome } from './outcome.ts';
import type { KeyOperations, Turn } from './operation.ts';

export interface HeldCredential {
  readonly rpId: string;
  readonly credentialId: Uint8Array;
  readonly publicKey: CosePublicKey;
}

/** `untold`: the key would not say without a PIN or a touch. A credential with credProtect 3 is always `notHeld` here. */
export type Held = 'held' | 'notHeld' | 'untold';

/** Has the key sign something new with it. */
export async function holdsCredential(
  { channel, randomBytes }: KeyOperations,
  { rpId, credentialId, publicKey }: HeldCredential,
  { hidCall }: Turn,
): Promise<KeyOutcome<Held>> {
  const clientDataHash = randomBytes(32);
  const parameters = { rpId, clientDataHash, allowCredentialIds: [credentialId], options: { up: false } };
  try {
    const answer = await getAssertion(channel, parameters, hidCall);
    return done(isSignedFor(answer, { rpId, clientDataHash, publicKey }) ? 'held' : 'notHeld');
  } catch (error) {
    if (isStatus(error, CTAP_STATUS.NO_CREDENTIALS)) return done('notHeld');
    if (error instanceof CtapStatusError) return done('untold');
    throw error;
  }
}

function isSignedFor(
  { authenticatorData, signature }: AssertionAnswer,
  { rpId, clientDataHash, publicKey }: { readonly clientDataHash: Uint8Array } & Omit<HeldCredential, 'credentialId'>,
): boolean {
  try {
    const { rpIdHash } = readAuthenticatorData(authenticatorData);
    const isForSite = equalBytes(rpIdHash, new Uint8Array(createHash('sha256').update(rpId).digest()));
    return isForSite && verifyCoseSignature(publicKey, concatBytes(authenticatorData, clientDataHash), signature);
  } catch (error) {
    if (error instanceof CoseError || error instanceof ProtocolViolation) return false;
    throw error;
  }
}
