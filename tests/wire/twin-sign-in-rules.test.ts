// What the tenant asks of a sign-in beyond who it is: Conditional Access at the door and for registering methods, methods out of
// scope, guests and federated people, and what interrupts a sign-in; as pages, as answers to the application, on the phone.
import { beforeEach, describe, expect, test } from 'vitest';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { createOnPage, signInWithKey } from '../support/key-page.ts';
import { TEST_AAGUID, TestAuthenticator } from '../support/test-authenticator.ts';
import type { TwinBrowser } from '../support/twin-browser.ts';
import { authorizeUrl, browserOn, signInWithPass, twinStand, type TwinStand } from '../support/twin-stand.ts';

const SECURITY_INFO = 'https://mysignins.microsoft.com/security-info';
const PASSWORDLESS = '00000000-0000-0000-0000-000000000003';
const MFA = '00000000-0000-0000-0000-000000000002';
const REGISTERING = { includeUserActions: ['urn:user:registersecurityinfo'] } as const;
const EVERYBODY = { includeUsers: ['All'] };

let stand: TwinStand;
let pass: string;
beforeEach(async () => {
  stand = await twinStand();
  pass = stand.twin.stage.issuePass({ user: stand.upn });
});

type Draft = Parameters<TwinStand['twin']['stage']['addAccessPolicy']>[0];
const policy = (draft: Omit<Draft, 'displayName'>): string =>
  stand.twin.stage.addAccessPolicy({ displayName: 'Policy of the test', users: EVERYBODY, ...draft });
const controls = (
  ...builtInControls: ('block' | 'mfa' | 'compliantDevice' | 'domainJoinedDevice' | 'approvedApplication')[]
) => ({
  operator: 'OR' as const,
  builtInControls,
  strengthId: null,
});
const strength = (strengthId: string) => ({ operator: 'OR' as const, builtInControls: [], strengthId });

/** By pass to the desk's application. */
async function atDesk(): Promise<TwinBrowser> {
  const browser = browserOn(stand);
  await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
  return browser;
}
/** By pass to My Security Info. */
async function atSecurityInfo(): Promise<TwinBrowser> {
  const browser = browserOn(stand);
  await signInWithPass(browser, SECURITY_INFO, stand.upn, pass);
  return browser;
}

/** A passkey by way of the pages, before there are any policies. */
async function withPasskey(): Promise<TestAuthenticator> {
  const key = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf: await stand.attestation.leafFor(TEST_AAGUID) });
  const browser = await atSecurityInfo();
  await browser.follow('/security-info/add');
  await browser.submit({ method: 'passkey' });
  await browser.submit();
  await browser.submit();
  await createOnPage(browser, key);
  await browser.submit({ name: 'Key' });
  expect(browser.heading).toBe('Your security key is set up');
  return key;
}

describe('Conditional Access at the door', () => {
  test.each([
    [53003, 'block', 'You can’t get to this from here'],
    [53000, 'compliantDevice', 'You can’t get to this from here'],
    [53001, 'domainJoinedDevice', 'You can’t get to this from here'],
    [53002, 'approvedApplication', 'You can’t get to this from here'],
  ] as const)('%i for a policy that says %s: a page with its number, time and identifiers', async (aadsts, control, heading) => {
    policy({ grantControls: controls(control) });
    const browser = await atDesk();
    expect(browser.heading).toBe(heading);
    expect(browser.aadsts).toBe(aadsts);
    expect(browser.page).toMatch(/Correlation ID<\/dt>\s*<dd>[0-9a-f-]{36}/);
    expect(browser.page).toContain('2026-11-23 09:00:00Z');
    expect(browser.caught).toBeNull();
  });

  test('is asked after the pass, so that a one-time pass is spent on it', async () => {
    pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    policy({ grantControls: controls('block') });
    expect((await atDesk()).aadsts).toBe(53003);
    expect(stand.twin.stage.methods(stand.upn).pass?.usability).toBe('OneTimeUsed');
  });

  test('a pass is two factors; report-only and switched-off policies, and people left out, hold nobody up', async () => {
    policy({ grantControls: controls('mfa') });
    policy({ grantControls: strength(MFA) });
    policy({ grantControls: controls('block'), state: 'enabledForReportingButNotEnforced' });
    policy({ grantControls: controls('block'), state: 'disabled' });
    const spared = stand.twin.stage.addGroup({ displayName: 'Break glass', members: [stand.upn] });
    policy({ grantControls: controls('block'), users: { includeUsers: ['All'], excludeGroups: [spared] } });
    expect((await atDesk()).answer.get('code')).not.toBeNull();
  });

  test('by place: the office is let in, another address and another country are not', async () => {
    const office = stand.twin.stage.addNamedLocation({
      kind: 'ip',
      displayName: 'Office',
      ranges: ['203.0.113.0/26'],
      isTrusted: true,
    });
    const country = stand.twin.stage.addNamedLocation({ kind: 'country', displayName: 'Home', countries: ['SE'] });
    const outside = (id: string) => ({ includeLocations: ['All'], excludeLocations: [id] });
    policy({ grantControls: controls('block'), locations: outside(office) });
    policy({ grantControls: controls('block'), locations: outside(country) });
    expect((await atDesk()).caught).not.toBeNull();
    stand.twin.stage.setPlace('desk', { address: '198.51.100.7', country: 'SE' });
    expect((await atDesk()).aadsts).toBe(53003);
    stand.twin.stage.setPlace('desk', { address: '203.0.113.17', country: 'NO' });
    expect((await atDesk()).aadsts).toBe(53003);
  });

  test('a strength the pass lacks asks for the key the person has; without one the page says what is missing', async () => {
    const key = await withPasskey();
    const id = policy({ grantControls: strength(PASSWORDLESS) });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    expect(browser.heading).toBe('Choose how to sign in');
    expect(browser.aadsts).toBe(50074);
    expect(browser.page).not.toContain('value="accessPass"');
    await browser.submit({ way: 'accessPass' });
    expect(browser.heading).toBe('Choose how to sign in');
    await browser.submit({ way: 'securityKey' });
    await signInWithKey(browser, key);
    await browser.submit({ LoginOptions: '3' });
    expect(browser.answer.get('code')).not.toBeNull();

    const bare = `bare@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn: bare, displayName: 'Bare Hands' });
    const other = browserOn(stand);
    await signInWithPass(other, authorizeUrl(stand.twin), bare, stand.twin.stage.issuePass({ user: bare }));
    expect(other.heading).toContain('can’t be used for this');
    expect(other.aadsts).toBe(50074);
    stand.twin.stage.removeAccessPolicy(id);
  });

  test('a session that is there is asked again: with no page allowed, the application is told', async () => {
    const browser = await atDesk();
    const silent = authorizeUrl(stand.twin, { prompt: 'none' });
    await browser.open(silent);
    expect(browser.answer.get('code')).not.toBeNull();
    policy({ grantControls: controls('block') });
    await browser.open(silent);
    expect(browser.answer.get('error')).toBe('access_denied');
    expect(browser.answer.get('error_description')).toContain('AADSTS53003');
    await browser.open(authorizeUrl(stand.twin, { prompt: null }));
    expect(browser.aadsts).toBe(53003);
  });

  test('policies stand idle in a tenant that has no licence for them', async () => {
    policy({ grantControls: controls('block') });
    stand.twin.stage.setLicences([]);
    expect((await atDesk()).caught).not.toBeNull();
  });
});

describe('Conditional Access for registering security information', () => {
  test('from a place that is not allowed: 53010 at My Security Info, and nowhere else', async () => {
    const office = stand.twin.stage.addNamedLocation({
      kind: 'ip',
      displayName: 'Office',
      ranges: ['203.0.113.0/26'],
      isTrusted: true,
    });
    policy({
      applications: REGISTERING,
      grantControls: controls('block'),
      locations: { includeLocations: ['All'], excludeLocations: [office] },
    });
    expect((await atSecurityInfo()).heading).toBe('Security info');
    stand.twin.stage.setPlace('desk', { address: '198.51.100.7', country: 'SE' });
    const browser = await atSecurityInfo();
    expect(browser.heading).toBe('You can’t set up sign-in methods here');
    expect(browser.aadsts).toBe(53010);
    expect((await atDesk()).caught).not.toBeNull();
  });

  test('someone who moved while on the page may look and not add', async () => {
    policy({
      applications: REGISTERING,
      grantControls: controls('block'),
      locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
    });
    stand.twin.stage.addNamedLocation({ kind: 'ip', displayName: 'Office', ranges: ['203.0.113.0/26'], isTrusted: true });
    const browser = await atSecurityInfo();
    expect(browser.heading).toBe('Security info');
    stand.twin.stage.setPlace('desk', { address: '198.51.100.7', country: null });
    await browser.reload();
    expect(browser.heading).toBe('Security info');
    await browser.follow('/security-info/add');
    expect(browser.aadsts).toBe(53010);
  });

  test('the built-in passwordless strength locks pass holders out; one with the pass in it lets them in', async () => {
    const id = policy({ applications: REGISTERING, grantControls: strength(PASSWORDLESS) });
    const browser = await atSecurityInfo();
    expect(browser.heading).toContain('can’t be used for this');
    expect(browser.page).toContain('Temporary Access Pass may not be enough');
    stand.twin.stage.removeAccessPolicy(id);
    const custom = stand.twin.stage.addStrength({
      displayName: 'Desk',
      allowedCombinations: ['temporaryAccessPassOneTime', 'temporaryAccessPassMultiUse', 'fido2'],
    });
    policy({ applications: REGISTERING, grantControls: strength(custom) });
    expect((await atSecurityInfo()).heading).toBe('Security info');
  });

  test('holds for the phone too, from the place of the phone', async () => {
    stand.twin.stage.addNamedLocation({ kind: 'ip', displayName: 'Office', ranges: ['203.0.113.0/26'], isTrusted: true });
    policy({
      applications: REGISTERING,
      grantControls: controls('block'),
      locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
    });
    const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
    stand.twin.stage.setPlace('phone', { address: '198.51.100.7', country: 'SE' });
    phone.addWorkAccount();
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: false, because: 'signInRefused', aadsts: 53010 });
    stand.twin.stage.setPlace('phone', { address: '203.0.113.20', country: 'SE' });
    phone.addWorkAccount();
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: true });
    expect(phone.snapshot().accounts).toMatchObject([{ upn: stand.upn, phoneSignIn: true }]);
  });

  test('a policy for registering devices keeps phone sign-in off, and approvals work', async () => {
    policy({ applications: { includeUserActions: ['urn:user:registerdevice'] }, grantControls: strength(PASSWORDLESS) });
    const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
    phone.addWorkAccount();
    await phone.signIn({ upn: stand.upn, pass });
    expect(phone.snapshot().accounts).toMatchObject([{ upn: stand.upn, phoneSignIn: false }]);
  });
});

describe('people who do not sign in like others', () => {
  test('a pass out of the policy’s scope is 130502, though it can be made', async () => {
    const group = stand.twin.stage.addGroup({ displayName: 'Onboarding' });
    stand.twin.stage.setPolicy({ temporaryAccessPass: { includeTargets: [{ targetType: 'group', id: group }] } });
    expect((await atDesk()).aadsts).toBe(130502);
  });

  test('a passkey out of scope is not offered, and refused where it is used', async () => {
    const key = await withPasskey();
    const spared = stand.twin.stage.addGroup({ displayName: 'No keys', members: [stand.upn] });
    stand.twin.stage.setPolicy({ fido2: { excludeTargets: [{ targetType: 'group', id: spared }] } });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    await browser.follow('/login/key');
    await signInWithKey(browser, key);
    expect(browser.aadsts).toBe(135016);
    const info = await atSecurityInfo();
    await info.open(`${SECURITY_INFO}/add`);
    expect(info.page).not.toContain('value="passkey"');
    await info.post(`${SECURITY_INFO}/passkey/start`, {});
    expect(info.page).toContain('data-code="20"');
  });

  test('a guest of another organization is told to sign in there', async () => {
    const upn = `visitor_partner.example#EXT#@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Visitor', userType: 'guest' });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    await browser.submit({ loginfmt: upn });
    expect(browser.aadsts).toBe(50020);
    expect(browser.heading).toBe('Sign in');
  });

  test('an internal guest signs in with a pass and is offered no passkey', async () => {
    const upn = `trainee@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Trainee', userType: 'guest', external: false });
    const browser = browserOn(stand);
    await signInWithPass(browser, SECURITY_INFO, upn, stand.twin.stage.issuePass({ user: upn }));
    expect(browser.heading).toBe('Security info');
    await browser.open(`${SECURITY_INFO}/add`);
    expect(browser.page).not.toContain('value="passkey"');
  });

  test('federated people go to their own sign-in, unless they have a pass', async () => {
    stand.twin.stage.setDomain('merged.example', 'Federated');
    const upn = 'ada@merged.example';
    stand.twin.stage.addUser({ upn, displayName: 'Ada Merged' });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: upn }));
    const { origin, pathname, searchParams } = new URL(browser.url);
    expect([origin, pathname, searchParams.get('username')]).toEqual(['https://sts.merged.example', '/adfs/ls/', upn]);
    expect(searchParams.get('wtrealm')).toBe('urn:federation:MicrosoftOnline');
    // From the form it goes by a page of its own: a form may lead to Microsoft's hosts only.
    const typed = browserOn(stand);
    await typed.open(authorizeUrl(stand.twin));
    await typed.submit({ loginfmt: upn });
    expect(typed.heading).toBe('Taking you to your organization’s sign-in page');
    expect(typed.page).toContain('http-equiv="refresh"');
    await typed.follow('/adfs/ls');
    expect(new URL(typed.url).origin).toBe('https://sts.merged.example');
    const code = stand.twin.stage.issuePass({ user: upn });
    const withPass = browserOn(stand);
    await signInWithPass(withPass, authorizeUrl(stand.twin), upn, code);
    expect(withPass.caught).not.toBeNull();
  });

  test('phone sign-in that was switched off while the phone was asked is 130500', async () => {
    const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
    phone.addWorkAccount();
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: true });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await browser.follow('/login/choose');
    await browser.submit({ way: 'phoneSignIn' });
    const { number } = browser;
    await phone.checkNotifications();
    expect(await phone.approve(number ?? '')).toEqual({ ok: true });
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    await browser.submit();
    expect(browser.aadsts).toBe(130500);
  });
});

describe('"More information required"', () => {
  test.each([
    ['registering for multifactor authentication', { mfaRegistration: { state: 'enabled' } }],
    ['registering for password reset', { passwordReset: { enabledFor: 'all' } }],
  ] as const)('for %s: no passkey there, Authenticator is, and then the sign-in goes on', async (_what, change) => {
    stand.twin.stage.setPolicy(change);
    const browser = await atDesk();
    expect(browser.heading).toBe('More information required');
    expect(browser.page).not.toContain('value="skip"');
    const waiting = browser.url;
    await browser.submit({ proofup: 'skip' });
    expect(browser.heading).toBe('More information required');
    await browser.submit({ proofup: 'next' });
    expect(browser.heading).toBe('Keep your account secure');
    expect(browser.page).toContain('/security-info/authenticator/app');
    expect(browser.page).not.toContain('/security-info/passkey');
    await browser.follow('/login/proofup');
    expect([browser.url, browser.heading]).toEqual([waiting, 'More information required']);

    const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
    await browser.open('https://mysignins.microsoft.com/security-info/authenticator/app');
    await browser.submit();
    const { code, url } = /Code: <code[^>]*>(?<code>\d+)<[\s\S]*URL: <code[^>]*>(?<url>[^<]+)</.exec(browser.page)?.groups ?? {};
    phone.openScanner();
    const scanned = `phonefactor://activate_account?${new URLSearchParams({ code: code ?? '', url: url ?? '' }).toString()}`;
    expect(await phone.scan(scanned)).toEqual({ ok: true });
    await browser.open(waiting);
    expect(browser.heading).toBe('Stay signed in?');
    await browser.submit({ LoginOptions: '3' });
    expect(browser.answer.get('code')).not.toBeNull();
  });

  test('a passkey does for multifactor registration and does not for password reset', async () => {
    await withPasskey();
    stand.twin.stage.setPolicy({ mfaRegistration: { state: 'enabled' } });
    expect((await atDesk()).caught).not.toBeNull();
    stand.twin.stage.setPolicy({ passwordReset: { enabledFor: 'all' } });
    expect((await atDesk()).heading).toBe('More information required');
  });

  test('does not hold up people who registered, nor My Security Info itself; an application without pages is told', async () => {
    stand.twin.stage.setPolicy({ passwordReset: { enabledFor: 'all' } });
    const browser = await atSecurityInfo();
    expect(browser.heading).toBe('Security info');
    await browser.open(authorizeUrl(stand.twin, { prompt: 'none' }));
    expect(browser.answer.get('error_description')).toContain('AADSTS50079');
    stand.twin.stage.changeUser(stand.upn, { passwordResetRegistered: true });
    expect((await atDesk()).caught).not.toBeNull();
  });

  test('on the phone it stops the app’s own sign-in, without a number', async () => {
    stand.twin.stage.setPolicy({ passwordReset: { enabledFor: 'all' } });
    const phone = createPhone({ http: (request) => stand.twin.handle(request, 'phone'), randomBytes: stand.randomBytes });
    phone.addWorkAccount();
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: false, because: 'signInRefused' });
  });

  test('a campaign can be put off three times for a day, and then no more', async () => {
    stand.twin.stage.setPolicy({
      registrationCampaign: { state: 'enabled' },
      temporaryAccessPass: { maximumLifetimeInMinutes: 43_200 },
    });
    pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 43_200 });
    for (let day = 0; day < 3; day += 1) {
      const browser = await atDesk();
      expect(browser.heading).toBe('More information required');
      await browser.submit({ proofup: 'skip' });
      await browser.submit({ LoginOptions: '3' });
      expect(browser.caught).not.toBeNull();
      expect((await atDesk()).caught).not.toBeNull();
      stand.clock.advanceMinutes(24 * 60 + 1);
    }
    const last = await atDesk();
    expect(last.page).not.toContain('value="skip"');
  });

  test('a campaign for passkeys is done with a passkey, from its own page', async () => {
    stand.twin.stage.setPolicy({ registrationCampaign: { state: 'enabled', targetedAuthenticationMethod: 'fido2' } });
    const browser = await atDesk();
    await browser.submit({ proofup: 'next' });
    expect(browser.page).toContain('/security-info/passkey');
    await withPasskey();
    expect((await atDesk()).caught).not.toBeNull();
  });

  test('the way back leads into the sign-in and nowhere else', async () => {
    const browser = await atSecurityInfo();
    await browser.open('https://mysignins.microsoft.com/register?back=https%3A%2F%2Fevil.example%2Flogin%2Fproofup');
    expect(browser.heading).toBe('Keep your account secure');
    expect(browser.page).not.toContain('evil.example');
  });
});

test('adding and deleting at My Security Info is in the audit log, with the place', async () => {
  await withPasskey();
  const browser = await atSecurityInfo();
  await browser.follow('/security-info/delete');
  await browser.submit();
  expect(stand.twin.stage.audit().map(({ activity }) => activity)).toEqual([
    'User started security info registration',
    'Add Passkey (device-bound)',
    'User registered security info',
    'Delete Passkey (device-bound)',
    'User deleted security info',
  ]);
  expect(stand.twin.stage.audit()[1]).toMatchObject({
    actor: { kind: 'user', address: '203.0.113.17' },
    details: [{ key: 'AAGuid', value: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
  });
});
