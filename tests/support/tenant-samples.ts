// A tenant whose rules let everybody through, and the parts from which a test makes one that does not.
import { because } from '../../contract/reason.ts';
import type {
  AccessPolicy,
  AuthenticationStrength,
  AuthenticatorRules,
  DeskPlace,
  NamedLocation,
  PasskeyRules,
  PassRules,
  PersonStanding,
  TenantRules,
} from '../../main/ports/tenant.ts';

export const everybody = { include: ['all_users'], exclude: [] } as const;

export const passkeyRules: PasskeyRules = {
  enabled: true,
  selfServiceAllowed: true,
  targets: everybody,
  profiles: [
    {
      name: null,
      deviceBoundAllowed: true,
      attestationEnforced: false,
      keyRestrictions: { isEnforced: false, enforcementType: 'allow', aaGuids: [] },
      targets: everybody,
    },
  ],
};

export const passRules: PassRules = {
  enabled: true,
  onceOnly: false,
  defaultLifetimeMinutes: 60,
  minimumLifetimeMinutes: 10,
  maximumLifetimeMinutes: 480,
  targets: everybody,
};

export const authenticatorRules: AuthenticatorRules = { enabled: true, targets: [{ id: 'all_users', mode: 'any' }], exclude: [] };

/** Microsoft Entra's built-in strengths; the second has no pass in it. */
export const strengths: readonly AuthenticationStrength[] = [
  {
    id: '00000000-0000-0000-0000-000000000002',
    displayName: 'Multifactor authentication',
    builtIn: true,
    allowedCombinations: ['fido2', 'deviceBasedPush', 'temporaryAccessPassOneTime', 'temporaryAccessPassMultiUse'],
    allowedAaguids: null,
  },
  {
    id: '00000000-0000-0000-0000-000000000003',
    displayName: 'Passwordless MFA',
    builtIn: true,
    allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor', 'deviceBasedPush'],
    allowedAaguids: null,
  },
  {
    id: '00000000-0000-0000-0000-000000000004',
    displayName: 'Phishing-resistant MFA',
    builtIn: true,
    allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
    allowedAaguids: null,
  },
];

export const office: NamedLocation = {
  kind: 'ip',
  id: 'office',
  displayName: 'Head office',
  isTrusted: true,
  ranges: ['203.0.113.0/26', '2001:db8:77::/48'],
};

export const homeCountries: NamedLocation = {
  kind: 'country',
  id: 'home',
  displayName: 'Home countries',
  countries: ['SE', 'DK'],
  includesUnknown: false,
  lookup: 'clientIpAddress',
};

export const atOffice: DeskPlace = { address: '203.0.113.17', country: 'SE' };
export const elsewhere: DeskPlace = { address: '198.51.100.7', country: 'NL' };

const nobodyIn = { excludeUsers: [], includeGroups: [], excludeGroups: [], includeRoles: [], excludeRoles: [] } as const;

/** A policy on registering security information that asks everybody everywhere for multifactor authentication. */
export function accessPolicy(change: Partial<AccessPolicy> = {}): AccessPolicy {
  return {
    id: 'policy',
    displayName: 'Security info registration',
    state: 'enabled',
    users: { includeUsers: ['All'], ...nobodyIn },
    userActions: ['urn:user:registersecurityinfo'],
    applications: { include: [], exclude: [] },
    locations: null,
    clientAppTypes: ['all'],
    platforms: null,
    furtherConditions: [],
    grant: { operator: 'OR', builtInControls: ['mfa'], strengthId: null },
    ...change,
  };
}

export interface RulesChange {
  readonly passkeys?: Partial<PasskeyRules>;
  readonly pass?: Partial<PassRules>;
  readonly authenticator?: Partial<AuthenticatorRules>;
  readonly campaign?: TenantRules['methods']['campaign'];
  readonly accessPolicies?: readonly AccessPolicy[] | null;
  readonly locations?: readonly NamedLocation[];
  readonly strengths?: readonly AuthenticationStrength[];
  readonly premium?: boolean;
}

export function tenantRules(change: RulesChange = {}): TenantRules {
  const known = <T>(value: T) => ({ known: true, value }) as const;
  return {
    readAtMs: 0,
    serverAheadMs: 0,
    methods: {
      passkeys: known({ ...passkeyRules, ...change.passkeys }),
      pass: known({ ...passRules, ...change.pass }),
      authenticator: known({ ...authenticatorRules, ...change.authenticator }),
      campaign: change.campaign ?? null,
    },
    strengths: known(change.strengths ?? strengths),
    locations: known(change.locations ?? [office, homeCountries]),
    accessPolicies:
      change.accessPolicies === null
        ? { known: false, why: because('directory.forbidden') }
        : known(change.accessPolicies ?? [accessPolicy()]),
    premium: known(change.premium ?? true),
    tenantName: 'Example',
  };
}

export function person(change: Partial<PersonStanding> = {}): PersonStanding {
  return {
    objectId: 'noor',
    userName: 'noor@example.com',
    accountEnabled: true,
    userType: 'member',
    federated: false,
    groupIds: ['newcomers'],
    roleIds: [],
    methods: { known: true, value: [] },
    sspr: null,
    ...change,
  };
}
