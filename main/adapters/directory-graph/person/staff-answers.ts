// Graph's answers to staff about a person.
// Source: Microsoft Graph v1.0: temporaryAccessPassAuthenticationMethod, userRegistrationDetails, directoryAudit.
import { z } from 'zod';
import type { AuditEntry, IssuedPass, RegistrationDetails } from '../../../ports/staff.ts';
import { moment, optionalText, passSchema } from './method-answers.ts';

/** The code is told by creation only. */
export const issuedPassSchema = z
  .intersection(passSchema, z.object({ temporaryAccessPass: z.string().min(1) }))
  .transform(({ temporaryAccessPass, ...facts }): IssuedPass => ({
    facts,
    code: new TextEncoder().encode(temporaryAccessPass),
  }));

export const registrationDetailsSchema = z
  .object({
    methodsRegistered: z.array(z.string()),
    isPasswordlessCapable: z.boolean(),
    isMfaCapable: z.boolean(),
    isSsprEnabled: z.boolean(),
    isSsprRegistered: z.boolean(),
    isAdmin: z.boolean(),
    lastUpdatedDateTime: moment.nullish(),
  })
  .transform((said): RegistrationDetails => ({
    methodsRegistered: said.methodsRegistered,
    passwordlessCapable: said.isPasswordlessCapable,
    mfaCapable: said.isMfaCapable,
    ssprEnabled: said.isSsprEnabled,
    ssprRegistered: said.isSsprRegistered,
    admin: said.isAdmin,
    updatedAtMs: said.lastUpdatedDateTime ?? null,
  }));

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ReadEntry {
  readonly told: AuditEntry;
  readonly targets: readonly { readonly id: string | null; readonly userPrincipalName: string | null }[];
}

export const auditEntrySchema = z
  .object({
    activityDateTime: moment,
    activityDisplayName: z.string().min(1),
    result: z.string(),
    correlationId: optionalText,
    additionalDetails: z.array(z.object({ key: z.string().nullish(), value: z.string().nullish() })).nullish(),
    targetResources: z.array(z.object({ id: optionalText, userPrincipalName: optionalText })).nullish(),
  })
  .transform((entry): ReadEntry => {
    const model = entry.additionalDetails?.find(({ key }) => key?.toLowerCase() === 'aaguid')?.value ?? '';
    return {
      told: {
        atMs: entry.activityDateTime,
        activity: entry.activityDisplayName,
        result: entry.result,
        aaguid: GUID.test(model) ? model.toLowerCase() : null,
        correlationId: entry.correlationId,
      },
      targets: entry.targetResources ?? [],
    };
  });

/** Some entries name their person by id, some only by name. */
export function isAbout(entry: ReadEntry, person: { readonly objectId: string; readonly userName: string }): boolean {
  return entry.targets.some(
    ({ id, userPrincipalName }) =>
      id?.toLowerCase() === person.objectId.toLowerCase() || userPrincipalName?.toLowerCase() === person.userName.toLowerCase(),
  );
}
