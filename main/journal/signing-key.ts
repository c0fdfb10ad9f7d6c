// Keys that sign the journal: Ed25519 (RFC 8032). A key is named by the SHA-256 of its public half, as SubjectPublicKeyInfo
// (RFC 8410), so that any tool can tell whether it holds the key that an entry names.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

export interface PublicKey {
  /** SHA-256 of the SubjectPublicKeyInfo, base64url: 43 characters. */
  readonly id: string;
  /** The SubjectPublicKeyInfo in DER, base64url. */
  readonly spkiB64u: string;
  readonly key: KeyObject;
}

export interface SigningKey extends PublicKey {
  readonly privateKey: KeyObject;
}

/** What a signature is about stands before what is signed, so that none can be used for something else. */
export type Purpose = 'firstkey-journal-entry-1' | 'firstkey-journal-head-1';

export function makeSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  return { ...publicKeyOf(createPublicKey(privateKey)), privateKey };
}

function publicKeyOf(key: KeyObject): PublicKey {
  const spki = key.export({ type: 'spki', format: 'der' });
  return { id: createHash('sha256').update(spki).digest('base64url'), spkiB64u: spki.toString('base64url'), key };
}

/** Null for anything but an Ed25519 key in PKCS#8. */
export function readSigningKey(pem: string): SigningKey | null {
  try {
    const privateKey = createPrivateKey(pem);
    return privateKey.asymmetricKeyType === 'ed25519' ? signingKeyOf(privateKey) : null;
  } catch {
    return null; // the words could quote the key
  }
}

/** PKCS#8, for the one file that holds it. */
export function writeSigningKey({ privateKey }: SigningKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Null for anything but an Ed25519 key. */
export function readPublicKey(spkiB64u: string): PublicKey | null {
  return readPublic({ key: Buffer.from(spkiB64u, 'base64url'), format: 'der', type: 'spki' });
}

function readPublic(given: Parameters<typeof createPublicKey>[0]): PublicKey | null {
  try {
    const key = createPublicKey(given);
    return key.asymmetricKeyType === 'ed25519' ? publicKeyOf(key) : null;
  } catch {
    return null; // OpenSSL's words name nothing that helps
  }
}

/** @param text canonical. The result is base64url. */
export function signatureOf(purpose: Purpose, text: string, { privateKey }: SigningKey): string {
  return sign(null, signedBytes(purpose, text), privateKey).toString('base64url');
}

export function isSignedBy(purpose: Purpose, text: string, signatureB64u: string, { key }: PublicKey): boolean {
  return verify(null, signedBytes(purpose, text), key, Buffer.from(signatureB64u, 'base64url'));
}

const signedBytes = (purpose: Purpose, text: string): Buffer => Buffer.from(`${purpose}\n${text}`, 'utf8');
/** A PEM file as `firstkey journal key` writes it, or the same key as base64url. */
export function readPublicKeyText(text: string): PublicKey | null {
  return text.includes('-----BEGIN PUBLIC KEY-----') ? readPublic(text) : readPublicKey(text.trim());
}

export function writePublicKey({ key }: PublicKey): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
