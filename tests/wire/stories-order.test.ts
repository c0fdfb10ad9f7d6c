// One pass and several doors: in which order a person gets through all of them, and what the desk says of the orders in which
// they do not. Each story is told to its end at the twin.
import { describe, expect, test } from 'vitest';
import { codesOf, leave, stopsOf, tellStory, usabilityOf, waysOf } from '../support/told-story.ts';
import type { WholeDesk } from '../support/whole-desk.ts';

const authenticators = (desk: WholeDesk) => desk.twin.stage.methods(desk.upn).authenticators;
const passkeys = (desk: WholeDesk) => desk.twin.stage.methods(desk.upn).passkeys;

/** From the proved key to My Security Info's QR code, scanned and tried out. */
async function scanCode(desk: WholeDesk): Promise<void> {
  desk.press({ type: 'phone.next' });
  await desk.untilIs(({ screen, host }) => screen.kind === 'phone' && host?.state === 'verified');
  await desk.run(desk.page.addAuthenticator(desk.phone));
  await desk.untilIs(({ screen }) => screen.kind !== 'phone' || screen.registered === 'done');
}

test('1: a one-time pass and a key alone: it works, and the pass is spent', async () => {
  await tellStory({ isUsableOnce: true }, async (desk) => {
    const plan = await desk.toPlan(['windows'], 'once');
    expect(stopsOf(plan)).toEqual(['signIn', 'key', 'prove']);
    expect(codesOf(plan.notes)).toContain('pass.spentBySignIn');
    desk.press({ type: 'continue' });
    await desk.signIn();
    await desk.until('insertKey');
    expect(usabilityOf(desk)).toBe('OneTimeUsed');
    expect(desk.picture.pass).toMatchObject({ kind: 'running', limit: 'window', totalMs: 600_000 });
    await desk.freshKeyWorks();
    desk.press({ type: 'continue' });
    await desk.until('done');
    expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
    expect(desk.screen('done').pass).toEqual({ kind: 'usedUp' });
    expect(passkeys(desk)).toHaveLength(1);
    await leave(desk);
  });
});

describe('2: a one-time pass, the key and then the QR code', () => {
  test('is refused beforehand: the phone comes first', async () => {
    await tellStory({ isUsableOnce: true }, async (desk) => {
      const plan = await desk.toPlan(['windows', 'android'], 'once');
      expect(stopsOf(plan)).toEqual(['phone', 'signIn', 'key', 'prove']);
      expect(plan.avoids).toEqual(['phone.asksPassAgain']);
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
    });
  });

  test('really ends without phone sign-in, for a person who took the pass for one of several uses', async () => {
    await tellStory({ isUsableOnce: true }, async (desk) => {
      const plan = await desk.toPlan(['windows', 'android'], 'several');
      expect(stopsOf(plan)).toEqual(['signIn', 'key', 'prove', 'phone']);
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      await scanCode(desk);
      // The desk knows by now what kind of pass it was, and offers no second use of it.
      expect(desk.screen('phone')).toMatchObject({ registered: 'done', signInOn: 'waiting', inAppPossible: false });
      expect(await desk.run(desk.phone.setUpPhoneSignIn(desk.upn))).toEqual({ ok: false, because: 'passNeeded' });
      expect(await desk.run(desk.phone.signIn({ upn: '', pass: desk.pass }))).toEqual({
        ok: false,
        because: 'signInRefused',
        aadsts: 130505,
      });
      expect(authenticators(desk)).toMatchObject([{ phoneSignIn: false }]);
      desk.press({ type: 'phone.skip' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      await leave(desk);
    });
  });
});

test('3: a pass for several uses: key, QR code, phone sign-in with the pass again, pass deleted', async () => {
  await tellStory({}, async (desk) => {
    const plan = await desk.toPlan(['windows', 'iphone'], 'several');
    expect(stopsOf(plan)).toEqual(['signIn', 'key', 'prove', 'phone']);
    expect(plan.avoids).toEqual([]);
    desk.press({ type: 'continue' });
    await desk.signIn();
    await desk.until('insertKey');
    await desk.freshKeyWorks();
    await scanCode(desk);
    expect(desk.screen('phone')).toMatchObject({ registered: 'done', signInOn: 'waiting', inAppPossible: true });
    expect(await desk.run(desk.phone.setUpPhoneSignIn(desk.upn))).toEqual({ ok: false, because: 'passNeeded' });
    expect(usabilityOf(desk)).toBe('EnabledByPolicy');
    expect(await desk.run(desk.phone.signIn({ upn: '', pass: desk.pass }))).toEqual({ ok: true });
    await desk.until('done');
    expect(waysOf(desk.screen('done'))).toEqual(['securityKey', 'phoneSignIn']);
    expect(desk.screen('done').pass).toEqual({ kind: 'deleted' });
    expect(usabilityOf(desk)).toBeNull();
    expect(authenticators(desk)).toMatchObject([{ phoneSignIn: true }]);
    await leave(desk);
  });
});

describe('4: a one-time pass in the app first', () => {
  test('add work account and sign in; then sign in here by phone and register the key', async () => {
    await tellStory({ isUsableOnce: true }, async (desk) => {
      expect(stopsOf(await desk.toPlan(['mac', 'iphone'], 'once'))[0]).toBe('phone');
      desk.press({ type: 'continue' });
      await desk.until('phoneFirst');
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
      expect(await desk.addOnPhone()).toEqual({ ok: true });
      expect(usabilityOf(desk)).toBe('OneTimeUsed');
      desk.press({ type: 'phone.ready' });
      await desk.until('signIn');
      expect(desk.screen('signIn').withPhone).toBe(true);
      await desk.signInByPhone();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['phoneSignIn', 'securityKey']);
      expect(passkeys(desk)).toHaveLength(1);
      expect(authenticators(desk)).toMatchObject([{ phoneSignIn: true }]);
      await leave(desk);
    });
  });

  test('a pass that was typed here after it was spent there is refused, and the desk says that it is used', async () => {
    await tellStory({ isUsableOnce: true }, async (desk) => {
      await desk.toPlan(['mac', 'iphone'], 'once');
      desk.press({ type: 'continue' });
      await desk.until('phoneFirst');
      await desk.addOnPhone();
      desk.press({ type: 'phone.ready' });
      expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 130505 });
      expect(desk.screen('signIn').notice).toEqual({ code: 'pass.used', detail: { status: 130505 } });
      await desk.signInByPhone();
      await desk.until('insertKey');
    });
  });
});

describe('10: a pass that is', () => {
  test.each([
    ['wrong', { pass: {} }, 'NOT-IT', 130503, 'pass.wrong'],
    ['expired', { pass: { startsInMinutes: -120, lifetimeMinutes: 60 } }, null, 130504, 'pass.expired'],
    ['not valid yet', { pass: { startsInMinutes: 30 } }, null, 130507, 'pass.missing'],
  ] as const)('%s is named on the page beside Microsoft’s', async (_what, options, typed, aadsts, code) => {
    await tellStory(options, async (desk) => {
      await desk.toPlan();
      desk.press({ type: 'continue' });
      expect(await desk.signIn(desk.upn, typed ?? desk.pass)).toMatchObject({ ended: 'refused', aadsts });
      expect(desk.screen('signIn').notice).toEqual({ code, detail: { status: aadsts } });
      // The next pass that works is taken in the same place.
      const next = desk.twin.stage.issuePass({ user: desk.upn });
      expect(await desk.signIn(desk.upn, next)).toEqual({ ended: 'answered' });
      await desk.until('insertKey');
    });
  });

  test('already used elsewhere: the number says so', async () => {
    await tellStory({ isUsableOnce: true }, async (desk) => {
      await desk.toPlan(['windows'], 'once');
      await desk.addOnPhone();
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 130505 });
      expect(desk.screen('signIn').notice?.code).toBe('pass.used');
    });
  });

  test('replaced by a newer one: the older code is wrong', async () => {
    await tellStory({}, async (desk) => {
      await desk.toPlan();
      const newer = desk.twin.stage.issuePass({ user: desk.upn });
      desk.press({ type: 'continue' });
      expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 130503 });
      expect(desk.screen('signIn').notice?.code).toBe('pass.wrong');
      expect(await desk.signIn(desk.upn, newer)).toEqual({ ended: 'answered' });
    });
  });
});
