// How a key host is started and how its keeper sees that it still lives.
import { z } from 'zod';
import { certificationLevels } from '../fido/metadata/standing.ts';

/** Both sides come from one build; a difference means that they do not, and the start is refused. */
export const keyHostProtocolVersion = 7;

export const keyHostStartSchema = z.strictObject({
  links: z.enum(['hid', 'virtual']),
  /** The one relying party this host will ever serve; it can't be changed afterwards. */
  rpId: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9.-]+$/),
  /** Which keys get a PIN here; left out, every key that Entra can use. Under the names of the settings. */
  trust: z
    .strictObject({
      allowedKeyModels: z.array(z.string().max(36)).max(1_000),
      refusedKeyModels: z.array(z.string().max(36)).max(1_000),
      requireAttestation: z.boolean(),
      requireMetadata: z.boolean(),
      leastCertification: z.enum(certificationLevels).nullable(),
      freshKeysOnly: z.boolean(),
    })
    .exactOptional(),
  /** Where the desk keeps the metadata it believes, and for how long after its time it counts. A service has its own word. */
  metadata: z.strictObject({ keptFile: z.string().max(4_096), graceDays: z.number().int().min(0).max(3_650) }).exactOptional(),
  /** SHA-256 of the token that whoever takes care of keys has to bring; left out, nobody may. Base64url. */
  careTokenSha256B64u: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .exactOptional(),
});

export const lifeRequestSchema = z.discriminatedUnion('type', [
  /** First message of all. Everything before it is dropped. */
  z.strictObject({ type: z.literal('start'), version: z.literal(keyHostProtocolVersion), ...keyHostStartSchema.shape }),
  /** Answered with `pong` from the host's event loop, so a host that hangs does not answer. */
  z.strictObject({ type: z.literal('ping'), beat: z.number().int().min(1) }),
]);

/** A start of whatever version, so that it can be told why it is refused. */
export const anyStartSchema = z.looseObject({ type: z.literal('start'), version: z.number().int() });

/**
 * Why a host does not serve who asks. `version`: the two come from different builds. `start`: this host has other links or
 * another relying party. `busy`: a service has its one client.
 */
const refusals = ['version', 'start', 'busy'] as const;
export type KeyHostRefusal = (typeof refusals)[number];

export const lifeMessageSchema = z.discriminatedUnion('type', [
  /** The host took its start message; the other channels are open. */
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('pong'), beat: z.number().int().min(1) }),
  /** The last message of a host that will not serve; `version` is its own. */
  z.strictObject({ type: z.literal('refused'), because: z.enum(refusals), version: z.number().int().min(1) }),
]);

export type LifeRequest = z.infer<typeof lifeRequestSchema>;
export type LifeMessage = z.infer<typeof lifeMessageSchema>;
export type KeyHostStart = z.infer<typeof keyHostStartSchema>;
