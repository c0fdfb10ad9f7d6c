// Whether enough of the pinned keys have signed. Strict where a library would be lenient: the header names exactly one
// algorithm, which must be the key's own, and nothing is taken from the header but which key is meant.
import { verify } from 'node:crypto';
import { parseDocument } from '../document/json-document.ts';
import type { SettingsKey } from './settings-key.ts';
import { protectedHeaderSchema, signingInput, type SignedForm } from './signed-form.ts';

export type SignatureTrouble = 'malformed' | 'unknownKey' | 'badSignature' | 'tooFewSignatures';

export type SignatureVerdict =
  | { readonly ok: true; readonly payload: Uint8Array; readonly keyIds: readonly string[] }
  | { readonly ok: false; readonly trouble: SignatureTrouble };

export interface TrustedKeys {
  readonly keys: readonly SettingsKey[];
  /** How many different ones must have signed. */
  readonly needed: number;
}

/** A signature by a key that is not trusted counts for nothing; a wrong one by a key that is refuses the whole. */
export function verifySigned(form: SignedForm, { keys, needed }: TrustedKeys): SignatureVerdict {
  const signers = new Set<string>();
  for (const one of form.signatures) {
    const header = headerOf(one.protected);
    if (header === null) return { ok: false, trouble: 'malformed' };
    const key = keys.find(({ keyId }) => keyId === header.kid);
    if (key === undefined) continue;
    const algorithm = header.alg === 'EdDSA' ? 'Ed25519' : header.alg;
    if (algorithm !== key.algorithm) return { ok: false, trouble: 'badSignature' };
    const input = signingInput(one.protected, form.payload);
    if (!isSignedBy(key, input, Buffer.from(one.signature, 'base64url'))) return { ok: false, trouble: 'badSignature' };
    signers.add(key.keyId);
  }
  if (signers.size === 0) return { ok: false, trouble: 'unknownKey' };
  if (signers.size < needed) return { ok: false, trouble: 'tooFewSignatures' };
  return { ok: true, payload: new Uint8Array(Buffer.from(form.payload, 'base64url')), keyIds: [...signers] };
}

function headerOf(protectedB64u: string) {
  const parsed = parseDocument(new Uint8Array(Buffer.from(protectedB64u, 'base64url')));
  const header = parsed.ok ? protectedHeaderSchema.safeParse(parsed.document.value) : null;
  return header?.success === true ? header.data : null;
}

/** Both are 64 bytes: RFC 8032 §5.1.6, and R and S side by side (RFC 7518 §3.4). */
function isSignedBy({ algorithm, publicKey }: SettingsKey, input: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  return algorithm === 'Ed25519'
    ? verify(null, input, publicKey, signature)
    : verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}
