// Graph's other answers about a person, read as far as the desk needs them; unknown members are let pass.
// Source: Microsoft Graph v1.0: user, fido2AuthenticationMethod, temporaryAccessPassAuthenticationMethod,
// microsoftAuthenticatorAuthenticationMethod, authenticationMethod; beta: signInPreferences.
import { z } from 'zod';
import type {
  PassFacts,
  PassUsability,
  Profile,
  SecondFactor,
  SignInMethod,
  SignInPreference,
} from '../../../ports/directory.ts';

const id = z.string().min(1);
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || null);
export const moment = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((ms) => !Number.isNaN(ms));

export const nothing = z.null();

export const profileSchema = z
  .object({ id, userPrincipalName: z.string().min(1), displayName: optionalText, givenName: optionalText })
  .transform((user): Profile => ({
    objectId: user.id,
    userName: user.userPrincipalName,
    displayName: user.displayName,
    firstName: user.givenName,
  }));

const usabilities = [
  'EnabledByPolicy',
  'DisabledByPolicy',
  'Expired',
  'NotYetValid',
  'OneTimeUsed',
] as const satisfies readonly PassUsability[];

/** Times are still by the server's clock. */
export const passSchema = z
  .object({
    id,
    isUsableOnce: z.boolean(),
    startDateTime: moment,
    lifetimeInMinutes: z.number().positive(),
    // A text, not an enumeration, in Graph's metadata; beta leaves it out.
    methodUsabilityReason: z.enum(usabilities).nullish().catch(null),
  })
  .transform((pass): PassFacts => ({
    methodId: pass.id,
    usableOnce: pass.isUsableOnce,
    startsAtMs: pass.startDateTime,
    endsAtMs: pass.startDateTime + pass.lifetimeInMinutes * 60_000,
    usability: pass.methodUsabilityReason ?? null,
  }));

/** The list holds one pass at most. */
export const passListSchema = z
  .object({ value: z.array(passSchema) })
  .transform(({ value: [pass] }): PassFacts | null => pass ?? null);

export const keySchema = z.object({ id, displayName: optionalText });
export const keyListSchema = z.object({ value: z.array(keySchema) });

/** Only whether there is one counts. */
export const deviceSchema = z.object({}).nullable();

/** `device` is undefined where the answer was not asked to hold it. */
export const phoneListSchema = z.object({
  value: z.array(z.object({ id, displayName: optionalText, createdDateTime: optionalText, device: deviceSchema.optional() })),
});

export const methodListSchema = z
  .object({ value: z.array(z.object({ '@odata.type': z.string().min(1), id, displayName: optionalText })) })
  .transform(({ value }): readonly SignInMethod[] =>
    value.map((method) => ({
      kind: kindOf(method['@odata.type']),
      methodId: method.id,
      name: method.displayName,
    })),
  );

const secondFactors = [
  'push',
  'oath',
  'voiceMobile',
  'voiceAlternateMobile',
  'voiceOffice',
  'sms',
] as const satisfies readonly SecondFactor[];

export const preferenceSchema = z
  .object({
    isSystemPreferredAuthenticationMethodEnabled: z.boolean().nullish(),
    // `none`, and whatever Microsoft adds, is no choice that can be made again.
    userPreferredMethodForSecondaryAuthentication: z.enum(secondFactors).nullish().catch(null),
  })
  .transform((preference): SignInPreference => ({
    systemChooses: preference.isSystemPreferredAuthenticationMethodEnabled ?? false,
    preferred: preference.userPreferredMethodForSecondaryAuthentication ?? null,
  }));

/** `#microsoft.graph.fido2AuthenticationMethod` is `fido2`. */
function kindOf(type: string): string {
  return type.replace(/^#?microsoft\.graph\./, '').replace(/AuthenticationMethod$/, '');
}
