// The journey of the person, from the first touch to the wipe, over the real protocols.
import { afterEach, describe, expect, test } from 'vitest';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { WholeDeskOptions } from '../support/whole-desk.ts';
import { person, WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
const open = async (options: WholeDeskOptions = {}) => {
  desk = await WholeDesk.open(options);
};
afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

describe('a fresh key', () => {
  test('goes from the box to its proof, and the directory holds what was made', async () => {
    await open();
    await desk.toKey();
    const key = await desk.key();
    key.autoTouch(200);
    await desk.plug(key);
    await desk.toWorks();
    expect(desk.screen('works')).toMatchObject({ keysDone: 1, pinSetHere: true, phoneNext: false });
    const { passkeys } = desk.twin.stage.methods(desk.upn);
    expect(passkeys).toHaveLength(1);
    expect(passkeys[0]).toMatchObject({ attestationFormat: 'packed', attestationLevel: 'attested' });
    desk.press({ type: 'continue' });
    await desk.until('done');
    // One way in is not enough: the pass stays until the person says they are leaving.
    expect(desk.twin.stage.methods(desk.upn).pass).not.toBeNull();
    desk.press({ type: 'finish' });
    await desk.until('attract');
    expect(desk.twin.stage.methods(desk.upn).pass).toBeNull();
    expect(desk.entries.map((entry) => entry.body.event)).toEqual([
      'stay.begun',
      'stay.signedIn',
      'pin.setting',
      'pin.set',
      'credential.making',
      'credential.made',
      'registration.sending',
      'registration.accepted',
      'registration.listed',
      'proof.given',
      'pass.deleting',
      'pass.deleted',
      'stay.ended',
      'stay.wiped',
    ]);
  });

  test('has a spare made after it, and the first one does not count twice', async () => {
    await open();
    await desk.toKey();
    const [first, second] = [await desk.key(), await desk.key(TRAINING_KEYS.ctap20)];
    for (const key of [first, second]) key.autoTouch(200);
    await desk.plug(first);
    await desk.toWorks();
    desk.press({ type: 'key.addSecond' });
    await desk.until('insertKey');
    desk.host.usb.unplug(first);
    await desk.plug(second);
    await desk.toWorks();
    expect(desk.screen('works')).toMatchObject({ keysDone: 2 });
    desk.press({ type: 'continue' });
    await desk.until('done');
    expect(desk.screen('done')).toMatchObject({ pass: { kind: 'deleted' }, firstName: 'Noor' });
    expect(desk.screen('done').ways.map((done) => done.way)).toEqual(['securityKey', 'secondKey']);
  });
});

describe('the secrets of the person', () => {
  test('are in no picture, no journal entry and no message that does not carry them on purpose', async () => {
    await open();
    await desk.toKey();
    const key = await desk.key();
    key.autoTouch(200);
    await desk.plug(key);
    await desk.toWorks();
    desk.press({ type: 'continue' });
    await desk.until('done');
    desk.press({ type: 'finish' });
    await desk.until('attract');
    const told = JSON.stringify({ pictures: desk.pictures, entries: desk.entries });
    for (const secret of [person.pin, desk.pass, 'eyJ']) expect(told).not.toContain(secret);
    expect(JSON.stringify(desk.entries)).not.toContain(desk.upn);
    expect(JSON.stringify(desk.entries)).not.toContain('Noor');
    // The last picture is the first one again: nothing of the person is left in it.
    expect({ ...desk.picture, visit: 0 }).toEqual({ ...desk.pictures[0], visit: 0 });
  });
});
