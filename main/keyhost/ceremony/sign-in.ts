// A sign-in page's request, carried to a key that has accounts already. The relying party is this host's, the client data is
// written here, and what the key gave is held against both before anybody hears of it.
// Source: WebAuthn Level 3 §5.1.4, §5.8.1, §6.3.3; CTAP 2.3 §6.2, §6.3.
import { because } from '../../../contract/reason.ts';
import { decodeBase64url } from '../../fido/bytes/base64url.ts';
import { equalBytes } from '../../fido/bytes/compare.ts';
import type { KeyAssertion } from '../../fido/key/collect-assertions.ts';
import { encodeClientData, hashClientData } from '../../fido/webauthn/client-data.ts';
import { checkAssertedBy } from '../../fido/webauthn/verify-assertion.ts';
import type { KeyAccount, SignInRequest } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import { bounds } from '../protocol.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { originOf } from './make-credential.ts';
import { reasonOfRefusal } from './reasons.ts';
import { verifiedBy } from './verified-by.ts';

/** WebAuthn Level 3 §5.4.3. */
const mostUserHandleBytes = 64;

/** The accounts that signed; what they signed is kept for one of them to be released. */
export async function signInWithKey(
  { key }: OpenedKey,
  { challengeB64u, allowCredentialIdsB64u }: SignInRequest,
  pin: Uint8Array,
  { call, rpId, insertion, signIns }: CeremonyCircumstances,
): Promise<Outcome<readonly KeyAccount[]>> {
  signIns.forget();
  const clientDataJson = encodeClientData({ type: 'webauthn.get', challengeB64u, origin: originOf(rpId), crossOrigin: false });
  const allowCredentialIds = allowCredentialIdsB64u.map(decodeBase64url);
  const request = { rpId, clientDataHash: hashClientData(clientDataJson), allowCredentialIds };
  const outcome = await verifiedBy(pin, (verification) => key.getAssertions(request, verification, call));
  if (!outcome.ok) return { ok: false, reason: reasonOfRefusal(outcome.refusal, 'signIn') };
  const assertions = outcome.value;
  for (const assertion of assertions) {
    const wrong = whatIsWrong(assertion, allowCredentialIds, rpId);
    if (wrong !== null) return { ok: false, reason: because('key.misbehaved', { statusName: wrong }) };
  }
  if (assertions.length > bounds.accounts) return { ok: false, reason: because('key.misbehaved', { statusName: 'accounts' }) };
  signIns.keep(
    insertion,
    assertions.map(({ credentialId, authenticatorData, signature, user }) => ({
      credentialId,
      clientDataJson,
      authenticatorData,
      signature,
      userHandle: user?.id ?? null,
    })),
  );
  return { ok: true, value: assertions.map(accountOf) };
}

/** The name of the check that fails; null when the assertion is one a relying party would look at. */
function whatIsWrong(
  { credentialId, authenticatorData, signature, user }: KeyAssertion,
  allowed: readonly Uint8Array[],
  rpId: string,
): string | null {
  if (credentialId.length === 0 || signature.length === 0) return 'assertion';
  if (allowed.length > 0 && !allowed.some((id) => equalBytes(id, credentialId))) return 'credential';
  const handleBytes = user?.id.length;
  // Without a list only the user handle tells the relying party whose sign-in it is (WebAuthn Level 3 §7.2, step 6).
  if (handleBytes === undefined ? allowed.length === 0 : handleBytes < 1 || handleBytes > mostUserHandleBytes)
    return 'userHandle';
  const verdict = checkAssertedBy(authenticatorData, rpId);
  return verdict.ok ? null : verdict.failure.check;
}

function accountOf({ user }: KeyAssertion): KeyAccount {
  return { name: nameOf(user?.name), displayName: nameOf(user?.displayName) };
}

function nameOf(name: string | undefined): string | null {
  const cut = name?.slice(0, bounds.accountNameUnits);
  return cut === undefined || cut === '' ? null : cut;
}
