// Why a sign-in or a token was refused, from what MSAL throws and from the answer in the address. Texts of the service are
// read for their numbers and ids and then dropped: they may name the person.
import {
  AuthError,
  ClientAuthError,
  ClientConfigurationError,
  InteractionRequiredAuthError,
  ServerError,
} from '@azure/msal-node';
import { reasonForAadsts } from '../../../contract/aadsts.ts';
import { because, type Reason, type ReasonDetail } from '../../../contract/reason.ts';
import { ExchangeBroken, ExchangeFailed } from './token-exchange.ts';

/**
 * What an unlisted refusal means: at sign-in just that, for a token that the person has to sign in again, for the station that
 * its registration or certificate is not right.
 */
export type Fallback = 'signIn.refused' | 'directory.tokenExpired' | 'desk.stationNotReady';

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const CODE_NAME = /^[A-Za-z0-9_.-]{1,60}$/;

/** MSAL asks for the authority's metadata only for hosts it does not know by heart; without it there is no way in. */
const NO_METADATA: ReadonlySet<string> = new Set(['endpoints_resolution_error', 'openid_config_error', 'network_error']);

/** @throws what it was given when that is no expected refusal but a mistake (a wrong configuration, a bug). */
export function reasonOfError(error: unknown, fallback: Fallback): Reason {
  if (error instanceof ExchangeFailed) return error.reason;
  if (error instanceof ExchangeBroken) throw error.mistake;
  if (!(error instanceof AuthError) || error instanceof ClientConfigurationError) throw error;
  const traced = requestIdIn(error.correlationId);
  if (error instanceof ServerError || error instanceof InteractionRequiredAuthError) {
    const number = Number(error.errorNo);
    return Number.isInteger(number) && number > 0
      ? numbered(number, fallback, traced)
      : because(fallback, { ...named(error.errorCode), ...traced });
  }
  if (error instanceof ClientAuthError && NO_METADATA.has(error.errorCode)) return because('directory.unreachable');
  return because(fallback, { ...named(error.errorCode), ...traced });
}

/** OAuth 2.0 (RFC 6749 §4.1.2.1) with Microsoft's number in the description. */
export function reasonOfAnswer(error: string, description: string): Reason {
  const number = /\bAADSTS(\d{4,7})\b/.exec(description)?.[1];
  const traced = requestIdIn(/Correlation ID:\s*(\S+)/i.exec(description)?.[1] ?? '');
  return number === undefined
    ? because('signIn.refused', { ...named(error), ...traced })
    : numbered(Number(number), 'signIn.refused', traced);
}

function numbered(number: number, fallback: Fallback, traced: ReasonDetail): Reason {
  const reason = reasonForAadsts(number);
  return because(reason.code === 'signIn.refused' ? fallback : reason.code, { ...reason.detail, ...traced });
}

function named(code: string): ReasonDetail {
  return CODE_NAME.test(code) ? { statusName: code } : {};
}

function requestIdIn(text: string): ReasonDetail {
  const requestId = GUID.exec(text)?.[0];
  return requestId === undefined ? {} : { requestId };
}
