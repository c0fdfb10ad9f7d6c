// Graph's creation options, read into what the key needs.
// Source: Microsoft Graph, "fido2AuthenticationMethod: creationOptions" and webauthnPublicKeyCredentialCreationOptions.
import { z } from 'zod';
import type { CreationOptions } from '../../../ports/key.ts';
import { Base64Error, decodeBase64Lenient, encodeBase64url } from '../../../fido/bytes/base64url.ts';
import { graphCredentialIdCandidates } from '../../../fido/bytes/graph-credential-id.ts';

/** A text whose bytes count; answered as base64url whatever the alphabet and padding it came in. */
const bytesAsText = z
  .string()
  .min(1)
  .transform((text, context) => {
    try {
      return encodeBase64url(decodeBase64Lenient(text));
    } catch (error) {
      if (!(error instanceof Base64Error)) throw error;
      context.addIssue({ code: 'custom', message: 'not base64' });
      return z.NEVER;
    }
  });

/** WebAuthn's names for the three levels (CTAP 2.3 §12.1, credProtect). */
const protectionLevels = {
  userVerificationOptional: 1,
  userVerificationOptionalWithCredentialIDList: 2,
  userVerificationRequired: 3,
} as const;

const protectionPolicies = [
  'userVerificationOptional',
  'userVerificationOptionalWithCredentialIDList',
  'userVerificationRequired',
] as const;

const flat = z.object({
  challengeTimeoutDateTime: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  publicKey: z.object({
    rp: z.object({ id: z.string().min(1), name: z.string().nullish() }),
    user: z.object({ id: bytesAsText, name: z.string().min(1), displayName: z.string().nullish() }),
    challenge: bytesAsText,
    pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.int() })).min(1),
    excludeCredentials: z.array(z.object({ id: z.string() })).nullish(),
    extensions: z
      .object({
        hmacCreateSecret: z.boolean().nullish(),
        enforceCredentialProtectionPolicy: z.boolean().nullish(),
        credentialProtectionPolicy: z.enum(protectionPolicies).nullish(),
      })
      .nullish(),
  }),
});

/**
 * Graph answers with the options at the top; its beta page shows them inside `value`. Both are read. `expiresAtMs` is
 * still by the server's clock.
 */
export const creationOptionsSchema = z
  .preprocess(unwrap, flat)
  .transform(({ challengeTimeoutDateTime, publicKey }): CreationOptions => {
    const { rp, user, extensions } = publicKey;
    const policy = extensions?.credentialProtectionPolicy;
    return {
      rp: { id: rp.id, name: rp.name ?? rp.id },
      user: { idB64u: user.id, name: user.name, displayName: user.displayName ?? user.name },
      challengeB64u: publicKey.challenge,
      algorithms: publicKey.pubKeyCredParams.filter(({ type }) => type === 'public-key').map(({ alg }) => alg),
      excludeCredentialIdsB64u: [...new Set((publicKey.excludeCredentials ?? []).flatMap(({ id }) => candidateIds(id)))],
      hmacCreateSecret: extensions?.hmacCreateSecret ?? false,
      credentialProtection: policy
        ? { level: protectionLevels[policy], enforced: extensions?.enforceCredentialProtectionPolicy ?? false }
        : null,
      expiresAtMs: Date.parse(challengeTimeoutDateTime),
    };
  });

function unwrap(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || 'publicKey' in body || !('value' in body)) return body;
  return body.value;
}

/**
 * Every id the text may stand for. One that can't be read at all is left out: it only helps to tell a key early that it is
 * registered already, and Graph refuses a second registration by itself.
 */
function candidateIds(text: string): readonly string[] {
  try {
    return graphCredentialIdCandidates(text).map(encodeBase64url);
  } catch (error) {
    if (error instanceof Base64Error) return [];
    throw error;
  }
}
