// Reading `/authorize` (Microsoft identity platform: "OAuth 2.0 authorization code flow"; RFC 7636 for PKCE).
import { z } from 'zod';
import type { TenantFacts } from '../tenant-facts.ts';
import type { Language } from '../pages/words.ts';
import { languageOf } from '../pages/language.ts';
import type { AadstsName } from './aadsts.ts';
import { applicationById, redirectUriRegistered, type Application } from './applications.ts';
import { readScopes } from './scopes.ts';

export type ResponseMode = 'query' | 'form_post' | 'fragment';

/** Where an answer goes. */
export interface ReplyTo {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | null;
}

export interface AuthorizeRequest extends ReplyTo {
  readonly app: Application;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
  readonly codeChallenge: { readonly value: string; readonly method: 'S256' | 'plain' } | null;
  readonly prompt: 'login' | 'select_account' | 'none' | 'consent' | null;
  readonly loginHint: string | null;
  /** `claims` asked for `ngcmfa`: the sign-in has to be minutes old. */
  readonly freshMfaAsked: boolean;
  /** `claims` carried the client capability CP1. */
  readonly challengesUnderstood: boolean;
  readonly clientInfoAsked: boolean;
  readonly correlationId: string | null;
  readonly language: Language;
}

export type AuthorizeReading =
  | { readonly kind: 'request'; readonly request: AuthorizeRequest }
  /** No answer may go to an address that is not proven: the person sees it. */
  | { readonly kind: 'page'; readonly problem: AadstsName }
  | { readonly kind: 'reply'; readonly problem: AadstsName; readonly replyTo: ReplyTo };

const PROMPTS = ['login', 'select_account', 'none', 'consent'] as const;
const RESPONSE_MODES = ['query', 'form_post', 'fragment'] as const;
const ALIAS_TENANTS: ReadonlySet<string> = new Set(['common', 'organizations']);

export function readAuthorizeRequest(
  tenant: TenantFacts,
  tenantInPath: string,
  parameters: URLSearchParams,
  acceptLanguage: string | null,
): AuthorizeReading {
  const page = (problem: AadstsName): AuthorizeReading => ({ kind: 'page', problem });
  const clientId = parameters.get('client_id');
  if (!clientId) return page('missingParameter');
  const app = applicationById(tenant, clientId);
  if (!app) return page('unknownApplication');
  const tenantProblem = checkTenant(tenant, tenantInPath, app);
  if (tenantProblem) return page(tenantProblem);
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri) return page('noReplyAddress');
  if (!redirectUriRegistered(app, redirectUri)) return page('replyAddressMismatch');
  const responseMode = RESPONSE_MODES.find((mode) => mode === (parameters.get('response_mode') ?? 'query'));
  if (!responseMode) return page('malformedRequest');

  const replyTo: ReplyTo = { redirectUri, responseMode, state: parameters.get('state') };
  const reply = (problem: AadstsName): AuthorizeReading => ({ kind: 'reply', problem, replyTo });
  const responseType = parameters.get('response_type');
  if (!responseType) return reply('missingParameter');
  if (responseType !== 'code') return reply('unsupportedResponseType');
  const scopes = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0) return reply('missingParameter');
  const scopeReading = readScopes(scopes);
  if (typeof scopeReading === 'string') return reply(scopeReading);
  const codeChallenge = readCodeChallenge(parameters);
  if (typeof codeChallenge === 'string') return reply(codeChallenge);
  const promptGiven = parameters.get('prompt');
  const prompt = PROMPTS.find((known) => known === promptGiven) ?? null;
  if (promptGiven && !prompt) return reply('unsupportedPrompt');
  const claims = readClaims(parameters.get('claims'));
  if (claims === null) return reply('malformedRequest');
  const language = languageOf(parameters.get('ui_locales') ?? parameters.get('mkt') ?? acceptLanguage);
  const request: AuthorizeRequest = {
    ...replyTo,
    app,
    scopes,
    codeChallenge,
    prompt,
    ...claims,
    language,
    nonce: parameters.get('nonce'),
    loginHint: parameters.get('login_hint'),
    clientInfoAsked: parameters.get('client_info') === '1',
    correlationId: parameters.get('client-request-id'),
  };
  return { kind: 'request', request };
}

/** Null when an application may be reached under this tenant name. */
export function checkTenant(tenant: TenantFacts, tenantInPath: string, app: Application): AadstsName | null {
  const wanted = tenantInPath.toLowerCase();
  if (wanted === tenant.tenantId || wanted === tenant.domain.toLowerCase()) return null;
  if (!ALIAS_TENANTS.has(wanted)) return 'unknownTenant';
  return app.multiTenant ? null : 'notMultiTenant';
}

function readCodeChallenge(parameters: URLSearchParams): AuthorizeRequest['codeChallenge'] | AadstsName {
  const value = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method') ?? 'plain';
  if (value === null) return parameters.has('code_challenge_method') ? 'missingParameter' : null;
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(value)) return 'badCodeChallenge';
  return method === 'S256' || method === 'plain' ? { value, method } : 'malformedRequest';
}

const claimRequest = z.looseObject({ values: z.array(z.string()).optional() });
const claimsSchema = z.looseObject({
  access_token: z.looseObject({ amr: claimRequest.optional(), xms_cc: claimRequest.optional() }).optional(),
});

/** OpenID Connect Core §5.5, as far as the twin looks; null for something that is not a claims request. */
function readClaims(claims: string | null): { readonly freshMfaAsked: boolean; readonly challengesUnderstood: boolean } | null {
  if (claims === null || claims === '') return { freshMfaAsked: false, challengesUnderstood: false };
  const asked = claimsSchema.safeParse(jsonOrNull(claims));
  if (!asked.success) return null;
  const { amr, xms_cc: capabilities } = asked.data.access_token ?? {};
  return {
    freshMfaAsked: amr?.values?.includes('ngcmfa') ?? false,
    challengesUnderstood: capabilities?.values?.some((value) => value.toLowerCase() === 'cp1') ?? false,
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
