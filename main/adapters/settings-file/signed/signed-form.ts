// The signed form of settings: a JSON Web Signature in its general JSON serialization (RFC 7515 §7.2.1), so that one file holds
// document and signatures and is replaced whole. docs/decisions/0023 says why this form.
import { z } from 'zod';

/** RFC 8725 §3.11: nothing else that these keys may have signed can pass for settings. */
export const signedType = 'firstkey-settings+json';

export const mostSignatures = 8;

const base64url = z
  .string('must be base64url text.')
  .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url text.')
  .refine(
    (text) => Buffer.from(text, 'base64url').toString('base64url') === text,
    'must be base64url text without anything left over.',
  );

export const signedFormSchema = z.strictObject({
  payload: base64url,
  signatures: z
    .array(z.strictObject({ protected: base64url, signature: base64url }), 'must be a list of signatures.')
    .min(1, 'must hold a signature.')
    .max(mostSignatures, `must hold at most ${mostSignatures} signatures.`),
});
export type SignedForm = z.infer<typeof signedFormSchema>;

export const protectedHeaderSchema = z.strictObject({
  alg: z.enum(['Ed25519', 'EdDSA', 'ES256']),
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  typ: z.literal(signedType),
});

const moment = z.iso.datetime({ error: 'must be a moment like 2027-05-22T00:00:00Z.' });
const version = 'must be a whole number from 1 on.';
const graceDays = 'must be a whole number of days from 0 to 90.';

export const deskGroupName = z
  .string('must be a name.')
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be a name of letters, digits, points, hyphens and underscores, at most 64.');

/** What is signed. `settings` is judged with everything else that a desk is told. */
export const sealedSettingsSchema = z
  .strictObject({
    version: z.int(version).min(1, version),
    issuedAt: moment,
    notAfter: moment,
    graceDays: z.int(graceDays).min(0, graceDays).max(90, graceDays).default(14),
    /** Empty: for every desk that trusts the key. */
    deskGroups: z.array(deskGroupName).max(100).default([]),
    settings: z.record(z.string(), z.unknown(), 'must be an object with settings as its members.'),
  })
  .refine(({ issuedAt, notAfter }) => Date.parse(issuedAt) < Date.parse(notAfter), {
    path: ['notAfter'],
    message: 'must be later than issuedAt.',
  });
export type SealedSettings = z.infer<typeof sealedSettingsSchema>;

/** What a signature is over (RFC 7515 §5.1). */
export const signingInput = (protectedB64u: string, payloadB64u: string): Uint8Array =>
  new TextEncoder().encode(`${protectedB64u}.${payloadB64u}`);
