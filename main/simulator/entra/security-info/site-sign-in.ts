// How My Security Info knows who is there: a session of its own, begun through the same authorize page as everybody
// else's, for an application of Microsoft's own. A browser session that began with a pass is enough while it is fresh.
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import type { User } from '../directory/directory.ts';
import { randomToken } from '../directory/random-text.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import { mySignInsApp } from '../sign-in/applications.ts';
import { redirect } from '../sign-in/reply.ts';
import { redeem } from '../sign-in/token-endpoint.ts';
import { readAccessToken } from '../sign-in/tokens.ts';
import type { TwinCore } from '../twin-core.ts';

const SESSION_COOKIE = 'MySigninsSession';
const STATE_COOKIE = 'MySigninsState';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const REDIRECT_URI = mySignInsApp.redirectUris[0];
/** People sent off to sign in who may still come back. */
const MOST_DEPARTURES = 1000;

export interface Visitor {
  readonly user: User;
  readonly session: SignInSession;
}

export class SiteSignIn {
  readonly #core: TwinCore;
  /** Sign-in session by this site's cookie. */
  readonly #sessions = new Map<string, string>();
  readonly #departures = new Map<string, { readonly verifier: string; readonly returnTo: string }>();

  constructor(core: TwinCore) {
    this.#core = core;
  }

  clear(): void {
    this.#sessions.clear();
    this.#departures.clear();
  }

  visitor(context: Context): Visitor | null {
    const { signIns, directory } = this.#core;
    const session = signIns.find(this.#sessions.get(getCookie(context, SESSION_COOKIE) ?? '') ?? '');
    const user = session && directory.find(session.userId);
    return session && user?.accountEnabled && !signIns.hasEnded(session) ? { user, session } : null;
  }

  /** To the sign-in page and back to `returnTo`, a path of this site. The sign-in has to be minutes old. */
  depart(returnTo: string, language: string, loginHint: string | null): Response {
    const state = randomToken(this.#core.randomBytes, 24);
    const verifier = randomToken(this.#core.randomBytes, 48);
    const [oldest] = this.#departures.keys();
    if (oldest !== undefined && this.#departures.size >= MOST_DEPARTURES) this.#departures.delete(oldest);
    this.#departures.set(state, { verifier, returnTo });
    const query = new URLSearchParams({
      client_id: mySignInsApp.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: `openid profile ${mySignInsApp.clientId}/.default`,
      state,
      code_challenge: createHash('sha256').update(verifier, 'ascii').digest('base64url'),
      code_challenge_method: 'S256',
      claims: JSON.stringify({ access_token: { amr: { essential: true, values: ['ngcmfa'] } } }),
      ui_locales: language,
      ...(loginHint === null ? {} : { login_hint: loginHint }),
    });
    const response = redirect(`https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?${query.toString()}`);
    response.headers.append('set-cookie', generateCookie(STATE_COOKIE, state, COOKIE));
    return response;
  }

  /** The redirect address. An answer that this browser did not set out for is not followed. */
  async arrive(context: Context): Promise<Response> {
    const state = context.req.query('state') ?? '';
    const departure = this.#departures.get(state);
    if (!departure || getCookie(context, STATE_COOKIE) !== state) return redirect('/security-info');
    this.#departures.delete(state);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: mySignInsApp.clientId,
      redirect_uri: REDIRECT_URI,
      code: context.req.query('code') ?? '',
      code_verifier: departure.verifier,
    });
    const outcome = await redeem(this.#core, 'organizations', form, this.#core.placeOf(context.req.raw).address);
    const accessToken = outcome.ok ? String(outcome.body['access_token']) : '';
    const claims = await readAccessToken(this.#core, accessToken, mySignInsApp.clientId);
    if (!claims) return context.text('This sign-in did not work.', 400);
    for (const [cookie, sessionId] of this.#sessions) if (!this.#core.signIns.find(sessionId)) this.#sessions.delete(cookie);
    const cookie = randomToken(this.#core.randomBytes, 48);
    this.#sessions.set(cookie, claims.sessionId);
    const response = redirect(departure.returnTo);
    response.headers.append('set-cookie', generateCookie(SESSION_COOKIE, cookie, COOKIE));
    response.headers.append('set-cookie', generateCookie(STATE_COOKIE, '', { ...COOKIE, maxAge: 0 }));
    return response;
  }
}
