// Whether what a key made is what was asked for, before anybody is told about it.
// Source: WebAuthn Level 3 §7.1 (registering a new credential), §6.1; CTAP 2.3 §6.1.2.
import { CborShapeError } from '../bytes/cbor-read.ts';
import { equalBytes } from '../bytes/compare.ts';
import { CoseError, keyObjectOfCose, readCosePublicKey, type CosePublicKey } from '../bytes/cose.ts';
import { formatUuid } from '../bytes/uuid.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import {
  readAuthenticatorData,
  type AttestedCredential,
  type AuthenticatorData,
  type AuthenticatorFlags,
} from './authenticator-data.ts';
import { hashRpId } from './client-data.ts';
import { check, judge, reject, type Verdict } from './verdict.ts';

export interface ExpectedCredential {
  readonly rpId: string;
  /** getInfo's, 16 bytes: a key must not pass itself off as another model between two answers. */
  readonly aaguid: Uint8Array;
  /** COSE numbers that were asked for. */
  readonly algorithms: readonly number[];
  /** `required` unless told. */
  readonly userVerification?: 'required' | 'notAsked';
}

export interface CheckedCredential {
  readonly credentialId: Uint8Array;
  readonly publicKey: CosePublicKey;
  /** COSE_Key, byte for byte as the key wrote it. */
  readonly publicKeyBytes: Uint8Array;
  readonly aaguid: Uint8Array;
  readonly signCount: number;
  readonly flags: AuthenticatorFlags;
  /** What the key says it did about extensions: `hmac-secret` true, `credProtect` 1 to 3, and the like. */
  readonly extensionOutputs: Readonly<Record<string, boolean | number>>;
}

const L3 = 'WebAuthn Level 3';

/** Takes authenticator data apart and holds every part against what was asked. */
export function checkCreatedCredential(authenticatorData: Uint8Array, expected: ExpectedCredential): Verdict<CheckedCredential> {
  return judge(() => {
    const data = readData(authenticatorData);
    const { flags } = data;
    checkSubject(data, expected.rpId, expected.userVerification);
    const { attestedCredential } = data;
    if (attestedCredential === undefined) {
      reject('attestedCredential', `${L3} §6.5.1`, 'a new credential', 'none');
    }
    check(
      equalBytes(attestedCredential.aaguid, expected.aaguid),
      'aaguid',
      'CTAP 2.3 §6.1.2',
      formatUuid(expected.aaguid),
      formatUuid(attestedCredential.aaguid),
    );
    const publicKey = readPublicKey(attestedCredential);
    check(
      expected.algorithms.includes(publicKey.alg),
      'algorithm',
      `${L3} §7.1`,
      `one of ${expected.algorithms.join(', ')}`,
      String(publicKey.alg),
    );
    return {
      credentialId: attestedCredential.credentialId,
      publicKey,
      publicKeyBytes: attestedCredential.publicKeyBytes,
      aaguid: attestedCredential.aaguid,
      signCount: data.signCount,
      flags,
      extensionOutputs: simpleOutputs(data),
    };
  });
}

/** The steps that registration and sign-in share: whose, touched, verified. Only inside {@link judge}. */
export function checkSubject(
  { rpIdHash, flags }: AuthenticatorData,
  rpId: string,
  userVerification: ExpectedCredential['userVerification'] = 'required',
): void {
  check(equalBytes(rpIdHash, hashRpId(rpId)), 'rpIdHash', `${L3} §6.1`, `SHA-256 of ${rpId}`, 'another hash');
  check(flags.userPresent, 'userPresent', `${L3} §6.1`, 'UP set', 'UP clear');
  check(flags.userVerified || userVerification === 'notAsked', 'userVerified', `${L3} §6.1`, 'UV set', 'UV clear');
  check(flags.backupEligible || !flags.backedUp, 'backupState', `${L3} §6.1.3`, 'BS only with BE', 'BS without BE');
}

/** Authenticator data, its faults as a failed check. Only inside {@link judge}. */
export function readData(authenticatorData: Uint8Array): AuthenticatorData {
  try {
    return readAuthenticatorData(authenticatorData);
  } catch (error) {
    if (!(error instanceof ProtocolViolation)) throw error;
    return reject('authenticatorData', `${L3} §6.1`, 'well-formed authenticator data', error.message);
  }
}

function readPublicKey(credential: AttestedCredential): CosePublicKey {
  try {
    const key = readCosePublicKey(credential.publicKey, 'credentialPublicKey');
    keyObjectOfCose(key); // a point off the curve would only show at the first sign-in
    return key;
  } catch (error) {
    if (!(error instanceof CoseError || error instanceof CborShapeError)) throw error;
    return reject('publicKey', `${L3} §6.5.1.1`, 'a usable COSE_Key', error.message);
  }
}

function simpleOutputs({ extensions }: AuthenticatorData): Readonly<Record<string, boolean | number>> {
  const outputs = [...(extensions ?? [])].filter(
    (entry): entry is [string, boolean | number] =>
      typeof entry[0] === 'string' && (typeof entry[1] === 'boolean' || typeof entry[1] === 'number'),
  );
  return Object.fromEntries(outputs);
}
