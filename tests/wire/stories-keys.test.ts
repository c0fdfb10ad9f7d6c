// Keys that the tenant does not want, keys that several people share, and what a person leaves with: as the desk says it, and
// as the twin has it in the end.
import { describe, expect, test } from 'vitest';
import { withCtap2 } from '../../main/simulator/key/key-model.ts';
import { aaguidText, MODERN_KEY, TRAINING_KEYS, trainingAaguid } from '../../main/simulator/key/training-keys.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { codesOf, leave, stoppedBeforehand, tellStory, usabilityOf, waysOf } from '../support/told-story.ts';
import { person, type WholeDesk } from '../support/whole-desk.ts';

const passkeys = (desk: WholeDesk, upn = desk.upn) => desk.twin.stage.methods(upn).passkeys;
const modern = aaguidText(trainingAaguid(1));
const restricting = (enforcementType: 'allow' | 'block', ...aaGuids: readonly string[]) => ({
  fido2: { keyRestrictions: { isEnforced: true, enforcementType, aaGuids } },
});

describe('11: a key model that', () => {
  test.each([
    ['is not on the list of those allowed', restricting('allow', aaguidText(trainingAaguid(2)))],
    ['is on the list of those blocked', restricting('block', modern)],
  ] as const)('%s is refused before it gets a PIN, and another one goes on', async (_what, change) => {
    await tellStory({ isUsableOnce: true, scene: ({ stage }) => stage.setPolicy(change) }, async (desk) => {
      await desk.toKey(['windows'], 'once');
      const key = await desk.key();
      await desk.plug(key);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason).toEqual({
        code: 'directory.keyModelNotAllowed',
        detail: { model: 'Firstkey Training Key' },
      });
      expect(key.inspection).toMatchObject({ isPinSet: false, credentialIds: [] });
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      const allowed = await desk.key(TRAINING_KEYS.ctap20);
      allowed.autoTouch(200);
      await desk.plug(allowed);
      await desk.toWorks();
      expect(passkeys(desk)).toHaveLength(1);
    });
  });

  test('was put on the list after the desk had read it is really refused by Graph', async () => {
    await tellStory({}, async (desk) => {
      await desk.toKey();
      desk.twin.stage.setPolicy(restricting('block', modern));
      const key = await desk.key();
      key.autoTouch(200);
      desk.host.usb.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.typePin(person.pin);
      await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
      desk.typePin(person.pin);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('directory.keyModelNotAllowed');
      expect(passkeys(desk)).toEqual([]);
    });
  });

  test('proves nothing about itself is refused where the tenant asks for proof', async () => {
    await tellStory({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key({ model: withCtap2(MODERN_KEY, { attestation: 'packed-self' }), memory: {} });
      key.autoTouch(200);
      desk.host.usb.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.typePin(person.pin);
      await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
      desk.typePin(person.pin);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('directory.attestationRefused');
      expect(passkeys(desk)).toEqual([]);
      // The same key where the tenant does not ask: nothing else was wrong with it.
      desk.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      desk.host.usb.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.typePin(person.pin);
      await desk.until('works');
    });
  });

  test('can’t be registered by people themselves, because self-service is off: found before the pass is typed', async () => {
    const scene = ({ stage }: Twin) => stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    await tellStory({ scene }, async (desk) => {
      await desk.toPlan();
      expect(codesOf((await stoppedBeforehand(desk)).foretold)).toEqual(['key.selfServiceOff']);
    });
  });
});

/** Name, pass, and the same key with the PIN it already has. */
async function sharesKey(desk: WholeDesk, upn: string, key: VirtualKey): Promise<void> {
  desk.twin.stage.addUser({ upn, displayName: 'Sam Okafor' });
  const pass = desk.twin.stage.issuePass({ user: upn, isUsableOnce: true });
  await desk.toPlan(['windows'], 'once');
  desk.press({ type: 'continue' });
  await desk.signIn(upn, pass);
  await desk.until('insertKey');
  await desk.plug(key);
  await desk.until('keyReady');
  desk.press({ type: 'pin.begin' });
  desk.typePin(person.pin);
  await desk.until('works', 'trouble', 'keyRefused');
}

test('12: one key for two people: both accounts are on it, each is proved, and each is its own at Microsoft', async () => {
  await tellStory({}, async (desk) => {
    await desk.toKey();
    const key = await desk.key();
    key.autoTouch(200);
    await desk.plug(key);
    await desk.toWorks();
    desk.press({ type: 'continue' });
    await desk.until('done');
    await leave(desk);
    desk.host.usb.unplug(key);

    const other = 'sam.okafor@kestrelharbour.example';
    await sharesKey(desk, other, key);
    expect(desk.screen('works')).toMatchObject({ keysDone: 1, pinSetHere: false });
    expect(key.inspection.credentialIds).toHaveLength(2);
    const [first] = passkeys(desk);
    const [second] = passkeys(desk, other);
    expect(first?.userHandle).not.toEqual(second?.userHandle);
    expect([first?.credentialId, second?.credentialId].map((id) => Buffer.from(id ?? []).toString('hex')).toSorted()).toEqual(
      key.inspection.credentialIds.map((id) => Buffer.from(id).toString('hex')).toSorted(),
    );
  });
});

describe('13: what opens each device next, on the last screen', () => {
  test.each([
    ['once', 'strands'],
    ['several', 'worksUntilItEnds'],
  ] as const)('with a pass that works %s', async (use, pass) => {
    await tellStory({ isUsableOnce: use === 'once' }, async (desk) => {
      const plan = await desk.toPlan(['windows', 'mac'], use);
      const strandings = codesOf(plan.notes).filter((code) => code.includes('Strands'));
      expect(strandings).toEqual(use === 'once' ? ['after.windowsStrandsOncePass', 'after.macStrandsOncePass'] : []);
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(desk.screen('done').after).toEqual([
        { device: 'windows', pass },
        { device: 'mac', pass },
      ]);
      // Why it strands: the device would ask for the pass again, and the twin would refuse it.
      expect(await desk.addOnPhone()).toEqual(
        use === 'once' ? { ok: false, because: 'signInRefused', aadsts: 130505 } : { ok: true },
      );
    });
  });
});

describe('14: leaving with one way in', () => {
  test('is said beforehand and at the end, keeps the pass until the person goes, and offers a second way', async () => {
    await tellStory({}, async (desk) => {
      const plan = await desk.toPlan(['windows'], 'several');
      expect(codesOf(plan.notes)).toContain('after.oneWayOnly');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      const first = await desk.key();
      first.autoTouch(200);
      await desk.plug(first);
      await desk.toWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      expect(desk.screen('done').pass).toMatchObject({ kind: 'endsAt' });
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
      expect(desk.picture.allowed).toEqual(expect.arrayContaining(['key.addSecond', 'finish', 'back']));
      // Taken up on it: two ways, and only then the pass goes by itself.
      desk.press({ type: 'key.addSecond' });
      await desk.until('insertKey');
      desk.host.usb.unplug(first);
      const spare = await desk.key(TRAINING_KEYS.ctap20);
      spare.autoTouch(200);
      await desk.plug(spare);
      await desk.toWorks();
      desk.press({ type: 'continue' });
      await desk.untilIs(({ screen }) => screen.kind === 'done' && screen.pass.kind === 'deleted');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey', 'secondKey']);
      expect(usabilityOf(desk)).toBeNull();
      await leave(desk);
    });
  });
});
