// The body of `POST fido2Methods`, read strictly: members that are not Graph's are refused, as the service has been seen
// to do (Microsoft Graph: authentication-post-fido2methods; rawId, type and transports are not among them).
import { z } from 'zod';
import { Base64Error, decodeBase64Lenient, decodeBase64url } from '../../../fido/bytes/base64url.ts';
import type { PasskeyPolicy } from '../tenant-policy.ts';
import type { RegistrationRefusal } from './registration-refusal.ts';

const credentialSchema = z.strictObject({
  id: z.string(),
  response: z.strictObject({ clientDataJSON: z.string(), attestationObject: z.string() }),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
});
const bodySchema = z.strictObject({ displayName: z.string(), publicKeyCredential: credentialSchema });

export interface RegistrationBody {
  readonly displayName: string;
  readonly credentialId: Uint8Array;
  readonly clientDataJson: Uint8Array;
  readonly attestationObject: Uint8Array;
}

export function readRegistrationBody(text: string, policy: PasskeyPolicy): RegistrationBody | RegistrationRefusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'bodyUnreadable';
  }
  const withoutTypes = removeODataTypes(body);
  if (withoutTypes.found && !policy.odataTypeMembersTolerated) return 'odataTypeMember';
  const parsed = bodySchema.safeParse(withoutTypes.value);
  if (!parsed.success) {
    const extra = parsed.error.issues.some((issue) => issue.code === 'unrecognized_keys');
    return extra ? 'extraMember' : 'memberMissing';
  }
  const { displayName, publicKeyCredential } = parsed.data;
  const { length } = displayName;
  if (length < 1 || length > policy.maxDisplayNameLength) return 'displayNameLength';
  const credentialId = orNull(() => decodeBase64url(publicKeyCredential.id));
  const clientDataJson = orNull(() => decodeBase64Lenient(publicKeyCredential.response.clientDataJSON));
  const attestationObject = orNull(() => decodeBase64Lenient(publicKeyCredential.response.attestationObject));
  if (!credentialId || credentialId.length === 0) return 'credentialIdEncoding';
  if (!clientDataJson) return 'clientDataEncoding';
  if (!attestationObject) return 'attestationEncoding';
  return { displayName, credentialId, clientDataJson, attestationObject };
}

function removeODataTypes(value: unknown): { readonly value: unknown; readonly found: boolean } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value, found: false };
  let found = false;
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (name === '@odata.type') {
      found = true;
      continue;
    }
    const inner = removeODataTypes(member);
    found ||= inner.found;
    kept.push([name, inner.value]);
  }
  return { value: Object.fromEntries(kept), found };
}

function orNull(decode: () => Uint8Array): Uint8Array | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Base64Error) return null;
    throw error;
  }
}
