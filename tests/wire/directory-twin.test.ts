// The directory adapter against the twin, with a real sign-in: what is registered, listed, read and deleted is the twin's.
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createMsalIdentity } from '../../main/adapters/identity-msal/msal-identity.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { Call, DirectoryPort } from '../../main/ports/directory.ts';
import type { CreationOptions, MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { DEFAULT_TENANT, type TenantFacts } from '../../main/simulator/entra/twin.ts';
import { softCredential } from '../support/soft-credential.ts';
import { browserOn, signInWithPass, twinStand, type TwinStand } from '../support/twin-stand.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const credentialId = Uint8Array.from({ length: 32 }, (_, index) => 200 - index);
const methods = { host: 'graph.microsoft.com', path: '/v1.0/me/authentication/fido2Methods' };

let stand: TwinStand;
let directory: DirectoryPort;

beforeEach(() => open());

/** A desk in front of a fresh twin, and the colleague signed in. The twin's clock is `aheadMs` ahead of the desk's. */
async function open(tenant: Partial<TenantFacts> = {}, aheadMs = 0): Promise<void> {
  stand = await twinStand({ tenant });
  const { twin, upn } = stand;
  twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
  twin.stage.setClockSkewMs(aheadMs);
  const real = systemClock();
  const clock: ClockPort = { ...real, wallMs: () => stand.clock.wallMs() };
  const http = sessionHttp((request) => twin.handle(request));
  const settings = {
    tenantId: twin.tenant.tenantId,
    clientId: twin.tenant.app.clientId,
    authorityHost: 'login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
    cloud: 'global',
  } as const;
  const identity = createMsalIdentity({ settings, http, clock });
  directory = createGraphDirectory({ settings, http, tokens: identity, clock, random: stand.randomBytes });
  const start = await identity.begin({ uiLocale: 'en' });
  if (!start.ok) throw new Error(start.reason.code);
  const browser = browserOn(stand);
  await signInWithPass(browser, start.value.url, upn, twin.stage.issuePass({ user: upn }));
  const account = await identity.redeem(browser.caught?.href ?? '', new AbortController().signal);
  if (!account.ok) throw new Error(account.reason.code);
}

const call = (deadlineMs = 15_000): Call => ({ signal: new AbortController().signal, deadlineMs });

async function valueOf<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`refused: ${JSON.stringify(settled.reason)}`);
  return settled.value;
}

const options = (): Promise<CreationOptions> => valueOf(directory.creationOptions(call()));

async function make(id = credentialId): Promise<MadeCredential> {
  return softCredential(await options(), id, AAGUID);
}

describe('reading', () => {
  test('the person', async () => {
    const profile = await valueOf(directory.profile(call()));
    expect(profile).toEqual({
      objectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userName: stand.upn,
      displayName: 'Lina Berg',
      firstName: 'Lina',
    });
  });

  test('the pass, and that there is none', async () => {
    const nowMs = stand.clock.wallMs();
    expect(await valueOf(directory.pass(call()))).toMatchObject({
      usableOnce: false,
      startsAtMs: nowMs,
      endsAtMs: nowMs + 60 * 60_000,
    });
    const pass = await valueOf(directory.pass(call()));
    await valueOf(directory.deletePass(pass?.methodId ?? '', call()));
    expect(await valueOf(directory.pass(call()))).toBeNull();
    expect(stand.twin.stage.methods(stand.upn).pass).toBeNull();
    await valueOf(directory.deletePass(pass?.methodId ?? '', call())); // gone is gone
  });

  test('no phone yet', async () => {
    expect(await valueOf(directory.phoneMethods(call()))).toEqual([]);
  });

  test.each([90, -90])('a twin whose clock is %d minutes ahead: the pass ends by the desk’s clock', async (minutes) => {
    await open({}, minutes * 60_000);
    const pass = await valueOf(directory.pass(call()));
    const offByMs = Math.abs((pass?.endsAtMs ?? 0) - (stand.clock.wallMs() + 60 * 60_000));
    expect(offByMs).toBeLessThanOrEqual(1_000); // the Date header counts seconds
  });
});

describe('registering a key', () => {
  test('options of the twin make a key that it verifies, keeps and lists', async () => {
    const asked = await options();
    expect(asked).toMatchObject({
      rp: { id: 'login.microsoft.com' },
      algorithms: expect.arrayContaining([-7]),
      excludeCredentialIdsB64u: [],
      hmacCreateSecret: true,
      expiresAtMs: stand.clock.wallMs() + 5 * 60_000,
    });
    expect(asked.challengeB64u.length).toBeGreaterThan(6_000); // as long as the real ones
    const made = softCredential(asked, credentialId, AAGUID);
    const registered = await valueOf(directory.registerKey(made, 'Kiosk key', call()));
    expect(registered.name).toBe('Kiosk key');
    expect(await valueOf(directory.waitUntilListed(made, call()))).toEqual(registered);
    const [kept] = stand.twin.stage.credentials();
    expect(kept).toMatchObject({ displayName: 'Kiosk key', upn: stand.upn, aaguid: AAGUID, verifiedBy: ['SimpleWebAuthn'] });
    expect(Buffer.from(kept?.credentialId ?? []).toString('base64url')).toBe(made.credentialIdB64u);
  });

  test.each(['base64url', 'base64urlWithPaddingDigit', 'base64'] as const)(
    'a key that is there is excluded, spelled as %s',
    async (excludeIdSpelling) => {
      const made = await make();
      await valueOf(directory.registerKey(made, 'First', call()));
      stand.twin.stage.setPolicy({ fido2: { excludeIdSpelling } });
      expect((await options()).excludeCredentialIdsB64u).toContain(made.credentialIdB64u);
    },
  );

  test('a list that lags behind is waited for', async () => {
    stand.twin.stage.setReplicationLagMs(60_000);
    const made = await make();
    await valueOf(directory.registerKey(made, 'Kiosk key', call()));
    const listed = directory.waitUntilListed(made, call());
    const stillMissing = await directory.waitUntilListed(made, call(100));
    expect(stillMissing).toEqual({ ok: false, reason: { code: 'directory.notListed' } });
    stand.clock.advanceMs(60_000);
    expect(await valueOf(listed)).toMatchObject({ name: 'Kiosk key' });
  });

  test('the answer is lost after the work was done: registered once', async () => {
    const made = await make();
    stand.twin.stage.inject({ match: { ...methods, method: 'POST' }, networkError: true, beforeWork: false });
    expect(await valueOf(directory.registerKey(made, 'Kiosk key', call()))).toMatchObject({ name: 'Kiosk key' });
    expect(stand.twin.stage.credentials()).toHaveLength(1);
    expect(stand.twin.stage.refusals()).toEqual([]);
  });

  test('the answer is lost and the list lags: the second try is refused as a duplicate, and that is success', async () => {
    stand.twin.stage.setReplicationLagMs(60_000);
    const made = await make();
    stand.twin.stage.inject({ match: { ...methods, method: 'POST' }, networkError: true, beforeWork: false });
    const registering = directory.registerKey(made, 'Kiosk key', call());
    await expect
      .poll(() => stand.twin.stage.refusals().map(({ refusal }) => refusal), { timeout: 10_000 })
      .toEqual(['duplicate']);
    stand.clock.advanceMs(60_000);
    expect(await valueOf(registering)).toMatchObject({ name: 'Kiosk key' });
    expect(stand.twin.stage.credentials()).toHaveLength(1);
  });

  test('the connection broke before the work: sent again, registered once', async () => {
    const made = await make();
    stand.twin.stage.inject({ match: { ...methods, method: 'POST' }, networkError: true });
    await valueOf(directory.registerKey(made, 'Kiosk key', call()));
    expect(stand.twin.stage.credentials()).toHaveLength(1);
  });
});

describe('what the twin refuses', () => {
  const refusedWith = (code: string): object => ({
    ok: false,
    reason: { code, detail: { status: 400, statusName: 'badRequest' } },
  });

  test('a model that is not allowed', async () => {
    stand.twin.stage.setPolicy({ fido2: { keyRestrictions: { isEnforced: true, enforcementType: 'block', aaGuids: [AAGUID] } } });
    expect(await directory.registerKey(await make(), 'Key', call())).toMatchObject(refusedWith('directory.keyModelNotAllowed'));
  });

  test('a key without a manufacturer’s word where one is demanded', async () => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: true } });
    expect(await directory.registerKey(await make(), 'Key', call())).toMatchObject(refusedWith('directory.attestationRefused'));
  });

  test('a challenge that came too late', async () => {
    const made = await make();
    stand.clock.advanceMinutes(6);
    expect(await directory.registerKey(made, 'Key', call())).toMatchObject(refusedWith('directory.challengeExpired'));
  });

  test('the same key a second time', async () => {
    await valueOf(directory.registerKey(await make(), 'Key', call()));
    expect(await directory.registerKey(await make(), 'Key', call())).toMatchObject(refusedWith('key.alreadyRegistered'));
  });

  test('a tenant where people may not do it themselves', async () => {
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    expect(await directory.creationOptions(call())).toMatchObject(refusedWith('directory.notSelfService'));
  });

  test('a sign-in that is no longer fresh has to be done again', async () => {
    stand.clock.advanceMinutes(11);
    expect(await directory.creationOptions(call())).toMatchObject({ ok: false, reason: { code: 'directory.tokenExpired' } });
  });

  test('a pass that has ended takes the sign-in with it', async () => {
    stand.clock.advanceMinutes(61);
    const ended = { ok: false, reason: { code: 'pass.expired', detail: { status: 130_504 } } };
    expect(await directory.creationOptions(call())).toMatchObject(ended);
    expect(await directory.profile(call())).toMatchObject(ended);
  });

  test('rights that were not granted', async () => {
    await open({ app: { ...DEFAULT_TENANT.app, graphScopes: ['User.Read'] } });
    expect(await directory.creationOptions(call())).toMatchObject({ ok: false, reason: { code: 'directory.forbidden' } });
    expect(await directory.phoneMethods(call())).toMatchObject({ ok: false, reason: { code: 'directory.forbidden' } });
    expect(await directory.pass(call())).toEqual({ ok: true, value: null });
    expect(await directory.profile(call())).toMatchObject({ ok: true });
  });
});

describe('disturbances', () => {
  const graph = { host: 'graph.microsoft.com' };

  test('throttling and a service that fails are outlasted', async () => {
    stand.twin.stage.inject({ match: graph, status: 429, retryAfterSeconds: 1 });
    stand.twin.stage.inject({ match: graph, status: 503 });
    expect(await directory.profile(call())).toMatchObject({ ok: true });
  });

  test('a redirect is not followed', async () => {
    stand.twin.stage.inject({ match: graph, status: 302 });
    expect(await directory.profile(call())).toMatchObject({ ok: false, reason: { code: 'network.captivePortal' } });
  });

  test('ten megabytes are cut off', async () => {
    stand.twin.stage.inject({ match: graph, status: 200, body: `"${'x'.repeat(10 * 1_048_576)}"` });
    expect(await directory.profile(call())).toMatchObject({
      ok: false,
      reason: { code: 'network.wrongAnswer', detail: { statusName: 'tooLarge' } },
    });
  });

  test('an answer that is no answer of Graph', async () => {
    stand.twin.stage.inject({ match: graph, status: 200, body: '<html>Welcome to the hotel</html>' });
    expect(await directory.profile(call())).toMatchObject({ ok: false, reason: { code: 'network.captivePortal' } });
  });
});
