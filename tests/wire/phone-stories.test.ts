// The practice phone by itself and against the twin: what each verb does, when it is possible, and what it never shows.
import { beforeEach, describe, expect, test } from 'vitest';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import { decodeQr } from '../../main/simulator/phone/decode-qr.ts';
import type { Phone, PhoneSnapshot } from '../../main/simulator/phone/phone.ts';
import { authorizeUrl, browserOn, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
let phone: Phone;
/** Every snapshot ever shown, to search for what must not be in one. */
let shown: PhoneSnapshot[];

function phoneOn(http: (request: Request) => Promise<Response>): Phone {
  const made = createPhone({ http, randomBytes: stand.randomBytes, deviceName: 'Pixel 9', language: 'nl' });
  made.subscribe((snapshot) => shown.push(snapshot));
  return made;
}

beforeEach(async () => {
  stand = await twinStand();
  shown = [];
  phone = phoneOn((request) => stand.twin.handle(request));
});

async function addAccount(pass: string, upn = stand.upn) {
  phone.addWorkAccount();
  return phone.signIn({ upn, pass });
}
const methods = () => stand.twin.stage.methods(stand.upn);

describe('adding a work account in the app', () => {
  test('registers the app and turns phone sign-in on, and spends a one-time pass', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    expect(phone.addWorkAccount()).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({ screen: 'signIn', signIn: { purpose: 'addAccount', upn: null } });
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: true });
    expect(phone.snapshot()).toEqual({
      screen: 'home',
      accounts: [{ upn: stand.upn, tenantName: 'Kestrel Harbour', phoneSignIn: true }],
      request: null,
      signIn: null,
      notice: 'signInOn',
      noticeCode: null,
    });
    expect(methods().authenticators).toEqual([{ methodId: expect.any(String), displayName: 'Pixel 9', phoneSignIn: true }]);
    expect(methods().pass?.usability).toBe('OneTimeUsed');
    expect(shown.map(({ screen }) => screen)).toContain('working');
  });

  test.each([
    ['wrong', { isUsableOnce: false }, 'not it', 130503],
    ['expired', { startsInMinutes: -120, lifetimeMinutes: 60 }, null, 130504],
    ['not valid yet', { startsInMinutes: 30 }, null, 130507],
  ] as const)('is refused with a pass that is %s, with the number of the page', async (_name, terms, typed, aadsts) => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, ...terms });
    expect(await addAccount(typed ?? pass)).toEqual({ ok: false, because: 'signInRefused', aadsts });
    expect(phone.snapshot()).toMatchObject({ screen: 'home', accounts: [], notice: 'signInRefused', noticeCode: aadsts });
    expect(methods().authenticators).toEqual([]);
  });

  test('is refused with a one-time pass that the desk has used, and for an unknown name', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    await addAccount(pass);
    phone.erase();
    expect(await addAccount(pass)).toMatchObject({ because: 'signInRefused' });
    expect(await addAccount(pass, 'nobody@kestrelharbour.example')).toEqual({
      ok: false,
      because: 'signInRefused',
      aadsts: 50034,
    });
  });

  test('registers for approvals only, where the tenant allows no more', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    expect(await addAccount(stand.twin.stage.issuePass({ user: stand.upn }))).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({ notice: 'registered', accounts: [{ phoneSignIn: false }] });
    expect(methods().authenticators[0]?.phoneSignIn).toBe(false);
  });

  test('works where the tenant allows phone sign-in only, which hands out no QR code', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'deviceBasedPush' } });
    expect(await addAccount(stand.twin.stage.issuePass({ user: stand.upn }))).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({ notice: 'signInOn' });
  });

  test('is refused where the tenant has no Authenticator', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { state: 'disabled' } });
    expect(await addAccount(stand.twin.stage.issuePass({ user: stand.upn }))).toEqual({ ok: false, because: 'signInRefused' });
  });

  test('signs in by the pass even when the page would rather ask another phone', async () => {
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn }));
    phone = phoneOn((request) => stand.twin.handle(request));
    const spent = stand.twin.stage.issuePass({ user: stand.upn, startsInMinutes: -300, lifetimeMinutes: 60 });
    expect(await addAccount(spent)).toEqual({ ok: false, because: 'signInRefused', aadsts: 130504 });
  });
});

describe('turning phone sign-in on later', () => {
  test('goes by itself while the phone’s own sign-in is fresh', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn }));
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'any' } });
    expect(await phone.setUpPhoneSignIn(stand.upn)).toEqual({ ok: true });
    expect(phone.snapshot()).toMatchObject({ notice: 'signInOn', accounts: [{ phoneSignIn: true }] });
    expect(await phone.setUpPhoneSignIn(stand.upn)).toEqual({ ok: false, because: 'notPossibleNow' });
  });

  test('asks for the pass again once that is older than ten minutes', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    await addAccount(pass);
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'any' } });
    stand.clock.advanceMinutes(11);
    expect(await phone.setUpPhoneSignIn(stand.upn)).toEqual({ ok: false, because: 'passNeeded' });
    expect(phone.snapshot()).toMatchObject({ screen: 'signIn', signIn: { purpose: 'phoneSignIn', upn: stand.upn } });
    expect(await phone.signIn({ upn: '', pass })).toEqual({ ok: true });
    expect(methods().authenticators).toEqual([{ methodId: expect.any(String), displayName: 'Pixel 9', phoneSignIn: true }]);
  });

  test('with a one-time pass that is spent there is no way', async () => {
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    await addAccount(pass);
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'any' } });
    stand.clock.advanceMinutes(11);
    await phone.setUpPhoneSignIn(stand.upn);
    expect(await phone.signIn({ upn: stand.upn, pass })).toEqual({ ok: false, because: 'signInRefused', aadsts: 130505 });
  });
});

describe('signing in at the desk by phone', () => {
  async function browserAskingPhone() {
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true }));
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Approve the sign-in');
    expect(new URL(browser.url).pathname).toMatch(/\/login\/approve$/);
    return browser;
  }
  const pollOf = async (browser: Awaited<ReturnType<typeof browserAskingPhone>>): Promise<unknown> => {
    const path = /data-poll="([^"]+)"/.exec(browser.page)?.[1] ?? '';
    return (await browser.session.fetch(new Request(new URL(path, browser.url)))).json();
  };

  test('is offered by itself once the one-time pass is spent, and ends signed in', async () => {
    const browser = await browserAskingPhone();
    expect(browser.number).toMatch(/^[1-9]\d$/);
    expect(await pollOf(browser)).toEqual({ state: 'pending' });
    await phone.checkNotifications();
    expect(phone.snapshot()).toMatchObject({ screen: 'approve', request: { kind: 'signIn', upn: stand.upn } });
    expect(await phone.approve(` ${browser.number} `)).toEqual({ ok: true });
    expect(await pollOf(browser)).toEqual({ state: 'over' });
    await browser.submit();
    expect(browser.heading).toBe('Stay signed in?');
    await browser.submit({ LoginOptions: '3' });
    expect(browser.answer.get('code')).not.toBeNull();
  });

  test.each([
    ['a wrong number', async () => phone.approve('11'), 'numberWrong', 'a different one'],
    ['no', async () => phone.deny(), 'denied', 'was denied'],
    ['nothing', async () => stand.clock.advanceMinutes(2), 'requestExpired', 'in time'],
  ])('answered with %s shows why and asks again', async (_name, respond, notice, sentence) => {
    const browser = await browserAskingPhone();
    await phone.checkNotifications();
    await respond();
    await phone.checkNotifications();
    expect(phone.snapshot()).toMatchObject({ screen: 'home', notice, request: null });
    await browser.submit();
    expect(browser.aadsts).toBe(500121);
    expect(browser.page).toContain(sentence);
    await browser.submit({ again: '1' });
    expect(browser.number).not.toBeNull();
    await phone.checkNotifications();
    await phone.approve(browser.number ?? '');
    await browser.submit();
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('the right number for an older request approves nothing', async () => {
    const browser = await browserAskingPhone();
    const { number } = browser;
    await phone.checkNotifications();
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(await phone.approve(number ?? '')).toEqual({ ok: false, because: 'requestExpired' });
    await browser.reload();
    expect(browser.heading).toBe('Approve the sign-in');
  });

  test('another way can be chosen, and the phone too while a pass is good', async () => {
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn }));
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    await browser.follow('/login/choose');
    expect(browser.heading).toBe('Choose how to sign in');
    await browser.submit({ way: 'phoneSignIn' });
    expect(browser.heading).toBe('Approve the sign-in');
    await browser.follow('/login/choose');
    await browser.submit({ way: 'accessPass' });
    await browser.submit({ accesspass: pass });
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('is not offered where the tenant allows approvals only', async () => {
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true }));
    stand.twin.stage.setPolicy({ microsoftAuthenticator: { authenticationMode: 'push' } });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Enter Temporary Access Pass');
  });
});

describe('the phone’s own manners', () => {
  test('verbs that do not fit the screen do nothing', async () => {
    const before = phone.snapshot();
    const impossible = { ok: false, because: 'notPossibleNow' };
    expect(await phone.scan('anything')).toEqual(impossible);
    expect(await phone.signIn({ upn: 'a', pass: 'b' })).toEqual(impossible);
    expect(await phone.setUpPhoneSignIn(stand.upn)).toEqual(impossible);
    expect(await phone.approve('12')).toEqual(impossible);
    expect(await phone.deny()).toEqual(impossible);
    expect(phone.snapshot()).toEqual(before);
    expect(stand.twin.stage.requests()).toEqual([]);
  });

  test.each([
    null,
    '',
    'https://apps.apple.com/app/microsoft-authenticator/id983156458',
    'otpauth://totp/Contoso:lina?secret=AAAA',
    'phonefactor://activate_account?code=123&url=https%3a%2f%2fmobileappcommunicator.auth.microsoft.com%2factivatev2%2f1%2f2',
    'phonefactor://activate_account?code=123456789&url=https%3a%2f%2fevil.example%2factivatev2%2f1%2f2',
    'phonefactor://activate_account?code=123456789&url=http%3a%2f%2fmobileappcommunicator.auth.microsoft.com%2factivatev2%2f1%2f2',
  ])('a code that is not for it is not called: %j', async (text) => {
    phone.openScanner();
    expect(await phone.scan(text)).toEqual({ ok: false, because: 'noCodeSeen' });
    expect(phone.snapshot()).toMatchObject({ screen: 'home', notice: 'noCodeSeen' });
    expect(stand.twin.stage.requests()).toEqual([]);
  });

  test('home leaves scanner and forms; a request comes back with the next check', async () => {
    phone.openScanner();
    phone.home();
    phone.addWorkAccount();
    phone.home();
    expect(phone.snapshot()).toMatchObject({ screen: 'home', signIn: null });
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true }));
    await browserOn(stand).open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await phone.checkNotifications();
    phone.home();
    expect(phone.snapshot()).toMatchObject({ screen: 'home', request: null });
    await phone.checkNotifications();
    expect(phone.snapshot().screen).toBe('approve');
  });

  test.each([
    ['the pages break', { host: 'login.microsoftonline.com' }],
    ['registration breaks', { host: 'mobileappcommunicator.auth.microsoft.com' }],
    ['device registration breaks', { host: 'enterpriseregistration.windows.net' }],
  ])('says when the network is gone: %s', async (_name, match) => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    for (const fault of [{ networkError: true }, { status: 503 }, { status: 429 }]) {
      phone.erase();
      stand.twin.stage.inject({ match, ...fault });
      expect(await addAccount(pass)).toEqual({ ok: false, because: 'unreachable' });
      expect(phone.snapshot()).toMatchObject({ screen: 'home', notice: 'unreachable' });
    }
  });

  test('a check that fails shows nothing, and the next one works', async () => {
    await addAccount(stand.twin.stage.issuePass({ user: stand.upn }));
    const before = phone.snapshot();
    stand.twin.stage.inject({ match: { path: '/notifications' }, networkError: true });
    expect(await phone.checkNotifications()).toEqual({ ok: false, because: 'unreachable' });
    expect(phone.snapshot()).toEqual(before);
    expect(await phone.checkNotifications()).toEqual({ ok: true });
  });

  test('a phone that is erased while it works stays erased', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    phone = phoneOn(async (request) => {
      await gate;
      return stand.twin.handle(request);
    });
    const adding = addAccount(pass);
    phone.erase();
    release();
    expect(await adding).toEqual({ ok: false, because: 'notPossibleNow' });
    expect(phone.snapshot()).toMatchObject({ screen: 'home', accounts: [], notice: null });
  });

  test('listeners hear of changes until they stop', async () => {
    const screens: string[] = [];
    const stop = phone.subscribe(({ screen }) => screens.push(screen));
    phone.openScanner();
    stop();
    phone.home();
    expect(screens).toEqual(['scanner']);
  });

  test('no pass, number, secret or token is ever shown', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, code: 'Planted*Pass77', isUsableOnce: true });
    await addAccount(pass);
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await phone.checkNotifications();
    await phone.approve(browser.number ?? '');
    const everything = JSON.stringify(shown);
    expect(everything).not.toContain('Planted');
    expect(everything).not.toMatch(/eyJ|[A-Za-z0-9_-]{40}/);
    expect(shown.length).toBeGreaterThan(5);
  });

  test('a picture without a code is seen as such; one that does not fit its size is a mistake', () => {
    expect(decodeQr(new Uint8Array(64 * 64 * 4).fill(255), 64, 64)).toBeNull();
    expect(() => decodeQr(new Uint8Array(10), 64, 64)).toThrow(RangeError);
  });
});
