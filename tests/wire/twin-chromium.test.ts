// The twin's pages in a browser that is not ours: signing in by pass, adding a passkey at My Security Info, signing in with
// it, and MSAL behind it, over real TLS on this machine. Skipped where there is no Chromium (Debian: chromium).
import { PublicClientApplication } from '@azure/msal-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { networkTo } from '../support/msal-network.ts';
import {
  askServed,
  chromiumPath,
  chromiumStand,
  loopbackListener,
  servedStand,
  type ChromiumStand,
  type ServedStand,
} from '../support/served-chromium.ts';

const SECURITY_INFO = 'https://mysignins.microsoft.com/security-info';
/** A browser on a machine that runs other tests at the same time takes its time. */
const STORY_MS = 180_000;

let stand: ServedStand;
beforeAll(async () => {
  stand = await servedStand();
}, STORY_MS);
afterAll(() => stand.close());

let people = 0;
function person(): { upn: string; pass: string } {
  people += 1;
  const upn = `person${people}@${stand.twin.tenant.domain}`;
  stand.twin.stage.addUser({ upn, displayName: `Person ${people}` });
  return { upn, pass: stand.twin.stage.issuePass({ user: upn }) };
}

describe.skipIf(chromiumPath === null)('Chromium with its own virtual authenticator', () => {
  let window: ChromiumStand;
  beforeEach(async () => {
    window = await chromiumStand(stand.served);
  }, STORY_MS);
  afterEach(() => window.close());

  const heading = (text: string) => window.page.getByRole('heading', { level: 1, name: text }).waitFor();
  const press = (name: string) => window.page.getByRole('button', { name, exact: true }).click();
  const follow = (name: string) => window.page.getByRole('link', { name, exact: true }).click();

  async function signInByPass(url: string, { upn, pass }: { upn: string; pass: string }): Promise<void> {
    const { page } = window;
    await page.goto(url);
    await page.getByLabel('Work e-mail address').fill(upn);
    await press('Next');
    await page.getByLabel('Temporary Access Pass', { exact: true }).fill(pass);
    await press('Sign in');
    await press('No');
  }

  async function addPasskey(name: string): Promise<void> {
    await follow('Add sign-in method');
    await window.page.getByRole('button', { name: /^Security key or passkey/ }).click();
    await heading('Set up your security key');
    await press('Next');
    // Through the relying party's page and back, with nobody's hand on it.
    await heading('Name your security key');
    await window.page.getByLabel('Name', { exact: true }).fill(name);
    await press('Next');
  }

  const credentials = async () =>
    (await window.devTools.send('WebAuthn.getCredentials', { authenticatorId: window.authenticatorId })).credentials;

  test(
    'signs in by pass, adds a passkey at My Security Info, and signs in with it, by name and without',
    async () => {
      const who = person();
      await signInByPass(SECURITY_INFO, who);
      await heading('Security info');
      await addPasskey('Chromium key');
      await heading('Your security key is set up');
      const [made, ...others] = await credentials();
      expect(others).toEqual([]);
      expect(made).toMatchObject({ isResidentCredential: true, rpId: 'login.microsoft.com' });
      const [kept] = stand.twin.stage.methods(who.upn).passkeys;
      expect(kept).toMatchObject({ displayName: 'Chromium key', verifiedBy: ['SimpleWebAuthn'] });
      expect(Buffer.from(made?.credentialId ?? '', 'base64').equals(Buffer.from(kept?.credentialId ?? []))).toBe(true);
      expect(
        Buffer.from(made?.userHandle ?? '', 'base64')
          .subarray(0, 3)
          .toString(),
      ).toBe('OF:');

      // By name.
      await window.context.clearCookies();
      await window.page.goto(SECURITY_INFO);
      await window.page.getByLabel('Work e-mail address').fill(who.upn);
      await press('Next');
      await follow('Other ways to sign in');
      await press('Use my security key');
      await press('No');
      await heading('Security info');

      // Without a name: the key says who it is.
      await window.context.clearCookies();
      await window.page.goto(SECURITY_INFO);
      await follow('Sign in with a security key');
      await press('No');
      await heading('Security info');
      expect(await window.page.getByText(who.upn).count()).toBeGreaterThan(0);
      expect(window.complaints).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'is told that a key is there already, and that its make is not known where that matters',
    async () => {
      const who = person();
      await signInByPass(SECURITY_INFO, who);
      await addPasskey('First');
      await follow('Done');
      await follow('Add sign-in method');
      await window.page.getByRole('button', { name: /^Security key or passkey/ }).click();
      await press('Next');
      await window.page.getByText('already set up for you').waitFor();
      expect(await credentials()).toHaveLength(1);

      await window.page.goto(SECURITY_INFO);
      await follow('Delete: Passkey, First');
      await press('Delete');
      await heading('Security info');
      stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: true } });
      try {
        await addPasskey('Second');
        await window.page.getByText('Error number: 23').waitFor();
      } finally {
        stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
      }
      expect(stand.twin.stage.methods(who.upn).passkeys).toEqual([]);
      // The key that was deleted is still on the authenticator, and the service no longer knows it.
      await window.context.clearCookies();
      await window.page.goto(SECURITY_INFO);
      await follow('Sign in with a security key');
      await window.page.getByText('AADSTS135001').waitFor();
      expect(window.complaints).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'with nobody verified the page says so and lets the person try again',
    async () => {
      const who = person();
      await signInByPass(SECURITY_INFO, who);
      await addPasskey('Key');
      await heading('Your security key is set up');
      await window.devTools.send('WebAuthn.setUserVerified', { authenticatorId: window.authenticatorId, isUserVerified: false });
      await window.context.clearCookies();
      await window.page.goto(SECURITY_INFO);
      await follow('Sign in with a security key');
      await window.page.getByText('That did not work').waitFor({ timeout: 75_000 });
      await window.devTools.send('WebAuthn.setUserVerified', { authenticatorId: window.authenticatorId, isUserVerified: true });
      await press('Try again');
      await press('No');
      await heading('Security info');
      expect(await window.page.getByText(who.upn).count()).toBeGreaterThan(0);
    },
    STORY_MS + 60_000,
  );

  test(
    'is stopped for more information and comes back, is sent to a federated sign-in, and is kept out of what policies forbid',
    async () => {
      const who = person();
      const { stage } = stand.twin;
      stage.setPolicy({ passwordReset: { enabledFor: 'all' } });
      stage.setDomain('merged.example', 'Federated');
      stage.addUser({ upn: 'ada@merged.example', displayName: 'Ada Merged' });
      const { tenantId, app } = stand.twin.tenant;
      const listener = await loopbackListener();
      const asked = new URLSearchParams({
        client_id: app.clientId,
        response_type: 'code',
        redirect_uri: listener.url,
        scope: 'openid',
      });
      const start = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize?${asked.toString()}`;
      const { page } = window;
      const theirs = '<!doctype html><title>Theirs</title><h1>The customer’s own sign-in</h1>';
      await page.route('https://sts.merged.example/**', (route) =>
        route.fulfill({ contentType: 'text/html; charset=utf-8', body: theirs }),
      );
      let policy: string | null = null;
      try {
        await page.goto(start);
        await page.getByLabel('Work e-mail address').fill(who.upn);
        await press('Next');
        await page.getByLabel('Temporary Access Pass', { exact: true }).fill(who.pass);
        await press('Sign in');
        await heading('More information required');
        await press('Next');
        await heading('Keep your account secure');
        stage.changeUser(who.upn, { passwordResetRegistered: true });
        await follow('Go on signing in');
        await press('No');
        expect((await listener.answer).get('code')).not.toBeNull();

        await window.context.clearCookies();
        await page.goto(start);
        await page.getByLabel('Work e-mail address').fill('ada@merged.example');
        await press('Next');
        await heading('The customer’s own sign-in');
        expect(page.url()).toMatch(/^https:\/\/sts\.merged\.example\/adfs\/ls\//);

        policy = stage.addAccessPolicy({
          displayName: 'Nobody',
          users: { includeUsers: ['All'] },
          applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
          grantControls: { builtInControls: ['block'] },
        });
        await window.context.clearCookies();
        await page.goto(SECURITY_INFO);
        await page.getByLabel('Work e-mail address').fill(who.upn);
        await press('Next');
        await page.getByLabel('Temporary Access Pass', { exact: true }).fill(who.pass);
        await press('Sign in');
        await heading('You can’t set up sign-in methods here');
        expect(await page.getByText('AADSTS53010').count()).toBe(1);
      } finally {
        if (policy !== null) stage.removeAccessPolicy(policy);
        stage.setPolicy({ passwordReset: { enabledFor: 'none' } });
        listener.close();
      }
      // The page that refuses has a status that says so; no policy of the pages was broken.
      expect(window.complaints).toEqual([expect.stringContaining('status of 400')]);
    },
    STORY_MS,
  );

  test(
    'brings MSAL its code, and Graph lists the passkey for the token',
    async () => {
      const who = person();
      await signInByPass(SECURITY_INFO, who);
      await addPasskey('Key');
      await heading('Your security key is set up');
      await window.context.clearCookies();

      const { tenantId, app } = stand.twin.tenant;
      const authority = `https://login.microsoftonline.com/${tenantId}`;
      const msal = new PublicClientApplication({
        auth: { clientId: app.clientId, authority },
        system: { networkClient: networkTo(overTheWire(stand), []) },
      });
      const listener = await loopbackListener();
      const scopes = ['https://graph.microsoft.com/.default'];
      const asked = {
        scopes,
        redirectUri: listener.url,
        loginHint: who.upn,
        prompt: 'login',
        responseMode: 'form_post',
      } as const;
      await window.page.goto(await msal.getAuthCodeUrl(asked));
      await follow('Other ways to sign in');
      await press('Use my security key');
      await press('No');
      const answer = await listener.answer;
      listener.close();
      const result = await msal.acquireTokenByCode({ code: answer.get('code') ?? '', scopes, redirectUri: listener.url });
      expect(result.account?.username).toBe(who.upn);
      expect(result.idTokenClaims).toMatchObject({ tid: tenantId });
      const { status, text } = await askServed(stand.served, 'https://graph.microsoft.com/v1.0/me/authentication/fido2Methods', {
        headers: { authorization: `Bearer ${result.accessToken}` },
      });
      expect([
        status,
        (JSON.parse(text) as { value: { displayName: string }[] }).value.map(({ displayName }) => displayName),
      ]).toEqual([200, ['Key']]);
    },
    STORY_MS,
  );
});

/** What MSAL asks goes over the wire. */
function overTheWire({ served }: ServedStand): Pick<Twin, 'handle'> {
  return {
    handle: async (request) => {
      const { status, headers, text } = await askServed(served, request.url, {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        ...(request.body === null ? {} : { body: await request.text() }),
      });
      return new Response(text, { status, headers });
    },
  };
}
