// One step of the desk is whole, even where showing its picture runs promises that wait: in Electron everything that is sent to
// a page does that, in the middle of whatever is going on.
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { person, WholeDesk } from '../support/whole-desk.ts';

setFlagsFromString('--allow-natives-syntax');
const runWaitingPromises = new Function('%PerformMicrotaskCheckpoint()');

/** Outside any promise, as what a person does comes in: inside one nothing that waits would run. */
function fromOutside(act: () => void): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      act();
      resolve();
    }),
  );
}

test('what runs in between is really run', async () => {
  let ran = false;
  await fromOutside(() => {
    queueMicrotask(() => (ran = true));
    runWaitingPromises();
    expect(ran).toBe(true);
  });
});

test('a PIN is still there for the key when pictures of it were shown while it was handed over', async () => {
  const desk = await WholeDesk.open({});
  try {
    await desk.toKey();
    const key = await desk.key();
    key.autoTouch(200);
    await desk.plug(key);
    await desk.until('keyReady');
    desk.press({ type: 'pin.begin' });
    const stop = desk.conductor.onShow(() => runWaitingPromises());
    for (const ask of ['choose', 'again'] as const) {
      expect(desk.screen('pin').ask).toBe(ask);
      await fromOutside(() => desk.typePin(person.pin));
    }
    await desk.until('works');
    stop();
    expect(desk.bugs).toEqual([]);
  } finally {
    await desk.close();
  }
});
