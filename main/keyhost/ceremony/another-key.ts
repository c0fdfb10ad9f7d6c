// Whether a key that was plugged in since is certainly not the one a credential was made on. Asked before its PIN is: that of the
// right key would be wrong there, and cost its owner a try.
import { decodeBase64url } from '../../fido/bytes/base64url.ts';
import { equalBytes } from '../../fido/bytes/compare.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { SecurityKey } from '../../fido/key/security-key.ts';
import type { RememberedCredential } from './stay-memory.ts';

/** Sends no PIN and wants no touch. False where the key does not tell. Errors as SecurityKey's operations. */
export async function isAnotherKey(
  key: SecurityKey,
  { credentialIdB64u, aaguid, publicKey, hidden }: RememberedCredential,
  rpId: string,
  call: OperationCall,
): Promise<boolean> {
  const described = await key.describe(call);
  if (described.kind === 'u2f' || !equalBytes(described.info.aaguid, aaguid)) return true;
  const held = await key.holds({ rpId, credentialId: decodeBase64url(credentialIdB64u), publicKey }, call);
  return !hidden && held.ok && held.value === 'notHeld';
}
