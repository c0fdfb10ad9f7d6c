// The numbers of Microsoft's sign-in service that the twin gives, with what the OAuth answer calls each.
// Source: Microsoft Entra "authentication and authorization error codes"; descriptions are in the twin's own words.
import type { PassVerdict } from '../directory/access-pass.ts';
import { randomGuid, type RandomBytes } from '../directory/random-text.ts';

export const aadsts = {
  // The request
  malformedRequest: { code: 9002313, error: 'invalid_request', text: 'The request is malformed or not valid.' },
  missingParameter: { code: 900144, error: 'invalid_request', text: 'The request body or query lacks a parameter it must have.' },
  noReplyAddress: { code: 900971, error: 'invalid_request', text: 'The request names no reply address.' },
  replyAddressMismatch: {
    code: 50011,
    error: 'invalid_request',
    text: 'The reply address is not among those registered for the application.',
  },
  unknownApplication: {
    code: 700016,
    error: 'unauthorized_client',
    text: 'This directory has no application with the identifier given.',
  },
  unknownTenant: { code: 90002, error: 'invalid_request', text: 'No directory of that name or identifier was found.' },
  notMultiTenant: {
    code: 50194,
    error: 'invalid_request',
    text: 'The application has one tenant only; use the address of that tenant.',
  },
  unsupportedResponseType: {
    code: 700054,
    error: 'unsupported_response_type',
    text: 'That response_type is not enabled for the application.',
  },
  unsupportedPrompt: { code: 90023, error: 'invalid_request', text: 'That prompt value is not supported.' },
  unknownResource: { code: 500011, error: 'invalid_resource', text: 'This directory has no resource of that name.' },
  invalidScope: { code: 70011, error: 'invalid_scope', text: 'The scope parameter is not valid.' },
  consentMissing: {
    code: 90094,
    error: 'consent_required',
    text: 'An administrator has to grant what the application asks for.',
  },
  badCodeChallenge: { code: 501491, error: 'invalid_request', text: 'The size of the code_challenge parameter is not valid.' },
  loginRequired: { code: 50058, error: 'login_required', text: 'Signing in silently was asked for, but nobody is signed in.' },
  interactionRequired: { code: 50076, error: 'interaction_required', text: 'A fresh multifactor sign-in is needed.' },
  cookiesMissing: { code: 165000, error: 'invalid_request', text: 'The browser did not send back the cookies of this sign-in.' },
  flowOver: { code: 50089, error: 'invalid_request', text: 'The sign-in took too long or is over; start again.' },
  // The token endpoint
  unsupportedGrant: { code: 70003, error: 'unsupported_grant_type', text: 'That grant type is not supported.' },
  invalidGrant: { code: 70000, error: 'invalid_grant', text: 'The code or refresh token is not valid.' },
  expiredCode: { code: 70008, error: 'invalid_grant', text: 'The authorization code has expired.' },
  redeemedCode: { code: 54005, error: 'invalid_grant', text: 'The authorization code was already redeemed.' },
  secretMissing: {
    code: 7000218,
    error: 'invalid_client',
    text: 'The request body must contain client_assertion or client_secret.',
  },
  assertionSignature: {
    code: 700027,
    error: 'invalid_client',
    text: 'The certificate with which the client signed its assertion is not registered, or the signature is wrong.',
  },
  assertionTime: { code: 700024, error: 'invalid_client', text: 'The client assertion is not within its valid time range.' },
  assertionAudience: { code: 700023, error: 'invalid_client', text: 'The client assertion is for another audience.' },
  wrongVerifier: { code: 501481, error: 'invalid_grant', text: 'The code_verifier does not match the code_challenge.' },
  // The person
  unknownUser: { code: 50034, error: 'invalid_grant', text: 'The user account does not exist in this directory.' },
  disabledUser: { code: 50057, error: 'invalid_grant', text: 'The user account is disabled.' },
  lockedUser: { code: 50053, error: 'invalid_grant', text: 'The account is locked after too many wrong tries.' },
  foreignUser: {
    code: 50020,
    error: 'invalid_grant',
    text: 'The user account comes from another identity provider and does not sign in here.',
  },
  passwordWrong: { code: 50126, error: 'invalid_grant', text: 'The user name or the password is not right.' },
  phoneNotAllowed: { code: 130500, error: 'invalid_grant', text: 'The user credential policy blocks phone sign-in.' },
  // What the tenant asks beyond who it is
  accessBlocked: { code: 53003, error: 'access_denied', text: 'Conditional Access policies block access.' },
  deviceNotCompliant: {
    code: 53000,
    error: 'interaction_required',
    text: 'The device is not in the state policies ask for: not compliant.',
  },
  deviceNotJoined: {
    code: 53001,
    error: 'interaction_required',
    text: 'The device is not in the state policies ask for: not domain joined.',
  },
  appNotApproved: { code: 53002, error: 'interaction_required', text: 'The application used is not an approved one.' },
  registrationBlocked: {
    code: 53010,
    error: 'interaction_required',
    text: 'Multifactor methods cannot be set up: the organization asks for this to be done from certain places or devices.',
  },
  strongerSignInNeeded: {
    code: 50074,
    error: 'interaction_required',
    text: 'A stronger authentication is required, and the user did not show it.',
  },
  registrationNeeded: {
    code: 50079,
    error: 'interaction_required',
    text: 'The user has to enrol for multifactor authentication first.',
  },
  passNotAllowed: {
    code: 130502,
    error: 'invalid_grant',
    text: 'The user credential policy blocks sign-in with a Temporary Access Pass.',
  },
  passWrong: { code: 130503, error: 'invalid_grant', text: 'The Temporary Access Pass is wrong.' },
  passExpired: { code: 130504, error: 'invalid_grant', text: 'The Temporary Access Pass has expired.' },
  passAlreadyUsed: { code: 130505, error: 'invalid_grant', text: 'The one-time Temporary Access Pass was already redeemed.' },
  passMissing: { code: 130507, error: 'invalid_grant', text: 'No Temporary Access Pass could be verified for the user.' },
  credentialPolicy: { code: 130501, error: 'invalid_grant', text: 'The user credential policy blocks this sign-in.' },
  // The security key
  keySignature: { code: 135000, error: 'invalid_request', text: 'The signature of the FIDO assertion is not valid.' },
  keyUnknown: { code: 135001, error: 'invalid_request', text: 'The user has no passkey with this identifier.' },
  keyDataMissing: { code: 135002, error: 'invalid_request', text: 'The FIDO assertion has no authenticator data.' },
  keyGesture: { code: 135003, error: 'invalid_request', text: 'The key did not verify the user, or was not touched.' },
  keyPostBackUrl: { code: 135004, error: 'invalid_request', text: 'The parameter postBackUrl is not valid.' },
  keyCancelUrl: { code: 135005, error: 'invalid_request', text: 'The parameter cancelUrl is not valid.' },
  keyClientDataType: { code: 135007, error: 'invalid_request', text: 'The type in the client data is not valid.' },
  keyOrigin: { code: 135008, error: 'invalid_request', text: 'The origin in the client data is not the relying party.' },
  keyHandleOfOther: { code: 135012, error: 'invalid_request', text: 'The user handle belongs to another user.' },
  keyHandlePrefix: { code: 135013, error: 'invalid_request', text: 'The user handle does not begin as it should.' },
  keyHandleLength: { code: 135014, error: 'invalid_request', text: 'The user handle does not have the right length.' },
  keyExcludeList: { code: 135015, error: 'invalid_request', text: 'The list of passkeys to exclude is not valid JSON.' },
  keysOff: { code: 135016, error: 'invalid_grant', text: 'The policy does not allow signing in with FIDO.' },
  keyCounter: {
    code: 135017,
    error: 'invalid_request',
    text: 'The signature counter of the authenticator is not the one expected.',
  },
  keyChallengeWrong: { code: 135018, error: 'invalid_request', text: 'The challenge in the FIDO assertion is not valid.' },
  keyChallengeExpired: { code: 135019, error: 'invalid_request', text: 'The challenge in the FIDO assertion has expired.' },
  keyAssertionInvalid: { code: 135020, error: 'invalid_request', text: 'The FIDO assertion is not valid.' },
  keyUserUnknown: { code: 500344, error: 'invalid_grant', text: 'The user account of the passkey was not found.' },
  approvalFailed: {
    code: 500121,
    error: 'invalid_grant',
    text: 'Authentication failed during the strong authentication request.',
  },
} as const satisfies Record<string, { readonly code: number; readonly error: string; readonly text: string }>;

export type AadstsName = keyof typeof aadsts;

/**
 * The number a refused pass gets. Microsoft lists none for a pass that is not valid yet; the twin answers as if there
 * were none, which is what the service can verify at that moment.
 */
export function aadstsOfVerdict(verdict: Exclude<PassVerdict, 'accepted'> | 'locked' | 'disabled'): AadstsName {
  switch (verdict) {
    case 'wrong':
      return 'passWrong';
    case 'expired':
      return 'passExpired';
    case 'notYetValid':
    case 'missing':
      return 'passMissing';
    case 'alreadyUsed':
      return 'passAlreadyUsed';
    case 'notAllowed':
      return 'passNotAllowed';
    case 'locked':
      return 'lockedUser';
    case 'disabled':
      return 'disabledUser';
    default:
      return verdict satisfies never;
  }
}

/** The identifiers that go with every answer of the service. */
export interface StsTrace {
  readonly traceId: string;
  readonly correlationId: string;
  /** `2026-11-23 09:20:11Z`. */
  readonly timestamp: string;
}

export function stsTrace(randomBytes: RandomBytes, wallMs: number, correlationId: string | null): StsTrace {
  const timestamp = `${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return { traceId: randomGuid(randomBytes), correlationId: correlationId ?? randomGuid(randomBytes), timestamp };
}

export function errorDescription(name: AadstsName, trace: StsTrace): string {
  const { code, text } = aadsts[name];
  return `AADSTS${code}: ${text} Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${trace.timestamp}`;
}

/** The body of a refusing token endpoint. */
export function tokenErrorBody(name: AadstsName, trace: StsTrace): object {
  const { code, error } = aadsts[name];
  return {
    error,
    error_description: errorDescription(name, trace),
    error_codes: [code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
}

/** The status of a refusing token endpoint: a client that did not prove itself is unauthorized (RFC 6749 §5.2). */
export function tokenErrorStatus(name: AadstsName): 400 | 401 {
  return aadsts[name].error === 'invalid_client' ? 401 : 400;
}
