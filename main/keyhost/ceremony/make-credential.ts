// One registration: the client data a browser would have written, a new credential, and a look at what the key really
// made before anybody hears of it. Source: WebAuthn Level 3 §5.1.3, §5.8.1, §7.1.
import { because } from '../../../contract/reason.ts';
import { decodeBase64url, encodeBase64url } from '../../fido/bytes/base64url.ts';
import { formatUuid } from '../../fido/bytes/uuid.ts';
import type { CreatedCredential } from '../../fido/key/create-credential.ts';
import { encodeAttestationObject } from '../../fido/webauthn/attestation-object.ts';
import { encodeClientData, hashClientData } from '../../fido/webauthn/client-data.ts';
import { checkCreatedCredential } from '../../fido/webauthn/created-credential.ts';
import type { FailedCheck } from '../../fido/webauthn/verdict.ts';
import { verifyAttestation } from '../../fido/webauthn/verify-attestation.ts';
import type { CreationOptions, MadeCredential } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { reasonOfRefusal } from './reasons.ts';
import { verifiedBy } from './verified-by.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';

/** Makes a discoverable credential for `options.rp`, checks it, and remembers its public half for the proof. */
export async function makeCredential(
  opened: OpenedKey,
  options: CreationOptions,
  pin: Uint8Array,
  { call, gate, insertion, memory }: CeremonyCircumstances,
): Promise<Outcome<MadeCredential>> {
  const clientDataJson = encodeClientData({
    type: 'webauthn.create',
    challengeB64u: options.challengeB64u,
    origin: originOf(options.rp.id),
    crossOrigin: false,
  });
  const clientDataHash = hashClientData(clientDataJson);
  const request = {
    clientDataHash,
    rp: options.rp,
    user: { ...options.user, id: decodeBase64url(options.user.idB64u) },
    algorithms: options.algorithms,
    excludeCredentialIds: options.excludeCredentialIdsB64u.map(decodeBase64url),
    hmacSecret: options.hmacCreateSecret,
    credProtect: options.credentialProtection,
  };
  const outcome = await verifiedBy(pin, (verification) => opened.key.makeCredential(request, verification, call));
  if (!outcome.ok) return { ok: false, reason: reasonOfRefusal(outcome.refusal, 'makeCredential') };
  const created = outcome.value;
  const checked = checkCreatedCredential(created.authenticatorData, {
    rpId: options.rp.id,
    aaguid: created.info.aaguid,
    algorithms: options.algorithms,
  });
  if (!checked.ok) return misbehaved(checked.failure);
  const attestation = verifyAttestation({
    ...created,
    clientDataHash,
    aaguid: checked.value.aaguid,
    publicKey: checked.value.publicKey,
  });
  if (!attestation.ok) return misbehaved(attestation.failure);
  const { credentialId, publicKey, publicKeyBytes, aaguid, signCount, extensionOutputs } = checked.value;
  const credentialIdB64u = encodeBase64url(credentialId);
  gate.made(opened, { rpId: options.rp.id, credentialId, publicKey });
  const hidden = extensionOutputs['credProtect'] === 3;
  memory.remember({
    credentialIdB64u,
    userId: request.user.id,
    publicKey,
    hidden,
    aaguid,
    signCount,
    insertion,
    discarded: false,
  });
  return {
    ok: true,
    value: {
      credentialIdB64u,
      clientDataJsonB64u: encodeBase64url(clientDataJson),
      attestationObjectB64u: attestationObject(created),
      attestationFormat: created.format,
      aaguid: formatUuid(aaguid),
      rpId: options.rp.id,
      userIdB64u: options.user.idB64u,
      publicKeyCoseB64u: encodeBase64url(publicKeyBytes),
      // As the tools of Entra's key makers send them: the key's own outputs under their CTAP names.
      clientExtensionResults: extensionOutputs,
    },
  };
}

/** Where a browser would have been: Microsoft Entra ID serves its relying party id itself. */
export function originOf(rpId: string): string {
  return `https://${rpId}`;
}

function attestationObject(created: CreatedCredential): string {
  return encodeBase64url(encodeAttestationObject(created));
}

function misbehaved({ check }: FailedCheck): Outcome<never> {
  return { ok: false, reason: because('key.misbehaved', { statusName: check }) };
}
