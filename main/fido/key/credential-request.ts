// From what a relying party asks to what a key takes. Source: WebAuthn Level 3 §5.1.3, §10.2; CTAP 2.3 §6.1, §12.
import type { CborKey, CborMap, CborValue } from '../bytes/cbor.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import type { HmacSalts } from '../ctap/hmac-secret.ts';
import type { MakeCredentialParameters } from '../ctap/make-credential.ts';

type CredProtectLevel = 1 | 2 | 3;

export interface CredentialRequest {
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name: string };
  /** `id`: 1 to 64 bytes, never changed. Names, the site's too, may be of any length; keys get at most 64 bytes of each. */
  readonly user: { readonly id: Uint8Array; readonly name: string; readonly displayName: string };
  /** COSE numbers in order of preference. */
  readonly algorithms: readonly number[];
  readonly excludeCredentialIds: readonly Uint8Array[];
  /** Ask for the hmac-secret extension where the key has it. */
  readonly hmacSecret: boolean;
  /** 1 userVerificationOptional, 2 …WithCredentialIDList, 3 …Required. `enforced`: rather none than a weaker one. */
  readonly credProtect: { readonly level: CredProtectLevel; readonly enforced: boolean } | null;
  /** Have hmac-secret's outputs for these made at once, where the key offers hmac-secret-mc. */
  readonly hmacSalts?: HmacSalts;
  /** Ask for the least PIN length, which keys tell only the relying parties they were configured to tell. */
  readonly minPinLength?: boolean;
  /** Ask for an attestation that names this very key; goes along only where the key has it switched on. */
  readonly enterpriseAttestation?: 'vendorFacilitated' | 'platformManaged';
}

/** Longer names send some keys round in circles (CTAP 2.3 §6.1.2: keys may cut them there). */
const MAX_NAME_BYTES = 64;
const ENTERPRISE_ATTESTATION = { vendorFacilitated: 1, platformManaged: 2 } as const;

/** Whether the protection asked for is enforced and not to be had. Level 1 is what every credential has anyway. */
export function lacksCredProtect(request: CredentialRequest, info: AuthenticatorInfo): boolean {
  const wanted = request.credProtect;
  return wanted !== null && wanted.enforced && wanted.level > 1 && !info.extensions.includes('credProtect');
}

/** The request without exclude list and token. Always a discoverable credential; extensions only if the key lists them. */
export function parametersOf(request: CredentialRequest, info: AuthenticatorInfo): MakeCredentialParameters {
  const { user, enterpriseAttestation } = request;
  const enterprise = info.options.get('ep') === true && enterpriseAttestation !== undefined;
  return {
    clientDataHash: request.clientDataHash,
    rp: { id: request.rp.id, name: cutToBytes(request.rp.name, MAX_NAME_BYTES) },
    // CTAP 2.0 keys may insist on a name.
    user: userForKey(user),
    algorithms: request.algorithms,
    extensions: extensionsOf(request, info),
    // `up` is true by itself and `uv` must be absent beside a PIN/UV parameter.
    options: { rk: true },
    ...(enterprise && { enterpriseAttestation: ENTERPRISE_ATTESTATION[enterpriseAttestation] }),
  };
}

/** The account with names as long as keys take them; the id stays as it is. */
export function userForKey({ id, name, displayName }: CredentialRequest['user']): CredentialRequest['user'] {
  return { id, name: cutToBytes(name, MAX_NAME_BYTES), displayName: cutToBytes(displayName, MAX_NAME_BYTES) };
}

/** The longest beginning of `text` that fits into so many UTF-8 bytes without cutting a character in two. */
export function cutToBytes(text: string, maxBytes: number): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function extensionsOf({ hmacSecret, credProtect, minPinLength }: CredentialRequest, info: AuthenticatorInfo): CborMap {
  const extensions = new Map<CborKey, CborValue>();
  if (hmacSecret && info.extensions.includes('hmac-secret')) extensions.set('hmac-secret', true);
  if (credProtect !== null && info.extensions.includes('credProtect')) extensions.set('credProtect', credProtect.level);
  if (minPinLength === true && info.extensions.includes('minPinLength')) extensions.set('minPinLength', true);
  return extensions;
}
