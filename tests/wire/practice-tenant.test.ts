// The days a company can have at the practice desk: each meets whoever practises in the way its name promises, and leaves
// nothing behind for the next one.
import { describe, expect, test } from 'vitest';
import { practiceTenants, type PracticeTenant } from '../../contract/practice.ts';
import { practiceTenantOn } from '../../main/simulator/practice/practice-tenant.ts';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { codesOf, stoppedBeforehand, stopsOf, tellStory } from '../support/told-story.ts';
import type { WholeDesk } from '../support/whole-desk.ts';

const today = (tenant: PracticeTenant) => ({
  scene: ({ stage }: WholeDesk['twin']) => practiceTenantOn(stage)(tenant),
});

describe('the company today', () => {
  test.each([
    ['passForgotten', 'access.strengthForgetsPass'],
    ['deskOutside', 'access.wrongPlace'],
  ] as const)('%s: stopped before the pass is typed, by %s', async (tenant, code) => {
    await tellStory(today(tenant), async (desk) => {
      await desk.toPlan();
      expect(codesOf((await stoppedBeforehand(desk)).foretold)).toEqual([code]);
    });
  });

  test('phoneOutside: told to join the office network, and refused by Authenticator’s own sign-in', async () => {
    await tellStory({ ...today('phoneOutside'), isUsableOnce: true }, async (desk) => {
      const plan = await desk.toPlan(['windows', 'iphone'], 'once');
      expect(codesOf(plan.notes)).toContain('access.phoneNeedsOffice');
      expect(await desk.addOnPhone()).toEqual({ ok: false, because: 'signInRefused', aadsts: 53010 });
    });
  });

  test('keyModels: a key of the usual kind is refused before it gets a PIN, the newest kind is taken', async () => {
    await tellStory(today('keyModels'), async (desk) => {
      await desk.toKey();
      const usual = await desk.key();
      await desk.plug(usual);
      await desk.untilIs(({ screen }) => screen.kind === 'keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('directory.keyModelNotAllowed');
      desk.host.usb.unplug(usual);
      const newest = await desk.key(KEY_KINDS.latest);
      newest.autoTouch(200);
      await desk.until('insertKey');
      await desk.plug(newest);
      await desk.toWorks();
      expect(desk.twin.stage.credentials()).toHaveLength(1);
    });
  });

  test('portalOnly: Graph says so, and the desk goes on at My Security Info', async () => {
    await tellStory(today('portalOnly'), async (desk) => {
      await desk.toKey();
      const key = await desk.key();
      key.autoTouch(200);
      await desk.plug(key);
      await desk.choosePin();
      await desk.until('portal');
      expect(desk.screen('portal').instead).toMatchObject({ code: 'directory.notSelfService' });
    });
  });

  test('moreAsked: foretold, and met at the sign-in', async () => {
    await tellStory(today('moreAsked'), async (desk) => {
      expect(codesOf((await desk.toPlan()).notes)).toContain('interrupt.campaign');
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toMatchObject({ ended: 'interrupted' });
    });
  });

  test('approvalsOnly: the key alone', async () => {
    await tellStory(today('approvalsOnly'), async (desk) => {
      const plan = await desk.toPlan(['windows', 'android']);
      expect(codesOf(plan.notes)).toContain('phone.approvalsOnly');
      expect(stopsOf(plan)).not.toContain('phone');
    });
  });

  test('usual again after every other one: nothing is left of them, and the desk knows it at once', async () => {
    let become: (tenant: PracticeTenant) => void = () => undefined;
    await tellStory({ scene: ({ stage }) => (become = practiceTenantOn(stage)) }, async (desk) => {
      const notesToday = async (tenant: PracticeTenant) => {
        become(tenant);
        desk.conductor.rulesChanged();
        const plan = await desk.toPlan(['windows', 'iphone']);
        const notes = codesOf(plan.notes);
        desk.press({ type: 'startAgain.ask' });
        desk.press({ type: 'startAgain.confirm' });
        await desk.until('attract');
        return notes;
      };
      const usual = await notesToday('usual');
      for (const tenant of practiceTenants) become(tenant);
      expect(await notesToday('moreAsked')).toContain('interrupt.campaign');
      expect(await notesToday('usual')).toEqual(usual);
      await desk.toPlan();
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toEqual({ ended: 'answered' });
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      expect(desk.twin.stage.placeOf('desk')).toEqual(desk.twin.stage.placeOf('phone'));
    });
  });

  test('changed while the desk is reading: what it read before does not stand', async () => {
    let become: (tenant: PracticeTenant) => void = () => undefined;
    await tellStory({ scene: ({ stage }) => (become = practiceTenantOn(stage)) }, async (desk) => {
      const seconds = (count: number) => desk.run(desk.host.clock.wait(count * 1_000, new AbortController().signal));
      desk.conductor.rulesChanged();
      await seconds(1);
      become('deskOutside');
      desk.conductor.rulesChanged();
      // The service is asked about Conditional Access once a second at most.
      await seconds(5);
      await desk.toPlan();
      expect(codesOf((await stoppedBeforehand(desk)).foretold)).toEqual(['access.wrongPlace']);
    });
  });
});
