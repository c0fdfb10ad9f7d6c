// Signing in with a key that has accounts already, and keys that several people use: whose they are is asked, told and kept apart.
import { describe, expect, test } from 'vitest';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { leave, tellStory, waysOf } from '../support/told-story.ts';
import { person, type WholeDesk } from '../support/whole-desk.ts';

const sam = { upn: 'sam.okafor@kestrelharbour.example', displayName: 'Sam Okafor' };
const events = (desk: WholeDesk) => desk.entries.map(({ body }) => body.event);
const passkeys = (desk: WholeDesk, upn = desk.upn) => desk.twin.stage.methods(upn).passkeys;

/** Sets the key up for the person of this desk, and leaves with nobody signed in. */
async function ownsKey(desk: WholeDesk): Promise<VirtualKey> {
  await desk.toKey();
  const key = await desk.key();
  key.autoTouch(200);
  await desk.plug(key);
  await desk.toWorks();
  desk.press({ type: 'continue' });
  await desk.until('done');
  await leave(desk);
  desk.host.usb.unplug(key);
  return key;
}

/** A second person with the same key, who says that it is shared. */
async function alsoOwns(desk: WholeDesk, key: VirtualKey): Promise<void> {
  desk.twin.stage.addUser(sam);
  const pass = desk.twin.stage.issuePass({ user: sam.upn, isUsableOnce: true });
  await desk.toPlan(['windows'], 'once');
  desk.press({ type: 'continue' });
  await desk.signIn(sam.upn, pass);
  await desk.until('insertKey');
  await desk.plug(key);
  await desk.until('keyReady');
  desk.press({ type: 'pin.begin' });
  desk.typePin(person.pin);
  await desk.until('sharedKey');
  expect(desk.screen('sharedKey').others).toBe(1);
  desk.press({ type: 'continue' });
  await desk.until('works');
  desk.press({ type: 'continue' });
  await desk.until('done');
  await leave(desk);
  desk.host.usb.unplug(key);
}

/** On Microsoft's page up to its call; resolves with what the page is answered. */
async function callsForKey(desk: WholeDesk, upn: string | null) {
  await desk.toPlan();
  desk.press({ type: 'continue' });
  await desk.untilIs(({ host }) => host?.state === 'verified');
  const answered = desk.page.askForSignIn(upn);
  await desk.untilIs(({ screen }) => screen.kind !== 'signIn');
  return answered;
}

async function typesPin(desk: WholeDesk, pin: string = person.pin): Promise<void> {
  await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'enter');
  desk.typePin(pin);
}

describe('a colleague who has a working key', () => {
  test('signs in with it, makes a spare, and leaves with two ways in', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      const answered = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.run(desk.page.finishSignIn(await desk.run(answered)));
      // The key that signed in is still there, and is not the one to set up.
      await desk.until('insertKey');
      expect(desk.screen('insertKey').second).toBe(true);
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['earlierKey', 'secondKey']);
      expect(passkeys(desk)).toHaveLength(2);
      expect(events(desk)).toEqual(expect.arrayContaining(['keySignIn.asking', 'keySignIn.given']));
    });
  });

  test('goes back from the PIN: the page hears that nothing came of it, stands as it was, and may ask again', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      const answered = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      desk.press({ type: 'back' });
      expect(await desk.run(answered)).toEqual({ failure: 'NotAllowedError' });
      await desk.until('signIn');
      expect(desk.picture.host).toMatchObject({ state: 'verified' });
      expect(desk.screen('signIn').step).toBe('key');
      desk.host.usb.plug(key);
      await desk.run(desk.page.browser.follow('/login/choose'));
      await desk.run(desk.page.browser.submit({ way: 'securityKey' }));
      const again = desk.page.askAgainForSignIn();
      await typesPin(desk);
      await desk.run(desk.page.finishSignIn(await desk.run(again)));
      await desk.until('insertKey');
    });
  });

  test('types a wrong PIN, pulls the key out, and is not thrown back to the page for it', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      const answered = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk, '000000');
      await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.notice?.code === 'key.pinWrong');
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.run(desk.page.finishSignIn(await desk.run(answered)));
      await desk.untilIs(({ screen }) => screen.kind === 'insertKey' && screen.second);
    });
  });

  test('brings a key that is not theirs, and is told so', async () => {
    await tellStory({}, async (desk) => {
      await ownsKey(desk);
      const other = await desk.key(TRAINING_KEYS.pinSet);
      other.autoTouch(200);
      const answered = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      await desk.plug(other);
      await typesPin(desk, TRAINING_PIN);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('key.noAccount');
      desk.host.usb.unplug(other);
      await desk.until('insertKey');
      // A key without a PIN has no account at Microsoft: nobody is asked for one.
      await desk.plug(await desk.key());
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe('key.noAccount');
      desk.press({ type: 'back' });
      expect(await desk.run(answered)).toEqual({ failure: 'NotAllowedError' });
      await desk.until('signIn');
    });
  });

  test('whose page goes away meanwhile: the key stops blinking, and the desk is at the page again', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      key.autoTouch('never');
      const ended = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
      desk.pageFact({ type: 'page.keyWithdrawn', ask: { ask: 2 } });
      await desk.until('signIn');
      expect(await desk.run(ended)).toEqual({ failure: 'NotAllowedError' });
      expect(events(desk)).not.toContain('keySignIn.given');
    });
  });
});

describe('12: a key with accounts of several users', () => {
  test('asks which of them signs in, tells names only after the PIN, and gives the page that one alone', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      await alsoOwns(desk, key);
      const [own] = passkeys(desk);
      const picturesBefore = desk.pictures.length;
      const answered = callsForKey(desk, null);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.until('chooseAccount');
      expect(desk.screen('chooseAccount')).toEqual({
        kind: 'chooseAccount',
        accounts: [
          { name: sam.upn, displayName: sam.displayName },
          { name: desk.upn, displayName: person.displayName },
        ],
        chosen: null,
      });
      for (const picture of desk.pictures.slice(picturesBefore))
        if (picture.screen.kind !== 'chooseAccount') expect(JSON.stringify(picture)).not.toContain(sam.upn);
      desk.press({ type: 'account.choose', account: 1 });
      const answer = await desk.run(answered);
      if (!('signedIn' in answer)) throw new Error(answer.failure);
      expect(Buffer.from(answer.signedIn.credentialIdB64u, 'base64url')).toEqual(Buffer.from(own?.credentialId ?? []));
      await desk.run(desk.page.finishSignIn(answer));
      await desk.untilIs(({ screen }) => screen.kind === 'insertKey' && screen.second);
      expect(JSON.stringify(desk.entries)).not.toContain('okafor');
    });
  });

  test('a person that the page has named is not asked', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      await alsoOwns(desk, key);
      const before = desk.pictures.length;
      const answered = callsForKey(desk, desk.upn);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.run(desk.page.finishSignIn(await desk.run(answered)));
      await desk.untilIs(({ screen }) => screen.kind === 'insertKey' && screen.second);
      expect(desk.pictures.slice(before).map(({ screen }) => screen.kind)).not.toContain('chooseAccount');
    });
  });

  test('pulled out during the choice, the key signs nobody in, and the choice is over', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      await alsoOwns(desk, key);
      const answered = callsForKey(desk, null);
      await desk.until('insertKey');
      await desk.plug(key);
      await typesPin(desk);
      await desk.until('chooseAccount');
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      desk.press({ type: 'back' });
      expect(await desk.run(answered)).toEqual({ failure: 'NotAllowedError' });
    });
  });

  test('set up for somebody else: said before anything is made, and another key goes on', async () => {
    await tellStory({}, async (desk) => {
      const key = await ownsKey(desk);
      desk.twin.stage.addUser(sam);
      const pass = desk.twin.stage.issuePass({ user: sam.upn, isUsableOnce: true });
      await desk.toPlan(['windows'], 'once');
      desk.press({ type: 'continue' });
      await desk.signIn(sam.upn, pass);
      await desk.until('insertKey');
      await desk.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.typePin(person.pin);
      await desk.until('sharedKey');
      expect(key.inspection.credentialIds).toHaveLength(1);
      expect(JSON.stringify(desk.picture)).not.toContain(person.displayName);
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      expect(passkeys(desk, sam.upn)).toHaveLength(1);
      expect(key.inspection.credentialIds).toHaveLength(1);
    });
  });
});

test('a sign-in page asks for a key where nobody signs in: it finds none', async () => {
  await tellStory({}, async (desk) => {
    await desk.toKey();
    await desk.plug(await desk.key(TRAINING_KEYS.pinSet));
    await desk.until('keyReady');
    const asked = { challengeB64u: 'AAAA', allowCredentialIdsB64u: [] };
    desk.pageFact({ type: 'page.signInAsked', ask: { ask: 99 }, request: asked });
    expect(desk.screen('keyReady')).toBeDefined();
    expect(events(desk)).not.toContain('keySignIn.asking');
  });
});
