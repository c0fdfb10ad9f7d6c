// The tenant's rules and a person's standing in it, read-only: what the planner foretells from and the doctor examines.
// Member names follow Microsoft Graph's resources. Read with the station's or a technician's sign-in, never with a person's.
import type { Reason } from '../../contract/reason.ts';
import type { Call } from './directory.ts';
import type { Outcome } from './outcome.ts';

/** What was read, or why it could not be. Nothing is guessed in its place. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: Reason };

/** Microsoft Graph: authenticationMethodTarget and its kin. `all_users` is every member of the tenant. */
export interface MethodTargets {
  /** Object ids of groups or users, or `all_users`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Microsoft Graph: passkeyProfile, or the settings of a tenant that has not opted in to profiles, as its only profile. */
export interface PasskeyProfile {
  readonly name: string | null;
  readonly deviceBoundAllowed: boolean;
  readonly attestationEnforced: boolean;
  readonly keyRestrictions: {
    readonly isEnforced: boolean;
    readonly enforcementType: 'allow' | 'block';
    /** Lower-case GUIDs. */
    readonly aaGuids: readonly string[];
  };
  readonly targets: MethodTargets;
}

/** Microsoft Graph: fido2AuthenticationMethodConfiguration. */
export interface PasskeyRules {
  readonly enabled: boolean;
  readonly selfServiceAllowed: boolean;
  readonly targets: MethodTargets;
  readonly profiles: readonly PasskeyProfile[];
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethodConfiguration. */
export interface PassRules {
  readonly enabled: boolean;
  /** True: only one-time passes may be used. */
  readonly onceOnly: boolean;
  readonly defaultLifetimeMinutes: number;
  readonly minimumLifetimeMinutes: number;
  readonly maximumLifetimeMinutes: number;
  readonly targets: MethodTargets;
}

/** Microsoft Graph: microsoftAuthenticatorAuthenticationMethodTarget.authenticationMode. */
export type AuthenticatorMode = 'any' | 'push' | 'deviceBasedPush';

/** Microsoft Graph: microsoftAuthenticatorAuthenticationMethodConfiguration. */
export interface AuthenticatorRules {
  readonly enabled: boolean;
  readonly targets: readonly { readonly id: string; readonly mode: AuthenticatorMode }[];
  readonly exclude: readonly string[];
}

/** Microsoft Graph: authenticationMethodsRegistrationCampaign. */
export interface RegistrationCampaign {
  readonly state: 'default' | 'enabled' | 'disabled';
  readonly targets: MethodTargets;
}

/** Microsoft Graph: authenticationMethodsPolicy. */
export interface MethodRules {
  readonly passkeys: Known<PasskeyRules>;
  readonly pass: Known<PassRules>;
  readonly authenticator: Known<AuthenticatorRules>;
  readonly campaign: RegistrationCampaign | null;
}

/** Microsoft Graph: authenticationStrengthPolicy. */
export interface AuthenticationStrength {
  readonly id: string;
  readonly displayName: string;
  readonly builtIn: boolean;
  /** Each a method, or two joined by a comma: `fido2`, `temporaryAccessPassOneTime`, `password,sms`. */
  readonly allowedCombinations: readonly string[];
  /** AAGUIDs that `fido2` is narrowed to (fido2CombinationConfiguration); null: any. */
  readonly allowedAaguids: readonly string[] | null;
}

/** Microsoft Graph: ipNamedLocation and countryNamedLocation. */
export type NamedLocation =
  | {
      readonly kind: 'ip';
      readonly id: string;
      readonly displayName: string;
      readonly isTrusted: boolean;
      /** CIDR, IPv4 or IPv6. */
      readonly ranges: readonly string[];
    }
  | {
      readonly kind: 'country';
      readonly id: string;
      readonly displayName: string;
      /** ISO 3166-1 alpha-2, upper case. */
      readonly countries: readonly string[];
      readonly includesUnknown: boolean;
      /** `authenticatorAppGps`: an address says nothing about it. */
      readonly lookup: 'clientIpAddress' | 'authenticatorAppGps';
    };

/** Microsoft Graph: conditionalAccessPolicy, as far as a desk's sign-ins can meet it. */
export interface AccessPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly state: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  readonly users: {
    /** Object ids, `All`, `None` or `GuestsOrExternalUsers`. */
    readonly includeUsers: readonly string[];
    readonly excludeUsers: readonly string[];
    readonly includeGroups: readonly string[];
    readonly excludeGroups: readonly string[];
    /** Role template ids. */
    readonly includeRoles: readonly string[];
    readonly excludeRoles: readonly string[];
  };
  /** `urn:user:registersecurityinfo`, `urn:user:registerdevice`. */
  readonly userActions: readonly string[];
  /** Application ids, `All`, `None`. */
  readonly applications: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  /** Microsoft Graph: conditionalAccessClientApp: `all`, `browser`, `mobileAppsAndDesktopClients`, `exchangeActiveSync`, `other`. */
  readonly clientAppTypes: readonly string[];
  /** Microsoft Graph: conditionalAccessDevicePlatform: `all`, `windows`, `macOS`, `linux`, …; null: any. */
  readonly platforms: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
  /**
   * Conditions that decide by what nobody knows beforehand. `risk`: of the sign-in, of the user or an insider's; `flow`: device code
   * or transfer, which the desk does not use; `device`: a filter on the device's properties in the directory.
   */
  readonly furtherConditions: readonly ('risk' | 'flow' | 'device')[];
  /** Named location ids, `All`, `AllTrusted`; null: any place. */
  readonly locations: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
  readonly grant: {
    readonly operator: 'AND' | 'OR';
    /** `block`, `mfa`, `compliantDevice`, `domainJoinedDevice`, …; `termsOfUse`, `customAuthenticationFactors` for those kinds. */
    readonly builtInControls: readonly string[];
    readonly strengthId: string | null;
  } | null;
}

/** Everything of the tenant that decides whether a person at the desk succeeds. */
export interface TenantRules {
  /** By the desk's wall clock. */
  readonly readAtMs: number;
  /** How far Microsoft's clock is ahead of the desk's, milliseconds; 0 within what can't be told apart. */
  readonly serverAheadMs: number;
  readonly methods: MethodRules;
  readonly strengths: Known<readonly AuthenticationStrength[]>;
  readonly locations: Known<readonly NamedLocation[]>;
  readonly accessPolicies: Known<readonly AccessPolicy[]>;
  /** Whether the tenant has a premium licence (service plan AAD_PREMIUM or AAD_PREMIUM_P2, enabled). */
  readonly premium: Known<boolean>;
  /** As Microsoft writes it on the tenant's subscriptions (subscribedSku.accountName); null where that is not told. */
  readonly tenantName: string | null;
}

/** A person's standing, known before they sign in only where a technician or the station looks them up. */
export interface PersonStanding {
  readonly objectId: string;
  readonly userName: string;
  readonly accountEnabled: boolean;
  readonly userType: 'member' | 'guest';
  /** Their domain signs in elsewhere (Microsoft Graph: domain.authenticationType `Federated`); null: can't be read. */
  readonly federated: boolean | null;
  /** Object ids of every group they are in, directly or not. */
  readonly groupIds: readonly string[];
  /** Template ids of directory roles; any one makes the account privileged. */
  readonly roleIds: readonly string[];
  readonly methods: Known<readonly string[]>;
  /** Microsoft Graph: userRegistrationDetails; null where the report can't be read. It lags by hours. */
  readonly sspr: { readonly enabled: boolean; readonly registered: boolean } | null;
}

/** Where the desk is, as the identity platform would see it. */
export interface DeskPlace {
  readonly address: string;
  /** ISO 3166-1 alpha-2, upper case; null: not known. */
  readonly country: string | null;
}

export interface WhatIfQuestion {
  readonly userId: string;
  readonly userAction: 'registerSecurityInformation' | 'registerOrJoinDevices';
  readonly place: DeskPlace;
  readonly devicePlatform: 'windows' | 'macOS' | 'linux' | 'iOS' | 'android';
}

/** Microsoft Graph: whatIfAnalysisResult. */
export interface WhatIfResult {
  readonly policyId: string;
  readonly displayName: string;
  readonly applies: boolean;
  readonly grant: AccessPolicy['grant'];
}

export interface TenantPort {
  rules(call: Call): Promise<Outcome<TenantRules>>;
  /** By UPN or object id. */
  person(user: string, call: Call): Promise<Outcome<PersonStanding>>;
  whatIf(question: WhatIfQuestion, call: Call): Promise<Outcome<readonly WhatIfResult[]>>;
  /** Permissions and roles the token really has (`roles`, `scp`, `wids`), for the doctor. */
  granted(call: Call): Promise<Outcome<{ readonly permissions: readonly string[]; readonly roles: readonly string[] }>>;
}

export interface PlacePort {
  /** The address and country from which the identity platform sees this desk. */
  where(call: Call): Promise<Outcome<DeskPlace>>;
}
