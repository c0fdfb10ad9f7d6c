// What an administrator can switch in the twin's tenant, with the settings a well-kept tenant would have.

/** Microsoft Graph: fido2AuthenticationMethodConfiguration, and the checks around it that Graph leaves undocumented. */
export interface PasskeyPolicy {
  readonly state: 'enabled' | 'disabled';
  readonly isSelfServiceRegistrationAllowed: boolean;
  readonly isAttestationEnforced: boolean;
  readonly keyRestrictions: {
    readonly isEnforced: boolean;
    readonly enforcementType: 'allow' | 'block';
    /** Lower-case GUIDs. */
    readonly aaGuids: readonly string[];
  };
  /** v1.0 has a fixed five minutes. */
  readonly challengeMinutes: number;
  readonly maxPasskeysPerUser: number;
  readonly maxDisplayNameLength: number;
  /** Whether one challenge may register several keys until it expires. */
  readonly challengeReuseAllowed: boolean;
  /** Whether `@odata.type` members in the POST body are tolerated. */
  readonly odataTypeMembersTolerated: boolean;
  /** How ids are spelled in `excludeCredentials`: all three spellings have been seen from the service. */
  readonly excludeIdSpelling: 'base64url' | 'base64urlWithPaddingDigit' | 'base64';
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethodConfiguration. */
export interface AccessPassPolicy {
  readonly state: 'enabled' | 'disabled';
  /** True: only one-time passes may be used. */
  readonly isUsableOnce: boolean;
  readonly minimumLifetimeInMinutes: number;
  readonly maximumLifetimeInMinutes: number;
  readonly defaultLifetimeInMinutes: number;
  readonly defaultLength: number;
  /** Whether people may delete their own pass with a delegated scope that allows it. */
  readonly selfDeletionAllowed: boolean;
}

/** Microsoft Graph: microsoftAuthenticatorAuthenticationMethodConfiguration, one target for everybody. */
export interface AuthenticatorPolicy {
  readonly state: 'enabled' | 'disabled';
  /** `push`: approvals only. `deviceBasedPush`: phone sign-in only, no QR at My Security Info. */
  readonly authenticationMode: 'any' | 'push' | 'deviceBasedPush';
}

export interface SignInPolicy {
  /** Company branding can switch the question off. */
  readonly askToStaySignedIn: boolean;
  /**
   * Managing one's own methods needs a sign-in no older than this; null switches the check off. Graph's page says ten
   * minutes, the passkey how-to five. After a one-time pass ten minutes hold in any case.
   */
  readonly freshSignInMinutes: number | null;
}

export interface TenantPolicy {
  readonly fido2: PasskeyPolicy;
  readonly temporaryAccessPass: AccessPassPolicy;
  readonly microsoftAuthenticator: AuthenticatorPolicy;
  readonly signIn: SignInPolicy;
}

/** Parts to change; what is left out stays. */
export type PolicyChange = { readonly [Part in keyof TenantPolicy]?: Partial<TenantPolicy[Part]> };

/** A one-time pass leaves this long to register passwordless methods after signing in (Entra: "Temporary Access Pass"). */
export const ONE_TIME_PASS_WINDOW_MINUTES = 10;

export const DEFAULT_POLICY: TenantPolicy = {
  fido2: {
    state: 'enabled',
    isSelfServiceRegistrationAllowed: true,
    isAttestationEnforced: true,
    keyRestrictions: { isEnforced: false, enforcementType: 'allow', aaGuids: [] },
    challengeMinutes: 5,
    maxPasskeysPerUser: 10,
    maxDisplayNameLength: 30,
    challengeReuseAllowed: true,
    odataTypeMembersTolerated: false,
    excludeIdSpelling: 'base64url',
  },
  temporaryAccessPass: {
    state: 'enabled',
    isUsableOnce: false,
    minimumLifetimeInMinutes: 10,
    maximumLifetimeInMinutes: 480,
    defaultLifetimeInMinutes: 60,
    defaultLength: 8,
    selfDeletionAllowed: true,
  },
  microsoftAuthenticator: { state: 'enabled', authenticationMode: 'any' },
  signIn: { askToStaySignedIn: true, freshSignInMinutes: 10 },
};

export function changePolicy(policy: TenantPolicy, change: PolicyChange): TenantPolicy {
  return {
    fido2: { ...policy.fido2, ...change.fido2 },
    temporaryAccessPass: { ...policy.temporaryAccessPass, ...change.temporaryAccessPass },
    microsoftAuthenticator: { ...policy.microsoftAuthenticator, ...change.microsoftAuthenticator },
    signIn: { ...policy.signIn, ...change.signIn },
  };
}
