// Authenticator data as a key writes it. Source: WebAuthn Level 3 §6.1.
import { createHash } from 'node:crypto';
import { encodeCbor, type CborMap } from '../../../fido/bytes/cbor.ts';

export const Flag = { userPresent: 0x01, userVerified: 0x04, attested: 0x40, extensions: 0x80 } as const;

export interface AuthenticatorDataParts {
  readonly rpId: string;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly signatureCount: number;
  readonly attested?: { readonly aaguid: Uint8Array; readonly credentialId: Uint8Array; readonly publicKey: CborMap };
  /** Extension outputs; left out when empty. */
  readonly extensions: CborMap;
}

export function writeAuthenticatorData(parts: AuthenticatorDataParts): Uint8Array {
  const { attested, extensions } = parts;
  const flags =
    (parts.userPresent ? Flag.userPresent : 0) |
    (parts.userVerified ? Flag.userVerified : 0) |
    (attested === undefined ? 0 : Flag.attested) |
    (extensions.size === 0 ? 0 : Flag.extensions);
  const flagsAndCount = new DataView(new ArrayBuffer(5));
  flagsAndCount.setUint8(0, flags);
  flagsAndCount.setUint32(1, parts.signatureCount);
  const pieces = [rpIdHash(parts.rpId), new Uint8Array(flagsAndCount.buffer)];
  if (attested !== undefined) {
    const { aaguid, credentialId, publicKey } = attested;
    pieces.push(aaguid, Uint8Array.of(credentialId.length >> 8, credentialId.length & 0xff), credentialId);
    pieces.push(encodeCbor(publicKey));
  }
  if (extensions.size > 0) pieces.push(encodeCbor(extensions));
  return new Uint8Array(Buffer.concat(pieces));
}

export function rpIdHash(rpId: string): Uint8Array {
  return createHash('sha256').update(rpId, 'utf8').digest();
}
