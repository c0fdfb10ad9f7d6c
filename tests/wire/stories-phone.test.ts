// What happens beside the plan: an app that goes on by itself, Microsoft asking for more before it lets anybody in, and a pass
// that runs out in the middle.
import { describe, expect, test } from 'vitest';
import { codesOf, leave, tellStory, usabilityOf, waysOf } from '../support/told-story.ts';
import type { SecondFactor } from '../../main/simulator/entra/stage.ts';
import type { WholeDesk, WholeDeskOptions } from '../support/whole-desk.ts';

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

  /** Microsoft's clock passes the end of the pass, from one request to the next. */
  const end = (desk: WholeDesk): void => desk.twin.stage.setClockSkewMs(30 * 60_000);
  const events = (desk: WholeDesk): readonly string[] => desk.entries.map(({ body }) => body.event);
  const key201 = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/fido2Methods');
  const listed = (request: Request): boolean => request.method === 'GET' && request.url.endsWith('/fido2Methods');

  test('while the key waits for its touch: said after the touch, with the credential written down', async () => {
    await tellStory(short, async (desk) => {
      await desk.toKey();
      const key = await desk.key();
      await desk.plug(key);
      await desk.choosePin();
      await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
      end(desk);
      key.touch();
      await desk.until('trouble', 'keyRefused');
      expect(desk.screen('trouble').reason.code).toBe('pass.expired');
      expect(desk.twin.stage.methods(desk.upn).passkeys).toEqual([]);
      expect(events(desk)).toEqual(expect.arrayContaining(['credential.made', 'registration.sending', 'registration.refused']));
    });
  });

  test('while the key is being saved: refused, and the journal knows which credential has no entry', async () => {
    let desk: WholeDesk | null = null;
    const beforeHttp = (_count: number, request: Request): void => {
      if (desk !== null && key201(request)) end(desk);
    };
    await tellStory({ ...short, beforeHttp }, async (opened) => {
      desk = opened;
      await desk.toKey();
      const key = await desk.key();
      key.autoTouch(200);
      await desk.plug(key);
      await desk.toWorks();
      expect(desk.screen('trouble').reason.code).toBe('pass.expired');
      const made = desk.entries.find(({ body }) => body.event === 'credential.made')?.body;
      expect(desk.entries.find(({ body }) => body.event === 'registration.refused')?.body).toMatchObject({
        ...made,
        event: 'registration.refused',
        reason: 'pass.expired',
      });
    });
  });

  test('after Microsoft has saved the key: it is proved and works, though nobody may look at the list any more', async () => {
    let desk: WholeDesk | null = null;
    const beforeHttp = (_count: number, request: Request): void => {
      if (desk !== null && listed(request)) end(desk);
    };
    await tellStory({ ...short, beforeHttp }, async (opened) => {
      desk = opened;
      await desk.toKey();
      await desk.freshKeyWorks();
      expect(desk.twin.stage.methods(desk.upn).passkeys).toHaveLength(1);
      expect(events(desk)).toContain('registration.accepted');
      expect(events(desk)).not.toContain('registration.listed');
      desk.press({ type: 'continue' });
      await desk.until('done');
      await leave(desk);
    });
  });

  test('while the key is being proved: the proof needs nobody else, and what is left of the pass is said', async () => {
    await tellStory(short, async (desk) => {
      await desk.toKey();
      const key = await desk.key();
      await desk.plug(key);
      await desk.choosePin();
      for (const purpose of ['make', 'prove'] as const) {
        await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.purpose === purpose && screen.state === 'waiting');
        if (purpose === 'prove') end(desk);
        key.touch();
      }
      await desk.until('works');
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      await leave(desk);
      expect(desk.entries.find(({ body }) => body.event === 'pass.kept')?.body).toEqual({
        event: 'pass.kept',
        reason: 'pass.expired',
      });
    });
  });

  test('while the desk watches for the phone: it says that it sees no more, and offers the pass no further', async () => {
    await tellStory(short, async (desk) => {
      await desk.toPlan(['windows', 'iphone'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      await toCode(desk);
      expect(desk.picture.allowed).toContain('phone.inApp');
      end(desk);
      await desk.untilIs(({ screen }) => screen.kind === 'phone' && screen.notice !== null);
      expect(desk.screen('phone')).toMatchObject({ notice: { code: 'pass.expired' }, inAppPossible: false });
      expect(desk.picture.allowed).not.toContain('phone.inApp');
      const asked = desk.twin.stage.requests().length;
      await minutesPass(desk, 2);
      // Nobody is asked in vain.
      expect(desk.twin.stage.requests().slice(asked)).toEqual([]);
      desk.press({ type: 'phone.skip' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      await leave(desk);
    });
  });

  test('before it is typed in the app, where the phone comes first: the phone says so, and then the desk does', async () => {
    await tellStory({ ...short, isUsableOnce: true }, async (desk) => {
      await desk.toPlan(['mac', 'iphone'], 'once');
      desk.press({ type: 'continue' });
      await desk.until('phoneFirst');
      await minutesPass(desk, 11);
      expect(await desk.addOnPhone()).toEqual({ ok: false, because: 'signInRefused', aadsts: 130504 });
      desk.press({ type: 'phone.skip' });
      expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 130504 });
      expect(desk.screen('signIn').notice?.code).toBe('pass.expired');
    });
  });
});

describe('15: which second factor Microsoft asks for first, once phone sign-in is on', () => {
  const withOlder = (older: SecondFactor, systemPreferred = false): WholeDeskOptions => ({
    rights: ['UserAuthenticationMethod.ReadWrite'],
    scene: ({ stage }, upn) => {
      stage.changeUser(upn, { preferredSecondFactor: older });
      stage.setPolicy({ signIn: { systemPreferred }, microsoftAuthenticator: { phoneSignInStartsItself: true } });
    },
  });
  const factorEvents = (desk: WholeDesk) =>
    desk.entries.map(({ body }) => body).filter(({ event }) => event.startsWith('factor.'));
  const asked = (desk: WholeDesk) =>
    desk.twin.stage
      .requests()
      .flatMap(({ method, path, status }) => (path.endsWith('/signInPreferences') ? [`${method} ${status}`] : []));

  /** Key, phone, and the last screen. */
  async function toDone(desk: WholeDesk): Promise<void> {
    await desk.toPlan(['windows', 'android'], 'several');
    desk.press({ type: 'continue' });
    await desk.signIn();
    await desk.until('insertKey');
    await desk.freshKeyWorks();
    await toCode(desk);
    await desk.run(desk.page.addAuthenticator(desk.phone));
    await desk.until('done');
    expect(waysOf(desk.screen('done'))).toEqual(['securityKey', 'phoneSignIn']);
  }

  test.each(['sms', 'oath', 'voiceMobile'] as const)(
    'an older choice, %s, gives way, before the pass is deleted',
    async (older) => {
      await tellStory(withOlder(older), async (desk) => {
        await toDone(desk);
        expect(factorEvents(desk)).toEqual([{ event: 'factor.setting', from: older }, { event: 'factor.set' }]);
        expect(asked(desk)).toEqual(['GET 200', 'PATCH 204']);
        expect(desk.twin.stage.audit().map(({ activity }) => activity)).toContain('User changed default security info');
        expect(desk.screen('done')).toMatchObject({ phoneNote: null, pass: { kind: 'deleted' } });
        await leave(desk);
      });
    },
  );

  test.each([
    ['the tenant leaves it to Microsoft', withOlder('sms', true)],
    ['Authenticator is first already', withOlder('push')],
  ])('where %s nothing is changed', async (_why, options) => {
    await tellStory(options, async (desk) => {
      await toDone(desk);
      expect(asked(desk)).toEqual(['GET 200']);
      expect(factorEvents(desk)).toEqual([]);
      expect(desk.screen('done').phoneNote).toBeNull();
    });
  });

  test('without the right the older one stays, the person is told, and nothing stops', async () => {
    await tellStory({ ...withOlder('sms'), rights: [] }, async (desk) => {
      await toDone(desk);
      expect(asked(desk)).toEqual(['GET 200', 'PATCH 403']);
      expect(factorEvents(desk)).toEqual([
        { event: 'factor.setting', from: 'sms' },
        { event: 'factor.kept', reason: 'directory.forbidden' },
      ]);
      expect(desk.screen('done')).toMatchObject({ phoneNote: 'notFirst', pass: { kind: 'deleted' } });
      await leave(desk);
    });
  });

  test('a desk that is told to leave it alone does not even look', async () => {
    await tellStory({ ...withOlder('sms'), settings: { preferAuthenticator: false } }, async (desk) => {
      await toDone(desk);
      expect(asked(desk)).toEqual([]);
    });
  });

  test('with a key alone there is nothing to choose: a key is no second factor', async () => {
    await tellStory(withOlder('sms'), async (desk) => {
      await desk.toKey();
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(asked(desk)).toEqual([]);
    });
  });
});
