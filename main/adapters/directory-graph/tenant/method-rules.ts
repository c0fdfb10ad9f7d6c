// The tenant's policy on authentication methods, read into the rules that decide at the desk.
// Source: Microsoft Graph v1.0: authenticationMethodsPolicy, fido2AuthenticationMethodConfiguration, passkeyProfile,
// temporaryAccessPassAuthenticationMethodConfiguration, microsoftAuthenticatorAuthenticationMethodConfiguration.
import { z } from 'zod';
import { because } from '../../../../contract/reason.ts';
import type {
  AuthenticatorMode,
  AuthenticatorRules,
  Known,
  MethodRules,
  MethodTargets,
  PasskeyProfile,
  PasskeyRules,
  PassRules,
  RegistrationCampaign,
} from '../../../ports/tenant.ts';

/** Ids are compared as text, and tools write them in either case. */
const id = z.string().min(1).toLowerCase();
const targetList = z.array(z.object({ id }));
const state = z.enum(['enabled', 'disabled']);

const keyRestrictions = z
  .object({
    isEnforced: z.boolean().nullish(),
    enforcementType: z.enum(['allow', 'block']).nullish(),
    aaGuids: z.array(z.string().toLowerCase()).nullish(),
  })
  .nullish()
  .transform((said): PasskeyProfile['keyRestrictions'] => ({
    isEnforced: said?.isEnforced ?? false,
    enforcementType: said?.enforcementType ?? 'block',
    aaGuids: said?.aaGuids ?? [],
  }));

const passkeyProfile = z.object({
  id,
  name: z.string().nullish(),
  /** Flags as text: `deviceBound`, `synced`, `deviceBound,synced`. */
  passkeyTypes: z.string(),
  attestationEnforcement: z.string(),
  keyRestrictions,
});

const passkeyRules = z
  .object({
    state,
    isSelfServiceRegistrationAllowed: z.boolean(),
    isAttestationEnforced: z.boolean().nullish(),
    keyRestrictions,
    defaultPasskeyProfile: id.nullish(),
    includeTargets: z.array(z.object({ id, allowedPasskeyProfiles: z.array(id).nullish() })),
    excludeTargets: targetList.nullish(),
    passkeyProfiles: z.array(passkeyProfile).nullish(),
  })
  .transform((said): PasskeyRules => {
    const targets = targetsOf(said.includeTargets, said.excludeTargets);
    const profiles = said.passkeyProfiles ?? [];
    return {
      enabled: said.state === 'enabled',
      selfServiceAllowed: said.isSelfServiceRegistrationAllowed,
      targets,
      profiles:
        profiles.length > 0
          ? profiles.map((profile) => ({
              name: profile.name ?? null,
              deviceBoundAllowed: profile.passkeyTypes.split(',').some((type) => type.trim() === 'deviceBound'),
              attestationEnforced: profile.attestationEnforcement !== 'disabled',
              keyRestrictions: profile.keyRestrictions,
              targets: targetsOf(
                said.includeTargets.filter(({ allowedPasskeyProfiles }) =>
                  (allowedPasskeyProfiles ?? [said.defaultPasskeyProfile]).includes(profile.id),
                ),
                said.excludeTargets,
              ),
            }))
          : // A tenant that has not opted in to profiles.
            [
              {
                name: null,
                deviceBoundAllowed: true,
                attestationEnforced: said.isAttestationEnforced ?? false,
                keyRestrictions: said.keyRestrictions,
                targets,
              },
            ],
    };
  });

const passRules = z
  .object({
    state,
    isUsableOnce: z.boolean(),
    defaultLifetimeInMinutes: z.number(),
    minimumLifetimeInMinutes: z.number(),
    maximumLifetimeInMinutes: z.number(),
    includeTargets: targetList,
    excludeTargets: targetList.nullish(),
  })
  .transform((said): PassRules => ({
    enabled: said.state === 'enabled',
    onceOnly: said.isUsableOnce,
    defaultLifetimeMinutes: said.defaultLifetimeInMinutes,
    minimumLifetimeMinutes: said.minimumLifetimeInMinutes,
    maximumLifetimeMinutes: said.maximumLifetimeInMinutes,
    targets: targetsOf(said.includeTargets, said.excludeTargets),
  }));

const authenticatorModes = ['any', 'push', 'deviceBasedPush'] as const satisfies readonly AuthenticatorMode[];

const authenticatorRules = z
  .object({
    state,
    includeTargets: z.array(z.object({ id, authenticationMode: z.enum(authenticatorModes).nullish() })),
    excludeTargets: targetList.nullish(),
  })
  .transform((said): AuthenticatorRules => ({
    enabled: said.state === 'enabled',
    targets: said.includeTargets.map((target) => ({ id: target.id, mode: target.authenticationMode ?? 'any' })),
    exclude: (said.excludeTargets ?? []).map((target) => target.id),
  }));

const campaign = z
  .object({ state: z.enum(['default', 'enabled', 'disabled']), includeTargets: targetList, excludeTargets: targetList.nullish() })
  .transform((said): RegistrationCampaign => ({
    state: said.state,
    targets: targetsOf(said.includeTargets, said.excludeTargets),
  }));

/** One method whose configuration can't be read leaves the others known. */
export const methodRulesSchema = z
  .object({
    registrationEnforcement: z.object({ authenticationMethodsRegistrationCampaign: campaign.nullish() }).nullish(),
    authenticationMethodConfigurations: z.array(z.looseObject({ id: z.string() })),
  })
  .transform((policy): MethodRules => {
    const rules = <T>(name: string, schema: z.ZodType<T>): Known<T> => {
      const said = policy.authenticationMethodConfigurations.find((one) => one.id.toLowerCase() === name.toLowerCase());
      const read = schema.safeParse(said);
      if (read.success) return { known: true, value: read.data };
      const where = [name, ...(read.error.issues[0]?.path ?? []).map(String)].join('.');
      return { known: false, why: because('directory.unreadable', { status: 200, statusName: where }) };
    };
    return {
      passkeys: rules('Fido2', passkeyRules),
      pass: rules('TemporaryAccessPass', passRules),
      authenticator: rules('MicrosoftAuthenticator', authenticatorRules),
      campaign: policy.registrationEnforcement?.authenticationMethodsRegistrationCampaign ?? null,
    };
  });

function targetsOf(
  include: readonly { readonly id: string }[],
  exclude: readonly { readonly id: string }[] | null | undefined,
): MethodTargets {
  return { include: include.map((target) => target.id), exclude: (exclude ?? []).map((target) => target.id) };
}
