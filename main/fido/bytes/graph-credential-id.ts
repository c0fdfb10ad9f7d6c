// Microsoft Graph spells a FIDO2 credential id in three ways, and one of them can be read as another.
// Source: Microsoft Graph, fido2AuthenticationMethod and its creationOptions (excludeCredentials): the beta pages describe
// base64url followed by one digit that counts the padding left off; v1.0 shows base64url; older answers were plain base64.
import { Base64Error, decodeBase64Lenient, decodeBase64url, encodeBase64url } from './base64url.ts';
import { equalBytes } from './compare.ts';

/** Ids of this length in bytes come from real keys; anything else is likelier a misreading. */
const USUAL_ID_BYTES: ReadonlySet<number> = new Set([16, 32, 48, 64, 80, 96, 128]);

/** The form Graph answers with: base64url, then the number of padding characters left off (0, 1 or 2). */
export function encodeGraphCredentialId(credentialId: Uint8Array): string {
  const text = encodeBase64url(credentialId);
  return `${text}${(4 - (text.length % 4)) % 4}`;
}

/**
 * Every credential id that `text` may stand for, the likeliest first; never empty. An exclude list takes them all: an id
 * that no key knows does no harm, a missing one lets a key be registered twice.
 * @throws {Base64Error} when no reading works.
 */
export function graphCredentialIdCandidates(text: string): readonly Uint8Array[] {
  const counted = readCounted(text);
  const plain = strictly(text);
  if (counted !== undefined && plain !== undefined) {
    // Only the "1" form is ambiguous: 4n characters are also a whole number of plain bytes.
    const countedFirst = USUAL_ID_BYTES.has(counted.length) || !USUAL_ID_BYTES.has(plain.length);
    return countedFirst ? [counted, plain] : [plain, counted];
  }
  const exact = counted ?? plain;
  return [exact ?? decodeBase64Lenient(text)];
}

/** Whether an id from Graph names this credential, under any of its readings. @throws {Base64Error} as above. */
export function isGraphCredentialId(text: string, credentialId: Uint8Array): boolean {
  return graphCredentialIdCandidates(text).some((candidate) => equalBytes(candidate, credentialId));
}

function readCounted(text: string): Uint8Array | undefined {
  const padding = ['0', '1', '2'].indexOf(text.slice(-1));
  const body = text.slice(0, -1);
  if (padding < 0 || body.length === 0 || (body.length + padding) % 4 !== 0) return undefined;
  return strictly(body);
}

function strictly(text: string): Uint8Array | undefined {
  try {
    return decodeBase64url(text);
  } catch (error) {
    if (error instanceof Base64Error) return undefined;
    throw error;
  }
}
