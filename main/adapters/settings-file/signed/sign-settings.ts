// Signing, and adding a signature to a file that is signed already: the second pair of eyes, or the next key.
import { sign, type KeyObject } from 'node:crypto';
import type { SettingsKey } from './settings-key.ts';
import { signedType, signingInput, type SealedSettings, type SignedForm } from './signed-form.ts';

/** The document as it is signed: for eyes too, when somebody decodes it. */
export function payloadOf(sealed: SealedSettings): string {
  return Buffer.from(`${JSON.stringify(sealed, null, 2)}\n`).toString('base64url');
}

/** The same key's older signature is replaced. */
export function withSignature(
  form: Pick<SignedForm, 'payload'> & Partial<SignedForm>,
  { key, privateKey }: { readonly key: SettingsKey; readonly privateKey: KeyObject },
): SignedForm {
  const header = JSON.stringify({ alg: key.algorithm, kid: key.keyId, typ: signedType });
  const protectedB64u = Buffer.from(header).toString('base64url');
  const input = signingInput(protectedB64u, form.payload);
  const signature =
    key.algorithm === 'Ed25519'
      ? sign(null, input, privateKey)
      : sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const others = (form.signatures ?? []).filter((one) => one.protected !== protectedB64u);
  return {
    payload: form.payload,
    signatures: [...others, { protected: protectedB64u, signature: signature.toString('base64url') }],
  };
}
