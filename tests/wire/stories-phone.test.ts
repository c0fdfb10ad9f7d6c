// What happens beside the plan: an app that goes on by itself, Microsoft asking for more before it lets anybody in, and a pass
// that runs out in the middle.
import { describe, expect, test } from 'vitest';
import { codesOf, leave, tellStory, usabilityOf, waysOf } from '../support/told-story.ts';
import type { WholeDesk } from '../support/whole-desk.ts';

async function toCode(desk: WholeDesk): Promise<void> {
  desk.press({ type: 'phone.next' });
  await desk.untilIs(({ screen, host }) => screen.kind === 'phone' && host?.state === 'verified');
}

/** Somebody is there and in no hurry. */
async function minutesPass(desk: WholeDesk, minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second += 10) {
    desk.activity();
    await desk.host.clock.advance(10_000);
  }
}

describe('5: the app goes on to phone sign-in by itself', () => {
  test.each([
    ['several', false],
    ['once', true],
  ] as const)('and the desk notices, with a pass for use %s', async (_use, isUsableOnce) => {
    const starts = { microsoftAuthenticator: { phoneSignInStartsItself: true } };
    await tellStory({ isUsableOnce, scene: ({ stage }) => stage.setPolicy(starts) }, async (desk) => {
      await desk.toPlan(['windows', 'android'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      await toCode(desk);
      const asked = desk.twin.stage.requests().length;
      await desk.run(desk.page.addAuthenticator(desk.phone));
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey', 'phoneSignIn']);
      expect(desk.twin.stage.methods(desk.upn).authenticators).toMatchObject([{ phoneSignIn: true }]);
      expect(desk.phone.snapshot().signIn).toBeNull();
      // Watching costs less than a request in three seconds.
      const looks = desk.twin.stage
        .requests()
        .slice(asked)
        .filter(({ path }) => path.endsWith('/microsoftAuthenticatorMethods'))
        .map(({ atMs }) => atMs);
      for (const [index, atMs] of looks.slice(1).entries()) expect(atMs - (looks[index] ?? 0)).toBeGreaterThanOrEqual(3_000);
      await leave(desk);
    });
  });
});

describe('8: Microsoft asks for more before it goes on', () => {
  test('a campaign is foretold', async () => {
    const scene: Parameters<typeof tellStory>[0]['scene'] = ({ stage }) =>
      stage.setPolicy({ registrationCampaign: { state: 'enabled' } });
    await tellStory({ scene }, async (desk) => {
      const plan = await desk.toPlan();
      expect(codesOf(plan.notes)).toContain('interrupt.campaign');
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toMatchObject({ ended: 'interrupted' });
      expect(desk.screen('signIn').notice).toEqual({ code: 'signIn.moreAsked' });
      // It can be put off, and then the sign-in goes on to the key.
      await desk.run(desk.page.browser.submit({ proofup: 'skip' }));
      expect(await desk.run(desk.page.ended())).toEqual({ ended: 'answered' });
      await desk.until('insertKey');
      await desk.freshKeyWorks();
    });
  });

  test.each([
    ['password reset', { passwordReset: { enabledFor: 'all' } }],
    ['Identity Protection', { mfaRegistration: { state: 'enabled' } }],
  ] as const)(
    '%s, and the person does as the page asks: the desk stays beside them, and goes on to the key',
    async (_who, change) => {
      await tellStory({ scene: ({ stage }) => stage.setPolicy(change) }, async (desk) => {
        await desk.toPlan();
        desk.press({ type: 'continue' });
        expect(await desk.signIn()).toMatchObject({ ended: 'interrupted' });
        const { browser } = desk.page;
        await desk.run(browser.submit({ proofup: 'next' }));
        // Microsoft's own address for it: the desk still says what it is, and takes nothing for a step of its own.
        expect(new URL(browser.url).pathname).toBe('/register');
        expect(await desk.run(desk.page.ended())).toMatchObject({ ended: 'interrupted' });
        expect(desk.screen('signIn')).toMatchObject({ step: 'pass', notice: { code: 'signIn.moreAsked' } });
        expect(desk.entries.filter(({ body }) => body.event === 'trouble').map(({ body }) => body)).toEqual([
          { event: 'trouble', reason: 'signIn.moreAsked', status: null },
        ]);
        const waiting = new URL(browser.url).searchParams.get('back') ?? '';
        await desk.run(browser.open('https://mysignins.microsoft.com/security-info/authenticator/app'));
        await desk.run(desk.page.scanCode(desk.phone));
        await desk.run(browser.open(waiting));
        expect(await desk.run(desk.page.ended())).toEqual({ ended: 'answered' });
        await desk.until('insertKey');
        await desk.freshKeyWorks();
        expect(desk.twin.stage.methods(desk.upn)).toMatchObject({ authenticators: [{}], passkeys: [{}] });
      });
    },
  );

  test('password reset can’t be put off: the sign-in stays on the page, and the pass is not lost', async () => {
    const scene: Parameters<typeof tellStory>[0]['scene'] = ({ stage }) =>
      stage.setPolicy({ passwordReset: { enabledFor: 'all' } });
    await tellStory({ scene }, async (desk) => {
      await desk.toPlan();
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toEqual({ ended: 'interrupted', heading: 'More information required' });
      expect(desk.screen('signIn')).toMatchObject({ step: 'pass', notice: { code: 'signIn.moreAsked' } });
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
      // Once the policy owner has taken the demand away, the same pass gets in.
      desk.twin.stage.setPolicy({ passwordReset: { enabledFor: 'none' } });
      expect(await desk.signIn()).toEqual({ ended: 'answered' });
      await desk.until('insertKey');
    });
  });
});

describe('18: the pass runs out', () => {
  const short = { pass: { lifetimeMinutes: 10 } } as const;

  test('before it is typed: the page refuses it, and the desk says that it has expired', async () => {
    await tellStory(short, async (desk) => {
      await desk.toPlan();
      await minutesPass(desk, 11);
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 130504 });
      expect(desk.screen('signIn').notice?.code).toBe('pass.expired');
    });
  });

  test('while the key is being looked for: the desk says that it has expired, and nothing is on the key', async () => {
    await tellStory(short, async (desk) => {
      await desk.toKey();
      await minutesPass(desk, 11);
      const key = await desk.key();
      key.autoTouch(200);
      await desk.plug(key);
      await desk.toWorks();
      expect(desk.screen('trouble').reason.code).toBe('pass.expired');
      expect(key.inspection.credentialIds).toEqual([]);
      expect(desk.twin.stage.methods(desk.upn).passkeys).toEqual([]);
    });
  });

  test('while the phone is being set up: the key stays, and the person leaves with it', async () => {
    await tellStory(short, async (desk) => {
      await desk.toPlan(['windows', 'iphone'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      await toCode(desk);
      await minutesPass(desk, 11);
      expect(await desk.addOnPhone()).toEqual({ ok: false, because: 'signInRefused', aadsts: 130504 });
      desk.press({ type: 'phone.skip' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      expect(desk.twin.stage.methods(desk.upn).passkeys).toHaveLength(1);
      await leave(desk);
    });
  });
});
