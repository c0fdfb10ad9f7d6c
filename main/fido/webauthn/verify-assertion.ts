// Whether a sign-in was done with the credential we know, here and now, by a verified person.
// Source: WebAuthn Level 3 §7.2 (verifying an authentication assertion).
import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { CoseError, verifyCoseSignature, type CosePublicKey } from '../bytes/cose.ts';
import { hashClientData, readClientData, type ClientData } from './client-data.ts';
import { checkSubject, readData } from './created-credential.ts';
import { check, judge, reject, type Verdict } from './verdict.ts';

export interface AssertionToVerify {
  readonly credentialId: Uint8Array;
  readonly clientDataJson: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  /** The user handle, for assertions without an allow list. */
  readonly userId: Uint8Array | undefined;
}

export interface KnownCredential {
  readonly credentialId: Uint8Array;
  readonly publicKey: CosePublicKey;
  /** From the registration or the last sign-in; 0 for keys without a counter. */
  readonly signCount: number;
  /** When given, the assertion must name this user. */
  readonly userId?: Uint8Array;
}

export interface ExpectedAssertion {
  readonly rpId: string;
  readonly challengeB64u: string;
  readonly origin: string;
}

export interface VerifiedAssertion {
  readonly signCount: number;
}

const CLAUSE = 'WebAuthn Level 3 §7.2';

export function verifyAssertion(
  assertion: AssertionToVerify,
  known: KnownCredential,
  expected: ExpectedAssertion,
): Verdict<VerifiedAssertion> {
  return judge(() => {
    check(
      equalBytes(assertion.credentialId, known.credentialId),
      'credential',
      CLAUSE,
      'the credential that was registered',
      'another one',
    );
    if (known.userId !== undefined) {
      const same = assertion.userId !== undefined && equalBytes(assertion.userId, known.userId);
      const found = assertion.userId === undefined ? 'none' : 'another one';
      check(same, 'userHandle', CLAUSE, 'the user handle of the registration', found);
    }
    checkClientData(assertion.clientDataJson, 'webauthn.get', expected);
    const data = readData(assertion.authenticatorData);
    checkSubject(data, expected.rpId);
    const signed = concatBytes(assertion.authenticatorData, hashClientData(assertion.clientDataJson));
    check(signatureHolds(known.publicKey, signed, assertion.signature), 'signature', CLAUSE, 'a right signature', 'a wrong one');
    check(
      data.signCount > known.signCount || (data.signCount === 0 && known.signCount === 0),
      'signCount',
      CLAUSE,
      `more than ${known.signCount}`,
      String(data.signCount),
    );
    return { signCount: data.signCount };
  });
}

/**
 * What of an assertion can be held against the relying party by whoever does not know its public key: whose it is, and that a
 * person was present and verified.
 */
export function checkAssertedBy(authenticatorData: Uint8Array, rpId: string): Verdict<null> {
  return judge(() => {
    checkSubject(readData(authenticatorData), rpId);
    return null;
  });
}

/** Type, challenge and origin. Only inside {@link judge}. */
function checkClientData(
  clientDataJson: Uint8Array,
  type: ClientData['type'],
  expected: Pick<ExpectedAssertion, 'challengeB64u' | 'origin'>,
): void {
  const clientData = readClientData(clientDataJson);
  if (clientData === undefined) reject('clientData', CLAUSE, 'collected client data', 'something else');
  check(clientData.type === type, 'type', CLAUSE, type, clientData.type);
  check(clientData.challengeB64u === expected.challengeB64u, 'challenge', CLAUSE, 'the challenge given', 'another one');
  check(clientData.origin === expected.origin, 'origin', CLAUSE, expected.origin, clientData.origin);
}

function signatureHolds(key: CosePublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifyCoseSignature(key, message, signature);
  } catch (error) {
    if (!(error instanceof CoseError)) throw error;
    return reject('publicKey', CLAUSE, 'a public key this side can use', error.message);
  }
}
