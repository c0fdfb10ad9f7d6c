// mysignins.microsoft.com: My Security Info. It signs the person in through the same authorize page as everybody else,
// for an application of Microsoft's own, so a session that began with a pass is enough while it is fresh.
import { createHash } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import type { User } from '../directory/directory.ts';
import type { Activation, Approval } from '../directory/phone-service.ts';
import { randomToken } from '../directory/random-text.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import { languageOf } from '../pages/language.ts';
import { pageResponse, type Markup, type ShownProblem } from '../pages/layout.ts';
import { words, type Language, type Words } from '../pages/words.ts';
import { mySignInsApp } from '../sign-in/applications.ts';
import { redirect } from '../sign-in/reply.ts';
import { redeem } from '../sign-in/token-endpoint.ts';
import { readAccessToken } from '../sign-in/tokens.ts';
import type { TwinCore } from '../twin-core.ts';
import { addPage, addedPage, appPage, listPage, scanPage, tryPage, type ListedMethod } from './security-info-pages.ts';

const SESSION_COOKIE = 'MySigninsSession';
const STATE_COOKIE = 'MySigninsState';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const REDIRECT_URI = mySignInsApp.redirectUris[0] ?? '';

interface Visitor {
  readonly user: User;
  readonly session: SignInSession;
}

interface Visit {
  readonly context: Context;
  readonly visitor: Visitor;
  readonly text: Words;
  readonly language: Language;
}

export interface SecurityInfoHost {
  readonly app: Hono;
  clear(): void;
}

export function securityInfoHost(core: TwinCore): SecurityInfoHost {
  const app = new Hono();
  /** This site's sessions by cookie, and sign-ins it has sent people off to. */
  const sessions = new Map<string, string>();
  const departures = new Map<string, { readonly verifier: string; readonly returnTo: string }>();

  const languageFor = (context: Context): Language =>
    languageOf(context.req.query('mkt') ?? context.req.header('accept-language') ?? null);

  const visitorOf = (context: Context): Visitor | null => {
    const sessionId = sessions.get(getCookie(context, SESSION_COOKIE) ?? '');
    const session = sessionId === undefined ? null : core.signIns.find(sessionId);
    const user = session && core.directory.find(session.userId);
    return session && user?.accountEnabled && !core.signIns.hasEnded(session) ? { user, session } : null;
  };

  const goAndSignIn = (context: Context, returnTo: string, visitor: Visitor | null): Response => {
    const state = randomToken(core.randomBytes, 24);
    const verifier = randomToken(core.randomBytes, 48);
    if (departures.size > 1000) departures.clear(); // people who never came back
    departures.set(state, { verifier, returnTo });
    const query = new URLSearchParams({
      client_id: mySignInsApp.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: `openid profile ${mySignInsApp.clientId}/.default`,
      state,
      code_challenge: createHash('sha256').update(verifier, 'ascii').digest('base64url'),
      code_challenge_method: 'S256',
      claims: JSON.stringify({ access_token: { amr: { essential: true, values: ['ngcmfa'] } } }),
      ui_locales: languageFor(context),
      ...(visitor ? { login_hint: visitor.user.upn } : {}),
    });
    const response = redirect(`https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?${query.toString()}`);
    response.headers.append('set-cookie', generateCookie(STATE_COOKIE, state, COOKIE));
    return response;
  };

  const page = ({ language }: Visit, title: string, body: Markup): Promise<Response> =>
    pageResponse({ language, title, organization: core.tenant.displayName, body, shape: 'sheet' });

  /** Every page: signed in, or sent to sign in and back here. */
  const visited =
    (act: (visit: Visit) => Response | Promise<Response>) =>
    (context: Context): Response | Promise<Response> => {
      const visitor = visitorOf(context);
      const { pathname, search } = new URL(context.req.url);
      if (!visitor) return goAndSignIn(context, context.req.method === 'GET' ? `${pathname}${search}` : '/security-info', null);
      const language = languageFor(context);
      return act({ context, visitor, language, text: words[language] });
    };
  /** Pages that add a method: the sign-in has to be fresh as well. */
  const managing = (act: (visit: Visit) => Response | Promise<Response>) =>
    visited((visit) => {
      const may = core.signIns.mayManageMethods(visit.visitor.session, core.directory.policy.signIn);
      switch (may) {
        case 'yes':
          return act(visit);
        case 'stale':
          return goAndSignIn(visit.context, '/security-info/add', visit.visitor);
        case 'windowOver':
          return page(visit, visit.text.addTitle, addPage(visit.text, false, { text: visit.text.windowOver, aadsts: null }));
        default:
          return may satisfies never;
      }
    });

  app.get('/', () => redirect('/security-info'));
  app.get(
    '/security-info',
    visited((visit) => page(visit, visit.text.infoTitle, listPage(visit.text, visit.visitor.user.upn, methodsOf(core, visit)))),
  );

  app.get('/signin', async (context) => {
    const state = context.req.query('state') ?? '';
    const departure = departures.get(state);
    // A sign-in that this browser did not set out for is not followed.
    if (!departure || getCookie(context, STATE_COOKIE) !== state) return redirect('/security-info');
    departures.delete(state);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: mySignInsApp.clientId,
      redirect_uri: REDIRECT_URI,
      code: context.req.query('code') ?? '',
      code_verifier: departure.verifier,
    });
    const outcome = await redeem(core, 'organizations', form);
    const claims = outcome.ok ? await readAccessToken(core, String(outcome.body['access_token']), mySignInsApp.clientId) : null;
    if (!claims) return context.text('This sign-in did not work.', 400);
    const cookie = randomToken(core.randomBytes, 48);
    sessions.set(cookie, claims.sessionId);
    const response = redirect(departure.returnTo);
    response.headers.append('set-cookie', generateCookie(SESSION_COOKIE, cookie, COOKIE));
    response.headers.append('set-cookie', generateCookie(STATE_COOKIE, '', { ...COOKIE, maxAge: 0 }));
    return response;
  });

  app.get(
    '/security-info/add',
    managing((visit) => page(visit, visit.text.addTitle, addPage(visit.text, core.phones.qrAllowed(), null))),
  );
  app.post(
    '/security-info/add',
    managing(async ({ context }) => {
      const form = new URLSearchParams(await context.req.text());
      const chosen = form.get('method') === 'authenticator' && core.phones.qrAllowed();
      return redirect(chosen ? '/security-info/authenticator/app' : '/security-info/add', 303);
    }),
  );
  app.get(
    '/security-info/authenticator/app',
    managing((visit) => page(visit, visit.text.appTitle, appPage(visit.text))),
  );
  app.post(
    '/security-info/authenticator/start',
    managing(({ visitor }) => {
      if (!core.phones.qrAllowed()) return redirect('/security-info/add', 303);
      return redirect(`/security-info/authenticator/scan?id=${core.phones.offerActivation(visitor.user).id}`, 303);
    }),
  );

  const ownActivation = ({ visitor }: Visit, id: string | null | undefined): Activation | null => {
    const activation = core.phones.activation(id ?? '');
    return activation?.userId === visitor.user.objectId ? activation : null;
  };
  const ownApproval = ({ visitor }: Visit, id: string | null | undefined): Approval | null => {
    const approval = core.phones.approval(id ?? '');
    return approval?.kind === 'test' && approval.userId === visitor.user.objectId ? approval : null;
  };

  app.get(
    '/security-info/authenticator/scan',
    managing((visit) => {
      const activation = ownActivation(visit, visit.context.req.query('id'));
      if (!activation) return redirect('/security-info/authenticator/app');
      const state = core.phones.activationState(activation);
      const sentence =
        state === 'expired'
          ? visit.text.scanExpired
          : visit.context.req.query('early') && state === 'waiting'
            ? visit.text.scanNotYet
            : null;
      const problem: ShownProblem | null = sentence === null ? null : { text: sentence, aadsts: null };
      const { id, code, url } = activation;
      return page(
        visit,
        visit.text.scanTitle,
        scanPage(visit.text, { id, code, url, state, problem, content: qrContent(activation) }),
      );
    }),
  );
  app.get(
    '/security-info/authenticator/state',
    visited((visit) => {
      const activation = ownActivation(visit, visit.context.req.query('id'));
      const state = activation ? core.phones.activationState(activation) : 'expired';
      return visit.context.json({ state: state === 'waiting' ? 'pending' : state });
    }),
  );
  app.post(
    '/security-info/authenticator/scanned',
    managing(async (visit) => {
      const activation = ownActivation(visit, new URLSearchParams(await visit.context.req.text()).get('id'));
      if (!activation) return redirect('/security-info/authenticator/app', 303);
      if (activation.methodId === null) return redirect(`/security-info/authenticator/scan?id=${activation.id}&early=1`, 303);
      const test = core.phones.ask('test', visit.visitor.user, [activation.methodId]);
      return redirect(`/security-info/authenticator/try?id=${test.id}`, 303);
    }),
  );

  app.get(
    '/security-info/authenticator/try',
    managing((visit) => {
      const approval = ownApproval(visit, visit.context.req.query('id'));
      if (!approval) return redirect('/security-info');
      const state = core.phones.approvalState(approval);
      const problem = problemOf(visit.text, state);
      const number = state === 'pending' ? approval.number : null;
      return page(
        visit,
        visit.text.tryTitle,
        tryPage(visit.text, { id: approval.id, number, approved: state === 'approved', problem }),
      );
    }),
  );
  app.get(
    '/security-info/authenticator/try/state',
    visited((visit) => {
      const approval = ownApproval(visit, visit.context.req.query('id'));
      return visit.context.json({ state: approval ? core.phones.approvalState(approval) : 'expired' });
    }),
  );
  app.post(
    '/security-info/authenticator/tried',
    managing(async (visit) => {
      const form = new URLSearchParams(await visit.context.req.text());
      const approval = ownApproval(visit, form.get('id'));
      if (!approval) return redirect('/security-info', 303);
      const state = core.phones.approvalState(approval);
      if (state === 'approved') return redirect('/security-info/authenticator/done', 303);
      const again = state !== 'pending' && form.has('again');
      const next = again ? core.phones.ask('test', visit.visitor.user, approval.methodIds) : approval;
      return redirect(`/security-info/authenticator/try?id=${next.id}`, 303);
    }),
  );
  app.get(
    '/security-info/authenticator/done',
    visited((visit) => page(visit, visit.text.addedTitle, addedPage(visit.text))),
  );

  return {
    app,
    clear: () => {
      sessions.clear();
      departures.clear();
    },
  };
}

/** What Authenticator's scanner expects; the form seen in the codes of the real page. */
function qrContent({ code, url }: Activation): string {
  const escaped = encodeURIComponent(url).replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return `phonefactor://activate_account?code=${code}&url=${escaped}`;
}

function problemOf(text: Words, state: ReturnType<TwinCore['phones']['approvalState']>): ShownProblem | null {
  switch (state) {
    case 'pending':
    case 'approved':
      return null;
    case 'denied':
      return { text: text.approveDenied, aadsts: null };
    case 'wrongNumber':
      return { text: text.approveWrongNumber, aadsts: null };
    case 'expired':
      return { text: text.approveExpired, aadsts: null };
    default:
      return state satisfies never;
  }
}

function methodsOf(core: TwinCore, { visitor: { user }, text, language }: Visit): readonly ListedMethod[] {
  const ends = (ms: number): string => {
    const time = new Date(ms).toLocaleTimeString(language === 'ar' ? 'ar-u-nu-latn' : language, {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'UTC',
    });
    return text.infoPassEnds.replace('{time}', `${time} UTC`);
  };
  const pass = user.pass && core.directory.usability(user.pass) === 'EnabledByPolicy' ? user.pass : null;
  return [
    ...core.directory.listed(user.passkeys).map((passkey) => ({ name: text.infoPasskey, detail: passkey.displayName })),
    ...core.directory.listed(user.authenticators).map((app) => ({
      name: text.infoAuthenticator,
      detail: `${app.displayName} · ${app.phoneSignIn ? text.infoAuthenticatorSignIn : text.infoAuthenticatorPush}`,
    })),
    ...(pass ? [{ name: text.infoPass, detail: ends(pass.endsAtMs) }] : []),
  ];
}
