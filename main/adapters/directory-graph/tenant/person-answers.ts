// What the directory says of a person nobody has signed in as yet.
// Source: Microsoft Graph v1.0: user, "List a user's memberships (direct and transitive)", domain, userRegistrationDetails,
// subscribedSku.
import { z } from 'zod';

const id = z.string().min(1).toLowerCase();

export const accountSchema = z.object({
  id,
  userPrincipalName: z.string().min(1),
  accountEnabled: z.boolean(),
  // Accounts from before guests existed have none.
  userType: z
    .string()
    .nullish()
    .transform((type) => (type?.toLowerCase() === 'guest' ? ('guest' as const) : ('member' as const))),
});

/** Groups, directory roles and administrative units, mixed. Without the right to see roles a role shows its id alone. */
export const membershipSchema = z.object({
  '@odata.type': z.string(),
  id,
  roleTemplateId: id.nullish(),
});

export type Membership = z.infer<typeof membershipSchema>;

export const domainSchema = z.object({ id, authenticationType: z.string().nullish() });

const details = z
  .object({ isSsprEnabled: z.boolean(), isSsprRegistered: z.boolean() })
  .transform((said) => ({ enabled: said.isSsprEnabled, registered: said.isSsprRegistered }));
/** A person's entry, or the search for one; null where the report does not know the person yet. */
export const ssprSchema = z.union([
  z.object({ value: z.array(details) }).transform(({ value: [said] }) => said ?? null),
  details,
]);

const premiumPlans: ReadonlySet<string> = new Set(['AAD_PREMIUM', 'AAD_PREMIUM_P2']);

export interface Subscription {
  /** Whether it brings a premium licence of Entra ID that can be used. */
  readonly premium: boolean;
  /** The tenant's name, where it is told. */
  readonly accountName: string | null;
}

/** Microsoft Graph: subscribedSku. */
export const subscriptionSchema = z
  .object({
    accountName: z.string().nullish(),
    capabilityStatus: z.string(),
    servicePlans: z.array(z.object({ servicePlanName: z.string(), provisioningStatus: z.string() })),
  })
  .transform(({ accountName, capabilityStatus, servicePlans }): Subscription => ({
    premium:
      (capabilityStatus === 'Enabled' || capabilityStatus === 'Warning') &&
      servicePlans.some((plan) => premiumPlans.has(plan.servicePlanName) && plan.provisioningStatus === 'Success'),
    accountName: accountName ?? null,
  }));
