// Signing in with a security key on the twin's pages: what is asked, who is signed in, and every refusal by its number.
import { beforeEach, describe, expect, test } from 'vitest';
import { keyOptions, signInWithKey } from '../support/key-page.ts';
import { TEST_AAGUID, TEST_AAGUID_TEXT, TestAuthenticator, type SpoiltAssertion } from '../support/test-authenticator.ts';
import type { TwinBrowser } from '../support/twin-browser.ts';
import {
  authorizeUrl,
  browserOn,
  callGraph,
  codeForm,
  postToken,
  signedIn,
  twinStand,
  type TwinStand,
} from '../support/twin-stand.ts';

const METHODS = '/v1.0/me/authentication/fido2Methods';

let stand: TwinStand;
let key: TestAuthenticator;
beforeEach(async () => {
  stand = await twinStand();
  const leaf = await stand.attestation.leafFor(TEST_AAGUID);
  key = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf });
});

/** Registers one over Graph; returns its credential id. */
async function register(upn = stand.upn, authenticator = key): Promise<Uint8Array> {
  const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: upn, isUsableOnce: true }), {}, upn);
  const { body } = await callGraph(stand.twin, accessToken, `${METHODS}/creationOptions`);
  const made = authenticator.make(body);
  expect((await callGraph(stand.twin, accessToken, METHODS, { method: 'POST', body: made.body })).status).toBe(201);
  return made.credentialId;
}

/** On the sign-in page that goes to the key by itself. */
async function atKey(changes: Record<string, string | null> = { login_hint: stand.upn }): Promise<TwinBrowser> {
  const browser = browserOn(stand);
  await browser.open(authorizeUrl(stand.twin, changes));
  if (!changes['login_hint']) await browser.follow('/login/key');
  expect(browser.heading).toBe('Use your security key');
  expect(browser.page).toContain('data-send-itself');
  return browser;
}

describe('signing in', () => {
  test('asks on the host of the relying party, with a challenge of the service and the keys the person has', async () => {
    const credentialId = await register();
    const browser = await atKey();
    await browser.submit();
    const address = new URL(browser.url);
    expect(`${address.origin}${address.pathname}`).toBe(`https://login.microsoft.com/${stand.twin.tenant.tenantId}/fido/get`);
    const { challenge, ...asked } = keyOptions(browser, 'get');
    expect(asked).toEqual({
      rpId: 'login.microsoft.com',
      timeout: 60_000,
      userVerification: 'required',
      allowCredentials: [{ type: 'public-key', id: Buffer.from(credentialId).toString('base64url') }],
    });
    const [mark, , claims] = Buffer.from(challenge, 'base64url').toString().split('.');
    expect(mark).toBe('O');
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({
      aud: 'urn:microsoft:fido:challenge',
      iss: 'https://login.microsoft.com',
      exp: stand.clock.wallMs() / 1000 + 300,
    });
    expect(browser.page).toContain(stand.upn);
  });

  test('leads to a token that says so', async () => {
    await register();
    const browser = await atKey();
    await signInWithKey(browser, key);
    expect(browser.heading).toBe('Stay signed in?');
    await browser.submit({ LoginOptions: '3' });
    const { body } = await postToken(stand.twin, codeForm(stand.twin, browser.answer.get('code') ?? ''));
    const claims = JSON.parse(Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ upn: stand.upn, amr: ['fido', 'mfa'] });
  });

  test('with no name at all: the key says who it is, for every account it holds', async () => {
    const sam = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn: sam, displayName: 'Sam Okafor' });
    const ofLina = await register();
    const ofSam = await register(sam);
    for (const [by, upn] of [
      [ofSam, sam],
      [ofLina, stand.upn],
    ] as const) {
      const browser = await atKey({});
      await browser.submit();
      expect(keyOptions(browser, 'get').allowCredentials).toEqual([]);
      await browser.submit({ assertion: JSON.stringify(key.prove(keyOptions(browser, 'get'), { by })) });
      expect(browser.heading).toBe('Stay signed in?');
      expect(browser.page).toContain(upn);
    }
  });

  test('after a usable pass, which comes first, by the list of ways', async () => {
    await register();
    stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    await browser.follow('/login/choose');
    await browser.submit({ way: 'securityKey' });
    await signInWithKey(browser, key);
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('can be left: to the other ways, or to the name where nobody was named', async () => {
    await register();
    const named = await atKey();
    await named.submit();
    await named.follow('/login/choose');
    expect(named.heading).toBe('Choose how to sign in');
    const nameless = await atKey({});
    await nameless.submit();
    await nameless.follow('/login/choose');
    expect(nameless.heading).toBe('Sign in');
  });

  test('a refused key can be tried again: with a new challenge, from the page that says why', async () => {
    await register();
    const browser = await atKey();
    await signInWithKey(browser, key, { flags: 0x01 });
    expect(browser.aadsts).toBe(135003);
    expect(browser.page).not.toContain('data-send-itself');
    await signInWithKey(browser, key);
    expect(browser.heading).toBe('Stay signed in?');
  });
});

describe('an assertion is refused', () => {
  const otherHandle = (change: (handle: Buffer) => Buffer): SpoiltAssertion => ({
    userHandle: new Uint8Array(change(Buffer.concat([Buffer.from('OF:'), Buffer.alloc(48, 7)]))),
  });
  const spoilt: readonly [number, string, SpoiltAssertion][] = [
    [135000, 'a signature by nobody', { signature: new Uint8Array(70) }],
    [135001, 'a key that is not registered', { credentialId: new Uint8Array(32) }],
    [135003, 'no user verification', { flags: 0x01 }],
    [135003, 'no user presence', { flags: 0x04 }],
    [135007, 'another type', { type: 'webauthn.create' }],
    [135008, 'another origin', { origin: 'https://login.microsoftonline.com' }],
    [135012, "another person's handle", otherHandle((handle) => handle)],
    [
      135013,
      'a handle that begins differently',
      otherHandle((handle) => Buffer.concat([Buffer.from('XX:'), handle.subarray(3)])),
    ],
    [135014, 'a handle of another length', otherHandle((handle) => handle.subarray(0, 50))],
    [135018, 'a challenge that is none', { challenge: Buffer.from('O.abc').toString('base64url') }],
    [135018, 'a challenge of another kind', { challenge: Buffer.from('abc').toString('base64url') }],
    [135020, 'another relying party', { rpId: 'login.microsoftonline.com' }],
    [135020, 'client data that is no JSON', { clientData: '{' }],
  ];
  test.each(spoilt)('%i: %s', async (aadsts, _what, change) => {
    await register();
    const browser = await atKey();
    await signInWithKey(browser, key, change);
    expect(browser.aadsts).toBe(aadsts);
    expect(browser.heading).toBe('Use your security key');
  });

  test.each([
    [135020, '{}'],
    [135020, 'no JSON'],
    [135002, JSON.stringify({ id: 'AA', clientDataJSON: 'AA', authenticatorData: '', signature: 'AA', userHandle: null })],
    [135020, JSON.stringify({ id: 'A', clientDataJSON: '!', authenticatorData: 'AA', signature: 'AA' })],
  ])('%i: %j', async (aadsts, assertion) => {
    await register();
    const browser = await atKey();
    await browser.submit();
    await browser.submit({ assertion });
    expect(browser.aadsts).toBe(aadsts);
  });

  test('135017: a counter that stands still or goes back; keys that do not count are let be', async () => {
    await register();
    const signIn = async (counter: number): Promise<number | null> => {
      const browser = await atKey();
      await signInWithKey(browser, key, { counter });
      return browser.aadsts;
    };
    expect([await signIn(0), await signIn(0), await signIn(7), await signIn(7), await signIn(6), await signIn(0)]).toEqual([
      null,
      null,
      null,
      135017,
      135017,
      135017,
    ]);
    expect(await signIn(8)).toBeNull();
  });

  test('135018 and 135019: an assertion made for another sign-in, or too late', async () => {
    await register();
    const one = await atKey();
    await one.submit();
    const assertion = JSON.stringify(key.prove(keyOptions(one, 'get')));
    const other = await atKey();
    await other.submit();
    await other.submit({ assertion });
    expect(other.aadsts).toBe(135018);
    stand.clock.advanceMinutes(6);
    await one.submit({ assertion });
    expect(one.aadsts).toBe(135019);
    expect(one.page).toContain('took too long');
  });

  test('a nameless one: by a handle nobody has, or none', async () => {
    await register();
    const refusalOf = async (change: SpoiltAssertion): Promise<number | null> => {
      const browser = await atKey({});
      await signInWithKey(browser, key, change);
      return browser.aadsts;
    };
    expect(await refusalOf(otherHandle((handle) => handle))).toBe(500344);
    expect(await refusalOf({ userHandle: null })).toBe(135014);
  });

  test('by policy: the method off, the model not allowed, the account off', async () => {
    await register();
    const browser = await atKey();
    stand.twin.stage.setPolicy({
      fido2: { keyRestrictions: { isEnforced: true, enforcementType: 'block', aaGuids: [TEST_AAGUID_TEXT] } },
    });
    await signInWithKey(browser, key);
    expect(browser.aadsts).toBe(130501);
    stand.twin.stage.setPolicy({ fido2: { state: 'disabled' } });
    await signInWithKey(browser, key);
    expect(browser.aadsts).toBe(135016);
    expect(browser.page).toContain('does not let you sign in');
  });

  test('a key someone else holds does not sign in a person who was named', async () => {
    const sam = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn: sam, displayName: 'Sam Okafor' });
    await register();
    const ofSam = await register(sam);
    const browser = await atKey();
    await signInWithKey(browser, key, { by: ofSam });
    expect(browser.aadsts).toBe(135012);
    expect(browser.page).toContain('not registered for you');
  });
});

describe('the page of the relying party', () => {
  const post = async (path: string, fields: Record<string, string>): Promise<TwinBrowser> => {
    const browser = browserOn(stand);
    await browser.post(`https://login.microsoft.com/${stand.twin.tenant.tenantId}/fido/${path}`, fields);
    return browser;
  };
  const here = 'https://login.microsoftonline.com/common/login';

  test.each([
    [135004, 'get', { postBackUrl: 'https://evil.example/', cancelUrl: here }],
    [135004, 'get', { postBackUrl: 'http://login.microsoftonline.com/', cancelUrl: here }],
    [135005, 'get', { postBackUrl: here, cancelUrl: 'javascript:alert(1)' }],
    [135004, 'create', { postBackUrl: here }],
    [135015, 'create', { postBackUrl: 'https://mysignins.microsoft.com/api/post/newfido', ExcludeNextGenCredentialsJSON: '{' }],
  ])('%i for %s with %j', async (aadsts, path, fields) => {
    const browser = await post(path, fields);
    expect(browser.status).toBe(400);
    expect(browser.aadsts).toBe(aadsts);
  });

  test('is on that host only, runs one script of the content host, and writes what it is given as text', async () => {
    const browser = await post('get', { postBackUrl: here, cancelUrl: here, username: '"><script>alert(1)</script>' });
    expect(browser.status).toBe(200);
    expect(browser.page).not.toContain('<script>alert');
    expect(browser.page).not.toMatch(/<style|style="|<script(?![^>]*src="https:\/\/aadcdn\.msftauth\.net\/)|\son[a-z]+="/);
    expect(browser.headers.get('content-security-policy')).toContain('script-src https://aadcdn.msftauth.net;');
    const script = await stand.twin.handle(new Request('https://aadcdn.msftauth.net/training/key.js'));
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    const elsewhere = browserOn(stand);
    await elsewhere.post(`https://login.microsoftonline.com/${stand.twin.tenant.tenantId}/fido/get`, { postBackUrl: here });
    expect(elsewhere.status).toBe(404);
  });
});
