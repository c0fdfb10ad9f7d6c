// The authentication methods policy as Graph's entities (Microsoft Graph v1.0: authenticationMethodsPolicy and its
// configurations).
import type { Entity } from '../odata/filter-expression.ts';
import type { MethodTarget, PasskeyPolicy, TenantPolicy } from '../tenant-policy.ts';

/** All configurations, in the order Graph lists them. */
export function configurationEntities(policy: TenantPolicy): readonly Entity[] {
  const { microsoftAuthenticator: authenticator, temporaryAccessPass: pass } = policy;
  const others = Object.entries(policy.unplayedMethods).map(([id, state]) => ({
    '@odata.type': `#microsoft.graph.${id.charAt(0).toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`,
    id,
    state,
    excludeTargets: [],
    includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false }],
  }));
  return [
    passkeyConfiguration(policy.fido2),
    {
      '@odata.type': '#microsoft.graph.microsoftAuthenticatorAuthenticationMethodConfiguration',
      id: 'MicrosoftAuthenticator',
      state: authenticator.state,
      isSoftwareOathEnabled: authenticator.isSoftwareOathEnabled,
      excludeTargets: authenticator.excludeTargets.map(bare),
      featureSettings: authenticator.featureSettings,
      includeTargets: authenticator.includeTargets.map((target) => ({
        ...required(target),
        authenticationMode: target.authenticationMode ?? authenticator.authenticationMode,
      })),
    },
    {
      '@odata.type': '#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration',
      id: 'TemporaryAccessPass',
      state: pass.state,
      defaultLifetimeInMinutes: pass.defaultLifetimeInMinutes,
      defaultLength: pass.defaultLength,
      minimumLifetimeInMinutes: pass.minimumLifetimeInMinutes,
      maximumLifetimeInMinutes: pass.maximumLifetimeInMinutes,
      isUsableOnce: pass.isUsableOnce,
      excludeTargets: pass.excludeTargets.map(bare),
      includeTargets: pass.includeTargets.map(required),
    },
    ...others,
  ];
}

function passkeyConfiguration(fido2: PasskeyPolicy): Entity {
  const { passkeyProfiles, defaultPasskeyProfile } = fido2;
  const optedIn = passkeyProfiles.length > 0;
  return {
    '@odata.type': '#microsoft.graph.fido2AuthenticationMethodConfiguration',
    id: 'Fido2',
    state: fido2.state,
    defaultPasskeyProfile: optedIn ? defaultPasskeyProfile : null,
    isAttestationEnforced: fido2.isAttestationEnforced,
    isSelfServiceRegistrationAllowed: fido2.isSelfServiceRegistrationAllowed,
    excludeTargets: fido2.excludeTargets.map(bare),
    keyRestrictions: fido2.keyRestrictions,
    includeTargets: fido2.includeTargets.map((target) => ({
      ...required(target),
      allowedPasskeyProfiles: optedIn ? (target.allowedPasskeyProfiles ?? [defaultPasskeyProfile]) : [],
    })),
    passkeyProfiles,
  };
}

/** Microsoft Graph: authenticationMethodsPolicy. `wallMs`: when it is said to have been changed last. */
export function methodsPolicyEntity(policy: TenantPolicy, wallMs: number): Entity {
  const { registrationCampaign: campaign } = policy;
  return {
    id: 'authenticationMethodsPolicy',
    displayName: 'Authentication Methods Policy',
    description: 'The tenant-wide policy that controls which authentication methods are allowed in the tenant.',
    lastModifiedDateTime: new Date(wallMs).toISOString(),
    policyVersion: '1.5',
    policyMigrationState: 'migrationComplete',
    registrationEnforcement: {
      authenticationMethodsRegistrationCampaign: {
        snoozeDurationInDays: campaign.snoozeDurationInDays,
        enforceRegistrationAfterAllowedSnoozes: campaign.enforceRegistrationAfterAllowedSnoozes,
        state: campaign.state,
        excludeTargets: campaign.excludeTargets.map(bare),
        includeTargets: campaign.includeTargets.map((target) => ({
          ...bare(target),
          targetedAuthenticationMethod: campaign.targetedAuthenticationMethod,
        })),
      },
    },
    authenticationMethodConfigurations: configurationEntities(policy),
  };
}

function bare({ id, targetType }: MethodTarget): { readonly id: string; readonly targetType: string } {
  return { id, targetType };
}

function required(target: MethodTarget): Entity {
  return { ...bare(target), isRegistrationRequired: false };
}
