// Authentication strengths: the three built-in ones, custom ones, and whether a way of signing in satisfies one.
// Source: Microsoft Graph "authenticationStrengthPolicy", "List authenticationStrengthPolicies"; Entra "Authentication strengths".

/** Microsoft Graph: authenticationMethodModes. */
export const authenticationMethodModes = [
  'password',
  'voice',
  'hardwareOath',
  'softwareOath',
  'sms',
  'fido2',
  'windowsHelloForBusiness',
  'microsoftAuthenticatorPush',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'email',
  'x509CertificateSingleFactor',
  'x509CertificateMultiFactor',
  'federatedSingleFactor',
  'federatedMultiFactor',
  'qrCodePin',
] as const;

export type AuthenticationMethodMode = (typeof authenticationMethodModes)[number];

export interface AuthenticationStrength {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly policyType: 'builtIn' | 'custom';
  readonly requirementsSatisfied: 'mfa' | 'none';
  /** Each a mode, or two joined by a comma. */
  readonly allowedCombinations: readonly string[];
  /** AAGUIDs that `fido2` is narrowed to (fido2CombinationConfiguration); null: any. */
  readonly fido2Aaguids: readonly string[] | null;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** How a person signed in. */
export interface ProvenSignIn {
  readonly modes: readonly AuthenticationMethodMode[];
  /** Of the passkey, when one was used. */
  readonly aaguid: string | null;
}

const PASSWORDLESS = ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor', 'deviceBasedPush'] as const;
/** When Microsoft made them, as its answers say. */
const BUILT_IN_MS = Date.parse('2021-12-01T08:00:00Z');

const builtIn = (
  id: string,
  displayName: string,
  description: string,
  allowedCombinations: readonly string[],
): AuthenticationStrength => ({
  id,
  displayName,
  description,
  policyType: 'builtIn',
  requirementsSatisfied: 'mfa',
  allowedCombinations,
  fido2Aaguids: null,
  createdAtMs: BUILT_IN_MS,
  modifiedAtMs: BUILT_IN_MS,
});

export const STRENGTH_MFA = '00000000-0000-0000-0000-000000000002';
/** The one that leaves the Temporary Access Pass out. */
export const STRENGTH_PASSWORDLESS = '00000000-0000-0000-0000-000000000003';
export const STRENGTH_PHISHING_RESISTANT = '00000000-0000-0000-0000-000000000004';

export const BUILT_IN_STRENGTHS: readonly AuthenticationStrength[] = [
  builtIn(STRENGTH_MFA, 'Multifactor authentication', 'Combinations of methods that satisfy strong authentication.', [
    'windowsHelloForBusiness',
    'fido2',
    'x509CertificateMultiFactor',
    'deviceBasedPush',
    'temporaryAccessPassOneTime',
    'temporaryAccessPassMultiUse',
    'password,microsoftAuthenticatorPush',
    'password,softwareOath',
    'password,hardwareOath',
    'password,x509CertificateSingleFactor',
    'password,x509CertificateMultiFactor',
    'password,sms',
    'password,voice',
    'federatedMultiFactor',
    'microsoftAuthenticatorPush,federatedSingleFactor',
    'softwareOath,federatedSingleFactor',
    'hardwareOath,federatedSingleFactor',
    'sms,federatedSingleFactor',
    'voice,federatedSingleFactor',
  ]),
  builtIn(STRENGTH_PASSWORDLESS, 'Passwordless MFA', 'Passwordless methods that satisfy strong authentication.', PASSWORDLESS),
  builtIn(
    STRENGTH_PHISHING_RESISTANT,
    'Phishing resistant MFA',
    'Passwordless methods that resist phishing.',
    PASSWORDLESS.filter((mode) => mode !== 'deviceBasedPush'),
  ),
];

/** Whether a sign-in holds one of the strength's combinations. */
export function satisfiesStrength(proof: ProvenSignIn, strength: AuthenticationStrength): boolean {
  const proven = new Set<string>(proof.modes);
  return strength.allowedCombinations.some((combination) => {
    const modes = combination.split(',').map((mode) => mode.trim());
    if (!modes.every((mode) => proven.has(mode))) return false;
    return !modes.includes('fido2') || aaguidFits(proof.aaguid, strength.fido2Aaguids);
  });
}

function aaguidFits(aaguid: string | null, allowed: readonly string[] | null): boolean {
  if (allowed === null) return true;
  return aaguid !== null && allowed.some((known) => known.toLowerCase() === aaguid.toLowerCase());
}

/** Whether a text is a combination Graph would take. */
export function isCombination(text: string): boolean {
  const known = new Set<string>(authenticationMethodModes);
  const modes = text.split(',').map((mode) => mode.trim());
  return modes.length <= 2 && modes.every((mode) => known.has(mode));
}
