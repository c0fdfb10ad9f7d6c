// Keys that the tenant does not want, keys that several people share, and what a person leaves with: as the desk says it, and
// as the twin has it in the end.
import { describe, expect, test } from 'vitest';
import type { CardSnapshot } from '../../contract/card.ts';
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

  test('tells no model is refused before it gets a PIN where the tenant asks for proof, and taken where it does not', async () => {
    await tellStory({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key({ model: withCtap2(MODERN_KEY, { aaguid: new Uint8Array(16) }), memory: {} });
      await desk.plug(key);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('directory.attestationRefused');
      expect(key.inspection).toMatchObject({ isPinSet: false, credentialIds: [] });
    });
    const scene = ({ stage }: Twin) => stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    await tellStory({ scene }, async (desk) => {
      await desk.toKey();
      await desk.plug(await desk.key({ model: withCtap2(MODERN_KEY, { aaguid: new Uint8Array(16) }), memory: {} }));
      await desk.until('keyReady');
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
  await desk.until('sharedKey');
  desk.press({ type: 'continue' });
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

describe('13: what opens each device next, on the last screen and on the card', () => {
  const everyDevice = ['windows', 'mac', 'iphone', 'android'] as const;
  const withoutPhones = ({ stage }: Twin): void => stage.setPolicy({ microsoftAuthenticator: { state: 'disabled' } });

  async function printed(desk: WholeDesk): Promise<CardSnapshot> {
    desk.press({ type: 'print' });
    await desk.untilIs(({ screen }) => screen.kind === 'done' && screen.printing === 'printed');
    const card = desk.printed.at(-1);
    if (card === undefined) throw new Error('nothing was printed');
    return card;
  }

  test.each([
    ['once', 'strands'],
    ['several', 'worksUntilItEnds'],
  ] as const)(
    'with a pass that works %s and a key: computers by the key, and what the pass would do there',
    async (use, pass) => {
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
        const after = [
          { device: 'windows', pass },
          { device: 'mac', pass },
        ];
        expect(desk.screen('done').after).toEqual(after);
        expect((await printed(desk)).after).toEqual(after);
        // Why it strands: the device would ask for the pass again, and the twin would refuse it.
        expect(await desk.addOnPhone()).toEqual(
          use === 'once' ? { ok: false, because: 'signInRefused', aadsts: 130505 } : { ok: true },
        );
      });
    },
  );

  test.each(['once', 'several'] as const)(
    'phones with a key alone, pass %s: the pass is not needed there, and the card says the same',
    async (use) => {
      await tellStory({ isUsableOnce: use === 'once', scene: withoutPhones }, async (desk) => {
        await desk.toPlan(everyDevice, use);
        desk.press({ type: 'continue' });
        await desk.signIn();
        await desk.until('insertKey');
        await desk.freshKeyWorks();
        desk.press({ type: 'continue' });
        await desk.until('done');
        const computers = use === 'once' ? 'strands' : 'worksUntilItEnds';
        const card = await printed(desk);
        expect(card.after).toEqual([
          { device: 'windows', pass: computers },
          { device: 'mac', pass: computers },
          { device: 'iphone', pass: 'notNeeded' },
          { device: 'android', pass: 'notNeeded' },
        ]);
        expect(desk.screen('done').phoneNote).toBe('notOpen');
        expect(card).toMatchObject({ ways: [{ way: 'securityKey' }], pass: desk.screen('done').pass });
        expect(JSON.stringify(card)).not.toMatch(new RegExp(`${desk.pass}|${person.pin}|${desk.upn}`, 'i'));
      });
    },
  );

  test('phones with phone sign-in on: nothing is left to do there, and a pass that is deleted is spoken of nowhere', async () => {
    await tellStory(
      { scene: ({ stage }) => stage.setPolicy({ microsoftAuthenticator: { phoneSignInStartsItself: true } }) },
      async (desk) => {
        await desk.toPlan(everyDevice, 'several');
        desk.press({ type: 'continue' });
        await desk.signIn();
        await desk.until('insertKey');
        await desk.freshKeyWorks();
        desk.press({ type: 'phone.next' });
        await desk.untilIs(({ screen, host }) => screen.kind === 'phone' && host?.state === 'verified');
        await desk.run(desk.page.addAuthenticator(desk.phone));
        await desk.until('done');
        const card = await printed(desk);
        expect(card.pass).toEqual({ kind: 'deleted' });
        expect(card.after.filter(({ device }) => device === 'iphone' || device === 'android')).toEqual([
          { device: 'iphone', pass: 'notNeeded' },
          { device: 'android', pass: 'notNeeded' },
        ]);
        expect(card.ways.map(({ way }) => way)).toEqual(['securityKey', 'phoneSignIn']);
        // The phone really opens the next door by itself.
        await leave(desk);
        await desk.toPlan(['iphone'], 'several');
        desk.press({ type: 'continue' });
        expect(await desk.signInByPhone()).toEqual({ ended: 'answered' });
      },
    );
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

  test('gone all the same: the pass goes with them, and the journal says with what they left and what they did without', async () => {
    await tellStory({}, async (desk) => {
      await desk.toPlan(['windows', 'iphone'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      desk.press({ type: 'phone.next' });
      await desk.untilIs(({ screen, host }) => screen.kind === 'phone' && host?.state === 'verified');
      desk.press({ type: 'phone.skip' });
      await desk.until('done');
      // Everything that was left out can still be done from here.
      expect(desk.picture.allowed).toEqual(expect.arrayContaining(['key.addSecond', 'phone.next', 'finish', 'print']));
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
      await leave(desk);
      expect(usabilityOf(desk)).toBeNull();
      const told = desk.entries.map(({ body }) => body);
      expect(told.map(({ event }) => event).slice(-6)).toEqual([
        'proof.given',
        'phone.skipped',
        'pass.deleting',
        'pass.deleted',
        'stay.ended',
        'stay.wiped',
      ]);
      expect(told.at(-2)).toEqual({ event: 'stay.ended', how: 'finished', ways: ['securityKey'] });
    });
  });

  test('nobody finishes, they walk away: the idle watch wipes, and the pass stays for another try', async () => {
    await tellStory({}, async (desk) => {
      await desk.toKey();
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      await desk.until('attract');
      expect(desk.entries.map(({ body }) => body).at(-2)).toEqual({ event: 'stay.ended', how: 'idle', ways: ['securityKey'] });
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
    });
  });

  test('where the pass can’t be deleted the person is told when it ends', async () => {
    const scene = ({ stage }: Twin) => stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: false } });
    await tellStory({ scene }, async (desk) => {
      await desk.toKey();
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(desk.screen('done').pass).toMatchObject({ kind: 'endsAt' });
      await leave(desk);
      expect(desk.entries.map(({ body }) => body.event)).toEqual(expect.arrayContaining(['pass.deleting', 'pass.kept']));
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
    });
  });
});
