// Signing in on the phone: the app opens Microsoft's pages in a browser of its own, with a jar of its own, and gets a token
// for device registration (OAuth 2.0 authorization code flow with PKCE).
import { createHash } from 'node:crypto';
import { CookieJar } from 'tough-cookie';
import { z } from 'zod';
import { Unreachable } from './phone-services.ts';
import { readForm, readLink, readProblem } from './page-form.ts';

/** Microsoft Authenticator's own application, and the device registration service it asks for. */
const CLIENT_ID = '4813382a-8fa7-425e-ab75-3b753aab3abb';
const REDIRECT_URI = 'msauth://com.azure.authenticator/signin';
const SCOPE = 'openid profile 01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/.default';
const AUTHORITY = 'https://login.microsoftonline.com/organizations/oauth2/v2.0';

export interface PhoneSignInOptions {
  readonly http: (request: Request) => Promise<Response>;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly language: string;
}

export type PhoneSignInOutcome =
  | { readonly ok: true; readonly accessToken: string }
  /** `aadsts`: the number on the page, where it gave one. */
  | { readonly ok: false; readonly aadsts: number | null };

interface Page {
  readonly url: string;
  readonly text: string;
}

const tokenSchema = z.object({ access_token: z.string().min(1) });

/** More pages than any sign-in has. */
const MOST_STEPS = 12;

/** @throws {Unreachable} when there is no answer, or a 5xx. */
export async function signInOnPhone(
  options: PhoneSignInOptions,
  who: { readonly upn: string; readonly pass: string },
): Promise<PhoneSignInOutcome> {
  const verifier = Buffer.from(options.randomBytes(48)).toString('base64url');
  const state = Buffer.from(options.randomBytes(16)).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state,
    prompt: 'login',
    code_challenge: createHash('sha256').update(verifier, 'ascii').digest('base64url'),
    code_challenge_method: 'S256',
    ui_locales: options.language,
  });
  const browser = new InAppBrowser(options);
  let seen = await browser.open(`${AUTHORITY}/authorize?${query.toString()}`);
  for (let step = 0; step < MOST_STEPS && !('code' in seen); step += 1) {
    const problem = readProblem(seen.text);
    if (problem !== null) return { ok: false, aadsts: problem };
    const next = await fillIn(browser, seen, who);
    if (!next) return { ok: false, aadsts: null };
    seen = next;
  }
  if (!('code' in seen) || seen.state !== state) return { ok: false, aadsts: null };
  return redeem(options, seen.code, verifier);
}

/** Does what a person would on this page; null when it asks for something the phone has no answer to. */
async function fillIn(
  browser: InAppBrowser,
  page: Page,
  who: { readonly upn: string; readonly pass: string },
): Promise<Seen | null> {
  const form = readForm(page.text, page.url);
  if (!form) return null;
  const send = (name: string, value: string): Promise<Seen> =>
    browser.send(form.action, new Map([...form.fields, [name, value]]));
  if (form.fields.has('loginfmt')) return send('loginfmt', who.upn);
  if (form.fields.has('accesspass')) return send('accesspass', who.pass);
  if (form.fields.has('way')) return page.text.includes('value="accessPass"') ? send('way', 'accessPass') : null;
  const otherWays = readLink(page.text, page.url, '/login/choose');
  return otherWays === null ? null : browser.open(otherWays);
}

async function redeem(options: PhoneSignInOptions, code: string, verifier: string): Promise<PhoneSignInOutcome> {
  const form = {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  };
  const response = await answerOf(
    options,
    new Request(`${AUTHORITY}/token`, { method: 'POST', body: new URLSearchParams(form) }),
  );
  const text = await response.text();
  const token = response.ok ? tokenSchema.safeParse(JSON.parse(text)) : null;
  return token?.success ? { ok: true, accessToken: token.data.access_token } : { ok: false, aadsts: readProblem(text) };
}

async function answerOf({ http }: PhoneSignInOptions, request: Request): Promise<Response> {
  let response: Response;
  try {
    response = await http(request);
  } catch (error) {
    throw new Unreachable('no answer', { cause: error });
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`status ${response.status}`);
  return response;
}

type Seen = Page | { readonly code: string; readonly state: string | null };

class InAppBrowser {
  readonly #options: PhoneSignInOptions;
  readonly #jar = new CookieJar();

  constructor(options: PhoneSignInOptions) {
    this.#options = options;
  }

  open(url: string): Promise<Seen> {
    return this.#load(new Request(url));
  }

  send(action: string, fields: ReadonlyMap<string, string>): Promise<Seen> {
    return this.#load(new Request(action, { method: 'POST', body: new URLSearchParams([...fields]) }));
  }

  /** Follows redirects until a page, or the app's own address, which it does not load. */
  async #load(first: Request): Promise<Seen> {
    let request = first;
    for (let hop = 0; hop < MOST_STEPS; hop += 1) {
      const headers = new Headers(request.headers);
      headers.set('accept-language', this.#options.language);
      const cookies = await this.#jar.getCookieString(request.url);
      if (cookies !== '') headers.set('cookie', cookies);
      const response = await answerOf(this.#options, new Request(request, { headers }));
      for (const cookie of response.headers.getSetCookie()) await this.#jar.setCookie(cookie, request.url);
      const location = response.headers.get('location');
      if (location === null) return { url: request.url, text: await response.text() };
      const target = new URL(location, request.url);
      if (target.protocol === 'msauth:')
        return { code: target.searchParams.get('code') ?? '', state: target.searchParams.get('state') };
      request = new Request(target);
    }
    return { url: request.url, text: '' };
  }
}
