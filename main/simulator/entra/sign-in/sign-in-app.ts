// login.microsoftonline.com: authorization, the pages a person sees, and tokens.
import { Hono, type Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { fidoApp } from '../fido-pages/fido-app.ts';
import { randomToken } from '../directory/random-text.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import { languageOf } from '../pages/language.ts';
import { pageResponse } from '../pages/layout.ts';
import { signedOutPage } from '../pages/sign-in-pages.ts';
import { words, type Language } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import { stsTrace, tokenErrorBody, tokenErrorStatus, type AadstsName, type StsTrace } from './aadsts.ts';
import { admitToApplication, circumstancesOf } from './access-gate.ts';
import { readAuthorizeRequest, type AuthorizeRequest } from './authorize-request.ts';
import { discoveryApp } from './discovery-app.ts';
import { problemPage } from './problem-page.ts';
import { RegistrationGate } from './registration-gate.ts';
import { redirect, reply, replyProblem } from './reply.ts';
import { grantedScopes, readScopes } from './scopes.ts';
import { SignInFlows, type SignInFlow } from './sign-in-flows.ts';
import { federatedAddress, stepAddress, stepBody } from './step-page.ts';
import { redeem } from './token-endpoint.ts';
import { clientInfo } from './tokens.ts';

/** Microsoft's own cookie names: one for the browser, one for its session, one for a session that is to stay. */
const BROWSER_COOKIE = 'buid';
const SESSION_COOKIE = 'ESTSAUTH';
const LASTING_COOKIE = 'ESTSAUTHPERSISTENT';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'None' } as const;
const LASTING_SECONDS = 90 * 24 * 60 * 60;

export interface SignInHost {
  readonly app: Hono;
  /** Forgets the sign-ins under way. */
  clear(): void;
}

export function signInHost(core: TwinCore): SignInHost {
  const flows = new SignInFlows(core);
  const gate = new RegistrationGate(core);
  const app = new Hono();
  const trace = (correlationId: string | null): StsTrace => stsTrace(core.randomBytes, core.time.wallMs(), correlationId);
  const language = (context: Context): Language =>
    languageOf(context.req.query('ui_locales') ?? context.req.header('accept-language') ?? null);

  const refusal = (spoken: Language, problem: AadstsName, correlationId: string | null): Promise<Response> =>
    problemPage(core, spoken, problem, correlationId);

  const stepPage = async (flow: SignInFlow): Promise<Response> => {
    const page = await stepBody(core, flows, gate, flow);
    return pageResponse({ ...page, language: flow.request.language, organization: core.tenant.displayName, shape: 'card' });
  };

  /** The session this browser already has; an older one than asked for only says whose turn it is to sign in again. */
  const sessionOf = (
    context: Context,
    request: AuthorizeRequest,
  ): { readonly session: SignInSession; readonly serves: boolean } | null => {
    if (request.prompt === 'login' || request.prompt === 'select_account') return null;
    const cookie = getCookie(context, SESSION_COOKIE) ?? getCookie(context, LASTING_COOKIE);
    const session = cookie ? core.signIns.findByCookie(cookie) : null;
    const user = session && core.directory.find(session.userId);
    if (!session || !user?.accountEnabled || core.signIns.hasEnded(session)) return null;
    const fresh = core.signIns.mayManageMethods(session, core.directory.policy.signIn) === 'yes';
    return { session, serves: !request.freshMfaAsked || fresh };
  };

  /** Consent is looked at last, after the person signed in: a one-time pass may be wasted on it, as in the real service. */
  const finish = async (request: AuthorizeRequest, session: SignInSession): Promise<Response> => {
    const scopes = readScopes(request.scopes);
    if (typeof scopes === 'string') return refusal(request.language, scopes, request.correlationId);
    if (!grantedScopes(request.app, scopes)) return refusal(request.language, 'consentMissing', request.correlationId);
    const { redirectUri, nonce, codeChallenge, freshMfaAsked, challengesUnderstood } = request;
    const asked = { redirectUri, nonce, codeChallenge, freshMfaAsked, challengesUnderstood, scopes: request.scopes };
    const code = core.signIns.issueCode({ ...asked, clientId: request.app.clientId, session });
    const info = request.clientInfoAsked ? { client_info: clientInfo(session.userId, core.tenant.tenantId) } : {};
    return reply(core, request, request.language, { code, ...info, session_state: session.id });
  };

  /** Asks what the tenant asks of a sign-in; null when the flow has its next step, otherwise the page that ends it. */
  const admit = (flow: SignInFlow, request: Request): Promise<Response> | null => {
    const user = flows.userOf(flow);
    if (!flow.session || !user) return refusal(flow.request.language, 'flowOver', flow.request.correlationId);
    const { app: wanted, language: spoken, correlationId } = flow.request;
    const admission = admitToApplication(core, flow.session, user, wanted, circumstancesOf(core, request));
    switch (admission.kind) {
      case 'refused':
        flows.drop(flow);
        return refusal(spoken, admission.problem, correlationId);
      case 'anotherWay':
        flows.askForAnotherWay(flow, admission.ways);
        return null;
      case 'admitted':
        if (gate.interruptOf(user, wanted)) flow.step = 'proofup';
        else flows.admitted(flow);
        return null;
      default:
        return admission satisfies never;
    }
  };

  /** Where the flow stands: a page of its own, or the answer. */
  const proceed = async (flow: SignInFlow, context: Context): Promise<Response> => {
    const refused = flow.step === 'admit' ? admit(flow, context.req.raw) : null;
    if (refused) return refused;
    if (flow.step !== 'finish' || !flow.session) return redirect(stepAddress(core, flow), 303);
    flows.drop(flow);
    const response = await finish(flow.request, flow.session);
    giveCookie(response, SESSION_COOKIE, flow.session.cookie);
    if (flow.staySignedIn) giveCookie(response, LASTING_COOKIE, flow.session.cookie, LASTING_SECONDS);
    return response;
  };

  /** No page may be shown: the application gets the answer, or why there is none. */
  const silently = (context: Context, request: AuthorizeRequest, session: SignInSession | null): Promise<Response> => {
    const user = session && core.directory.find(session.userId);
    const fail = (problem: AadstsName): Promise<Response> =>
      replyProblem(core, request, request.language, problem, trace(request.correlationId));
    if (!session || !user) return fail('loginRequired');
    const admission = admitToApplication(core, session, user, request.app, circumstancesOf(core, context.req.raw));
    if (admission.kind !== 'admitted') return fail(admission.kind === 'refused' ? admission.problem : 'interactionRequired');
    return gate.interruptOf(user, request.app) ? fail('registrationNeeded') : finish(request, session);
  };

  const authorize = async (context: Context, parameters: URLSearchParams): Promise<Response> => {
    const acceptLanguage = context.req.header('accept-language') ?? null;
    const reading = readAuthorizeRequest(core.tenant, context.req.param('tenant') ?? '', parameters, acceptLanguage);
    if (reading.kind === 'page') return refusal(language(context), reading.problem, parameters.get('client-request-id'));
    if (reading.kind === 'reply') return replyProblem(core, reading.replyTo, language(context), reading.problem, trace(null));
    const { request } = reading;
    const known = sessionOf(context, request);
    if (request.prompt === 'none') return silently(context, request, known?.serves ? known.session : null);
    const browserId = getCookie(context, BROWSER_COOKIE) ?? randomToken(core.randomBytes, 24);
    const loginHint = request.loginHint ?? (known ? core.directory.get(known.session.userId).upn : null);
    const flow = known?.serves
      ? flows.resume(request, browserId, known.session)
      : flows.begin({ ...request, loginHint }, browserId);
    const response =
      flow.step === 'name'
        ? await stepPage(flow)
        : flow.step === 'elsewhere'
          ? redirect(federatedAddress(flow))
          : await proceed(flow, context);
    giveCookie(response, BROWSER_COOKIE, browserId);
    return response;
  };

  /** The flow a page or form names, if it belongs to this browser. */
  const ownFlow = (context: Context, ctx: string | undefined): SignInFlow | AadstsName => {
    const browserId = getCookie(context, BROWSER_COOKIE);
    if (browserId === undefined) return 'cookiesMissing';
    const flow = flows.find(ctx ?? '');
    return flow?.browserId === browserId ? flow : 'flowOver';
  };

  app.route('/', discoveryApp(core));
  app.route('/', fidoApp(core));
  app.get('/:tenant/oauth2/v2.0/authorize', (context) => authorize(context, new URL(context.req.url).searchParams));
  app.post('/:tenant/oauth2/v2.0/authorize', async (context) =>
    authorize(context, new URLSearchParams(await context.req.text())),
  );

  app.get('/:tenant/login/:step{name|password|pass|key|choose|approve|elsewhere|proofup|stay}', async (context) => {
    const flow = ownFlow(context, context.req.query('ctx'));
    if (typeof flow === 'string') return refusal(language(context), flow, null);
    if (context.req.param('step') === 'choose') flows.showChoice(flow);
    if (context.req.param('step') === 'key') flows.askForKey(flow);
    if (flow.step === 'approve') flows.checkApproval(flow, false);
    // Back from where it was to be put right.
    if (flow.step === 'proofup') flow.step = 'admit';
    if (flow.step === 'admit') {
      const refused = admit(flow, context.req.raw);
      if (refused) return refused;
    }
    return flow.step === context.req.param('step') ? stepPage(flow) : proceed(flow, context);
  });
  // "Stay signed in?" has an address of its own at Microsoft.
  app.get('/kmsi', async (context) => {
    const flow = ownFlow(context, context.req.query('ctx'));
    if (typeof flow === 'string') return refusal(language(context), flow, null);
    return flow.step === 'stay' ? stepPage(flow) : proceed(flow, context);
  });

  const onForm =
    (act: (flow: SignInFlow, form: URLSearchParams) => unknown) =>
    async (context: Context): Promise<Response> => {
      const form = new URLSearchParams(await context.req.text());
      const flow = ownFlow(context, form.get('ctx') ?? undefined);
      if (typeof flow === 'string') return refusal(language(context), flow, null);
      await act(flow, form);
      return proceed(flow, context);
    };
  // A form counts only while its own page is the current one: the second press of a button finds the flow further on.
  app.post(
    '/:tenant/login/name',
    onForm((flow, form) => flow.step === 'name' && flows.giveName(flow, form.get('loginfmt') ?? '')),
  );
  app.post(
    '/:tenant/login/pass',
    onForm((flow, form) => flow.step === 'pass' && flows.givePass(flow, form.get('accesspass') ?? '')),
  );
  app.post(
    '/:tenant/login/password',
    onForm((flow, form) => flow.step === 'password' && flows.givePassword(flow, form.get('passwd') ?? '')),
  );
  app.post('/:tenant/login/proofup', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const flow = ownFlow(context, form.get('ctx') ?? undefined);
    if (typeof flow === 'string') return refusal(language(context), flow, null);
    const user = flows.userOf(flow);
    if (flow.step !== 'proofup' || !flow.session || !user) return proceed(flow, context);
    if (form.get('proofup') === 'skip') {
      if (gate.interruptOf(user, flow.request.app) === 'campaign' && gate.maySnooze(user)) gate.snooze(user);
      flow.step = 'admit';
      return proceed(flow, context);
    }
    // My Security Info takes the person on with the session of this sign-in, and sends them back here.
    const back = `https://login.microsoftonline.com${stepAddress(core, flow)}`;
    const response = redirect(`https://mysignins.microsoft.com/register?${new URLSearchParams({ back }).toString()}`, 303);
    giveCookie(response, SESSION_COOKIE, flow.session.cookie);
    return response;
  });
  // The security key's answer comes from the relying party's host, under the number Microsoft gives this kind of form.
  app.post(
    '/:tenant/login',
    onForm(
      (flow, form) => flow.step === 'key' && form.get('ps') === '23' && flows.giveAssertion(flow, form.get('assertion') ?? ''),
    ),
  );
  app.post(
    '/:tenant/login/choose',
    onForm((flow, form) => flow.step === 'choose' && flows.chooseWay(flow, form.get('way') ?? '')),
  );
  app.post(
    '/:tenant/login/approve',
    onForm((flow, form) => flow.step === 'approve' && flows.checkApproval(flow, form.has('again'))),
  );
  app.post(
    '/kmsi',
    onForm((flow, form) => flows.answerStay(flow, form.get('LoginOptions') === '1')),
  );
  app.get('/common/DeviceCodeStatus', (context) => {
    const flow = ownFlow(context, context.req.query('ctx'));
    if (typeof flow === 'string') return context.json({ state: 'over' });
    const waiting = flow.step === 'approve' && flows.waitingNumber(flow) !== null;
    return context.json({ state: waiting ? 'pending' : 'over' });
  });

  app.post('/:tenant/oauth2/v2.0/token', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const outcome = await redeem(core, context.req.param('tenant'), form, core.placeOf(context.req.raw).address);
    const headers = { 'cache-control': 'no-store, no-cache' };
    if (outcome.ok) return context.json(outcome.body, 200, headers);
    const body = tokenErrorBody(outcome.problem, trace(context.req.header('client-request-id') ?? null));
    return context.json(body, tokenErrorStatus(outcome.problem), headers);
  });

  app.get('/:tenant/oauth2/v2.0/logout', async (context) => {
    const spoken = language(context);
    const text = words[spoken];
    const frame = {
      language: spoken,
      title: text.signedOutTitle,
      organization: core.tenant.displayName,
      body: signedOutPage(text),
      shape: 'card',
    } as const;
    const response = await pageResponse(frame);
    for (const name of [SESSION_COOKIE, LASTING_COOKIE]) {
      const session = core.signIns.findByCookie(getCookie(context, name) ?? '');
      if (session) core.signIns.end(session);
      giveCookie(response, name, '', 0);
    }
    return response;
  });
  // Where native applications are sent back to: an empty page, which an application catches before it loads.
  app.get('/common/oauth2/nativeclient', () => new Response('', { headers: { 'content-type': 'text/html; charset=utf-8' } }));

  return {
    app,
    clear: () => {
      flows.clear();
      gate.clear();
    },
  };
}

function giveCookie(response: Response, name: string, value: string, lastsSeconds?: number): void {
  const cookie = generateCookie(name, value, lastsSeconds === undefined ? COOKIE : { ...COOKIE, maxAge: lastsSeconds });
  response.headers.append('set-cookie', cookie);
}
