// The proof after a registration: the key finds the new credential by itself and signs a challenge of our own making.
// Nothing from outside enters what is signed. Source: WebAuthn Level 3 §7.2; CTAP 2.3 §6.2.
import { because, type Reason } from '../../../contract/reason.ts';
import { decodeBase64url, encodeBase64url } from '../../fido/bytes/base64url.ts';
import { equalBytes } from '../../fido/bytes/compare.ts';
import { encodeClientData, hashClientData } from '../../fido/webauthn/client-data.ts';
import { verifyAssertion } from '../../fido/webauthn/verify-assertion.ts';
import type { Proof } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import { isAnotherKey } from './another-key.ts';
import { originOf } from './make-credential.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { reasonOfRefusal } from './reasons.ts';
import { verifiedBy } from './verified-by.ts';
import type { RememberedCredential } from './stay-memory.ts';

const challengeBytes = 32;

/** Signs in once with the credential made before, without an allow list, so that being discoverable is proven too. */
export async function proveCredential(
  { key }: OpenedKey,
  credentialIdB64u: string,
  pin: Uint8Array,
  { call, surroundings, rpId, insertion, memory }: CeremonyCircumstances,
): Promise<Outcome<Proof>> {
  const made = memory.find(credentialIdB64u);
  if (!made) return { ok: false, reason: because('key.proofFailed', { statusName: 'notMadeHere' }) };
  if (made.discarded) return { ok: false, reason: because('key.proofFailed', { statusName: 'discarded' }) };
  const mayBeAnotherKey = made.insertion !== insertion;
  if (mayBeAnotherKey && (await isAnotherKey(key, made, rpId, call))) return { ok: false, reason: because('key.swapped') };
  const challengeB64u = encodeBase64url(surroundings.randomBytes(challengeBytes));
  const origin = originOf(rpId);
  const clientDataJson = encodeClientData({ type: 'webauthn.get', challengeB64u, origin, crossOrigin: false });
  const request = { rpId, clientDataHash: hashClientData(clientDataJson), allowCredentialIds: [] };
  const outcome = await verifiedBy(pin, (verification) => key.getAssertions(request, verification, call));
  if (!outcome.ok) {
    const { refusal } = outcome;
    return {
      ok: false,
      reason: refusal.kind === 'noCredential' ? notOnThisKey(mayBeAnotherKey) : reasonOfRefusal(refusal, 'prove'),
    };
  }
  const credentialId = decodeBase64url(credentialIdB64u);
  const assertion = outcome.value.find(({ credentialId: id }) => id !== undefined && equalBytes(id, credentialId));
  if (!assertion) return { ok: false, reason: notOnThisKey(mayBeAnotherKey) };
  const { authenticatorData, signature, user } = assertion;
  const verdict = verifyAssertion(
    { credentialId, clientDataJson, authenticatorData, signature, userId: user?.id },
    knownCredential(made, credentialId),
    { rpId, challengeB64u, origin },
  );
  if (!verdict.ok) return { ok: false, reason: because('key.proofFailed', { statusName: verdict.failure.check }) };
  const { signCount } = verdict.value;
  memory.remember({ ...made, signCount });
  return { ok: true, value: { credentialIdB64u, signCount } };
}

function knownCredential({ publicKey, signCount, userId }: RememberedCredential, credentialId: Uint8Array) {
  return { credentialId, publicKey, signCount, userId };
}

function notOnThisKey(mayBeAnotherKey: boolean): Reason {
  return mayBeAnotherKey ? because('key.swapped') : because('key.proofFailed', { statusName: 'noCredential' });
}
