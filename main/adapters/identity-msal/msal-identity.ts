// Sign-in through MSAL: authorization code with PKCE, tokens in memory only. Each `begin` makes one instance of
// everything (MSAL application, cache, PKCE verifier, state, nonce) and `forget` lets go of all of it.
// Source: Microsoft identity platform, "OAuth 2.0 authorization code flow"; OpenID Connect Core §3.1.2.1; RFC 7636.
import { randomBytes } from 'node:crypto';
import {
  CryptoProvider,
  LogLevel,
  PromptValue,
  PublicClientApplication,
  ResponseMode,
  type AccountInfo,
  type AuthenticationResult,
} from '@azure/msal-node';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { Account, IdentityPort, SignInWish, TokenSource, TokenWish } from '../../ports/identity.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Settings } from '../../ports/settings.ts';
import { reasonOfAnswer, reasonOfError } from './refusal.ts';
import { createTokenExchange } from './token-exchange.ts';

export interface MsalIdentityOptions {
  readonly settings: Pick<Settings, 'tenantId' | 'clientId' | 'authorityHost' | 'graphOrigin'>;
  readonly http: HttpPort;
  /** Bounds every exchange with the token endpoint. */
  readonly clock: ClockPort;
  /** `length` cryptographically strong bytes, for state and nonce; the machine's own when left out. */
  readonly random?: (length: number) => Uint8Array;
}

/** One sign-in from the first address to the last token. */
interface Attempt {
  readonly application: PublicClientApplication;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly ending: AbortController;
  /** Set once the person has signed in. */
  signedIn: SignedIn | null;
}

interface SignedIn {
  readonly account: AccountInfo;
  /** The service names what it granted in its own way, and MSAL keeps the token under those names. */
  readonly granted: readonly string[];
}

/**
 * A technician's sign-in is another one of these, with the technicians' own registration as `clientId`.
 * `begin` asks for everything an administrator granted that application (`/.default`), so that a right that was not
 * granted shows as a refusal of Graph and never as a consent page on the kiosk.
 * `redeem` rejects with its signal's reason when that aborts; a redemption overtaken by `forget` or another `begin`
 * answers `signIn.refused` with the name `forgotten`.
 */
export function createMsalIdentity(options: MsalIdentityOptions): IdentityPort & TokenSource {
  const { settings, http, clock } = options;
  const random = options.random ?? ((length) => new Uint8Array(randomBytes(length)));
  const redirectUri = `https://${settings.authorityHost}/common/oauth2/nativeclient`;
  const scopes = [`${settings.graphOrigin}/.default`];
  let current: Attempt | null = null;

  function freshApplication(signal: AbortSignal): PublicClientApplication {
    return new PublicClientApplication({
      auth: {
        clientId: settings.clientId,
        authority: `https://${settings.authorityHost}/${settings.tenantId}`,
        knownAuthorities: [settings.authorityHost],
        clientCapabilities: ['CP1'],
      },
      system: {
        networkClient: createTokenExchange({ http, clock, signal }),
        loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false, logLevel: LogLevel.Error },
      },
    });
  }

  async function begin({ uiLocale, loginHint }: SignInWish): ReturnType<IdentityPort['begin']> {
    await forget();
    const ending = new AbortController();
    const application = freshApplication(ending.signal);
    const pkce = await new CryptoProvider().generatePkceCodes();
    const attempt: Attempt = {
      application,
      verifier: pkce.verifier,
      state: token(random),
      nonce: token(random),
      ending,
      signedIn: null,
    };
    current = attempt;
    try {
      const url = await application.getAuthCodeUrl({
        scopes,
        redirectUri,
        responseMode: ResponseMode.QUERY,
        prompt: PromptValue.LOGIN,
        state: attempt.state,
        nonce: attempt.nonce,
        codeChallenge: pkce.challenge,
        codeChallengeMethod: 'S256',
        extraQueryParameters: { ui_locales: uiLocale },
        ...(loginHint === undefined ? {} : { loginHint }),
      });
      return { ok: true, value: { url, redirectPrefix: redirectUri } };
    } catch (error) {
      return no(reasonOfError(error, 'signIn.refused'));
    }
  }

  async function redeem(answerUrl: string, signal: AbortSignal): Promise<Outcome<Account>> {
    signal.throwIfAborted();
    const attempt = current;
    if (attempt === null) return refused('notBegun');
    const answer = readAnswer(answerUrl, redirectUri, attempt.state);
    if (!answer.ok) return answer;
    const stop = (): void => attempt.ending.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const result = await attempt.application.acquireTokenByCode({
        code: answer.value,
        codeVerifier: attempt.verifier,
        scopes,
        redirectUri,
        nonce: attempt.nonce,
      });
      signal.throwIfAborted();
      if (current !== attempt) return refused('forgotten');
      const accepted = accept(attempt, result);
      if (!accepted.ok) await forget(); // somebody else's tokens are not kept
      return accepted;
    } catch (error) {
      if (signal.aborted) {
        if (current === attempt) await forget();
        throw signal.reason;
      }
      return current === attempt ? no(reasonOfError(error, 'signIn.refused')) : refused('forgotten');
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  function accept(attempt: Attempt, result: AuthenticationResult): Outcome<Account> {
    const objectId = objectIdIn(result.idTokenClaims);
    const isOurs = result.tenantId.toLowerCase() === settings.tenantId.toLowerCase();
    if (result.account === null || !isOurs) return no(because('signIn.wrongAccount'));
    if (objectId === null) return refused('noObjectId');
    attempt.signedIn = { account: result.account, granted: result.scopes };
    const { tenantId, username, name } = result.account;
    return {
      ok: true,
      value: { objectId, tenantId, userName: username, displayName: name || null, seenFrom: addressIn(result.idTokenClaims) },
    };
  }

  async function accessToken(wanted: readonly string[], { claims, renew = false }: TokenWish = {}): Promise<Outcome<string>> {
    const attempt = current;
    if (!attempt?.signedIn) return no(because('directory.tokenExpired'));
    const { account, granted } = attempt.signedIn;
    const isWhatSignInAsked = wanted.length === scopes.length && wanted.every((scope) => scopes.includes(scope));
    try {
      const request = {
        account,
        scopes: [...(isWhatSignInAsked ? granted : wanted)],
        forceRefresh: renew,
        ...(claims === undefined ? {} : { claims }),
      };
      const result = await attempt.application.acquireTokenSilent(request);
      return current === attempt ? { ok: true, value: result.accessToken } : no(because('directory.tokenExpired'));
    } catch (error) {
      return no(current === attempt ? reasonOfError(error, 'directory.tokenExpired') : because('directory.tokenExpired'));
    }
  }

  async function forget(): Promise<void> {
    const attempt = current;
    current = null;
    attempt?.ending.abort();
    attempt?.application.clearCache();
  }

  return { begin, redeem, accessToken, forget };
}

/** The code in the caught address. State is compared first: an answer that is not to our question is not read further. */
function readAnswer(answerUrl: string, redirectUri: string, state: string): Outcome<string> {
  if (!URL.canParse(answerUrl)) return refused('noAnswer');
  const url = new URL(answerUrl);
  if (`${url.origin}${url.pathname}` !== redirectUri) return refused('noAnswer');
  const said = url.searchParams;
  if (said.getAll('state').length !== 1 || said.get('state') !== state) return refused('stateMismatch');
  const error = said.get('error');
  if (error !== null) return no(reasonOfAnswer(error, said.get('error_description') ?? ''));
  const code = said.get('code');
  return code ? { ok: true, value: code } : refused('noAnswer');
}

/** The person's id in the directory: the `oid` claim (Microsoft identity platform, "ID token claims reference"). */
function objectIdIn(claims: object): string | null {
  return 'oid' in claims && typeof claims.oid === 'string' && claims.oid !== '' ? claims.oid : null;
}

/** Microsoft Entra, optional claims reference: `ipaddr`, the address the person signed in from. */
function addressIn(claims: object): string | null {
  return 'ipaddr' in claims && typeof claims.ipaddr === 'string' && claims.ipaddr !== '' ? claims.ipaddr : null;
}

function refused(statusName: string): { readonly ok: false; readonly reason: Reason } {
  return no(because('signIn.refused', { statusName }));
}

function no(reason: Reason): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason };
}

/** 256 unguessable bits. */
function token(random: (length: number) => Uint8Array): string {
  return Buffer.from(random(32)).toString('base64url');
}
