// MSAL against the twin: the whole sign-in, and what the twin refuses. Real time; the twin answers in milliseconds.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createMsalIdentity } from '../../main/adapters/identity-msal/msal-identity.ts';
import type { IdentityPort, SignInStart, TokenSource } from '../../main/ports/identity.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { browserOn, signInWithPass, twinStand } from '../support/twin-stand.ts';

const scopes = ['https://graph.microsoft.com/.default'];
const clock = systemClock();

let twin: Twin;
let upn: string;
let identity: IdentityPort & TokenSource;
let pass: string;

beforeEach(async () => {
  ({ twin, upn } = await twinStand());
  pass = twin.stage.issuePass({ user: upn });
  identity = createIdentity();
});
afterEach(() => identity.forget());

function createIdentity(): IdentityPort & TokenSource {
  const { tenantId, app } = twin.tenant;
  const settings = {
    tenantId,
    clientId: app.clientId,
    authorityHost: 'login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
  };
  return createMsalIdentity({ settings, http: sessionHttp((request) => twin.handle(request)), clock });
}

const never = (): AbortSignal => new AbortController().signal;

async function begin(uiLocale = 'nl'): Promise<SignInStart> {
  const start = await identity.begin({ uiLocale });
  if (!start.ok) throw new Error(`no address: ${start.reason.code}`);
  return start.value;
}

/** The caught address of a whole sign-in. */
async function answerOf(start: SignInStart, change: (url: URL) => void = () => undefined): Promise<string> {
  const url = new URL(start.url);
  change(url);
  const browser = browserOn({ twin });
  await signInWithPass(browser, url.href, upn, pass);
  return browser.caught?.href ?? `nobody caught ${browser.url}`;
}

const tokenRequests = (): number => twin.stage.requests().filter(({ path }) => path.endsWith('/token')).length;

describe('the address', () => {
  test('asks one tenant for a code, a fresh sign-in and proof of possession, in the person’s language', async () => {
    const { url, redirectPrefix } = await begin();
    const address = new URL(url);
    expect(`${address.origin}${address.pathname}`).toBe(
      `https://login.microsoftonline.com/${twin.tenant.tenantId}/oauth2/v2.0/authorize`,
    );
    const asked = Object.fromEntries(address.searchParams);
    expect(asked).toMatchObject({
      client_id: twin.tenant.app.clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: 'https://login.microsoftonline.com/common/oauth2/nativeclient',
      prompt: 'login',
      ui_locales: 'nl',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    expect(asked['scope']?.split(' ')).toContain('https://graph.microsoft.com/.default');
    expect(JSON.parse(asked['claims'] ?? '{}')).toMatchObject({ access_token: { xms_cc: { values: ['CP1'] } } });
    expect(redirectPrefix).toBe(asked['redirect_uri']);
    expect(twin.stage.requests()).toEqual([]); // no metadata is asked for
  });

  test('holds the name that somebody looked up, and none otherwise', async () => {
    const start = await identity.begin({ uiLocale: 'nl', loginHint: upn });
    expect(start.ok && new URL(start.value.url).searchParams.get('login_hint')).toBe(upn);
    expect(new URL((await begin()).url).searchParams.has('login_hint')).toBe(false);
  });

  test('everything that must be fresh is fresh every time', async () => {
    const first = new URL((await begin()).url).searchParams;
    const second = new URL((await begin()).url).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first.get(name)).not.toBe(second.get(name));
  });
});

describe('signing in', () => {
  test('ends with the account of the person', async () => {
    const start = await begin();
    const objectId = twin.stage.addUser({ upn: 'other@kestrelharbour.example', displayName: 'Other' }).objectId;
    const outcome = await identity.redeem(await answerOf(start), never());
    expect(outcome).toEqual({
      ok: true,
      value: {
        objectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        tenantId: twin.tenant.tenantId,
        userName: upn,
        displayName: 'Lina Berg',
        seenFrom: null,
      },
    });
    expect(outcome).not.toMatchObject({ value: { objectId } });
  });

  test('the token comes from memory until better claims are asked for', async () => {
    await identity.redeem(await answerOf(await begin()), never());
    expect(tokenRequests()).toBe(1);
    const first = await identity.accessToken(scopes);
    const second = await identity.accessToken(scopes);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ ok: true, value: expect.stringMatching(/^eyJ/) });
    expect(tokenRequests()).toBe(1);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    expect(await identity.accessToken(scopes, { claims })).toMatchObject({ ok: true });
    expect(tokenRequests()).toBe(2);
  });

  test.each([3_600_000, -3_600_000])('works when the server’s clock is %d ms ahead', async (skewMs) => {
    twin.stage.setClockSkewMs(skewMs);
    pass = twin.stage.issuePass({ user: upn });
    expect(await identity.redeem(await answerOf(await begin()), never())).toMatchObject({ ok: true });
    await identity.accessToken(scopes);
    expect(tokenRequests()).toBe(1);
  });

  test('what came from a pass ends with it', async () => {
    await identity.redeem(await answerOf(await begin()), never());
    twin.stage.setClockSkewMs(61 * 60_000);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    expect(await identity.accessToken(scopes, { claims })).toMatchObject({
      ok: false,
      reason: { code: 'pass.expired', detail: { status: 130_504 } },
    });
  });
});

describe('an answer that is not ours', () => {
  const refusedWith = (statusName: string): object => ({ ok: false, reason: { code: 'signIn.refused', detail: { statusName } } });

  test.each<[string, (url: URL) => void]>([
    ['another state', (url) => url.searchParams.set('state', 'forged')],
    ['no state', (url) => url.searchParams.delete('state')],
    ['two states', (url) => url.searchParams.append('state', 'forged')],
  ])('%s is not redeemed', async (_what, change) => {
    const answer = new URL(await answerOf(await begin()));
    change(answer);
    expect(await identity.redeem(answer.href, never())).toEqual(refusedWith('stateMismatch'));
    expect(tokenRequests()).toBe(0);
  });

  test('an answer to an earlier question is not redeemed', async () => {
    const answer = await answerOf(await begin());
    await begin();
    expect(await identity.redeem(answer, never())).toEqual(refusedWith('stateMismatch'));
  });

  test('a token made for another question is refused, and nobody is signed in', async () => {
    const answer = await answerOf(await begin(), (url) => url.searchParams.set('nonce', 'forged'));
    expect(await identity.redeem(answer, never())).toMatchObject(refusedWith('nonce_mismatch'));
    expect(await identity.accessToken(scopes)).toMatchObject({ ok: false });
  });

  test('a code that belongs to another verifier is refused by number', async () => {
    const answer = await answerOf(await begin(), (url) => url.searchParams.set('code_challenge', 'A'.repeat(43)));
    expect(await identity.redeem(answer, never())).toMatchObject({
      ok: false,
      reason: { code: 'signIn.refused', detail: { status: 501_481 } },
    });
  });

  test('a code works once', async () => {
    const answer = await answerOf(await begin());
    expect(await identity.redeem(answer, never())).toMatchObject({ ok: true });
    expect(await identity.redeem(answer, never())).toMatchObject({ ok: false, reason: { code: 'directory.tokenExpired' } });
  });

  test.each(['https://login.microsoftonline.com.evil.example/common/oauth2/nativeclient?code=x', 'not an address', ''])(
    '%s is no answer',
    async (address) => {
      await begin();
      expect(await identity.redeem(address, never())).toEqual(refusedWith('noAnswer'));
    },
  );

  test('a refusal in the address is told with its number', async () => {
    const start = await begin();
    const state = new URL(start.url).searchParams.get('state') ?? '';
    const said = new URLSearchParams({ error: 'access_denied', error_description: 'AADSTS53003: blocked for lina.berg', state });
    const outcome = await identity.redeem(`${start.redirectPrefix}?${said}`, never());
    expect(outcome).toEqual({ ok: false, reason: { code: 'signIn.policy', detail: { status: 53_003 } } });
  });

  test('without a beginning there is nothing to redeem', async () => {
    expect(await identity.redeem('https://login.microsoftonline.com/common/oauth2/nativeclient?code=x&state=y', never())).toEqual(
      refusedWith('notBegun'),
    );
  });
});

describe('forgetting', () => {
  test('leaves no token, and an answer that was under way is worth nothing', async () => {
    const answer = await answerOf(await begin());
    await identity.redeem(answer, never());
    await identity.forget();
    expect(await identity.accessToken(scopes)).toEqual({ ok: false, reason: { code: 'directory.tokenExpired' } });
    expect(await identity.redeem(answer, never())).toMatchObject({ ok: false, reason: { detail: { statusName: 'notBegun' } } });
  });

  test('in the middle of a redemption drops what comes of it', async () => {
    const answer = await answerOf(await begin());
    const under = identity.redeem(answer, never());
    await identity.forget();
    expect(await under).toEqual({ ok: false, reason: { code: 'signIn.refused', detail: { statusName: 'forgotten' } } });
    expect(await identity.accessToken(scopes)).toMatchObject({ ok: false });
  });

  test('a redemption given up rejects with the reason, and nobody is signed in', async () => {
    const answer = await answerOf(await begin());
    const person = new AbortController();
    const under = identity.redeem(answer, person.signal);
    const left = new Error('the person left');
    person.abort(left);
    await expect(under).rejects.toBe(left);
    expect(await identity.accessToken(scopes)).toMatchObject({ ok: false });
    await expect(identity.redeem(answer, person.signal)).rejects.toBe(left);
  });
});

describe('disturbances', () => {
  const token = { host: 'login.microsoftonline.com', path: /\/token$/ };

  test('a connection that breaks once is not the person’s business', async () => {
    const answer = await answerOf(await begin());
    twin.stage.inject({ match: token, networkError: true });
    expect(await identity.redeem(answer, never())).toMatchObject({ ok: true });
  });

  test('a service that fails once neither', async () => {
    const answer = await answerOf(await begin());
    twin.stage.inject({ match: token, status: 503 });
    expect(await identity.redeem(answer, never())).toMatchObject({ ok: true });
  });

  test('a code whose answer was lost asks for a new sign-in', async () => {
    const answer = await answerOf(await begin());
    twin.stage.inject({ match: token, networkError: true, beforeWork: false });
    expect(await identity.redeem(answer, never())).toMatchObject({
      ok: false,
      reason: { code: 'directory.tokenExpired', detail: { status: 54_005 } },
    });
  });
});
