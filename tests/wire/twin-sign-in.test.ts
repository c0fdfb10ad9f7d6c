// The pages a person signs in on: every way in, every refused pass, and what reloads and double presses do.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  authorizeUrl,
  browserOn,
  callGraph,
  signInWithPass,
  signedIn,
  twinStand,
  type TwinStand,
} from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

const minutes = 60_000;

describe('signing in with a pass', () => {
  test('goes by name, pass and "Stay signed in?" to the application with the code', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    expect(browser.heading).toBe('Sign in');
    await browser.submit({ loginfmt: stand.upn.toUpperCase() });
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    expect(new URL(browser.url).pathname).toBe(`/${stand.twin.tenant.tenantId}/login/pass`);
    expect(browser.page).toContain(stand.upn);
    await browser.submit({ accesspass: ` ${pass} ` });
    expect(browser.heading).toBe('Stay signed in?');
    expect(new URL(browser.url).pathname).toBe('/kmsi');
    await browser.submit({ LoginOptions: '3' });
    expect(browser.answer.get('state')).toBe('state-of-the-test');
    expect(browser.answer.get('code')).toMatch(/^1\.\S{40,}$/);
    const info = JSON.parse(Buffer.from(browser.answer.get('client_info') ?? '', 'base64url').toString());
    expect(info).toEqual({ uid: expect.stringMatching(/^[0-9a-f-]{36}$/), utid: stand.twin.tenant.tenantId });
  });

  test('skips "Stay signed in?" where the tenant switched it off', async () => {
    stand.twin.stage.setPolicy({ signIn: { askToStaySignedIn: false } });
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    await browser.submit({ loginfmt: stand.upn });
    await browser.submit({ accesspass: pass });
    expect(browser.answer.get('code')).not.toBeNull();
  });

  test('begins at the pass when a login hint names a user, at the name when it does not', async () => {
    stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Enter Temporary Access Pass');
    await browser.open(authorizeUrl(stand.twin, { login_hint: 'nobody@elsewhere.example' }));
    expect(browser.heading).toBe('Sign in');
    expect(browser.page).toContain('value="nobody@elsewhere.example"');
    expect(browser.aadsts).toBeNull();
  });

  test.each([
    ['', 'Enter your work e-mail address.', null],
    ['nobody@kestrelharbour.example', 'could not find an account', 50034],
    ['"><script>alert(1)</script>', 'could not find an account', 50034],
  ])('refuses the name %j', async (name, sentence, aadsts) => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    await browser.submit({ loginfmt: name });
    expect(browser.page).toContain(sentence);
    expect(browser.aadsts).toBe(aadsts);
    expect(browser.page).not.toContain('<script>alert');
  });
});

describe('a pass that is refused', () => {
  async function typed(pass: string): Promise<{ aadsts: number | null; page: string }> {
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    return browser;
  }

  test('because it is wrong: 130503, and the right one still works afterwards', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, 'not-the-pass');
    expect(browser.aadsts).toBe(130503);
    expect(browser.page).toContain('is not right');
    expect(browser.page).toContain('AADSTS130503');
    await browser.submit({ accesspass: pass });
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('because it ran out: 130504', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 60 });
    stand.clock.advanceMs(60 * minutes - 1);
    expect((await typed(pass)).aadsts).toBeNull();
    stand.clock.advanceMs(1);
    const browser = await typed(pass);
    expect(browser.aadsts).toBe(130504);
    expect(browser.page).toContain('has run out');
  });

  test('because it works once and was used: 130505', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    expect((await typed(pass)).aadsts).toBeNull();
    const browser = await typed(pass);
    expect(browser.aadsts).toBe(130505);
    expect(browser.page).toContain('has been used');
    expect(stand.twin.stage.methods(stand.upn).pass?.usability).toBe('OneTimeUsed');
  });

  test('because it is not valid yet: the page says so, and it works once it is', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, startsInMinutes: 30 });
    const browser = await typed(pass);
    expect(browser.aadsts).toBe(130507);
    expect(browser.page).toContain('not valid yet');
    stand.clock.advanceMinutes(30);
    expect((await typed(pass)).aadsts).toBeNull();
  });

  test('because the policy wants one-time passes, or none at all: 130502', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: false });
    stand.twin.stage.setPolicy({ temporaryAccessPass: { isUsableOnce: true } });
    expect((await typed(pass)).aadsts).toBe(130502);
    stand.twin.stage.setPolicy({ temporaryAccessPass: { isUsableOnce: false, state: 'disabled' } });
    expect((await typed(pass)).aadsts).toBe(130502);
  });

  test('because it was taken back meanwhile: 130507', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const { accessToken } = await signedIn(stand, pass);
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    const { methodId = '' } = stand.twin.stage.methods(stand.upn).pass ?? {};
    const path = `/v1.0/me/authentication/temporaryAccessPassMethods/${methodId}`;
    expect((await callGraph(stand.twin, accessToken, path, { method: 'DELETE' })).status).toBe(204);
    await browser.submit({ accesspass: pass });
    expect(browser.aadsts).toBe(130507);
  });

  test('because there is none: a password is asked for, and nobody has one', async () => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    expect(browser.heading).toBe('Enter password');
    await browser.submit();
    expect(browser.page).toContain('Enter your password.');
    expect(browser.aadsts).toBeNull();
    await browser.submit({ passwd: 'anything' });
    expect(browser.aadsts).toBe(50126);
  });

  test('because it was replaced by a newer one', async () => {
    const old = stand.twin.stage.issuePass({ user: stand.upn });
    const fresh = stand.twin.stage.issuePass({ user: stand.upn });
    expect((await typed(old)).aadsts).toBe(130503);
    expect((await typed(fresh)).aadsts).toBeNull();
  });

  test('because of ten wrong tries: 50053 for a minute', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    for (let tries = 0; tries < 10; tries += 1) await browser.submit({ accesspass: `wrong ${tries}` });
    expect(browser.aadsts).toBe(130503);
    await browser.submit({ accesspass: pass });
    expect(browser.aadsts).toBe(50053);
    stand.clock.advanceMinutes(1);
    await browser.submit({ accesspass: pass });
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('because the account is off: 50057, and a one-time pass is not spent', async () => {
    const upn = `off@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Off Duty', accountEnabled: false });
    const pass = stand.twin.stage.issuePass({ user: upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), upn, pass);
    expect(browser.aadsts).toBe(50057);
    expect(stand.twin.stage.methods(upn).pass?.usability).toBe('EnabledByPolicy');
  });

  test('when nothing was typed, without a number', async () => {
    stand.twin.stage.issuePass({ user: stand.upn });
    const browser = await typed('');
    expect(browser.page).toContain('Enter your Temporary Access Pass.');
    expect(browser.aadsts).toBeNull();
  });
});

describe('a restless finger', () => {
  test('pressing "Sign in" twice spends a one-time pass once and ends on the same page', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    const action = new URL(browser.url);
    const fields = { ctx: action.searchParams.get('ctx') ?? '', accesspass: pass };
    await browser.post(action.href, fields);
    await browser.post(action.href, fields);
    expect(browser.heading).toBe('Stay signed in?');
    expect(browser.aadsts).toBeNull();
  });

  test('reloading any page shows the same step again', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    const passUrl = browser.url;
    await browser.submit({ accesspass: 'wrong' });
    await browser.reload();
    expect(browser.aadsts).toBe(130503);
    await browser.submit({ accesspass: pass });
    await browser.reload();
    expect(browser.heading).toBe('Stay signed in?');
    await browser.open(passUrl);
    expect(browser.heading).toBe('Stay signed in?');
  });

  test('pressing Yes after it was over leads to a page that says so', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    const ctx = new URL(browser.url).searchParams.get('ctx') ?? '';
    await browser.post('https://login.microsoftonline.com/kmsi', { ctx, LoginOptions: '1' });
    expect(browser.status).toBe(400);
    expect(browser.aadsts).toBe(50089);
  });

  test('a page left open for more than an hour is over', async () => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    stand.clock.advanceMinutes(61);
    await browser.submit({ loginfmt: stand.upn });
    expect(browser.aadsts).toBe(50089);
  });
});

describe('browsers and their cookies', () => {
  test('a browser without cookies gets no further than the name', async () => {
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    await browser.session.clear();
    await browser.submit({ loginfmt: stand.upn });
    expect(browser.aadsts).toBe(165000);
  });

  test("another browser can't go on with someone's sign-in", async () => {
    stand.twin.stage.issuePass({ user: stand.upn });
    const one = browserOn(stand);
    await one.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    const other = browserOn(stand);
    await other.open(authorizeUrl(stand.twin));
    await other.open(one.url);
    expect(other.aadsts).toBe(50089);
  });

  test('the session lets the same browser in again, but not under prompt=login or in another browser', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, isUsableOnce: true });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    await browser.open(authorizeUrl(stand.twin, { prompt: null }));
    expect(browser.answer.get('code')).not.toBeNull();
    await browser.open(authorizeUrl(stand.twin, { prompt: 'none' }));
    expect(browser.answer.get('code')).not.toBeNull();
    await browser.open(authorizeUrl(stand.twin));
    expect(browser.heading).toBe('Sign in');
    const other = browserOn(stand);
    await other.open(authorizeUrl(stand.twin, { prompt: 'none' }));
    expect(other.answer.get('error')).toBe('login_required');
    expect(other.answer.get('error_description')).toContain('AADSTS50058');
  });

  test('the session ends with the pass, with signing out, and with the jar', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn, lifetimeMinutes: 60 });
    const silent = authorizeUrl(stand.twin, { prompt: 'none' });
    const browser = browserOn(stand);
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    await browser.open(`https://login.microsoftonline.com/${stand.twin.tenant.tenantId}/oauth2/v2.0/logout`);
    expect(browser.heading).toBe('You are signed out');
    await browser.open(silent);
    expect(browser.answer.get('error')).toBe('login_required');
    await signInWithPass(browser, authorizeUrl(stand.twin), stand.upn, pass);
    stand.clock.advanceMinutes(61);
    await browser.open(silent);
    expect(browser.answer.get('error')).toBe('login_required');
  });

  test('staying signed in sets a cookie that lasts; the jar names it and forgets it', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin, { login_hint: stand.upn }));
    await browser.submit({ accesspass: pass });
    await browser.submit({ LoginOptions: '1' });
    const names = await browser.session.cookieNames();
    expect(names).toContain('login.microsoftonline.com ESTSAUTH');
    expect(names).toContain('login.microsoftonline.com ESTSAUTHPERSISTENT');
    expect(browser.headers.getSetCookie()).toEqual([]);
    await browser.session.clear();
    expect(await browser.session.cookieNames()).toEqual([]);
  });
});

describe('how the pages are made', () => {
  test.each([
    ['en', 'ltr', 'Sign in'],
    ['nl', 'ltr', 'Aanmelden'],
    ['ar', 'rtl', 'تسجيل الدخول'],
  ])('speaks %s', async (language, direction, heading) => {
    const browser = browserOn(stand, 'en');
    await browser.open(authorizeUrl(stand.twin, { ui_locales: language }));
    expect(browser.page).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(browser.heading).toBe(heading);
    const byHeader = browserOn(stand, `fr-FR, ${language}-XX;q=0.8, en;q=0.5`);
    await byHeader.open(authorizeUrl(stand.twin));
    expect(byHeader.heading).toBe(heading);
  });

  test('only content of the content host runs, and nothing inline', async () => {
    const pass = stand.twin.stage.issuePass({ user: stand.upn });
    const browser = browserOn(stand);
    await browser.open(authorizeUrl(stand.twin));
    const pages = [browser.page];
    await browser.submit({ loginfmt: stand.upn });
    pages.push(browser.page);
    await browser.submit({ accesspass: pass });
    pages.push(browser.page);
    for (const page of pages) {
      expect(page).not.toMatch(/<style|style="|<script(?![^>]*src="https:\/\/aadcdn\.msftauth\.net\/)|\son[a-z]+="/);
      expect(page).toContain('Training copy of the Microsoft page');
      expect(
        page
          .match(/<input(?![^>]*type="hidden")[^>]*id="([a-z]+)"/g)
          ?.every((input) => page.includes(`<label for="${/id="([a-z]+)"/.exec(input)?.[1]}"`)) ?? true,
      ).toBe(true);
    }
    const policy = browser.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('script-src https://aadcdn.msftauth.net;');
    expect(policy).not.toContain('unsafe');
    for (const [, file] of browser.page.matchAll(/https:\/\/aadcdn\.msftauth\.net(\/[^"]+)"/g)) {
      const content = await stand.twin.handle(new Request(`https://aadcdn.msftauth.net${file ?? ''}`));
      expect(content.status).toBe(200);
      expect(content.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
    }
  });
});
