// The keys that settings are signed with: Ed25519 (RFC 8032) or ECDSA on P-256. A public key is written as the base64 text of
// its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), which is what `openssl pkey -pubout -outform DER` gives; its id is the SHA-256
// of the same bytes.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** RFC 9864 for Ed25519; RFC 7518 §3.4. `EdDSA` is the older name (RFC 8037), which other programs may still write. */
export type SettingsAlgorithm = 'Ed25519' | 'ES256';

export interface SettingsKey {
  /** Base64url of the SHA-256 of the key's SubjectPublicKeyInfo. */
  readonly keyId: string;
  readonly algorithm: SettingsAlgorithm;
  readonly publicKey: KeyObject;
}

/** A base64 SubjectPublicKeyInfo of at most 200 characters; null for any other kind of key and for bytes behind it. */
export function settingsKeyOf(base64: string): SettingsKey | null {
  if (!/^[A-Za-z0-9+/]{1,198}={0,2}$/.test(base64)) return null;
  const der = Buffer.from(base64, 'base64');
  const key = opened(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
  if (key === null || publicText(key) !== base64) return null;
  return keyOf(key);
}

/** From a PEM file: a public key, or the public half of a private one. Null for any other kind. */
export function settingsKeyOfPem(pem: string): SettingsKey | null {
  const key = opened(() => createPublicKey(pem));
  return key === null ? null : keyOf(key);
}

/** A PEM file with a PKCS #8 key, in the clear. Null for any other kind. */
export function signingKeyOf(pem: string): { readonly key: SettingsKey; readonly privateKey: KeyObject } | null {
  const privateKey = opened(() => createPrivateKey(pem));
  const key = privateKey && keyOf(createPublicKey(privateKey));
  return privateKey === null || key === null ? null : { key, privateKey };
}

/** As it is pinned. */
export function publicText(publicKey: KeyObject): string {
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

function keyOf(publicKey: KeyObject): SettingsKey | null {
  const algorithm = algorithmOf(publicKey);
  if (algorithm === null) return null;
  const keyId = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
  return { keyId, algorithm, publicKey };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SettingsAlgorithm | null {
  if (asymmetricKeyType === 'ed25519') return 'Ed25519';
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null;
}

/** OpenSSL's words name nothing an administrator could use, and could quote a key. */
function opened(open: () => KeyObject): KeyObject | null {
  try {
    return open();
  } catch {
    return null;
  }
}
