// Adding a security key at My Security Info, page by page, with the relying party's page in between; and the list it ends in.
import { beforeEach, describe, expect, test } from 'vitest';
import { createOnPage, keyOptions, signInWithKey } from '../support/key-page.ts';
import { TEST_AAGUID, TEST_AAGUID_TEXT, TestAuthenticator, type Spoilt } from '../support/test-authenticator.ts';
import type { TwinBrowser } from '../support/twin-browser.ts';
import { authorizeUrl, browserOn, callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

const SECURITY_INFO = 'https://mysignins.microsoft.com/security-info';

let stand: TwinStand;
let key: TestAuthenticator;
beforeEach(async () => {
  stand = await twinStand();
  const leaf = await stand.attestation.leafFor(TEST_AAGUID);
  key = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf });
});

const pass = (isUsableOnce = false): string => stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce });

/** Signed in, at the page that says to have the key ready. */
async function atReady(code = pass()): Promise<TwinBrowser> {
  const { browser } = await signedIn(stand, code);
  await browser.open(SECURITY_INFO);
  await browser.follow('/security-info/add');
  await browser.submit({ method: 'passkey' });
  expect(browser.heading).toBe('Set up your security key');
  return browser;
}

/** On the relying party's page. */
async function atKeyPage(code?: string): Promise<TwinBrowser> {
  const browser = await atReady(code);
  await browser.submit();
  expect(browser.page).toContain('data-send-itself');
  await browser.submit();
  return browser;
}

async function atName(spoilt: Spoilt = {}): Promise<TwinBrowser> {
  const browser = await atKeyPage();
  await createOnPage(browser, key, spoilt);
  expect(browser.heading).toBe('Name your security key');
  return browser;
}

/** The number under the sentence, or null. */
const codeOn = (browser: TwinBrowser): number | null => {
  const found = /data-code="(\d+)"/.exec(browser.page)?.[1];
  return found === undefined ? null : Number(found);
};
const credentials = () => stand.twin.stage.credentials();

describe('adding', () => {
  test('asks for a resident key with user verification and attestation, on the relying party’s host', async () => {
    const browser = await atKeyPage();
    const address = new URL(browser.url);
    expect(`${address.origin}${address.pathname}`).toBe(`https://login.microsoft.com/${stand.twin.tenant.tenantId}/fido/create`);
    const { challenge, user, ...asked } = keyOptions(browser, 'create');
    expect(asked).toEqual({
      rp: { id: 'login.microsoft.com', name: 'Microsoft' },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 60_000,
      excludeCredentials: [],
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'direct',
      extensions: { hmacCreateSecret: true },
    });
    expect(user).toMatchObject({ name: stand.upn, displayName: 'Lina Berg' });
    expect(Buffer.from(user.id, 'base64url').subarray(0, 3).toString()).toBe('OF:');
    expect(Buffer.from(challenge, 'base64url').toString('ascii').split('.')).toHaveLength(5);
  });

  test('ends in the list, in Graph, and signs in', async () => {
    const browser = await atName();
    await browser.submit({ name: ' Blue key ' });
    expect(browser.heading).toBe('Your security key is set up');
    expect(browser.page).toContain('Blue key');
    expect(credentials()).toMatchObject([{ upn: stand.upn, displayName: 'Blue key', attestationLevel: 'attested' }]);
    await browser.open(SECURITY_INFO);
    expect(browser.page).toContain('Blue key');
    const { accessToken } = await signedIn(stand, pass());
    const { body } = await callGraph(stand.twin, accessToken, '/v1.0/me/authentication/fido2Methods');
    expect(body.value.map(({ displayName }) => displayName)).toEqual(['Blue key']);
    const other = browserOn(stand);
    await other.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await other.follow('/login/choose');
    await other.submit({ way: 'securityKey' });
    await signInWithKey(other, key);
    expect(other.heading).toBe('Stay signed in?');
  });

  test('works after a one-time pass, within its ten minutes', async () => {
    const browser = await atKeyPage(pass(true));
    await createOnPage(browser, key);
    await browser.submit({ name: 'Key' });
    expect(browser.heading).toBe('Your security key is set up');
  });

  test('a second key excludes the first', async () => {
    const first = await atName();
    await first.submit({ name: 'First' });
    const browser = await atKeyPage();
    const [credential] = credentials();
    expect(keyOptions(browser, 'create').excludeCredentials).toEqual([
      { type: 'public-key', id: Buffer.from(credential?.credentialId ?? []).toString('base64url') },
    ]);
    await createOnPage(browser, key);
    await browser.submit({ name: 'Second' });
    expect(credentials().map(({ displayName }) => displayName)).toEqual(['First', 'Second']);
  });

  test.each([
    ['', 'Enter a name'],
    ['x'.repeat(31), 'Enter a name'],
  ])('asks again for a name like %j, and the key is not lost', async (name, sentence) => {
    const browser = await atName();
    await browser.submit({ name });
    expect(browser.page).toContain(sentence);
    expect(browser.heading).toBe('Name your security key');
    await browser.submit({ name: 'Key' });
    expect(credentials()).toHaveLength(1);
  });

  test('pressing twice adds one, a reload changes nothing', async () => {
    const browser = await atName();
    const { url } = browser;
    const canary = new URL(url).searchParams.get('canary') ?? '';
    await browser.post(`${SECURITY_INFO}/passkey/finish`, { canary, name: 'Key' });
    await browser.post(`${SECURITY_INFO}/passkey/finish`, { canary, name: 'Key' });
    expect(browser.heading).toBe('Security info');
    await browser.open(url);
    expect(browser.heading).toBe('Set up your security key');
    expect(credentials()).toHaveLength(1);
  });
});

describe('is refused, with the number of the page', () => {
  const spoilt: readonly [number, string, Spoilt][] = [
    [13, 'another attestation format', { format: 'android-safetynet' }],
    [22, 'no user verification', { flags: 0x41 }],
    [22, 'another origin', { origin: 'https://mysignins.microsoft.com' }],
    [22, 'another challenge', { challenge: 'AAAA' }],
    [23, 'an attestation by the key itself, where it is enforced', { attestation: 'self' }],
    [23, 'no attestation, where it is enforced', { attestation: 'none' }],
  ];
  test.each(spoilt)('%i: %s', async (code, _what, change) => {
    const browser = await atName(change);
    await browser.submit({ name: 'Key' });
    expect(codeOn(browser)).toBe(code);
    expect(browser.heading).toBe('Set up your security key');
    expect(credentials()).toEqual([]);
    expect(stand.twin.stage.refusals()).toHaveLength(1);
  });

  test('7: a model the key restrictions rule out', async () => {
    const keyRestrictions = { isEnforced: true, enforcementType: 'block', aaGuids: [TEST_AAGUID_TEXT] } as const;
    stand.twin.stage.setPolicy({ fido2: { keyRestrictions } });
    const browser = await atName();
    await browser.submit({ name: 'Key' });
    expect(codeOn(browser)).toBe(7);
  });

  test('8: a challenge that ran out while the person looked for a name', async () => {
    const browser = await atName();
    stand.clock.advanceMinutes(6);
    await browser.submit({ name: 'Key' });
    expect(codeOn(browser)).toBe(8);
  });

  test('21: the method switched off on the way; before that it is not offered', async () => {
    const browser = await atName();
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    await browser.submit({ name: 'Key' });
    expect(codeOn(browser)).toBe(21);
    await browser.open(`${SECURITY_INFO}/add`);
    expect(browser.page).not.toContain('value="passkey"');
    await browser.open(`${SECURITY_INFO}/passkey`);
    expect(new URL(browser.url).pathname).toBe('/security-info/add');
  });

  test.each([
    ['InvalidStateError', 'already set up for you'],
    ['NotAllowedError', 'took too long'],
  ])('by the browser itself: %s', async (name, sentence) => {
    const browser = await atKeyPage();
    await browser.submit({ error_code: name });
    expect(browser.page).toContain(sentence);
    expect(codeOn(browser)).toBeNull();
    await browser.submit();
    await browser.submit();
    await createOnPage(browser, key);
    expect(browser.heading).toBe('Name your security key');
  });

  test('a stale sign-in has to be renewed first; an answer of someone else’s form counts for nothing', async () => {
    const code = pass();
    const browser = await atReady(code);
    stand.clock.advanceMinutes(11);
    await browser.submit();
    expect(browser.heading).toBe('Enter Temporary Access Pass');

    const sam = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn: sam, displayName: 'Sam Okafor' });
    const theirs = await atKeyPage();
    const canary = /name="canary" value="([^"]+)"/.exec(theirs.page)?.[1] ?? '';
    const { browser: mine } = await signedIn(stand, stand.twin.stage.issuePass({ user: sam }), {}, sam);
    await mine.open(SECURITY_INFO);
    await mine.post('https://mysignins.microsoft.com/api/post/newfido', { canary });
    expect(mine.heading).toBe('Set up your security key');
  });
});

describe('deleting', () => {
  test('a passkey: asked once, gone from the list and from the key’s ways', async () => {
    const browser = await atName();
    await browser.submit({ name: 'Blue key' });
    await browser.open(SECURITY_INFO);
    await browser.follow('/security-info/delete');
    expect(browser.heading).toBe('Delete this method?');
    expect(browser.page).toContain('Blue key');
    await browser.submit();
    expect(browser.heading).toBe('Security info');
    expect(browser.page).not.toContain('Blue key');
    expect(credentials()).toEqual([]);
  });

  test('one’s own pass only where the policy lets people', async () => {
    const { browser } = await signedIn(stand, pass());
    await browser.open(SECURITY_INFO);
    expect(browser.page).toContain('/security-info/delete?id=');
    stand.twin.stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: false } });
    await browser.reload();
    expect(browser.page).not.toContain('/security-info/delete');
    stand.twin.stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: true } });
    await browser.reload();
    await browser.follow('/security-info/delete');
    await browser.submit();
    expect(stand.twin.stage.methods(stand.upn).pass).toBeNull();
  });

  test('nothing of another person', async () => {
    const browser = await atName();
    await browser.submit({ name: 'Key' });
    const [credential] = credentials();
    const sam = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn: sam, displayName: 'Sam Okafor' });
    const { browser: theirs } = await signedIn(stand, stand.twin.stage.issuePass({ user: sam }), {}, sam);
    await theirs.open(SECURITY_INFO);
    await theirs.post(`${SECURITY_INFO}/delete`, { id: credential?.methodId ?? '' });
    expect(credentials()).toHaveLength(1);
  });
});
