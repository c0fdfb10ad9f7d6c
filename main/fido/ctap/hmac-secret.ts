// The hmac-secret extension's wire form, shared by getAssertion and, as hmac-secret-mc, makeCredential.
// Source: CTAP 2.3 §12 (hmac-secret, hmac-secret-mc).
import type { CborMap, CborValue } from '../bytes/cbor.ts';
import { asBytes, cborMap } from '../bytes/cbor-read.ts';
import { concatBytes, wipe } from '../bytes/compare.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { readAnswer } from './command.ts';
import type { PinUvSecret } from './pin-uv-protocol.ts';

const SALT_BYTES = 32;
const OUTPUT_BYTES = 32;
/** What two salts, our half of the agreement, their MAC and the extension's name take in a request, at most. */
export const MAX_HMAC_INPUT_BYTES = 256;

/** One or two salts of 32 bytes each. */
export type HmacSalts = readonly [Uint8Array] | readonly [Uint8Array, Uint8Array];

/** The extension's input under a fresh agreement. @throws {RangeError} for a salt of another length. */
export function hmacSecretInput(secret: PinUvSecret, salts: HmacSalts): CborMap {
  for (const salt of salts) if (salt.length !== SALT_BYTES) throw new RangeError(`a salt of ${salt.length} bytes`);
  const joined = concatBytes(...salts);
  const saltEnc = secret.encrypt(joined);
  wipe(joined);
  return cborMap([
    [0x01, secret.platformKey],
    [0x02, saltEnc],
    [0x03, secret.authenticate(saltEnc)],
    // Keys of CTAP 2.0 don't know the member, and for protocol one it says nothing.
    [0x04, secret.version === 1 ? undefined : secret.version],
  ]);
}

/** The secrets, 32 bytes for each salt; wipe them. @throws {ProtocolViolation} for an answer of another shape or length. */
export function openHmacSecretOutput(
  secret: PinUvSecret,
  output: CborValue | undefined,
  saltCount: HmacSalts['length'],
): readonly Uint8Array[] {
  const sealed = readAnswer('hmac-secret', () => asBytes(output, 'extensions.hmac-secret'));
  const opened = secret.decrypt(sealed);
  if (opened.length !== saltCount * OUTPUT_BYTES) {
    wipe(opened);
    throw new ProtocolViolation('hmac-secret answer', `${sealed.length} bytes for ${saltCount} salts`);
  }
  const secrets = Array.from({ length: saltCount }, (_, index) => opened.slice(index * OUTPUT_BYTES, (index + 1) * OUTPUT_BYTES));
  wipe(opened);
  return secrets;
}
