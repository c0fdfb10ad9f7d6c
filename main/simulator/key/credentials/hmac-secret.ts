// The hmac-secret extension: a secret only this key and this credential can compute. Source: CTAP 2.3 §12.8.
import { createHmac } from 'node:crypto';
import type { StoredCredential } from './key-memory.ts';
import { hasQuirk, type CommandContext } from '../ctap/key-session.ts';
import { pinUvProtocol, verifies } from '../pin/pin-uv-protocols.ts';
import { bytes, fields, unsigned, type RequestFields } from '../ctap/request-fields.ts';
import { Refusal, Status } from '../ctap/status.ts';

const SALT_BYTES = 32;

/** The encrypted output for one credential, also at its creation; `undefined` when it doesn't have the extension. */
export function hmacSecretOutput(
  context: CommandContext,
  input: RequestFields,
  credential: StoredCredential,
  userVerified: boolean,
): Uint8Array | undefined {
  if (credential.hmacSecret === undefined) return undefined;
  const saltEnc = input.required(0x02, bytes);
  const saltAuth = input.required(0x03, bytes);
  const named = input.optional(0x04, unsigned) ?? 1;
  const version = context.ctap2.pinUvProtocols.find((offered) => offered === named);
  if (version === undefined) throw new Refusal(Status.invalidParameter, `PIN/UV protocol ${named}`);
  if (version === 2 && !userVerified && hasQuirk(context, 'wants-uv-for-hmac-secret')) {
    throw new Refusal(Status.pinAuthInvalid, 'nobody was verified');
  }
  const protocol = pinUvProtocol(version);
  const secret = context.session.keyAgreement.agree(protocol, input.required(0x01, fields));
  if (!verifies(protocol, secret.authenticationKey, saltEnc, saltAuth)) {
    throw new Refusal(Status.pinAuthInvalid, 'saltAuth does not verify');
  }
  const salts = protocol.decrypt(secret, saltEnc);
  if (salts?.length !== SALT_BYTES && salts?.length !== 2 * SALT_BYTES) {
    throw new Refusal(Status.invalidLength, 'one or two salts of 32 bytes');
  }
  const key = userVerified ? credential.hmacSecret.withUv : credential.hmacSecret.withoutUv;
  const outputs: Buffer[] = [];
  for (let at = 0; at < salts.length; at += SALT_BYTES) {
    outputs.push(
      createHmac('sha256', key)
        .update(salts.subarray(at, at + SALT_BYTES))
        .digest(),
    );
  }
  return protocol.encrypt(secret, Buffer.concat(outputs), context.surroundings.randomBytes);
}
