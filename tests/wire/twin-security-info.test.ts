// My Security Info and the phone: from the list of methods over the QR code to an approved test, as a person clicks it.
import { beforeEach, describe, expect, test } from 'vitest';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { decodeQr } from '../../main/simulator/phone/decode-qr.ts';
import type { Phone } from '../../main/simulator/phone/phone.ts';
import { pictureOfQr } from '../support/qr-on-page.ts';
import type { TwinBrowser } from '../support/twin-browser.ts';
import { authorizeUrl, browserOn, signInWithPass, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

const SECURITY_INFO = 'https://mysignins.microsoft.com/security-info';

let stand: TwinStand;
let phone: Phone;
beforeEach(async () => {
  stand = await twinStand();
  phone = createPhone({ http: (request) => stand.twin.handle(request), randomBytes: stand.randomBytes, deviceName: 'Pixel 9' });
});

/** Signed in with a pass, on the page with the QR code. */
async function browserAtQr(pass = stand.twin.stage.issuePass({ user: stand.upn })): Promise<TwinBrowser> {
  const { browser } = await signedIn(stand, pass);
  await browser.open(SECURITY_INFO);
  await browser.follow('/security-info/add');
  await browser.submit({ method: 'authenticator' });
  await browser.submit();
  expect(browser.heading).toBe('Scan the QR code');
  return browser;
}

function seenByCamera(browser: TwinBrowser): string | null {
  const picture = pictureOfQr(browser.page);
  return picture && decodeQr(picture.rgba, picture.width, picture.height);
}

const stateOf = async (browser: TwinBrowser): Promise<unknown> => {
  const path = /data-poll-status="([^"]+)"/.exec(browser.page)?.[1] ?? '';
  const response = await browser.session.fetch(new Request(new URL(path, browser.url)));
  return response.json();
};

describe('getting in', () => {
  test('the session of the pass is enough: no page of the sign-in is shown', async () => {
    const { browser } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true }));
    browser.visited.length = 0;
    await browser.open(SECURITY_INFO);
    expect(browser.heading).toBe('Security info');
    expect(browser.page).toContain(stand.upn);
    expect(browser.visited.map((url) => new URL(url).pathname)).toEqual([
      '/security-info',
      '/organizations/oauth2/v2.0/authorize',
      '/signin',
      '/security-info',
    ]);
  });

  test('a stranger signs in first and comes back', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await signInWithPass(browser, SECURITY_INFO, stand.upn, pass);
    expect(browser.url).toBe(SECURITY_INFO);
    expect(browser.page).toContain('Temporary Access Pass');
    expect(browser.page).toContain('Ends 10:00 AM UTC');
  });

  test('an answer this browser did not ask for is not followed', async () => {
    const other = browserOn(stand);
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    await signInWithPass(other, SECURITY_INFO, stand.upn, pass);
    const answer = other.visited.findLast((url) => url.includes('/signin?')) ?? '';
    const browser = browserOn(stand);
    await browser.open(answer);
    expect(browser.heading).toBe('Sign in');
    expect(await browser.session.cookieNames()).not.toContain('mysignins.microsoft.com MySigninsSession');
  });

  test('it ends with the pass', async () => {
    const { browser } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 60 }));
    await browser.open(SECURITY_INFO);
    stand.clock.advanceMinutes(60);
    await browser.reload();
    expect(browser.heading).toBe('Sign in');
  });
});

describe('adding Authenticator', () => {
  test('from the QR code to an approved test', async () => {
    const browser = await browserAtQr();
    expect(seenByCamera(browser)).toMatch(
      /^phonefactor:\/\/activate_account\?code=\d{9}&url=https%3a%2f%2fmobileappcommunicator\.auth\.microsoft\.com%2factivatev2%2f\d{9}%2f[A-Z0-9]{16}$/,
    );
    expect(await stateOf(browser)).toEqual({ state: 'pending' });
    await browser.submit();
    expect(browser.page).toContain('has not scanned the code yet');

    phone.openScanner();
    expect(await phone.scan(seenByCamera(browser))).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({
      screen: 'home',
      notice: 'registered',
      accounts: [{ upn: stand.upn, phoneSignIn: false }],
    });
    expect(await stateOf(browser)).toEqual({ state: 'activated' });
    await browser.submit();
    expect(browser.heading).toBe('Let’s try it out');
    expect(await stateOf(browser)).toEqual({ state: 'pending' });

    await phone.checkNotifications();
    expect(phone.snapshot()).toMatchObject({ screen: 'approve', request: { kind: 'test', upn: stand.upn } });
    expect(JSON.stringify(phone.snapshot())).not.toContain(browser.number ?? 'no number');
    expect(await phone.approve(browser.number ?? '')).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({ screen: 'home', request: null, notice: 'approved' });
    expect(await stateOf(browser)).toEqual({ state: 'approved' });
    await browser.submit();
    expect(browser.heading).toBe('Microsoft Authenticator is set up');
    await browser.follow('/security-info');
    expect(browser.page).toContain('Pixel 9 · Approvals');
    expect(stand.twin.stage.methods(stand.upn).authenticators).toEqual([
      { methodId: expect.any(String), displayName: 'Pixel 9', phoneSignIn: false },
    ]);
  });

  test('the app may go on to phone sign-in by itself once it was tried out: it is on, and the page has said nothing of it', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { phoneSignInStartsItself: true } });
    const browser = await browserAtQr();
    phone.openScanner();
    await phone.scan(seenByCamera(browser));
    expect(phone.snapshot().accounts).toMatchObject([{ phoneSignIn: false }]);
    await browser.submit();
    await phone.checkNotifications();
    expect(await phone.approve(browser.number ?? '')).toEqual({ ok: true });
    expect(phone.snapshot().accounts).toMatchObject([{ phoneSignIn: true }]);
    expect(stand.twin.stage.methods(stand.upn).authenticators).toMatchObject([{ phoneSignIn: true }]);
    expect(stand.twin.stage.audit().map(({ activity }) => activity)).toContain('Add passwordless phone sign-in credential');
    const other = browserOn(stand);
    await other.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await other.follow('/login/choose');
    await other.submit({ way: 'phoneSignIn' });
    await phone.checkNotifications();
    expect(await phone.approve(other.number ?? '')).toEqual({ ok: true });
  });

  test('the code and the address stand beside the QR for those who cannot scan', async () => {
    const browser = await browserAtQr();
    const content = new URL(seenByCamera(browser) ?? '');
    expect(browser.page).toContain(`<code dir="ltr">${content.searchParams.get('code')}</code>`);
    expect(browser.page).toContain(`<code dir="ltr">${content.searchParams.get('url')}</code>`);
  });

  test.each([
    ['a wrong number', async () => phone.approve('00'), 'numberWrong', 'a different one'],
    ['no', async () => phone.deny(), 'denied', 'was denied'],
    ['silence', async () => stand.clock.advanceMinutes(2), 'requestExpired', 'in time'],
  ])('a test answered with %s can be sent again', async (_name, respond, notice, sentence) => {
    const browser = await browserAtQr();
    phone.openScanner();
    await phone.scan(seenByCamera(browser));
    await browser.submit();
    await phone.checkNotifications();
    await respond();
    await phone.checkNotifications();
    expect(phone.snapshot()).toMatchObject({ screen: 'home', notice });
    await browser.reload();
    expect(browser.page).toContain(sentence);
    expect(browser.number).toBeNull();
    await browser.submit({ again: '1' });
    await phone.checkNotifications();
    await phone.approve(browser.number ?? '');
    await browser.submit();
    expect(browser.heading).toBe('Microsoft Authenticator is set up');
  });

  test('a code works once, for ten minutes, and only with its own digits', async () => {
    const browser = await browserAtQr();
    const content = seenByCamera(browser) ?? '';
    const forged = content.replace(/code=\d{9}/, 'code=000000000');
    const scan = (text: string) => {
      phone.openScanner();
      return phone.scan(text);
    };
    expect(await scan(forged)).toEqual({ ok: false, because: 'codeRefused' });
    expect(await scan(content)).toEqual({ ok: true });
    expect(await scan(content)).toEqual({ ok: false, because: 'codeRefused' });
    expect(phone.snapshot().accounts).toHaveLength(1);

    const late = await browserAtQr();
    stand.clock.advanceMinutes(10);
    expect(await scan(seenByCamera(late) ?? '')).toEqual({ ok: false, because: 'codeRefused' });
    expect(await stateOf(late)).toEqual({ state: 'expired' });
    await late.reload();
    expect(late.page).toContain('This code has run out');
  });

  test('needs a sign-in of the last ten minutes: a pass that can be used again is asked for again', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const { browser } = await signedIn(stand, pass);
    await browser.open(SECURITY_INFO);
    stand.clock.advanceMinutes(11);
    await browser.follow('/security-info/add');
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    await browser.submit({ accesspass: pass });
    await browser.submit({ LoginOptions: '3' });
    expect(browser.heading).toBe('Add a sign-in method');
  });

  test('after a one-time pass the window closes for good', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = await browserAtQr(pass);
    stand.clock.advanceMinutes(11);
    await browser.open(`${SECURITY_INFO}/add`);
    expect(browser.page).toContain('leaves ten minutes');
    await browser.open(SECURITY_INFO);
    expect(browser.heading).toBe('Security info');
  });

  test.each([
    ['phone sign-in only', { authenticationMode: 'deviceBasedPush' }],
    ['no Authenticator', { state: 'disabled' }],
  ] as const)('is not offered where the tenant allows %s, not even behind its back', async (_name, microsoftAuthenticator) => {
    const browser = await browserAtQr();
    const content = seenByCamera(browser);
    stand.twin.stage.setPolicy({ microsoftAuthenticator });
    phone.openScanner();
    expect(await phone.scan(content)).toEqual({ ok: false, because: 'codeRefused' });
    await browser.open(`${SECURITY_INFO}/add`);
    expect(browser.page).not.toContain('value="authenticator"');
    await browser.post(`${SECURITY_INFO}/authenticator/start`, {});
    expect(new URL(browser.url).pathname).toBe('/security-info/add');
  });

  test("nobody sees or uses another person's code", async () => {
    const theirs = await browserAtQr();
    const upn = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Sam Okafor' });
    const { browser } = await signedIn(stand, stand.twin.stage.issuePass({ user: upn }), {}, upn);
    await browser.open(SECURITY_INFO);
    await browser.open(theirs.url);
    expect(browser.heading).toBe('First get the app');
  });
});

test.each([
  ['nl', 'ltr', 'Beveiligingsgegevens'],
  ['ar', 'rtl', 'معلومات الأمان'],
])('speaks %s', async (language, direction, heading) => {
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const browser = browserOn(stand, language);
  await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
  await browser.open(SECURITY_INFO);
  expect(browser.heading).toBe(heading);
  expect(browser.page).toContain(`dir="${direction}"`);
  expect(browser.page).not.toMatch(/<style|style="|\son[a-z]+="/);
});
