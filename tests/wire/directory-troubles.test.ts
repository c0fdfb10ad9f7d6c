// Every call to Graph against everything that can go wrong on the way, on a clock that the test moves.
import { afterEach, describe, expect, test } from 'vitest';
import type { NoAnswer } from '../../contract/no-answer.ts';
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import type { Call, DirectoryPort } from '../../main/ports/directory.ts';
import type { TokenSource } from '../../main/ports/identity.ts';
import type { MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { batchAnswer, part, partsOf } from '../support/graph-batch-answer.ts';
import {
  graphError,
  html,
  json,
  REQUEST_ID,
  scriptedHttp,
  type ScriptedAnswer,
  type ScriptedHttp,
} from '../support/scripted-http.ts';

const TOKEN = 'eyJ0-marked-token';
const credentialId = Uint8Array.from({ length: 32 }, (_, index) => index * 5);
const credentialIdB64u = Buffer.from(credentialId).toString('base64url');
const methodId = `${credentialIdB64u}1`;
const made: MadeCredential = {
  credentialIdB64u,
  clientDataJsonB64u: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0',
  attestationObjectB64u: 'o2NmbXRkbm9uZQ',
  attestationFormat: 'packed',
  aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
  rpId: 'login.microsoft.com',
  userIdB64u: 'T0Y6WiL8',
  publicKeyCoseB64u: 'pQECAyY',
  clientExtensionResults: { credProtect: 1, 'hmac-secret': true },
};

const clocks: DeskClock[] = [];
afterEach(() => {
  // Nothing outlives a call: no timer is left behind by any test here.
  const left = clocks.splice(0).reduce((sum, clock) => sum + clock.pendingWaits, 0);
  if (left > 0) throw new Error(`${left} timers outlived their call`);
});

interface Desk {
  readonly clock: DeskClock;
  readonly http: ScriptedHttp;
  readonly directory: DirectoryPort;
  readonly claimsAsked: readonly (string | undefined)[];
  readonly run: <T>(act: (call: Call) => Promise<T>, deadlineMs?: number) => Promise<T>;
}

function desk(...script: readonly ScriptedAnswer[]): Desk {
  return deskWith({ accessToken: async () => ({ ok: true, value: TOKEN }) }, script);
}

function deskWith(source: TokenSource, script: readonly ScriptedAnswer[]): Desk {
  const clock = new DeskClock();
  clocks.push(clock);
  const http = scriptedHttp(...script);
  const claimsAsked: (string | undefined)[] = [];
  const tokens: TokenSource = {
    accessToken: (scopes, wish) => {
      claimsAsked.push(wish?.claims);
      return source.accessToken(scopes, wish);
    },
  };
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(255); // the longest jitter
  const directory = createGraphDirectory({
    settings: { graphOrigin: 'https://graph.microsoft.com', cloud: 'global' },
    http,
    tokens,
    clock,
    random,
  });
  const run = <T>(act: (call: Call) => Promise<T>, deadlineMs = 30_000): Promise<T> =>
    clock.runUntil(act({ signal: new AbortController().signal, deadlineMs }));
  return { clock, http, directory, claimsAsked, run };
}

const key = { id: methodId, displayName: 'Kiosk key', createdDateTime: '2026-11-23T09:12:41Z' };
const keyList = (): Response => json({ value: [key] });
const noKeys = (): Response => json({ value: [] });
const options = (): Response =>
  json({
    challengeTimeoutDateTime: '2026-11-23T09:05:00Z',
    publicKey: {
      rp: { id: 'login.microsoft.com', name: 'Microsoft' },
      user: { id: 'T0Y6WiL8', name: 'lina@kiosk.example' },
      challenge: 'ZXlKaGJHY2k',
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    },
  });

interface CallCase {
  readonly name: string;
  readonly act: (directory: DirectoryPort, call: Call) => Promise<Outcome<unknown>>;
  readonly good: () => Response;
}

const reading: readonly CallCase[] = [
  {
    name: 'profile',
    act: (directory, call) => directory.profile(call),
    good: () => json({ id: 'o', userPrincipalName: 'lina@kiosk.example' }),
  },
  {
    name: 'pass',
    act: (directory, call) => directory.pass(call),
    good: () => json({ value: [{ id: 'p', isUsableOnce: false, startDateTime: '2026-11-23T08:58:02Z', lifetimeInMinutes: 60 }] }),
  },
  { name: 'creationOptions', act: (directory, call) => directory.creationOptions(call), good: options },
  { name: 'waitUntilListed', act: (directory, call) => directory.waitUntilListed(made, call), good: keyList },
  { name: 'phoneMethods', act: (directory, call) => directory.phoneMethods(call), good: () => json({ value: [] }) },
  {
    name: 'methods',
    act: (directory, call) => directory.methods(call),
    good: () => json({ value: [{ '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: 'w' }] }),
  },
];
const writing: readonly CallCase[] = [
  {
    name: 'deletePass',
    act: (directory, call) => directory.deletePass('3f6d8a10', call),
    good: () => new Response(null, { status: 204 }),
  },
  {
    name: 'preferSecondFactor',
    act: (directory, call) => directory.preferSecondFactor('push', call),
    good: () => new Response(null, { status: 204 }),
  },
];
const idempotent = [...reading, ...writing];
const registering: CallCase = {
  name: 'registerKey',
  act: (directory, call) => directory.registerKey(made, 'Kiosk key', call),
  good: () => json(key, { status: 201 }),
};
const every = [...idempotent, registering];

const truncated = (): Response => new Response('{"value":[{"id":"', { headers: { 'content-type': 'application/json' } });

describe.each(every)('$name', ({ act, good }) => {
  test('asks with the token, a fresh request id and nothing else', async () => {
    const { http, directory, run } = desk(good());
    expect(await run((call) => act(directory, call))).toMatchObject({ ok: true });
    const [asked] = http.asked;
    expect(asked?.url.origin).toBe('https://graph.microsoft.com');
    expect(asked?.url.pathname).toMatch(/^\/(?:v1\.0|beta)\/me(?:\/|$)/);
    expect(asked?.headers.get('authorization')).toBe(`Bearer ${TOKEN}`);
    expect(asked?.headers.get('client-request-id')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(http.asked).toHaveLength(1);
  });

  test.each([
    [401, 'InvalidAuthenticationToken', 'directory.tokenExpired'],
    [405, 'methodNotAllowed', 'directory.notSelfService'],
    [400, 'badRequest', 'directory.refused'],
  ])('%d %s ends it at once', async (status, code, reason) => {
    const refused = (): Response => graphError(status, code, `no, lina@kiosk.example`);
    const { http, directory, run } = desk(refused(), refused(), refused());
    const outcome = await run((call) => act(directory, call));
    expect(outcome).toEqual({ ok: false, reason: { code: reason, detail: { status, statusName: code, requestId: REQUEST_ID } } });
    expect(http.asked.length).toBeLessThanOrEqual(2); // phone methods try once more without $expand
  });

  test('429 is waited out as long as the server says', async () => {
    const { clock, http, directory, run } = desk(graphError(429, 'TooManyRequests', 'slow', { 'retry-after': '11' }), good());
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call))).toMatchObject({ ok: true });
    expect(clock.nowMs() - startedMs).toBe(11_000);
    expect(http.asked).toHaveLength(2);
  });

  test('429 beyond the deadline is told at once, with the time to wait', async () => {
    const { clock, directory, run } = desk(graphError(429, 'TooManyRequests', 'slow', { 'retry-after': '120' }));
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call))).toMatchObject({
      ok: false,
      reason: { code: 'directory.throttled', detail: { status: 429, retryAfterSeconds: 120 } },
    });
    expect(clock.nowMs()).toBe(startedMs);
  });

  test('no connection at all ends at the deadline and never later', async () => {
    const { clock, directory, run } = desk(...Array.from({ length: 40 }, () => 'unreachable' as const));
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call), 20_000)).toEqual({ ok: false, reason: { code: 'directory.unreachable' } });
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
  });

  test('a server that never answers is given up at the deadline', async () => {
    const { clock, directory, run } = desk(...Array.from({ length: 10 }, () => 'hangs' as const));
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call), 20_000)).toEqual({ ok: false, reason: { code: 'directory.unreachable' } });
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
  });

  test('giving up rejects with the reason for it, at once', async () => {
    const { clock, directory } = desk('hangs');
    const person = new AbortController();
    const left = new Error('the person left');
    const under = act(directory, { signal: person.signal, deadlineMs: 60_000 });
    await clock.advance(10);
    person.abort(left);
    await expect(under).rejects.toBe(left);
    await expect(act(directory, { signal: person.signal, deadlineMs: 60_000 })).rejects.toBe(left);
  });

  test('giving up while waiting for the next try does not wait on', async () => {
    const { clock, directory } = desk(graphError(429, 'TooManyRequests', 'slow', { 'retry-after': '50' }));
    const person = new AbortController();
    const left = new Error('the person left');
    const under = act(directory, { signal: person.signal, deadlineMs: 60_000 });
    await clock.advance(10);
    person.abort(left);
    await expect(under).rejects.toBe(left);
  });

  test('without a token nothing is sent, and the reason is the token source’s own', async () => {
    const reason = { code: 'pass.expired', detail: { status: 130_504 } } as const;
    const { http, directory, run } = deskWith({ accessToken: async () => ({ ok: false, reason }) }, []);
    expect(await run((call) => act(directory, call))).toEqual({ ok: false, reason });
    expect(http.asked).toHaveLength(0);
  });

  test('a token source that never answers is given up at the deadline', async () => {
    const { directory, run } = deskWith({ accessToken: () => new Promise(() => {}) }, []);
    expect(await run((call) => act(directory, call), 5_000)).toEqual({ ok: false, reason: { code: 'directory.unreachable' } });
  });

  test('a claims challenge is answered once with a better token', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const challenge = (): Response =>
      graphError(401, 'InvalidAuthenticationToken', 'more', {
        'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
      });
    const once = desk(challenge(), good());
    expect(await once.run((call) => act(once.directory, call))).toMatchObject({ ok: true });
    expect(once.claimsAsked).toEqual([undefined, claims]);
    const twice = desk(challenge(), challenge());
    expect(await twice.run((call) => act(twice.directory, call))).toMatchObject({
      ok: false,
      reason: { code: 'directory.tokenExpired' },
    });
    expect(twice.http.left).toBe(0);
  });

  test('a token that died is asked for anew once, and its own end is the reason', async () => {
    const dead = (): Response => graphError(401, 'InvalidAuthenticationToken', 'x');
    const wishes: unknown[] = [];
    const ended = { code: 'pass.expired', detail: { status: 130_504 } } as const;
    const accessToken: TokenSource['accessToken'] = async (_scopes, wish) => {
      wishes.push(wish);
      return wish?.renew ? { ok: false, reason: ended } : { ok: true, value: TOKEN };
    };
    const { directory, run } = deskWith({ accessToken }, [dead()]);
    expect(await run((call) => act(directory, call))).toEqual({ ok: false, reason: ended });
    expect(wishes).toEqual([{}, { renew: true }]);
    const renewed = desk(dead(), good());
    expect(await renewed.run((call) => act(renewed.directory, call))).toMatchObject({ ok: true });
  });

  test('a mistake of ours is not taken for a refusal', async () => {
    const bug = new RangeError('a bug');
    const { directory, run } = desk(() => {
      throw bug;
    });
    await expect(run((call) => act(directory, call))).rejects.toBe(bug);
  });
});

describe.each(every)('$name without an answer', ({ act }) => {
  test.each<[NoAnswer, object]>([
    ['trust', { code: 'network.notTrusted' }],
    ['dates', { code: 'desk.clockWrong' }],
    ['proxy', { code: 'network.proxy' }],
  ])('because of %s it is told at once', async (why, reason) => {
    const { clock, http, directory, run } = desk(why);
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call))).toEqual({ ok: false, reason });
    expect(clock.nowMs()).toBe(startedMs);
    expect(http.left).toBe(0);
  });

  test.each<[NoAnswer, object]>([
    ['redirect', { code: 'network.captivePortal', detail: { statusName: 'redirect' } }],
    ['tooLarge', { code: 'network.wrongAnswer', detail: { statusName: 'tooLarge' } }],
  ])('because of %s it is not asked for again', async (why, reason) => {
    const { http, directory, run } = desk(why, why);
    expect(await run((call) => act(directory, call))).toEqual({ ok: false, reason });
    // Whether a key arrived is looked up once.
    expect(http.asked.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(1);
  });

  test('because of the name it is asked for again, and said in the end', async () => {
    const { clock, directory, run } = desk(...Array.from({ length: 40 }, () => 'name' as const));
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call), 20_000)).toEqual({ ok: false, reason: { code: 'network.nameNotFound' } });
    expect(clock.nowMs() - startedMs).toBeGreaterThan(5_000);
  });
});

describe.each(idempotent)('$name again', ({ act, good }) => {
  test('a broken connection, a 503 and a 500 in a row are outlasted', async () => {
    const { clock, directory, run } = desk('unreachable', graphError(503, 'serviceNotAvailable', 'x'), html(500), good());
    const startedMs = clock.nowMs();
    expect(await run((call) => act(directory, call))).toMatchObject({ ok: true });
    expect(clock.nowMs() - startedMs).toBe(500 + 1000 + 2000); // with the longest jitter
  });

  test('a service that stays down is unavailable, with its number', async () => {
    const { directory, run } = desk(...Array.from({ length: 40 }, () => () => graphError(503, 'serviceNotAvailable', 'x')));
    expect(await run((call) => act(directory, call))).toEqual({
      ok: false,
      reason: {
        code: 'directory.unavailable',
        detail: { status: 503, statusName: 'serviceNotAvailable', requestId: REQUEST_ID },
      },
    });
  });
});

describe.each(reading)('$name unreadable', ({ act }) => {
  test.each<[string, () => Response, object]>([
    ['truncated JSON', truncated, { code: 'directory.unreadable', detail: { status: 200, statusName: 'notJson' } }],
    [
      'nothing',
      () => new Response(new Uint8Array()),
      { code: 'directory.unreadable', detail: { status: 200, statusName: 'notJson' } },
    ],
    ['a page', html, { code: 'network.captivePortal', detail: { status: 200, statusName: 'page' } }],
    [
      'a page that calls itself JSON',
      () => new Response('\n<!DOCTYPE html>', { headers: { 'content-type': 'application/json' } }),
      { code: 'network.captivePortal', detail: { status: 200, statusName: 'page' } },
    ],
    ['a page that says no', () => html(403), { code: 'network.wrongAnswer', detail: { status: 403, statusName: 'page' } }],
    [
      'another type',
      () => new Response('hello'),
      { code: 'network.wrongAnswer', detail: { status: 200, statusName: 'contentType' } },
    ],
    ['a network that wants a sign-in', () => html(511), { code: 'network.captivePortal', detail: { status: 511 } }],
    ['a proxy that wants a sign-in', () => html(407), { code: 'network.proxy', detail: { status: 407 } }],
  ])('%s', async (_what, answer, reason) => {
    const { http, directory, run } = desk(answer());
    expect(await run((call) => act(directory, call))).toEqual({ ok: false, reason });
    expect(http.left).toBe(0);
  });

  test('JSON of another shape', async () => {
    const { directory, run } = desk(json({ something: 'else' }));
    const outcome = await run((call) => act(directory, call));
    expect(outcome).toMatchObject({
      ok: false,
      reason: { code: 'directory.unreadable', detail: { statusName: expect.stringMatching(/^[a-zA-Z.]+$/) } },
    });
  });
});

describe('the pass', () => {
  test('rights that are missing are no reason to stop', async () => {
    const { directory, run } = desk(graphError(403, 'accessDenied', 'x'));
    expect(await run((call) => directory.pass(call))).toEqual({ ok: true, value: null });
  });

  test('one that is gone when it should be deleted is deleted', async () => {
    const { http, directory, run } = desk('unreachable', graphError(404, 'notFound', 'x'));
    expect(await run((call) => directory.deletePass('a/b c', call))).toEqual({ ok: true, value: null });
    expect(http.asked[1]).toMatchObject({ method: 'DELETE' });
    expect(http.asked[1]?.url.pathname).toBe('/v1.0/me/authentication/temporaryAccessPassMethods/a%2Fb%20c');
  });

  test('deletion that is not allowed says so', async () => {
    const { directory, run } = desk(graphError(403, 'accessDenied', 'x'));
    expect(await run((call) => directory.deletePass('p', call))).toMatchObject({
      ok: false,
      reason: { code: 'directory.forbidden' },
    });
  });
});

describe('clocks that differ', () => {
  const date = (aheadMs: number): Record<string, string> => ({
    date: new Date(Date.parse('2026-11-23T09:00:00Z') + aheadMs).toUTCString(),
  });
  const pass = (aheadMs: number): Response => {
    const startDateTime = new Date(Date.parse('2026-11-23T08:30:00Z') + aheadMs).toISOString();
    return json({ value: [{ id: 'p', isUsableOnce: true, startDateTime, lifetimeInMinutes: 60 }] }, { headers: date(aheadMs) });
  };

  test.each([0, 2 * 3_600_000, -26 * 3_600_000])('a server %d ms ahead: times are the desk’s', async (aheadMs) => {
    const { directory, run } = desk(pass(aheadMs));
    expect(await run((call) => directory.pass(call))).toMatchObject({
      ok: true,
      value: { startsAtMs: Date.parse('2026-11-23T08:30:00Z'), endsAtMs: Date.parse('2026-11-23T09:30:00Z') },
    });
  });

  test('the few seconds that headers round away are left alone', async () => {
    const { directory, run } = desk(
      json(
        { value: [{ id: 'p', isUsableOnce: true, startDateTime: '2026-11-23T08:30:00Z', lifetimeInMinutes: 60 }] },
        { headers: date(3_000) },
      ),
    );
    expect(await run((call) => directory.pass(call))).toMatchObject({ value: { endsAtMs: Date.parse('2026-11-23T09:30:00Z') } });
  });

  test('a challenge ends by the desk’s clock too', async () => {
    const answer = options();
    answer.headers.set('date', 'Mon, 23 Nov 2026 09:01:00 GMT');
    const { directory, run } = desk(answer);
    expect(await run((call) => directory.creationOptions(call))).toMatchObject({
      value: { expiresAtMs: Date.parse('2026-11-23T09:04:00Z') },
    });
  });
});

describe('registering', () => {
  const register =
    (directory: DirectoryPort, name = 'Kiosk key') =>
    (call: Call) =>
      directory.registerKey(made, name, call);
  const bodies = (http: ScriptedHttp): readonly unknown[] =>
    http.asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));

  test('the body has exactly the members Graph takes', async () => {
    const { http, directory, run } = desk(registering.good());
    expect(await run(register(directory))).toEqual({ ok: true, value: { methodId, name: 'Kiosk key' } });
    expect(bodies(http)).toEqual([
      {
        displayName: 'Kiosk key',
        publicKeyCredential: {
          id: credentialIdB64u,
          response: { clientDataJSON: made.clientDataJsonB64u, attestationObject: made.attestationObjectB64u },
          clientExtensionResults: { credProtect: 1, 'hmac-secret': true },
        },
      },
    ]);
  });

  test.each([
    ['a name that is long', 'YubiKey 5 Series with NFC, the blue one', 'YubiKey 5 Series with NFC, the'],
    ['a name with letters of several code units', `${'k'.repeat(28)}👩‍👩‍👧‍👦x`, 'k'.repeat(28)],
    ['a name with spaces around', '  Key  ', 'Key'],
  ])('%s is cut to what fits', async (_what, name, sent) => {
    const { http, directory, run } = desk(registering.good());
    await run(register(directory, name));
    expect(bodies(http)).toMatchObject([{ displayName: sent }]);
  });

  test('a key without a name is a mistake', async () => {
    const { directory, run } = desk();
    await expect(run(register(directory, '  '))).rejects.toThrow(RangeError);
  });

  test.each<[string, ScriptedAnswer]>([
    ['the connection broke', 'unreachable'],
    ['the service failed', html(502)],
    ['the answer was cut off', new Response('{"id":"', { status: 201 })],
    ['the answer was another', json({}, { status: 201 })],
  ])('%s but the key is in the list: it is registered, and sent once', async (_what, answer) => {
    const { http, directory, run } = desk(answer, keyList());
    expect(await run(register(directory))).toEqual({ ok: true, value: { methodId, name: 'Kiosk key' } });
    expect(bodies(http)).toHaveLength(1);
  });

  test('the connection broke and the key is not in the list: it is sent again', async () => {
    const { http, directory, run } = desk('unreachable', noKeys(), registering.good());
    expect(await run(register(directory))).toMatchObject({ ok: true });
    expect(bodies(http)).toHaveLength(2);
  });

  test.each([
    ['said so', graphError(400, 'badRequest', 'The credential already exists.')],
    ['said nothing', graphError(400, 'badRequest', 'No.')],
    ['said so by status', graphError(409, 'conflict', 'No.')],
  ])('a second try that is refused because the first one worked (%s) ends when the list shows the key', async (_how, refusal) => {
    const { directory, run } = desk('unreachable', noKeys(), refusal, noKeys(), noKeys(), keyList());
    expect(await run(register(directory))).toEqual({ ok: true, value: { methodId, name: 'Kiosk key' } });
  });

  test('a second try that is refused for a reason of its own is refused', async () => {
    const { http, directory, run } = desk('unreachable', noKeys(), graphError(400, 'badRequest', 'Attestation is not valid.'));
    expect(await run(register(directory))).toMatchObject({ ok: false, reason: { code: 'directory.attestationRefused' } });
    expect(http.left).toBe(0);
  });

  test('a second try that is refused while the list never shows the key is refused', async () => {
    const { directory, run } = desk(
      'unreachable',
      noKeys(),
      graphError(400, 'badRequest', 'No.'),
      ...Array.from({ length: 30 }, () => noKeys),
    );
    expect(await run(register(directory))).toMatchObject({ ok: false, reason: { code: 'directory.refused' } });
  });
});

describe('waiting for the list', () => {
  const other = { id: `${Buffer.from(credentialId.slice(1)).toString('base64url')}0`, displayName: 'Another' };

  test.each([
    ['with a counted padding', methodId],
    ['as base64url', credentialIdB64u],
    ['as base64', Buffer.from(credentialId).toString('base64')],
  ])('the key is known by its credential id %s', async (_spelling, id) => {
    const { directory, run } = desk(json({ value: [other, { id, displayName: null }] }));
    expect(await run((call) => directory.waitUntilListed(made, call))).toEqual({ ok: true, value: { methodId: id, name: null } });
  });

  test('an id that is no credential id is known from the registration', async () => {
    const id = '5c9d4f4a-0000-4000-8000-000000000001';
    const { directory, run } = desk(
      json({ id, displayName: 'Kiosk key' }, { status: 201 }),
      json({ value: [other, { id, displayName: 'Kiosk key' }] }),
    );
    await run((call) => directory.registerKey(made, 'Kiosk key', call));
    expect(await run((call) => directory.waitUntilListed(made, call))).toMatchObject({ ok: true, value: { methodId: id } });
  });

  test('it is asked for again, ever more slowly, until it is there', async () => {
    const { clock, http, directory, run } = desk(
      noKeys(),
      json({ value: [other, { id: '%%%', displayName: null }] }),
      noKeys(),
      keyList(),
    );
    const startedMs = clock.nowMs();
    expect(await run((call) => directory.waitUntilListed(made, call))).toMatchObject({ ok: true });
    expect(clock.nowMs() - startedMs).toBe(1000 + 2000 + 4000);
    expect(http.left).toBe(0);
  });

  test('a list that never shows it says so before the deadline', async () => {
    const { clock, directory, run } = desk(...Array.from({ length: 40 }, () => noKeys));
    const startedMs = clock.nowMs();
    expect(await run((call) => directory.waitUntilListed(made, call), 20_000)).toEqual({
      ok: false,
      reason: { code: 'directory.notListed' },
    });
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
  });
});

describe('the phone', () => {
  const phone = (change: object): object => ({
    id: 'c0ffee00',
    displayName: 'Pixel 9',
    createdDateTime: null,
    device: null,
    ...change,
  });
  const on = { createdDateTime: '2026-11-23T09:20:00Z', device: { id: 'd1' } };

  test.each([
    ['registered only', {}, false],
    ['created but without a device', { createdDateTime: '2026-11-23T09:20:00Z' }, false],
    ['a device but not created', { device: { id: 'd1' } }, false],
    ['both', on, true],
  ])('%s', async (_what, change, signInOn) => {
    const { http, directory, run } = desk(json({ value: [phone(change)] }));
    expect(await run((call) => directory.phoneMethods(call))).toEqual({
      ok: true,
      value: [{ methodId: 'c0ffee00', name: 'Pixel 9', signInOn }],
    });
    expect(http.asked[0]?.url.search).toBe('?$expand=device');
  });

  test('a service that does not expand is asked phone by phone, and remembered', async () => {
    const bare = (): Response =>
      json({
        value: [
          phone({ ...on, device: undefined }),
          { id: 'two', displayName: '', createdDateTime: null },
          { ...phone(on), id: 'three', device: undefined },
        ],
      });
    const { http, directory, run } = desk(
      graphError(400, 'BadRequest', 'expand'),
      bare(),
      json({ id: 'd1' }),
      graphError(404, 'notFound', 'no device'),
      bare(),
      new Response(null, { status: 204 }),
      json({ id: 'd3' }),
    );
    const read = (): Promise<unknown> => run((call) => directory.phoneMethods(call));
    const phones = (first: boolean, third: boolean): object => ({
      ok: true,
      value: [
        { methodId: 'c0ffee00', name: 'Pixel 9', signInOn: first },
        { methodId: 'two', name: null, signInOn: false },
        { methodId: 'three', name: 'Pixel 9', signInOn: third },
      ],
    });
    expect(await read()).toEqual(phones(true, false));
    expect(await read()).toEqual(phones(false, true));
    expect(http.asked.map(({ url }) => url.pathname.split('/').at(-1) + url.search)).toEqual([
      'microsoftAuthenticatorMethods?$expand=device',
      'microsoftAuthenticatorMethods',
      'device',
      'device',
      'microsoftAuthenticatorMethods',
      'device',
      'device',
    ]);
  });
});

describe('who has just signed in, in one exchange', () => {
  const profile = { id: 'o', userPrincipalName: 'lina@kiosk.example', givenName: 'Lina' };
  const pass = { id: 'p', isUsableOnce: true, startDateTime: '2026-11-23T08:58:02Z', lifetimeInMinutes: 60 };
  const forbidden = part({ error: { code: 'accessDenied', message: 'no' } }, 403);
  const whole = {
    '/me?': part(profile),
    '/me/authentication/temporaryAccessPassMethods': part({ value: [{ ...pass, methodUsabilityReason: 'OneTimeUsed' }] }),
    '/me/authentication/microsoftAuthenticatorMethods': part({
      value: [{ id: 'c0ffee00', createdDateTime: null, device: null }],
    }),
  };
  const arrive = (...script: readonly ScriptedAnswer[]) => {
    const { run, directory, http, claimsAsked, clock } = desk(...script);
    return { arrival: () => run((call) => directory.arrival(call)), http, claimsAsked, clock };
  };

  test('tells the person, what their pass is still good for, and their phones', async () => {
    const { arrival, http } = arrive(batchAnswer(whole));
    expect(await arrival()).toEqual({
      ok: true,
      value: {
        profile: { objectId: 'o', userName: 'lina@kiosk.example', displayName: null, firstName: 'Lina' },
        pass: { ok: true, value: expect.objectContaining({ methodId: 'p', usableOnce: true, usability: 'OneTimeUsed' }) },
        phones: { ok: true, value: [{ methodId: 'c0ffee00', name: null, signInOn: false }] },
      },
    });
    expect(http.asked).toHaveLength(1);
  });

  test.each([
    ['passes', '/me/authentication/temporaryAccessPassMethods', { pass: { ok: true, value: null }, phones: { ok: true } }],
    [
      'phones',
      '/me/authentication/microsoftAuthenticatorMethods',
      { pass: { ok: true, value: { methodId: 'p' } }, phones: { ok: false, reason: { code: 'directory.forbidden' } } },
    ],
  ])('a right to see %s that is missing costs nothing else', async (_what, path, rest) => {
    const { arrival } = arrive(batchAnswer({ ...whole, [path]: forbidden }));
    expect(await arrival()).toMatchObject({ ok: true, value: { profile: { objectId: 'o' }, ...rest } });
  });

  test('without the person themselves nothing is told', async () => {
    const { arrival } = arrive(batchAnswer({ ...whole, '/me?': forbidden }));
    expect(await arrival()).toMatchObject({ ok: false, reason: { code: 'directory.forbidden' } });
  });

  test('a part that wants a better token is asked for by itself, where that can be answered', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    const refused = part({ error: { code: 'InvalidAuthenticationToken', message: 'no' } }, 401, {
      'www-authenticate': challenge,
    });
    const { arrival, claimsAsked, http } = arrive(
      batchAnswer({ ...whole, '/me?': refused }),
      graphError(401, 'InvalidAuthenticationToken', 'no', { 'www-authenticate': challenge }),
      json(profile),
    );
    expect(await arrival()).toMatchObject({ ok: true, value: { profile: { objectId: 'o' }, pass: { ok: true } } });
    expect(claimsAsked).toEqual([undefined, undefined, claims]);
    expect(http.asked.map(({ url }) => url.pathname)).toEqual(['/v1.0/$batch', '/v1.0/me', '/v1.0/me']);
  });

  test('a service that does not expand is asked for the phones once more, and for nothing else', async () => {
    const unknown = part({ error: { code: 'BadRequest', message: 'expand' } }, 400);
    const { arrival, http } = arrive(
      batchAnswer({ ...whole, '/me/authentication/microsoftAuthenticatorMethods': unknown }),
      json({ value: [{ id: 'c0ffee00', displayName: 'Pixel 9', createdDateTime: null }] }),
    );
    expect(await arrival()).toMatchObject({ ok: true, value: { phones: { value: [{ name: 'Pixel 9', signInOn: false }] } } });
    expect(http.asked.map(({ url }) => url.pathname + url.search)).toEqual([
      '/v1.0/$batch',
      '/v1.0/me/authentication/microsoftAuthenticatorMethods',
    ]);
  });

  test('a part that is throttled is waited for, alone', async () => {
    const slow = part({ error: { code: 'TooManyRequests', message: 'slow' } }, 429, { 'Retry-After': '7' });
    const { arrival, http, clock } = arrive(
      batchAnswer({ ...whole, '/me/authentication/temporaryAccessPassMethods': slow }),
      batchAnswer({ '/me/authentication/temporaryAccessPassMethods': part({ value: [] }) }),
    );
    const startedMs = clock.nowMs();
    expect(await arrival()).toMatchObject({ ok: true, value: { pass: { ok: true, value: null } } });
    expect(clock.nowMs() - startedMs).toBe(7_000);
    expect(http.asked.map((asked) => partsOf(asked).length)).toEqual([3, 1]);
  });
});

describe('secrets and names', () => {
  test('no reason repeats a token, a message or an address', async () => {
    for (const { act } of every) {
      for (const status of [400, 401, 403, 404, 405, 409]) {
        const { directory, run } = desk(
          ...Array.from({ length: 3 }, () => () => graphError(status, 'badRequest', `${TOKEN} lina@kiosk.example`)),
        );
        expect(JSON.stringify(await run((call) => act(directory, call)))).not.toMatch(/marked-token|lina/);
      }
    }
  });
});
