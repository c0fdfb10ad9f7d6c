// The challenge of creationOptions: base64url of the text of a JWE that carries its own end and its owner, so the server
// keeps nothing. About five kilobytes, as the real one: clientDataJSON grows with it and buffers must cope.
import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import { z } from 'zod';
import { Base64Error, decodeBase64url, encodeBase64url } from '../../../fido/bytes/base64url.ts';
import type { User } from '../directory/directory.ts';
import { randomToken } from '../directory/random-text.ts';
import type { TwinCore } from '../twin-core.ts';

/** Makes the text of the JWE as long as the ones seen: 5.2 kilobytes. */
const PADDING_BYTES = 1750;

const sealedSchema = z.object({ id: z.string(), oid: z.string(), tid: z.string(), endsAtMs: z.number() });

export interface IssuedChallenge {
  /** As `creationOptions` spells it. */
  readonly challenge: string;
  readonly endsAtMs: number;
}

/** Lives as long as the policy says, unless told otherwise. */
export async function issueChallenge(
  core: TwinCore,
  user: User,
  minutes = core.directory.policy.fido2.challengeMinutes,
): Promise<IssuedChallenge> {
  const endsAtMs = core.time.wallMs() + minutes * 60_000;
  const sealed = {
    id: randomToken(core.randomBytes, 16),
    oid: user.objectId,
    tid: core.tenant.tenantId,
    endsAtMs,
    context: randomToken(core.randomBytes, PADDING_BYTES),
  };
  const { publicKey, x5c, x5t } = core.keys.sealing;
  const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(sealed), 'utf8'))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', x5c: [...x5c], x5t })
    .encrypt(publicKey);
  return { challenge: encodeBase64url(Buffer.from(jwe, 'ascii')), endsAtMs };
}

export interface OpenedChallenge {
  readonly id: string;
  readonly objectId: string;
  readonly endsAtMs: number;
}

/** Null for a challenge this twin did not make. */
export async function openChallenge(core: TwinCore, challenge: string): Promise<OpenedChallenge | null> {
  try {
    const jwe = Buffer.from(decodeBase64url(challenge)).toString('ascii');
    const { plaintext } = await compactDecrypt(jwe, core.keys.sealing.privateKey);
    const sealed = sealedSchema.parse(JSON.parse(Buffer.from(plaintext).toString('utf8')));
    if (sealed.tid !== core.tenant.tenantId) return null;
    return { id: sealed.id, objectId: sealed.oid, endsAtMs: sealed.endsAtMs };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof Base64Error) return null;
    throw error;
  }
}
