// Graph's other answers about a person, read as far as the desk needs them; unknown members are let pass.
// Source: Microsoft Graph v1.0: user, fido2AuthenticationMethod, temporaryAccessPassAuthenticationMethod,
// microsoftAuthenticatorAuthenticationMethod.
import { z } from 'zod';
import type { PassFacts, Profile } from '../../../ports/directory.ts';

const id = z.string().min(1);
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || null);
const moment = z
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

/** The list holds one pass at most. Times are still by the server's clock. */
export const passListSchema = z
  .object({
    value: z.array(z.object({ id, isUsableOnce: z.boolean(), startDateTime: moment, lifetimeInMinutes: z.number().positive() })),
  })
  .transform(({ value: [pass] }): PassFacts | null =>
    pass === undefined
      ? null
      : {
          methodId: pass.id,
          usableOnce: pass.isUsableOnce,
          startsAtMs: pass.startDateTime,
          endsAtMs: pass.startDateTime + pass.lifetimeInMinutes * 60_000,
        },
  );

export const keySchema = z.object({ id, displayName: optionalText });
export const keyListSchema = z.object({ value: z.array(keySchema) });

/** Only whether there is one counts. */
export const deviceSchema = z.object({}).nullable();

/** `device` is undefined where the answer was not asked to hold it. */
export const phoneListSchema = z.object({
  value: z.array(z.object({ id, displayName: optionalText, createdDateTime: optionalText, device: deviceSchema.optional() })),
});
