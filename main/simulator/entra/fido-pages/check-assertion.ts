// Whether a security key signs somebody in: every check a relying party owes (WebAuthn Level 3 §7.2), one number of the
// service for each. SimpleWebAuthn verifies the signature; what it would refuse in one word is looked at first, by name.
import { createHash } from 'node:crypto';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { equalBytes } from '../../../fido/bytes/compare.ts';
import type { Passkey, User } from '../directory/directory.ts';
import { RP_ID, RP_ORIGIN } from '../graph/creation-options.ts';
import { passkeyMaySignIn, passkeyScope } from '../policies/method-scope.ts';
import type { AadstsName } from '../sign-in/aadsts.ts';
import type { TwinCore } from '../twin-core.ts';
import { readAssertion, type Assertion } from './assertion.ts';
import { judgeSignInChallenge } from './sign-in-challenge.ts';

export interface AssertionQuestion {
  /** What the page sent, JSON. */
  readonly text: string;
  /** What the challenge was issued for. */
  readonly challengeId: string;
  /** Who wants to sign in; null when the key is to say. */
  readonly user: User | null;
}

export type AssertionOutcome =
  | { readonly ok: true; readonly user: User; readonly passkey: Passkey }
  | { readonly ok: false; readonly problem: AadstsName };

/** `OF:` and 48 opaque bytes. */
const HANDLE_PREFIX = Buffer.from('OF:', 'ascii');
const HANDLE_LENGTH = 51;

/** Judges an assertion. When it is good, the passkey's counter and last use are moved on. */
export async function checkAssertion(core: TwinCore, question: AssertionQuestion): Promise<AssertionOutcome> {
  const refuse = (problem: AadstsName): AssertionOutcome => ({ ok: false, problem });
  const assertion = readAssertion(question.text);
  if (typeof assertion === 'string') return refuse(assertion);
  if (assertion.type !== 'webauthn.get') return refuse('keyClientDataType');
  if (assertion.origin !== RP_ORIGIN) return refuse('keyOrigin');
  const challenge = await judgeSignInChallenge(core, assertion.challenge, question.challengeId);
  if (challenge !== 'good') return refuse(challenge === 'expired' ? 'keyChallengeExpired' : 'keyChallengeWrong');

  const user = whoseKey(core, question.user, assertion.userHandle);
  if (typeof user === 'string') return refuse(user);
  const passkey = user.passkeys.find((candidate) => equalBytes(candidate.credentialId, assertion.credentialId));
  if (!passkey) return refuse('keyUnknown');
  const { data } = assertion;
  if (!equalBytes(data.rpIdHash, createHash('sha256').update(RP_ID, 'ascii').digest())) return refuse('keyAssertionInvalid');
  if (!data.flags.up || !data.flags.uv) return refuse('keyGesture');
  if (!(await signatureFits(assertion, passkey))) return refuse('keySignature');
  // Keys that don't count say zero for ever; one that has counted must go on.
  const counts = data.counter > 0 || passkey.signCount > 0;
  if (counts && data.counter <= passkey.signCount) return refuse('keyCounter');
  const problem = checkPolicy(core, user, passkey);
  if (problem) return refuse(problem);
  passkey.signCount = data.counter;
  passkey.lastUsedAtMs = core.time.wallMs();
  return { ok: true, user, passkey };
}

/** The user handle decides; a person who gave a name first must be the one it stands for. */
function whoseKey(core: TwinCore, named: User | null, handle: Uint8Array | null): User | AadstsName {
  if (handle === null) return named ?? 'keyHandleLength';
  if (!equalBytes(handle.subarray(0, HANDLE_PREFIX.length), HANDLE_PREFIX)) return 'keyHandlePrefix';
  if (handle.length !== HANDLE_LENGTH) return 'keyHandleLength';
  if (named) return equalBytes(named.userHandle, handle) ? named : 'keyHandleOfOther';
  for (const user of core.directory.users()) if (equalBytes(user.userHandle, handle)) return user;
  return 'keyUserUnknown';
}

/** In scope, and its model not ruled out since it was registered. */
function checkPolicy(core: TwinCore, user: User, passkey: Passkey): AadstsName | null {
  const { fido2 } = core.directory.policy;
  const subject = core.directory.subjectOf(user);
  if (passkeyScope(fido2, subject) !== 'inScope') return 'keysOff';
  if (!passkeyMaySignIn(fido2, subject, passkey)) return 'credentialPolicy';
  return user.accountEnabled ? null : 'disabledUser';
}

async function signatureFits({ sent }: Assertion, passkey: Passkey): Promise<boolean> {
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: sent.id,
        rawId: sent.id,
        type: 'public-key',
        response: {
          clientDataJSON: sent.clientDataJSON,
          authenticatorData: sent.authenticatorData,
          signature: sent.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: () => true, // judged above, with its own numbers
      expectedOrigin: RP_ORIGIN,
      expectedRPID: RP_ID,
      requireUserVerification: true,
      // The counter is judged apart, for it has a number of its own.
      credential: { id: sent.id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    });
    return verified;
  } catch {
    return false; // the library's way of saying no
  }
}
