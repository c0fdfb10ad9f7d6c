// Tenants without a licence and people who are not like others: what the desk says of them, and what the twin does.
import { describe, expect, test } from 'vitest';
import type { NewUser } from '../../main/simulator/entra/stage.ts';
import { codesOf, leave, tellStory, waysOf } from '../support/told-story.ts';
import type { PageEnd } from '../support/form-page.ts';
import type { WholeDesk, WholeDeskOptions } from '../support/whole-desk.ts';

async function keyAndGone(desk: WholeDesk): Promise<void> {
  await desk.until('insertKey');
  await desk.freshKeyWorks();
  desk.press({ type: 'continue' });
  await desk.until('done');
  expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
  await leave(desk);
}

describe('16: a tenant without a premium licence', () => {
  test('and without Conditional Access: nothing is foretold, and everything works', async () => {
    await tellStory({ isUsableOnce: true, scene: ({ stage }) => stage.setLicences([]) }, async (desk) => {
      const plan = await desk.toPlan(['mac'], 'once');
      expect(codesOf(plan.notes).filter((code) => code.startsWith('access.'))).toEqual([]);
      desk.press({ type: 'continue' });
      await desk.signIn();
      await keyAndGone(desk);
    });
  });

  test.each([
    ['never bought', []],
    ['has run out', [{ product: 'AAD_PREMIUM', status: 'Suspended' }]],
  ] as const)(
    'whose licence %s: policies left behind hold nobody up, and the desk does not say that they do',
    async (_why, licences) => {
      await tellStory(
        {
          scene: ({ stage }) => {
            stage.addAccessPolicy({
              displayName: 'Left behind',
              users: { includeUsers: ['All'] },
              grantControls: { builtInControls: ['block'] },
            });
            stage.setLicences(licences);
          },
        },
        async (desk) => {
          const plan = await desk.toPlan();
          expect(codesOf(plan.notes).filter((code) => code.startsWith('access.'))).toEqual([]);
          desk.press({ type: 'continue' });
          expect(await desk.signIn()).toEqual({ ended: 'answered' });
          await keyAndGone(desk);
        },
      );
    },
  );
});

describe('17: a person who is', () => {
  /** Signs this person in at a desk that has been told nothing of them. */
  async function signsIn(
    user: Omit<NewUser, 'displayName'>,
    then: (desk: WholeDesk, end: PageEnd) => Promise<void>,
    options: WholeDeskOptions = {},
  ): Promise<void> {
    await tellStory(options, async (desk) => {
      desk.twin.stage.addUser({ displayName: 'Ada Anders', ...user });
      const pass = desk.twin.stage.issuePass({ user: user.upn });
      await desk.toPlan();
      desk.press({ type: 'continue' });
      await then(desk, await desk.signIn(user.upn, pass));
    });
  }

  test('a guest of this tenant: a pass signs them in, and they are told that guests can’t have a key before one gets a PIN', async () => {
    const upn = 'trainee@kestrelharbour.example';
    await signsIn({ upn, userType: 'guest', external: false }, async (desk, end) => {
      expect(end).toEqual({ ended: 'answered' });
      await desk.until('foretold');
      expect(codesOf(desk.screen('foretold').foretold)).toEqual(['account.guest']);
      expect(desk.screen('foretold').mayTryAnyway).toBe(false);
      // What the desk saved them from: the twin's own page offers no passkey either.
      await desk.run(desk.page.browser.open('https://mysignins.microsoft.com/security-info/add'));
      expect(desk.page.browser.page).not.toContain('value="passkey"');
      expect(desk.twin.stage.methods(upn).pass?.usability).toBe('EnabledByPolicy');
    });
  });

  test('a guest of another organisation: the page knows no such account here', async () => {
    const upn = 'visitor_partner.example#EXT#@kestrelharbour.example';
    await tellStory({}, async (desk) => {
      desk.twin.stage.addUser({ upn, displayName: 'Visitor', userType: 'guest' });
      await desk.toPlan();
      desk.press({ type: 'continue' });
      expect(await desk.signIn(upn)).toMatchObject({ ended: 'refused', aadsts: 50020 });
      expect(desk.screen('signIn').notice).toEqual({ code: 'signIn.unknownAccount', detail: { status: 50020 } });
    });
  });

  test('of a federated domain: the pass still opens this desk, and the key is registered', async () => {
    const upn = 'ada@merged.example';
    const scene: WholeDeskOptions['scene'] = ({ stage }) => stage.setDomain('merged.example', 'Federated');
    await signsIn(
      { upn },
      async (desk, end) => {
        expect(end).toEqual({ ended: 'answered' });
        await keyAndGone(desk);
        expect(desk.twin.stage.methods(upn).passkeys).toHaveLength(1);
      },
      { scene },
    );
  });

  test('disabled: 50057, and the desk says whom to ask', async () => {
    await signsIn({ upn: 'left@kestrelharbour.example', accountEnabled: false }, async (desk, end) => {
      expect(end).toMatchObject({ ended: 'refused', aadsts: 50057 });
      expect(desk.screen('signIn').notice).toEqual({ code: 'signIn.accountDisabled', detail: { status: 50057 } });
    });
  });

  test('privileged: with their own rights nothing is different', async () => {
    const upn = 'root@kestrelharbour.example';
    await signsIn({ upn, roles: ['globalAdministrator'] }, async (desk) => {
      await keyAndGone(desk);
      expect(desk.twin.stage.methods(upn).passkeys).toHaveLength(1);
    });
  });
});
