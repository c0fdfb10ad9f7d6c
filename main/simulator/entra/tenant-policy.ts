// What an administrator can switch in the twin's tenant, with the settings a well-kept tenant would have. Conditional
// Access, strengths and named locations are lists of their own: policies/access-rules.ts.

/** Microsoft Graph: authenticationMethodTarget. `all_users` as a group is everybody. */
export interface MethodTarget {
  readonly targetType: 'group' | 'user';
  readonly id: string;
}

export interface PasskeyTarget extends MethodTarget {
  /** Microsoft Graph: passkeyAuthenticationMethodTarget; the default profile when left out. */
  readonly allowedPasskeyProfiles?: readonly string[];
}

export interface AuthenticatorTarget extends MethodTarget {
  /** The policy's own mode when left out. */
  readonly authenticationMode?: AuthenticatorMode;
}

export interface KeyRestrictions {
  readonly isEnforced: boolean;
  readonly enforcementType: 'allow' | 'block';
  /** GUIDs, compared without case. */
  readonly aaGuids: readonly string[];
}

/** Microsoft Graph: passkeyProfile. */
export interface PasskeyProfile {
  readonly id: string;
  readonly name: string;
  readonly passkeyTypes: 'deviceBound' | 'synced' | 'deviceBound,synced';
  readonly attestationEnforcement: 'disabled' | 'registrationOnly';
  readonly keyRestrictions: KeyRestrictions;
}

/** Microsoft Graph: fido2AuthenticationMethodConfiguration, and the checks around it that Graph leaves undocumented. */
export interface PasskeyPolicy {
  readonly state: 'enabled' | 'disabled';
  readonly isSelfServiceRegistrationAllowed: boolean;
  readonly isAttestationEnforced: boolean;
  readonly keyRestrictions: KeyRestrictions;
  readonly includeTargets: readonly PasskeyTarget[];
  readonly excludeTargets: readonly MethodTarget[];
  /** At most three; none: the tenant has not opted in, and the settings above hold for everybody. */
  readonly passkeyProfiles: readonly PasskeyProfile[];
  readonly defaultPasskeyProfile: string;
  /** v1.0 has a fixed five minutes; beta's default is the same. */
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
  readonly includeTargets: readonly MethodTarget[];
  readonly excludeTargets: readonly MethodTarget[];
  /** Whether people may delete their own pass with a delegated scope that allows it. */
  readonly selfDeletionAllowed: boolean;
}

/** `push`: approvals only. `deviceBasedPush`: phone sign-in only, no QR at My Security Info. */
export type AuthenticatorMode = 'any' | 'push' | 'deviceBasedPush';

/** Microsoft Graph: authenticationMethodFeatureConfiguration. */
export interface FeatureSetting {
  readonly state: 'default' | 'enabled' | 'disabled';
  readonly includeTarget: { readonly targetType: 'group' | 'administrativeUnit' | 'role'; readonly id: string };
  readonly excludeTarget: { readonly targetType: 'group' | 'administrativeUnit' | 'role'; readonly id: string };
}

/** Microsoft Graph: microsoftAuthenticatorAuthenticationMethodConfiguration. */
export interface AuthenticatorPolicy {
  readonly state: 'enabled' | 'disabled';
  /** Of every target that names none. */
  readonly authenticationMode: AuthenticatorMode;
  readonly includeTargets: readonly AuthenticatorTarget[];
  readonly excludeTargets: readonly MethodTarget[];
  readonly isSoftwareOathEnabled: boolean;
  /** Not a setting: whether the app goes on to phone sign-in by itself once it is registered, as newer ones have been seen to. */
  readonly phoneSignInStartsItself: boolean;
  readonly featureSettings: {
    readonly displayAppInformationRequiredState: FeatureSetting;
    readonly displayLocationInformationRequiredState: FeatureSetting;
  };
}

/** Methods that the twin lists and does not play. Ids as Microsoft Graph spells them. */
export type UnplayedMethod = 'Sms' | 'Voice' | 'Email' | 'SoftwareOath' | 'HardwareOath' | 'X509Certificate' | 'QRCodePin';

export interface SignInPolicy {
  /** Company branding can switch the question off. */
  readonly askToStaySignedIn: boolean;
  /**
   * Managing one's own methods needs a sign-in no older than this; null switches the check off. Graph's page says ten
   * minutes, the passkey how-to five. After a one-time pass ten minutes hold in any case.
   */
  readonly freshSignInMinutes: number | null;
  /** Entra: "System-preferred multifactor authentication". */
  readonly systemPreferred: boolean;
  /** Microsoft Graph: identitySecurityDefaultsEnforcementPolicy. */
  readonly securityDefaults: boolean;
}

/** Microsoft Graph: authenticationMethodsRegistrationCampaign. */
export interface CampaignPolicy {
  readonly state: 'default' | 'enabled' | 'disabled';
  readonly snoozeDurationInDays: number;
  readonly enforceRegistrationAfterAllowedSnoozes: boolean;
  readonly targetedAuthenticationMethod: 'microsoftAuthenticator' | 'fido2';
  readonly includeTargets: readonly MethodTarget[];
  readonly excludeTargets: readonly MethodTarget[];
}

/** Self-service password reset; Graph has no resource for it, only each user's standing in the registration report. */
export interface PasswordResetPolicy {
  readonly enabledFor: 'none' | 'selected' | 'all';
  /** Groups, for `selected`. */
  readonly groupIds: readonly string[];
  /** Whether people have to register when they sign in: the browser then interrupts, and no passkey can be set up there. */
  readonly registrationRequired: boolean;
}

/** Identity Protection's own policy that makes people register for multifactor authentication. */
export interface MfaRegistrationPolicy {
  readonly state: 'enabled' | 'disabled';
  readonly includeTargets: readonly MethodTarget[];
  readonly excludeTargets: readonly MethodTarget[];
}

/** How Graph behaves where its pages and what people saw differ, or say nothing. */
export interface GraphPolicy {
  /** v1.0's pages name `/me` for making passkeys; an earlier state of them and the beta say self-service is not supported. */
  readonly selfServiceRegistration: 'works' | 'methodNotAllowed';
  /** Whether Conditional Access for registering security information reaches Graph's POST; no page says so. */
  readonly accessAskedAtRegistration: boolean;
  /** What a missing permission or role is called; both names are in use. By situation: the second one for other people. */
  readonly refusalCode: 'bySituation' | 'accessDenied' | 'Authorization_RequestDenied';
  /** beta's page shows `creationOptions` inside a `value` member; the service was seen without. */
  readonly betaWrapsOptions: boolean;
  /** `creationOptions?challengeTimeoutInMinutes=5` on beta: scripts use it, and some got 405. */
  readonly betaTakesQueryForm: boolean;
}

export interface TenantPolicy {
  readonly fido2: PasskeyPolicy;
  readonly temporaryAccessPass: AccessPassPolicy;
  readonly microsoftAuthenticator: AuthenticatorPolicy;
  readonly unplayedMethods: Readonly<Record<UnplayedMethod, 'enabled' | 'disabled'>>;
  readonly signIn: SignInPolicy;
  readonly registrationCampaign: CampaignPolicy;
  readonly passwordReset: PasswordResetPolicy;
  readonly mfaRegistration: MfaRegistrationPolicy;
  readonly graph: GraphPolicy;
}

/** Parts to change; what is left out stays. */
export type PolicyChange = { readonly [Part in keyof TenantPolicy]?: Partial<TenantPolicy[Part]> };

/** A one-time pass leaves this long to register passwordless methods after signing in (Entra: "Temporary Access Pass"). */
export const ONE_TIME_PASS_WINDOW_MINUTES = 10;

export const ALL_USERS = 'all_users';
/** The id of the profile that takes over a tenant's old settings (Graph: fido2AuthenticationMethodConfiguration, update). */
export const DEFAULT_PROFILE_ID = '00000000-0000-0000-0000-000000000001';

const everybody: readonly MethodTarget[] = [{ targetType: 'group', id: ALL_USERS }];
const feature: FeatureSetting = {
  state: 'default',
  includeTarget: { targetType: 'group', id: ALL_USERS },
  excludeTarget: { targetType: 'group', id: '00000000-0000-0000-0000-000000000000' },
};

export const DEFAULT_POLICY: TenantPolicy = {
  fido2: {
    state: 'enabled',
    isSelfServiceRegistrationAllowed: true,
    isAttestationEnforced: true,
    keyRestrictions: { isEnforced: false, enforcementType: 'allow', aaGuids: [] },
    includeTargets: everybody,
    excludeTargets: [],
    passkeyProfiles: [],
    defaultPasskeyProfile: DEFAULT_PROFILE_ID,
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
    includeTargets: everybody,
    excludeTargets: [],
    selfDeletionAllowed: true,
  },
  microsoftAuthenticator: {
    state: 'enabled',
    authenticationMode: 'any',
    includeTargets: everybody,
    excludeTargets: [],
    isSoftwareOathEnabled: true,
    phoneSignInStartsItself: false,
    featureSettings: { displayAppInformationRequiredState: feature, displayLocationInformationRequiredState: feature },
  },
  unplayedMethods: {
    Sms: 'disabled',
    Voice: 'disabled',
    Email: 'disabled',
    SoftwareOath: 'disabled',
    HardwareOath: 'disabled',
    X509Certificate: 'disabled',
    QRCodePin: 'disabled',
  },
  signIn: { askToStaySignedIn: true, freshSignInMinutes: 10, systemPreferred: true, securityDefaults: false },
  registrationCampaign: {
    state: 'disabled',
    snoozeDurationInDays: 1,
    enforceRegistrationAfterAllowedSnoozes: true,
    targetedAuthenticationMethod: 'microsoftAuthenticator',
    includeTargets: everybody,
    excludeTargets: [],
  },
  passwordReset: { enabledFor: 'none', groupIds: [], registrationRequired: true },
  mfaRegistration: { state: 'disabled', includeTargets: everybody, excludeTargets: [] },
  graph: {
    selfServiceRegistration: 'works',
    accessAskedAtRegistration: false,
    refusalCode: 'bySituation',
    betaWrapsOptions: false,
    betaTakesQueryForm: true,
  },
};

export function changePolicy(policy: TenantPolicy, change: PolicyChange): TenantPolicy {
  return {
    fido2: { ...policy.fido2, ...change.fido2 },
    temporaryAccessPass: { ...policy.temporaryAccessPass, ...change.temporaryAccessPass },
    microsoftAuthenticator: { ...policy.microsoftAuthenticator, ...change.microsoftAuthenticator },
    unplayedMethods: { ...policy.unplayedMethods, ...change.unplayedMethods },
    signIn: { ...policy.signIn, ...change.signIn },
    registrationCampaign: { ...policy.registrationCampaign, ...change.registrationCampaign },
    passwordReset: { ...policy.passwordReset, ...change.passwordReset },
    mfaRegistration: { ...policy.mfaRegistration, ...change.mfaRegistration },
    graph: { ...policy.graph, ...change.graph },
  };
}
