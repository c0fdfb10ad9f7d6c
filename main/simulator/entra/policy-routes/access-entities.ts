// Strengths, named locations and Conditional Access policies as Graph's entities.
import { graphDate } from '../graph/graph-answer.ts';
import type { Entity } from '../odata/filter-expression.ts';
import type { AccessPolicy, GuestKind } from '../policies/access-policy.ts';
import type { AuthenticationStrength } from '../policies/authentication-strength.ts';
import type { NamedLocation } from '../policies/named-location.ts';

/** Microsoft Graph: authenticationStrengthPolicy, with its combination configurations. */
export function strengthEntity(strength: AuthenticationStrength): Entity {
  const { id, displayName, description, policyType, requirementsSatisfied, allowedCombinations, fido2Aaguids } = strength;
  return {
    id,
    createdDateTime: graphDate(strength.createdAtMs),
    modifiedDateTime: graphDate(strength.modifiedAtMs),
    displayName,
    description,
    policyType,
    requirementsSatisfied,
    allowedCombinations,
    combinationConfigurations:
      fido2Aaguids === null
        ? []
        : [
            {
              '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
              id: `c0${id.slice(2)}`,
              appliesToCombinations: ['fido2'],
              allowedAAGUIDs: fido2Aaguids,
            },
          ],
  };
}

/** Microsoft Graph: ipNamedLocation, countryNamedLocation. */
export function locationEntity(location: NamedLocation): Entity {
  const face = {
    id: location.id,
    displayName: location.displayName,
    createdDateTime: graphDate(location.createdAtMs),
    modifiedDateTime: graphDate(location.createdAtMs),
  };
  switch (location.kind) {
    case 'ip':
      return {
        '@odata.type': '#microsoft.graph.ipNamedLocation',
        ...face,
        isTrusted: location.isTrusted,
        ipRanges: location.ranges.map((cidrAddress) => ({
          '@odata.type': `#microsoft.graph.iPv${cidrAddress.includes(':') ? '6' : '4'}CidrRange`,
          cidrAddress,
        })),
      };
    case 'country':
      return {
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        ...face,
        countriesAndRegions: location.countries,
        includeUnknownCountriesAndRegions: location.includesUnknown,
        countryLookupMethod: location.lookup,
      };
    default:
      return location satisfies never;
  }
}

/** Microsoft Graph: conditionalAccessPolicy. */
export function accessPolicyEntity(policy: AccessPolicy, strengths: readonly AuthenticationStrength[]): Entity {
  const { conditions, grantControls } = policy;
  const { includeGuestsOrExternalUsers, excludeGuestsOrExternalUsers, ...users } = conditions.users;
  const strength = strengths.find(({ id }) => id === grantControls?.strengthId);
  return {
    id: policy.id,
    templateId: null,
    displayName: policy.displayName,
    createdDateTime: graphDate(policy.createdAtMs),
    modifiedDateTime: policy.modifiedAtMs === policy.createdAtMs ? null : graphDate(policy.modifiedAtMs),
    state: policy.state,
    conditions: {
      userRiskLevels: [],
      signInRiskLevels: [],
      clientAppTypes: conditions.clientAppTypes,
      servicePrincipalRiskLevels: [],
      platforms: conditions.platforms,
      locations: conditions.locations,
      devices: null,
      clientApplications: null,
      authenticationFlows: null,
      applications: {
        ...conditions.applications,
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
      },
      users: {
        ...users,
        includeGuestsOrExternalUsers: guestsEntity(includeGuestsOrExternalUsers),
        excludeGuestsOrExternalUsers: guestsEntity(excludeGuestsOrExternalUsers),
      },
    },
    grantControls: grantControls && {
      operator: grantControls.operator,
      builtInControls: grantControls.builtInControls,
      customAuthenticationFactors: [],
      termsOfUse: [],
      authenticationStrength: strength ? strengthEntity(strength) : null,
    },
    sessionControls: null,
  };
}

/** Microsoft Graph: conditionalAccessGuestsOrExternalUsers, for guests of any tenant. */
function guestsEntity(kinds: readonly GuestKind[]): object | null {
  if (kinds.length === 0) return null;
  return {
    guestOrExternalUserTypes: kinds.join(','),
    externalTenants: { '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants', membershipKind: 'all' },
  };
}
