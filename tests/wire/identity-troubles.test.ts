// The token endpoint against everything that can go wrong on the way, on a clock that the test moves.
import { afterEach, describe, expect, test } from 'vitest';
import { clouds } from '../../contract/clouds.ts';
import { createMsalIdentity } from '../../main/adapters/identity-msal/msal-identity.ts';
import type { IdentityPort, TokenSource } from '../../main/ports/identity.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { html, json, scriptedHttp, type ScriptedAnswer, type ScriptedHttp } from '../support/scripted-http.ts';

const tenantId = '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73';
const objectId = '8d1c0a52-6f0d-4f43-9a35-0a5d5b7c2f10';
const SECRET = 'marked-access-token';

const clocks: DeskClock[] = [];
afterEach(() => {
  const left = clocks.splice(0).reduce((sum, clock) => sum + clock.pendingWaits, 0);
  if (left > 0) throw new Error(`${left} timers outlived their call`);
});

interface Desk {
  readonly clock: DeskClock;
  readonly http: ScriptedHttp;
  readonly identity: IdentityPort & TokenSource;
  /** Redeems a code for the sign-in that was begun. */
  readonly redeem: (signal?: AbortSignal) => ReturnType<IdentityPort['redeem']>;
}

/** `answers` may be made with the nonce of this sign-in. */
async function desk(
  answers: (nonce: string) => readonly ScriptedAnswer[],
  authorityHost = 'login.microsoftonline.com',
): Promise<Desk> {
  const clock = new DeskClock();
  clocks.push(clock);
  const script: ScriptedAnswer[] = [];
  const http = scriptedHttp(...Array.from({ length: 20 }, () => () => script.shift() ?? 'unreachable'));
  const settings = {
    tenantId,
    clientId: '0c7be1d4-93a2-4f58-8e6d-51a4c9f2b730',
    authorityHost,
    graphOrigin: 'https://graph.microsoft.com',
  };
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  const identity = createMsalIdentity({ settings, http, clock, random });
  script.push(...answers(Buffer.alloc(32, 7).toString('base64url')));
  const start = await clock.runUntil(identity.begin({ uiLocale: 'en' }));
  if (!start.ok) throw new Error(start.reason.code);
  const state = new URL(start.value.url).searchParams.get('state') ?? '';
  const redeem: Desk['redeem'] = (signal = new AbortController().signal) =>
    clock.runUntil(identity.redeem(`${start.value.redirectPrefix}?code=the-code&state=${state}`, signal));
  return { clock, http, identity, redeem };
}

function tokens(nonce: string, claims: object = {}): Response {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = `${part({ alg: 'RS256' })}.${part({ tid: tenantId, oid: objectId, sub: 's', preferred_username: 'lina@kiosk.example', name: '', nonce, ...claims })}.c2ln`;
  return json({
    token_type: 'Bearer',
    scope: 'https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default',
    expires_in: 3600,
    access_token: SECRET,
    refresh_token: 'marked-refresh-token',
    id_token: idToken,
    client_info: part({ uid: objectId, utid: tenantId }),
  });
}

describe('one redemption', () => {
  test('sends the code with its verifier, once, and keeps the token', async () => {
    const { http, identity, redeem } = await desk((nonce) => [tokens(nonce)]);
    expect(await redeem()).toEqual({
      ok: true,
      value: { objectId, tenantId, userName: 'lina@kiosk.example', displayName: null, seenFrom: null },
    });
    const form = new URLSearchParams(http.asked[0]?.body);
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      code_verifier: expect.stringMatching(/^[A-Za-z0-9_-]{43,128}$/),
      redirect_uri: 'https://login.microsoftonline.com/common/oauth2/nativeclient',
    });
    expect(await identity.accessToken(['https://graph.microsoft.com/.default'])).toEqual({ ok: true, value: SECRET });
    expect(http.asked).toHaveLength(1);
  });

  test.each([
    ['another tenant', { tid: '11111111-2222-3333-4444-555555555555' }, 'signIn.wrongAccount'],
    ['no tenant', { tid: undefined }, 'signIn.wrongAccount'],
    ['no object id', { oid: undefined }, 'signIn.refused'],
  ])('an account of %s is not taken, and its tokens are dropped', async (_what, claims, code) => {
    const { identity, redeem } = await desk((nonce) => [tokens(nonce, claims)]);
    expect(await redeem()).toMatchObject({ ok: false, reason: { code } });
    expect(await identity.accessToken(['https://graph.microsoft.com/.default'])).toMatchObject({ ok: false });
  });

  test('a tenant id in capitals is the same tenant', async () => {
    const { redeem } = await desk((nonce) => [tokens(nonce, { tid: tenantId.toUpperCase() })]);
    expect(await redeem()).toMatchObject({ ok: true });
  });

  test('a host that MSAL does not know by heart is asked for its endpoints, and nobody else is', async () => {
    const root = `https://login.sovereign.example/${tenantId}`;
    const metadata = (): Response =>
      json({
        token_endpoint: `${root}/oauth2/v2.0/token`,
        authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
        issuer: `${root}/v2.0`,
        jwks_uri: `${root}/discovery/v2.0/keys`,
        end_session_endpoint: `${root}/oauth2/v2.0/logout`,
      });
    const { http, redeem } = await desk((nonce) => [metadata(), tokens(nonce)], 'login.sovereign.example');
    expect(await redeem()).toMatchObject({ ok: true });
    expect(new Set(http.asked.map(({ url }) => url.hostname))).toEqual(new Set(['login.sovereign.example']));
  });
});

test.each(['global', 'usGovL4', 'usGovL5', 'china'] as const)(
  'the cloud %s is signed in to without asking it anything first',
  async (cloud) => {
    const { authorityHost, graphOrigin } = clouds[cloud];
    const clock = new DeskClock();
    clocks.push(clock);
    const http = scriptedHttp();
    const identity = createMsalIdentity({ settings: { tenantId, clientId: tenantId, authorityHost, graphOrigin }, http, clock });
    const start = await clock.runUntil(identity.begin({ uiLocale: 'en' }));
    if (!start.ok) throw new Error(start.reason.code);
    const { origin, pathname, searchParams } = new URL(start.value.url);
    expect(`${origin}${pathname}`).toBe(`https://${authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
    expect(searchParams.get('scope')).toContain(`${graphOrigin}/.default`);
    expect(start.value.redirectPrefix).toBe(`https://${authorityHost}/common/oauth2/nativeclient`);
    expect(http.asked).toHaveLength(0);
  },
);

describe('no usable answer', () => {
  const refusal = (status: number, body: object): Response => json(body, { status });

  test.each<[string, readonly ScriptedAnswer[], object]>([
    ['no connection', [], { code: 'directory.unreachable' }],
    ['a service that is down', [html(503), html(502), html(500)], { code: 'directory.unavailable', detail: { status: 500 } }],
    ['HTML instead of JSON', [html()], { code: 'network.captivePortal', detail: { status: 200 } }],
    [
      'truncated JSON',
      [new Response('{"access_token":"ma', { headers: { 'content-type': 'application/json' } })],
      { code: 'directory.unreadable', detail: { status: 200 } },
    ],
    ['another type', [new Response('hello')], { code: 'network.wrongAnswer', detail: { status: 200 } }],
    ['somebody in between', ['trust'], { code: 'network.notTrusted' }],
    ['a certificate of another day', ['dates'], { code: 'desk.clockWrong' }],
    ['a proxy out of reach', ['proxy'], { code: 'network.proxy' }],
    ['a redirect', ['redirect'], { code: 'network.captivePortal' }],
    ['ten megabytes', ['tooLarge'], { code: 'network.wrongAnswer' }],
    ['a name nobody knows', ['name', 'name', 'name'], { code: 'network.nameNotFound' }],
    ['a list', [json([])], { code: 'directory.unreadable', detail: { status: 200 } }],
    ['a refused request of a proxy', [html(407)], { code: 'network.proxy', detail: { status: 407 } }],
    [
      'throttling beyond what a person waits for',
      [json({ error: 'temporarily_unavailable' }, { status: 429, headers: { 'retry-after': '120' } })],
      { code: 'directory.throttled', detail: { status: 429, retryAfterSeconds: 120 } },
    ],
    [
      'an expired pass',
      [refusal(400, { error: 'invalid_grant', error_description: 'AADSTS130504: lina', error_codes: [130_504] })],
      { code: 'pass.expired', detail: { status: 130_504 } },
    ],
    [
      'a blocked sign-in',
      [
        refusal(400, {
          error: 'interaction_required',
          error_description: 'AADSTS53003: lina',
          error_codes: [53_003],
          claims: '{}',
        }),
      ],
      { code: 'signIn.policy', detail: { status: 53_003 } },
    ],
    [
      'a refusal without a number',
      [refusal(400, { error: 'invalid_request' })],
      { code: 'signIn.refused', detail: { statusName: 'invalid_request' } },
    ],
    ['no identity', [json({ access_token: SECRET, expires_in: 1, token_type: 'Bearer' })], { code: 'signIn.refused' }],
  ])('%s', async (_what, answers, reason) => {
    const { clock, redeem } = await desk(() => answers);
    const startedMs = clock.nowMs();
    const outcome = await redeem();
    expect(outcome).toMatchObject({ ok: false, reason });
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
    expect(JSON.stringify(outcome)).not.toMatch(/lina|marked|the-code/);
  });

  test('throttling for a moment is waited out', async () => {
    const { clock, redeem } = await desk((nonce) => [json({}, { status: 429, headers: { 'retry-after': '4' } }), tokens(nonce)]);
    const startedMs = clock.nowMs();
    expect(await redeem()).toMatchObject({ ok: true });
    expect(clock.nowMs() - startedMs).toBe(4_000);
  });

  test('after throttling was told, the next try is a real one', async () => {
    const { http, redeem } = await desk((nonce) => [json({}, { status: 429, headers: { 'retry-after': '120' } }), tokens(nonce)]);
    expect(await redeem()).toMatchObject({ ok: false });
    expect(await redeem()).toMatchObject({ ok: true });
    expect(http.asked).toHaveLength(2);
  });

  test('a server that never answers is given up after twenty seconds', async () => {
    const { clock, redeem } = await desk(() => ['hangs']);
    const startedMs = clock.nowMs();
    expect(await redeem()).toEqual({ ok: false, reason: { code: 'directory.unreachable' } });
    expect(clock.nowMs() - startedMs).toBe(20_000);
  });

  test('giving up ends the request that is under way', async () => {
    const { redeem } = await desk(() => ['hangs']);
    const person = new AbortController();
    const left = new Error('the person left');
    const under = redeem(person.signal);
    setImmediate(() => person.abort(left));
    await expect(under).rejects.toBe(left);
  });

  test('a mistake of ours is not taken for a refusal', async () => {
    const mistake = new RangeError('a bug');
    const { redeem } = await desk(() => [
      () => {
        throw mistake;
      },
    ]);
    await expect(redeem()).rejects.toBe(mistake);
  });
});

describe('a token later', () => {
  const scopes = ['https://graph.microsoft.com/.default'];
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

  test.each<[string, readonly ScriptedAnswer[], object]>([
    [
      'needs the person again',
      [json({ error: 'interaction_required', error_codes: [50_076] }, { status: 400 })],
      { code: 'directory.tokenExpired', detail: { status: 50_076 } },
    ],
    [
      'was revoked',
      [json({ error: 'invalid_grant', error_codes: [50_173] }, { status: 400 })],
      { code: 'directory.tokenExpired', detail: { status: 50_173 } },
    ],
    [
      'ended with the pass',
      [json({ error: 'invalid_grant', error_codes: [130_504] }, { status: 400 })],
      { code: 'pass.expired', detail: { status: 130_504 } },
    ],
    ['is out of reach', [], { code: 'directory.unreachable' }],
    ['is unreadable', [json([])], { code: 'directory.unreadable' }],
  ])('%s', async (_what, answers, reason) => {
    const { clock, identity, redeem } = await desk((nonce) => [tokens(nonce), ...answers]);
    await redeem();
    expect(await clock.runUntil(identity.accessToken(scopes, { claims }))).toMatchObject({ ok: false, reason });
  });

  test('that was refused by Graph is asked for anew, and says why there is none', async () => {
    const ended = json({ error: 'invalid_grant', error_codes: [130_504] }, { status: 400 });
    const { clock, http, identity, redeem } = await desk((nonce) => [tokens(nonce), tokens(nonce), ended]);
    await redeem();
    expect(await clock.runUntil(identity.accessToken(scopes, {}))).toMatchObject({ ok: true });
    expect(http.asked).toHaveLength(1);
    expect(await clock.runUntil(identity.accessToken(scopes, { renew: true }))).toMatchObject({ ok: true });
    expect(await clock.runUntil(identity.accessToken(scopes, { renew: true }))).toMatchObject({
      ok: false,
      reason: { code: 'pass.expired', detail: { status: 130_504 } },
    });
    expect(http.asked.map(({ body }) => new URLSearchParams(body).get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
      'refresh_token',
    ]);
  });

  test('the claims that were asked for go along with what the desk can do', async () => {
    const { clock, http, identity, redeem } = await desk((nonce) => [tokens(nonce), tokens(nonce)]);
    await redeem();
    expect(await clock.runUntil(identity.accessToken(scopes, { claims }))).toMatchObject({ ok: true });
    const sent: unknown = JSON.parse(new URLSearchParams(http.asked[1]?.body).get('claims') ?? '{}');
    expect(sent).toMatchObject({ access_token: { acrs: { essential: true, value: 'c1' }, xms_cc: { values: ['CP1'] } } });
  });
});
