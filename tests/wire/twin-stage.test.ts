// The stage of the twin: scenes, disturbances, records and the way back to the start; and the jar in front of it.
import { beforeEach, describe, expect, test } from 'vitest';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { createTwinSession } from '../../main/simulator/entra/twin-session.ts';
import { decodeQr } from '../../main/simulator/phone/decode-qr.ts';
import { pictureOfQr } from '../support/qr-on-page.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { authorizeUrl, browserOn, callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

const get = (url: string, signal?: AbortSignal) => stand.twin.handle(new Request(url, signal ? { signal } : {}));
const ME = 'https://graph.microsoft.com/v1.0/me';

describe('which hosts answer', () => {
  test.each([
    'https://login.live.com/',
    'https://passwordreset.microsoftonline.com/',
    'https://login.microsoftonline.com.evil.example/common/oauth2/nativeclient',
    'http://login.microsoftonline.com/common/oauth2/nativeclient',
    'https://login.microsoftonline.com:8443/common/oauth2/nativeclient',
  ])('not %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  test.each([
    'https://login.microsoftonline.com/common/oauth2/nativeclient',
    'https://login.microsoft.com/common/discovery/instance',
    'https://aadcdn.msftauth.net/training/page.css',
  ])('%s', async (url) => {
    expect((await get(url)).status).toBe(200);
  });

  test('fonts that the desk hands in are served, and named in the style sheet', async () => {
    const bytes = Uint8Array.of(0x77, 0x4f, 0x46, 0x32);
    stand = await twinStand({ fonts: [{ family: 'Desk Sans', bytes, weight: '200 800', unicodeRange: 'U+0600-06FF' }] });
    const style = await (await get('https://aadcdn.msftauth.net/training/page.css')).text();
    expect(style).toContain('@font-face { font-family: "Desk Sans"; font-weight: 200 800;');
    expect(style).toContain('--type: "Desk Sans", system-ui, sans-serif;');
    const font = await get('https://aadcdn.msftauth.net/training/font-0.woff2');
    expect(new Uint8Array(await font.arrayBuffer())).toEqual(bytes);
    expect(font.headers.get('access-control-allow-origin')).toBe('*');
    expect((await get('https://aadcdn.msftauth.net/training/font-1.woff2')).status).toBe(404);
  });
});

describe('passes', () => {
  test('are random, easy to tell apart, and of the policy’s length', () => {
    const codes = new Set(Array.from({ length: 50 }, () => stand.twin.stage.issuePass({ user: stand.upn })));
    expect(codes.size).toBe(50);
    for (const code of codes) expect(code).toMatch(/^[^0O1lI\s]{8}$/);
    stand.twin.stage.setPolicy({ temporaryAccessPass: { defaultLength: 12 } });
    expect(stand.twin.stage.issuePass({ user: stand.upn })).toHaveLength(12);
  });

  test('outside the policy are not issued', () => {
    expect(() => stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 9 })).toThrow('10 to 480');
    expect(() => stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 481 })).toThrow(RangeError);
    stand.twin.stage.setPolicy({ temporaryAccessPass: { isUsableOnce: true } });
    expect(() => stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: false })).toThrow('one-time');
    expect(() => stand.twin.stage.issuePass({ user: 'nobody' })).toThrow('no such user');
  });

  test('tell their state by the clock', () => {
    const usability = () => stand.twin.stage.methods(stand.upn).pass?.usability;
    stand.twin.stage.issuePass({ user: stand.upn, startsInMinutes: 1, lifetimeMinutes: 10 });
    expect(usability()).toBe('NotYetValid');
    stand.clock.advanceMinutes(1);
    expect(usability()).toBe('EnabledByPolicy');
    stand.clock.advanceMinutes(10);
    expect(usability()).toBe('Expired');
    stand.twin.stage.setPolicy({ temporaryAccessPass: { state: 'disabled' } });
    expect(usability()).toBe('DisabledByPolicy');
  });
});

test('a user name or an object id is given once', () => {
  expect(() => stand.twin.stage.addUser({ upn: stand.upn.toUpperCase(), displayName: 'Twice' })).toThrow(RangeError);
  const { objectId } = stand.twin.stage.addUser({ upn: 'one@kestrelharbour.example', displayName: 'One' });
  expect(() => stand.twin.stage.addUser({ upn: 'two@kestrelharbour.example', displayName: 'Two', objectId })).toThrow(RangeError);
});

describe('disturbances', () => {
  test('hit as often as they are told, then the twin answers again', async () => {
    stand.twin.stage.inject({ match: { host: 'graph.microsoft.com' }, status: 429, retryAfterSeconds: 7, times: 2 });
    for (let hit = 0; hit < 2; hit += 1) {
      const response = await get(ME);
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('7');
      expect(await response.json()).toMatchObject({ error: { code: 'injected' } });
    }
    expect((await get(ME)).status).toBe(401);
  });

  test('match by method, host and path, all of those given', async () => {
    stand.twin.stage.inject({
      match: { method: 'post', host: 'graph.microsoft.com', path: /fido2Methods$/ },
      status: 503,
      body: 'come back later',
    });
    expect((await get(ME)).status).toBe(401);
    expect(
      (
        await stand.twin.handle(
          new Request('https://graph.microsoft.com/v1.0/me/authentication/fido2Methods', { method: 'POST' }),
        )
      ).status,
    ).toBe(503);
    stand.twin.stage.inject({ match: { path: '/v1.0/me' }, status: 500, body: { error: { code: 'own' } } });
    expect(await (await get(ME)).json()).toEqual({ error: { code: 'own' } });
  });

  test('break the connection as fetch does', async () => {
    stand.twin.stage.inject({ match: {}, networkError: true });
    await expect(get(ME)).rejects.toThrow(TypeError);
    expect(stand.twin.stage.requests().at(-1)).toMatchObject({ status: 0, path: '/v1.0/me' });
    expect((await get(ME)).status).toBe(401);
  });

  test('can lose the answer after the work was done', async () => {
    const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    const id = stand.twin.stage.methods(stand.upn).pass?.methodId ?? '';
    stand.twin.stage.inject({ match: { method: 'DELETE' }, networkError: true, beforeWork: false });
    await expect(
      callGraph(stand.twin, accessToken, `/v1.0/me/authentication/temporaryAccessPassMethods/${id}`, { method: 'DELETE' }),
    ).rejects.toThrow('fetch failed');
    expect(stand.twin.stage.methods(stand.upn).pass).toBeNull();
    const next = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    const nextId = stand.twin.stage.methods(stand.upn).pass?.methodId ?? '';
    stand.twin.stage.inject({ match: { method: 'DELETE' }, networkError: true });
    await expect(
      callGraph(stand.twin, next.accessToken, `/v1.0/me/authentication/temporaryAccessPassMethods/${nextId}`, {
        method: 'DELETE',
      }),
    ).rejects.toThrow('fetch failed');
    expect(stand.twin.stage.methods(stand.upn).pass).not.toBeNull();
  });

  test('delay on the twin’s clock, and let an impatient client go', async () => {
    stand.twin.stage.inject({ match: {}, delayMs: 3000, times: 2 });
    let answered = false;
    const slow = get(ME).then((response) => {
      answered = true;
      return response;
    });
    stand.clock.advanceMs(2999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    stand.clock.advanceMs(1);
    expect((await slow).status).toBe(401);

    const impatience = new AbortController();
    const given = get(ME, impatience.signal);
    impatience.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(stand.clock.pendingTimers).toBe(0);
  });

  test('can be called off', async () => {
    stand.twin.stage.inject({ match: {}, status: 500, times: 100 });
    expect((await get(ME)).status).toBe(500);
    stand.twin.stage.clearFaults();
    expect((await get(ME)).status).toBe(401);
  });

  test('a clock that runs ahead ages tokens and dates answers', async () => {
    const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    stand.twin.stage.setClockSkewMs(2 * 60 * 60_000);
    const answer = await callGraph(stand.twin, accessToken, '/v1.0/me');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('date')).toBe('Mon, 23 Nov 2026 11:00:00 GMT');
  });
});

test('an aborted request is not answered and leaves no trace', async () => {
  await expect(get(ME, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(stand.twin.stage.requests()).toEqual([]);
});

describe('reset', () => {
  test('leads back to the opening: people, sessions, tokens, policy, faults and records are gone', async () => {
    const opened: string[] = [];
    stand = await twinStand({
      opening: (stage) => {
        stage.addUser({ upn: 'opening@kestrelharbour.example', displayName: 'Opening' });
        opened.push(stage.issuePass({ user: 'opening@kestrelharbour.example' }));
      },
    });
    const { browser, accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
    stand.twin.stage.setPolicy({ fido2: { state: 'disabled' }, temporaryAccessPass: { defaultLength: 20 } });
    stand.twin.stage.inject({ match: {}, status: 500, times: 9 });
    stand.twin.stage.setReplicationLagMs(5000);
    stand.twin.stage.setClockSkewMs(5000);
    stand.twin.stage.reset();
    expect(stand.twin.stage.requests()).toEqual([]);
    expect(opened).toHaveLength(2);
    expect(opened[1]).toHaveLength(8);
    expect(() => stand.twin.stage.methods(stand.upn)).toThrow('no such user');
    expect((await callGraph(stand.twin, accessToken, '/v1.0/me')).status).toBe(401);
    await browser.open(authorizeUrl(stand.twin, { prompt: 'none' }));
    expect(browser.answer.get('error')).toBe('login_required');
    const again = await signedIn(stand, opened[1] ?? '', {}, 'opening@kestrelharbour.example');
    expect((await callGraph(stand.twin, again.accessToken, '/v1.0/me/authentication/fido2Methods/creationOptions')).status).toBe(
      200,
    );
  });
});

describe('records', () => {
  test('name every request and hold no secret', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, code: 'Planted*Pass77' });
    const { browser, accessToken, tokens } = await signedIn(stand, pass);
    await callGraph(stand.twin, accessToken, '/v1.0/me?$select=id');
    await browser.open('https://mysignins.microsoft.com/security-info/add');
    await browser.submit({ method: 'authenticator' });
    await browser.submit();
    const picture = pictureOfQr(browser.page);
    const content = picture && decodeQr(picture.rgba, picture.width, picture.height);
    const phone = createPhone({ http: (request) => stand.twin.handle(request), randomBytes: seededRandomBytes('phone') });
    phone.openScanner();
    await phone.scan(content);
    await browser.submit();
    await phone.checkNotifications();
    await phone.approve(browser.number ?? '');

    const records = stand.twin.stage.requests();
    expect(records).toContainEqual({
      atMs: stand.clock.wallMs(),
      method: 'GET',
      host: 'graph.microsoft.com',
      path: '/v1.0/me',
      status: 200,
    });
    expect(records.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/activatev2/…', '/notifications', '/notifications/…']),
    );
    const everything = JSON.stringify(records);
    const activation = new URL(content ?? '').searchParams;
    const secrets = [
      'Planted',
      accessToken,
      String(tokens['refresh_token']),
      activation.get('code'),
      activation.get('url')?.split('/').at(-1),
    ];
    for (const secret of secrets) expect(everything).not.toContain(String(secret));
    expect(everything).not.toMatch(/ctx=|code=|\?/);
  });
});

describe('the session in front of the twin', () => {
  test('keeps cookies per host, sends them back, and shows none to the page', async () => {
    const session = createTwinSession(stand.twin);
    const response = await session.fetch(new Request(authorizeUrl(stand.twin)));
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await session.cookieNames()).toEqual(['login.microsoftonline.com buid']);
    const redirect = await session.fetch(new Request('https://mysignins.microsoft.com/security-info'));
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get('location')).toMatch(
      /^https:\/\/login\.microsoftonline\.com\/organizations\/oauth2\/v2\.0\/authorize\?/,
    );
    expect((await session.cookieNames()).length).toBe(2);
  });

  test('takes no cookies from the caller', async () => {
    const seen: (string | null)[] = [];
    const session = createTwinSession({
      handle: (request) => {
        seen.push(request.headers.get('cookie'));
        return Promise.resolve(new Response('', { headers: { 'set-cookie': 'own=1; Path=/; Secure' } }));
      },
    });
    const smuggled = { headers: { cookie: 'smuggled=1' } };
    await session.fetch(new Request(ME, smuggled));
    await session.fetch(new Request(ME, smuggled));
    expect(seen).toEqual([null, 'own=1']);
  });

  test('two browsers share nothing', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    await signedIn(stand, pass);
    expect(await browserOn(stand).session.cookieNames()).toEqual([]);
  });
});
