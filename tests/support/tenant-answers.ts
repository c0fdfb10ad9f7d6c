// Graph's answers about one tenant, as its documentation shows them; members no reader asks for are left in.

export const GROUP = '7d3f0a52-6f0d-4f43-9a35-0a5d5b7c2f10';
const PROFILE_ID = '00000000-0000-0000-0000-000000000001';
export const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';

export const fido2 = {
  '@odata.type': '#microsoft.graph.fido2AuthenticationMethodConfiguration',
  id: 'Fido2',
  state: 'enabled',
  isSelfServiceRegistrationAllowed: true,
  isAttestationEnforced: true,
  defaultPasskeyProfile: PROFILE_ID,
  keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: [AAGUID.toUpperCase()] },
  includeTargets: [
    { targetType: 'group', id: 'all_users', isRegistrationRequired: false, allowedPasskeyProfiles: [PROFILE_ID] },
    { targetType: 'group', id: GROUP.toUpperCase(), isRegistrationRequired: false, allowedPasskeyProfiles: ['b2'] },
  ],
  excludeTargets: [{ targetType: 'group', id: 'guests' }],
  passkeyProfiles: [
    {
      id: PROFILE_ID,
      name: 'Default passkey profile',
      passkeyTypes: 'deviceBound',
      attestationEnforcement: 'registrationOnly',
      keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: [AAGUID] },
    },
    {
      id: 'b2',
      name: 'Anything',
      passkeyTypes: 'synced',
      attestationEnforcement: 'disabled',
      keyRestrictions: { isEnforced: false, enforcementType: 'block', aaGuids: [] },
    },
  ],
};

export const temporaryAccessPass = {
  '@odata.type': '#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration',
  id: 'TemporaryAccessPass',
  state: 'enabled',
  defaultLifetimeInMinutes: 60,
  defaultLength: 8,
  minimumLifetimeInMinutes: 60,
  maximumLifetimeInMinutes: 480,
  isUsableOnce: false,
  includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false }],
  excludeTargets: [],
};

export const microsoftAuthenticator = {
  '@odata.type': '#microsoft.graph.microsoftAuthenticatorAuthenticationMethodConfiguration',
  id: 'MicrosoftAuthenticator',
  state: 'enabled',
  isSoftwareOathEnabled: true,
  featureSettings: {},
  includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false, authenticationMode: 'push' }],
  excludeTargets: [],
};

export const methodsPolicy = {
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#authenticationMethodsPolicy',
  id: 'authenticationMethodsPolicy',
  displayName: 'Authentication Methods Policy',
  policyVersion: '1.5',
  registrationEnforcement: {
    authenticationMethodsRegistrationCampaign: {
      snoozeDurationInDays: 1,
      state: 'default',
      includeTargets: [{ id: 'all_users', targetType: 'group', targetedAuthenticationMethod: 'microsoftAuthenticator' }],
      excludeTargets: [],
    },
  },
  authenticationMethodConfigurations: [{ id: 'Sms', state: 'disabled' }, fido2, temporaryAccessPass, microsoftAuthenticator],
};

export const strengthPasswordless = {
  id: '00000000-0000-0000-0000-000000000003',
  displayName: 'Passwordless MFA',
  policyType: 'builtIn',
  requirementsSatisfied: 'mfa',
  allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor', 'deviceBasedPush'],
  combinationConfigurations: [],
};

export const accessPolicy = {
  id: '11F00000-0000-0000-0000-000000000001',
  displayName: 'Security info registration: office or pass',
  state: 'enabled',
  createdDateTime: '2026-10-01T12:00:00Z',
  conditions: {
    clientAppTypes: ['all'],
    users: {
      includeUsers: ['All'],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [GROUP.toUpperCase()],
      includeRoles: [],
      excludeRoles: [],
      includeGuestsOrExternalUsers: null,
      excludeGuestsOrExternalUsers: {
        guestOrExternalUserTypes: 'b2bCollaborationGuest',
        externalTenants: { membershipKind: 'all' },
      },
    },
    applications: { includeApplications: [], excludeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] },
    locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
    platforms: null,
  },
  grantControls: {
    operator: 'OR',
    builtInControls: [],
    customAuthenticationFactors: [],
    termsOfUse: ['terms'],
    authenticationStrength: strengthPasswordless,
  },
  sessionControls: null,
};

export const office = {
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  id: '0A1B0000-0000-0000-0000-000000000001',
  displayName: 'HQ egress',
  isTrusted: true,
  ipRanges: [
    { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/26' },
    { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '2001:db8:77::/48' },
  ],
};

export const homeCountries = {
  '@odata.type': '#microsoft.graph.countryNamedLocation',
  id: '0c2d0000-0000-0000-0000-000000000001',
  displayName: 'Home countries',
  countriesAndRegions: ['se', 'DK'],
  includeUnknownCountriesAndRegions: false,
  countryLookupMethod: 'clientIpAddress',
};

export const premiumSku = {
  accountName: 'Example',
  capabilityStatus: 'Enabled',
  servicePlans: [
    { servicePlanName: 'EXCHANGE_S_FOUNDATION', provisioningStatus: 'Success' },
    { servicePlanName: 'AAD_PREMIUM', provisioningStatus: 'Success' },
  ],
};
