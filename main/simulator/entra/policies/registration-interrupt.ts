// What stands in the way between a browser sign-in and the page somebody wanted: the tenant wants methods registered first.
// Source: Microsoft Entra "Configure Temporary Access Pass" (limitations: interrupt mode), "Combined security information
// registration overview", "Run a registration campaign".
import type { TenantPolicy } from '../tenant-policy.ts';
import { targeted, type PolicySubject } from './policy-subject.ts';

/** What the person has registered so far. */
export interface RegistrationStanding {
  readonly passwordResetRegistered: boolean;
  readonly multifactorRegistered: boolean;
  /** Whether the method the campaign is about is there already. */
  readonly campaignMethodRegistered: boolean;
}

/** `campaign` can be put off; the other two can't, and passkeys and phone sign-in cannot be set up inside them. */
export type RegistrationInterrupt = 'mfaRegistration' | 'passwordReset' | 'campaign';

/** Whether self-service password reset reaches this person. */
export function passwordResetEnabled({ passwordReset }: TenantPolicy, subject: PolicySubject): boolean {
  switch (passwordReset.enabledFor) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'selected':
      return passwordReset.groupIds.some((id) => subject.groupIds.has(id));
    default:
      return passwordReset.enabledFor satisfies never;
  }
}

/** The first thing that interrupts, or null. */
export function registrationInterrupt(
  policy: TenantPolicy,
  subject: PolicySubject,
  standing: RegistrationStanding,
): RegistrationInterrupt | null {
  const { mfaRegistration, passwordReset, registrationCampaign } = policy;
  if (mfaRegistration.state === 'enabled' && !standing.multifactorRegistered && targeted(subject, mfaRegistration))
    return 'mfaRegistration';
  if (passwordReset.registrationRequired && !standing.passwordResetRegistered && passwordResetEnabled(policy, subject))
    return 'passwordReset';
  if (registrationCampaign.state === 'enabled' && !standing.campaignMethodRegistered && targeted(subject, registrationCampaign))
    return 'campaign';
  return null;
}
