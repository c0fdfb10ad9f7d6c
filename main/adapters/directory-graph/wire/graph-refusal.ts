// What a refusing Graph means. The status decides; words of the message only sharpen a 400 that would otherwise say nothing.
// Source: Microsoft Graph, "Error responses and resource types", "Throttling guidance", "Create fido2AuthenticationMethod".
import { z } from 'zod';
import { because, type Reason, type ReasonCode, type ReasonDetail } from '../../../../contract/reason.ts';

/**
 * Microsoft documents one code, `badRequest`, for every refused registration and says that messages may change at any
 * time. These guesses therefore choose words for the person and nothing else, the first that fits wins, and a message that
 * fits none stays `directory.refused` with its status and request id. They are kept here and nowhere else.
 */
const registrationHints: readonly { readonly says: RegExp; readonly code: ReasonCode }[] = [
  { says: /already (?:exists|registered|in use)|duplicate/i, code: 'key.alreadyRegistered' },
  { says: /aaguid|key restriction|model of (?:the )?(?:authenticator|key)/i, code: 'directory.keyModelNotAllowed' },
  { says: /attestation/i, code: 'directory.attestationRefused' },
  { says: /challenge/i, code: 'directory.challengeExpired' },
  { says: /self-?service|themselves/i, code: 'directory.notSelfService' },
];

const errorBody = z.object({
  error: z.object({
    code: z.string().optional(),
    message: z.string().optional(),
    innerError: z.object({ message: z.string().optional(), 'request-id': z.string().optional() }).optional().catch(undefined),
  }),
});

const CODE_NAME = /^[A-Za-z0-9_.-]{1,60}$/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** By lower-case name: of an answer of its own, or of a batch's part. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/** How a refused answer looks to those who only know its status, headers and body. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As JSON; anything else is read as nothing. */
  readonly body: unknown;
  /** Whether the request was about a key of the person's, so that the hints may speak. */
  readonly aboutKey: boolean;
}

export function reasonOfRefusal({ status, headers, body, aboutKey }: RefusedAnswer): Reason {
  const error = errorBody.safeParse(body).data?.error;
  const detail: ReasonDetail = {
    status,
    ...(error?.code !== undefined && CODE_NAME.test(error.code) ? { statusName: error.code } : {}),
    ...requestIdOf(headers, error?.innerError?.['request-id']),
  };
  return because(codeOf(status, aboutKey, `${error?.message ?? ''}\n${error?.innerError?.message ?? ''}`), detail);
}

function codeOf(status: number, aboutKey: boolean, message: string): ReasonCode {
  if (status === 401) return 'directory.tokenExpired';
  if (status === 403) return 'directory.forbidden';
  if (status === 405) return 'directory.notSelfService';
  if (status === 429) return 'directory.throttled';
  if (status >= 500) return 'directory.unavailable';
  if (!aboutKey) return 'directory.refused';
  if (status === 409) return 'key.alreadyRegistered';
  if (status !== 400) return 'directory.refused';
  return registrationHints.find(({ says }) => says.test(message))?.code ?? 'directory.refused';
}

/** An answer with a good status that is not what was asked for; `where` names the place: a path of ours, never a value. */
export function unreadable(status: number, headers: AnswerHeaders, where: string): Reason {
  return because('directory.unreadable', { status, statusName: where, ...requestIdOf(headers) });
}

/** Seconds to wait, from delay seconds or a date (RFC 9110 §10.2.3); dates are read by the server's own clock. */
export function retryAfterSeconds(headers: AnswerHeaders): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const untilMs = Date.parse(text);
  const serverMs = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(untilMs) || Number.isNaN(serverMs) ? null : Math.max(0, Math.ceil((untilMs - serverMs) / 1000));
}

function requestIdOf(headers: AnswerHeaders, inner?: string): ReasonDetail {
  const requestId = headers.get('request-id') ?? inner;
  return requestId !== undefined && GUID.test(requestId) ? { requestId } : {};
}
