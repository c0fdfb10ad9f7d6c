// From what a relying party asks to what a key takes. Source: WebAuthn Level 3 §5.1.3, §10.2; CTAP 2.3 §6.1, §12.
import type { CborKey, CborMap, CborValue } from '../bytes/cbor.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import type { MakeCredentialParameters } from '../ctap/make-credential.ts';

type CredProtectLevel = 1 | 2 | 3;

export interface CredentialRequest {
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name: string };
  /** `id`: 1 to 64 bytes, never changed. Names may be of any length; keys get at most 64 bytes of each. */
  readonly user: { readonly id: Uint8Array; readonly name: string; readonly displayName: string };
  /** COSE numbers in order of preference. */
  readonly algorithms: readonly number[];
  readonly excludeCredentialIds: readonly Uint8Array[];
  /** Ask for the hmac-secret extension where the key has it. */
  readonly hmacSecret: boolean;
  /** 1 userVerificationOptional, 2 …WithCredentialIDList, 3 …Required. `enforced`: rather none than a weaker one. */
  readonly credProtect: { readonly level: CredProtectLevel; readonly enforced: boolean } | null;
}

const MAX_NAME_BYTES = 64;

/** Whether the protection asked for is enforced and not to be had. Level 1 is what every credential has anyway. */
export function lacksCredProtect(request: CredentialRequest, info: AuthenticatorInfo): boolean {
  const wanted = request.credProtect;
  return wanted !== null && wanted.enforced && wanted.level > 1 && !info.extensions.includes('credProtect');
}

/** The request without exclude list and token. Always a discoverable credential; extensions only if the key lists them. */
export function parametersOf(request: CredentialRequest, info: AuthenticatorInfo): MakeCredentialParameters {
  const { user } = request;
  return {
    clientDataHash: request.clientDataHash,
    rp: request.rp,
    // CTAP 2.0 keys may insist on a name, and longer ones than this send some keys round in circles.
    user: { id: user.id, name: cutToBytes(user.name, MAX_NAME_BYTES), displayName: cutToBytes(user.displayName, MAX_NAME_BYTES) },
    algorithms: request.algorithms,
    extensions: extensionsOf(request, info),
    // `up` is true by itself and `uv` must be absent beside a PIN/UV parameter.
    options: { rk: true },
  };
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

function extensionsOf({ hmacSecret, credProtect }: CredentialRequest, info: AuthenticatorInfo): CborMap {
  const extensions = new Map<CborKey, CborValue>();
  if (hmacSecret && info.extensions.includes('hmac-secret')) extensions.set('hmac-secret', true);
  if (credProtect !== null && info.extensions.includes('credProtect')) extensions.set('credProtect', credProtect.level);
  return extensions;
}
