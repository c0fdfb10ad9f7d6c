// Conditional Access and what it rests on: policies, named locations, authentication strengths.
// Source: Microsoft Graph v1.0: conditionalAccessPolicy, ipNamedLocation, countryNamedLocation, authenticationStrengthPolicy,
// fido2CombinationConfiguration.
import { z } from 'zod';
import type { AccessPolicy, AuthenticationStrength, NamedLocation } from '../../../ports/tenant.ts';

const id = z.string().min(1);
/** Ids are compared as text; words such as `All` keep their case. */
const ids = z
  .array(z.string())
  .nullish()
  .transform((said) => (said ?? []).map((one) => (one.includes('-') ? one.toLowerCase() : one)));
const words = z
  .array(z.string())
  .nullish()
  .transform((said) => said ?? []);
/** The newer way to name guests: by kind and home tenant. Any of it counts as guests. */
const guests = z
  .unknown()
  .optional()
  .transform((said) => (said === null || said === undefined ? [] : ['GuestsOrExternalUsers']));

export const grantSchema = z
  .object({
    operator: z.enum(['AND', 'OR']).nullish(),
    builtInControls: words,
    customAuthenticationFactors: words,
    termsOfUse: words,
    authenticationStrength: z.object({ id: id.toLowerCase() }).nullish(),
  })
  .nullish()
  .transform((grant): AccessPolicy['grant'] =>
    grant
      ? {
          operator: grant.operator ?? 'OR',
          builtInControls: [
            ...grant.builtInControls,
            // Demands of their own kinds, named after Graph's members.
            ...(grant.customAuthenticationFactors.length > 0 ? ['customAuthenticationFactors'] : []),
            ...(grant.termsOfUse.length > 0 ? ['termsOfUse'] : []),
          ],
          strengthId: grant.authenticationStrength?.id ?? null,
        }
      : null,
  );

export const accessPolicySchema = z
  .object({
    id: id.toLowerCase(),
    displayName: z.string(),
    state: z.enum(['enabled', 'disabled', 'enabledForReportingButNotEnforced']),
    conditions: z.object({
      // Policies for workloads have none.
      users: z
        .object({
          includeUsers: ids,
          excludeUsers: ids,
          includeGroups: ids,
          excludeGroups: ids,
          includeRoles: ids,
          excludeRoles: ids,
          includeGuestsOrExternalUsers: guests,
          excludeGuestsOrExternalUsers: guests,
        })
        .nullish(),
      applications: z.object({ includeApplications: ids, excludeApplications: ids, includeUserActions: words }).nullish(),
      locations: z.object({ includeLocations: ids, excludeLocations: ids }).nullish(),
      clientAppTypes: words,
      platforms: z.object({ includePlatforms: words, excludePlatforms: words }).nullish(),
      signInRiskLevels: words,
      userRiskLevels: words,
      insiderRiskLevels: z.unknown().optional(),
      authenticationFlows: z.unknown().optional(),
      devices: z.object({ deviceFilter: z.unknown().optional() }).nullish(),
    }),
    grantControls: grantSchema,
  })
  .transform(({ conditions, ...policy }): AccessPolicy => {
    const { users, applications, locations, platforms } = conditions;
    return {
      id: policy.id,
      displayName: policy.displayName,
      state: policy.state,
      users: {
        includeUsers: [...(users?.includeUsers ?? []), ...(users?.includeGuestsOrExternalUsers ?? [])],
        excludeUsers: [...(users?.excludeUsers ?? []), ...(users?.excludeGuestsOrExternalUsers ?? [])],
        includeGroups: users?.includeGroups ?? [],
        excludeGroups: users?.excludeGroups ?? [],
        includeRoles: users?.includeRoles ?? [],
        excludeRoles: users?.excludeRoles ?? [],
      },
      userActions: applications?.includeUserActions ?? [],
      applications: { include: applications?.includeApplications ?? [], exclude: applications?.excludeApplications ?? [] },
      locations: locations ? { include: locations.includeLocations, exclude: locations.excludeLocations } : null,
      clientAppTypes: conditions.clientAppTypes.length === 0 ? ['all'] : conditions.clientAppTypes,
      platforms: platforms ? { include: platforms.includePlatforms, exclude: platforms.excludePlatforms } : null,
      furtherConditions: furtherOf(conditions),
      grant: policy.grantControls,
    };
  });

interface FurtherConditions {
  readonly signInRiskLevels: readonly string[];
  readonly userRiskLevels: readonly string[];
  readonly insiderRiskLevels?: unknown;
  readonly authenticationFlows?: unknown;
  readonly devices?: { readonly deviceFilter?: unknown } | null | undefined;
}

function furtherOf(conditions: FurtherConditions): AccessPolicy['furtherConditions'] {
  const said = (value: unknown): boolean => value !== null && value !== undefined && value !== '';
  const byRisk =
    conditions.signInRiskLevels.length > 0 || conditions.userRiskLevels.length > 0 || said(conditions.insiderRiskLevels);
  return [
    ...(byRisk ? (['risk'] as const) : []),
    ...(said(conditions.authenticationFlows) ? (['flow'] as const) : []),
    ...(said(conditions.devices?.deviceFilter) ? (['device'] as const) : []),
  ];
}

const ipLocation = z
  .object({
    '@odata.type': z.literal('#microsoft.graph.ipNamedLocation'),
    id: id.toLowerCase(),
    displayName: z.string(),
    isTrusted: z.boolean().nullish(),
    ipRanges: z.array(z.object({ cidrAddress: z.string().min(1) })),
  })
  .transform((location): NamedLocation => ({
    kind: 'ip',
    id: location.id,
    displayName: location.displayName,
    isTrusted: location.isTrusted ?? false,
    ranges: location.ipRanges.map(({ cidrAddress }) => cidrAddress),
  }));

const countryLocation = z
  .object({
    '@odata.type': z.literal('#microsoft.graph.countryNamedLocation'),
    id: id.toLowerCase(),
    displayName: z.string(),
    countriesAndRegions: z.array(z.string().toUpperCase()),
    includeUnknownCountriesAndRegions: z.boolean().nullish(),
    countryLookupMethod: z.enum(['clientIpAddress', 'authenticatorAppGps']).nullish(),
  })
  .transform((location): NamedLocation => ({
    kind: 'country',
    id: location.id,
    displayName: location.displayName,
    countries: location.countriesAndRegions,
    includesUnknown: location.includeUnknownCountriesAndRegions ?? false,
    lookup: location.countryLookupMethod ?? 'clientIpAddress',
  }));

/** Null for a kind of place the desk knows nothing of, such as a compliant network. */
export const namedLocationSchema = z.union([
  ipLocation,
  countryLocation,
  z
    .object({ '@odata.type': z.string().refine((type) => !/\.(?:ip|country)NamedLocation$/.test(type)) })
    .transform((): NamedLocation | null => null),
]);

export const strengthSchema = z
  .object({
    id: id.toLowerCase(),
    displayName: z.string(),
    policyType: z.string(),
    allowedCombinations: z.array(z.string()),
    combinationConfigurations: z
      .array(
        z.object({
          '@odata.type': z.string().nullish(),
          appliesToCombinations: words,
          allowedAAGUIDs: z.array(z.string().toLowerCase()).nullish(),
        }),
      )
      .nullish(),
  })
  .transform((strength): AuthenticationStrength => ({
    id: strength.id,
    displayName: strength.displayName,
    builtIn: strength.policyType === 'builtIn',
    allowedCombinations: strength.allowedCombinations,
    allowedAaguids:
      strength.combinationConfigurations?.find(({ appliesToCombinations }) => appliesToCombinations.includes('fido2'))
        ?.allowedAAGUIDs ?? null,
  }));
