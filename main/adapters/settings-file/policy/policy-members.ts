// What only managed policy may say: whose settings this desk believes. Everything else in a policy is a setting like any other.
import { z } from 'zod';
import { settingsKeyOf, type SettingsKey } from '../signed/settings-key.ts';
import { deskGroupName, mostSignatures } from '../signed/signed-form.ts';

const count = `must be a whole number from 1 to ${mostSignatures}.`;
const version = 'must be a whole number from 0 on.';

export const policyMembersDocument = z.strictObject({
  settingsKeys: z
    .array(
      z.string('must be a public key.').transform((text, context): SettingsKey => {
        const key = settingsKeyOf(text);
        if (key !== null) return key;
        context.addIssue('must be a public key of Ed25519 or P-256, as base64 of its SubjectPublicKeyInfo.');
        return z.NEVER;
      }),
      'must be a list of public keys.',
    )
    .max(mostSignatures, `must be at most ${mostSignatures} public keys.`)
    .default([]),
  settingsSignatures: z.int(count).min(1, count).max(mostSignatures, count).default(1),
  leastSettingsVersion: z.int(version).min(0, version).default(0),
  deskGroup: deskGroupName.nullable().default(null),
});

/** As many must sign as can. */
export const policyMembersSchema = policyMembersDocument.refine(
  ({ settingsKeys, settingsSignatures }) => settingsKeys.length === 0 || settingsSignatures <= settingsKeys.length,
  {
    path: ['settingsSignatures'],
    message: 'must not be more than there are settingsKeys.',
  },
);

export type PolicyMembers = z.infer<typeof policyMembersSchema>;

export const policyMemberNames = [
  'settingsKeys',
  'settingsSignatures',
  'leastSettingsVersion',
  'deskGroup',
] as const satisfies readonly (keyof PolicyMembers)[];
