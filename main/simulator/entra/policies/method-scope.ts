// Whether a person may have and use a sign-in method: the three method policies with their targets. Pure.
// Source: Microsoft Entra "Authentication methods policy", "Enable passkeys (FIDO2)", "Configure Temporary Access Pass",
// "Enable passwordless sign-in with Authenticator"; Microsoft Graph: the configurations of the same names.
import {
  type AccessPassPolicy,
  type AuthenticatorMode,
  type AuthenticatorPolicy,
  type KeyRestrictions,
  type PasskeyPolicy,
} from '../tenant-policy.ts';
import { hits, targeted, type PolicySubject } from './policy-subject.ts';

/** `guest`: guests register their passkeys at home. */
export type MethodScope = 'inScope' | 'off' | 'outOfScope' | 'guest';

export function passkeyScope(policy: PasskeyPolicy, subject: PolicySubject): MethodScope {
  if (policy.state === 'disabled') return 'off';
  if (subject.external || subject.userType === 'guest') return 'guest';
  return targeted(subject, policy) ? 'inScope' : 'outOfScope';
}

/** What one passkey has to be; several rules hold for a person who is in several profiles. */
export interface PasskeyRule {
  readonly profileId: string | null;
  readonly deviceBoundAllowed: boolean;
  readonly syncedAllowed: boolean;
  readonly attestationEnforced: boolean;
  readonly keyRestrictions: KeyRestrictions;
}

/** The rules of which one has to be kept in full; empty for people the policy does not reach. */
export function passkeyRulesFor(policy: PasskeyPolicy, subject: PolicySubject): readonly PasskeyRule[] {
  if (passkeyScope(policy, subject) !== 'inScope') return [];
  if (policy.passkeyProfiles.length === 0) {
    const { isAttestationEnforced, keyRestrictions } = policy;
    // Without profiles nobody asks for the kind; where an attestation is enforced, synced passkeys cannot give one.
    return [
      {
        profileId: null,
        deviceBoundAllowed: true,
        syncedAllowed: true,
        attestationEnforced: isAttestationEnforced,
        keyRestrictions,
      },
    ];
  }
  const allowed = new Set(
    policy.includeTargets
      .filter((target) => hits(subject, target))
      .flatMap((target) => target.allowedPasskeyProfiles ?? [policy.defaultPasskeyProfile]),
  );
  return policy.passkeyProfiles
    .filter(({ id }) => allowed.has(id))
    .map(({ id, passkeyTypes, attestationEnforcement, keyRestrictions }) => ({
      profileId: id,
      deviceBoundAllowed: passkeyTypes !== 'synced',
      syncedAllowed: passkeyTypes !== 'deviceBound',
      attestationEnforced: attestationEnforcement === 'registrationOnly',
      keyRestrictions,
    }));
}

/** Key restrictions hold at registration and at sign-in. */
export function aaguidAllowed({ isEnforced, enforcementType, aaGuids }: KeyRestrictions, aaguid: string): boolean {
  if (!isEnforced) return true;
  const named = aaGuids.some((known) => known.toLowerCase() === aaguid.toLowerCase());
  return enforcementType === 'allow' ? named : !named;
}

/** Whether a passkey that was registered once may still sign this person in: in scope, and its model not ruled out since. */
export function passkeyMaySignIn(
  policy: PasskeyPolicy,
  subject: PolicySubject,
  passkey: { readonly aaguid: string; readonly passkeyType: 'deviceBound' | 'synced' },
): boolean {
  return passkeyRulesFor(policy, subject).some(
    (rule) =>
      (passkey.passkeyType === 'synced' ? rule.syncedAllowed : rule.deviceBoundAllowed) &&
      aaguidAllowed(rule.keyRestrictions, passkey.aaguid),
  );
}

/** A pass can be made for anybody but external guests; it works only for people in scope. */
export function passScope(policy: AccessPassPolicy, subject: PolicySubject): MethodScope {
  if (policy.state === 'disabled') return 'off';
  if (subject.external) return 'guest';
  return targeted(subject, policy) ? 'inScope' : 'outOfScope';
}

/** What Authenticator may do for this person; several targets add up. Null: nothing. */
export function authenticatorModeFor(policy: AuthenticatorPolicy, subject: PolicySubject): AuthenticatorMode | null {
  if (policy.state === 'disabled' || !targeted(subject, policy)) return null;
  const modes = new Set(
    policy.includeTargets
      .filter((target) => hits(subject, target))
      .map(({ authenticationMode }) => authenticationMode ?? policy.authenticationMode),
  );
  if (modes.has('any') || modes.size > 1) return 'any';
  return modes.has('push') ? 'push' : 'deviceBasedPush';
}
