// A key pulled out after any number of reports, in the middle of every verb: the verb ends with `key.removed` or with what
// it had already done, nothing hangs, and the key works when it is back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyPort, KeyRef, MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

const OTHER_PIN = '314159';
/** No verb needs more; a test that gets here would never have seen the verb end by itself. */
const MOST_REPORTS = 200;

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

interface Step {
  /** A key for one attempt. */
  readonly key: () => Promise<VirtualKey>;
  readonly verb: (keys: KeyPort, ref: KeyRef) => Promise<Outcome<unknown>>;
}

/** Tries the verb again and again, the key leaving one report later each time, until it leaves too late. */
async function unplugAtEveryReport(step: Step): Promise<number> {
  for (let reports = 1; reports < MOST_REPORTS; reports += 1) {
    const { key, ref, outcome } = await attempt(step, reports);
    if (key.isPowered) {
      if (!outcome.ok) throw new Error(`an undisturbed verb ended with ${outcome.reason.code}`);
      desk.usb.unplug(key);
      return reports;
    }
    // The last report may have been the answer itself.
    expect(outcome.ok ? null : outcome.reason).toSatisfy((reason) => reason === null || reason.code === 'key.removed');
    // Pulled out sooner after plugging than hands can: told a moment later.
    await desk.clock.advance(100);
    expect(desk.facts.at(-1)).toEqual({ type: 'key.removed', key: ref });
    const back = await desk.plug(key);
    expect(back.insertion).not.toBe(ref.insertion);
    expect(await desk.run(desk.keys.describe(back, desk.ceremony()))).toMatchObject({ ok: true });
    desk.usb.unplug(key);
    // No person asks this often; the host's allowance is for people.
    await desk.clock.advance(10_000);
  }
  throw new Error('the verb never ended by itself');
}

async function attempt(step: Step, reports: number) {
  const key = await step.key();
  const ref = await desk.plug(key);
  desk.usb.unplugAfterReports(key, reports);
  const outcome = await desk.run(step.verb(desk.keys, ref));
  await desk.clock.advance(10);
  return { key, ref, outcome };
}

async function fresh(name: keyof typeof TRAINING_KEYS): Promise<VirtualKey> {
  const key = await desk.makeKey(TRAINING_KEYS[name]);
  key.autoTouch(50);
  return key;
}

describe.each(['modern', 'ctap20'] as const)('%s', (name) => {
  const withPin = async () => {
    const key = await desk.makeKey({ model: TRAINING_KEYS[name].model, memory: { pin: TRAINING_PIN } });
    key.autoTouch(50);
    return key;
  };

  test('describe', async () => {
    const reports = await unplugAtEveryReport({ key: withPin, verb: (keys, ref) => keys.describe(ref, desk.ceremony()) });
    expect(reports).toBeGreaterThan(4);
  });

  test('setPin', async () => {
    const verb = (keys: KeyPort, ref: KeyRef) => keys.setPin(ref, desk.secret(OTHER_PIN), desk.ceremony());
    expect(await unplugAtEveryReport({ key: () => fresh(name), verb })).toBeGreaterThan(8);
  });

  test('changePin', async () => {
    const verb = (keys: KeyPort, ref: KeyRef) =>
      keys.changePin(ref, desk.secret(TRAINING_PIN), desk.secret(OTHER_PIN), desk.ceremony());
    expect(await unplugAtEveryReport({ key: withPin, verb })).toBeGreaterThan(8);
  });

  test('makeCredential', async () => {
    const options = creationOptions({ credentialProtection: null });
    const verb = (keys: KeyPort, ref: KeyRef) => keys.makeCredential(ref, options, desk.secret(TRAINING_PIN), desk.ceremony());
    expect(await unplugAtEveryReport({ key: withPin, verb })).toBeGreaterThan(12);
  });

  test('prove', async () => {
    let made: MadeCredential | undefined;
    const options = creationOptions({ credentialProtection: null });
    const key = async () => {
      const maker = await withPin();
      const outcome = await desk.run(
        desk.keys.makeCredential(await desk.plug(maker), options, desk.secret(TRAINING_PIN), desk.ceremony()),
      );
      if (!outcome.ok) throw new Error(outcome.reason.code);
      made = outcome.value;
      desk.usb.unplug(maker);
      return maker;
    };
    const verb = (keys: KeyPort, ref: KeyRef) => {
      if (!made) throw new Error('nothing to prove');
      return keys.prove(ref, made, desk.secret(TRAINING_PIN), desk.ceremony());
    };
    expect(await unplugAtEveryReport({ key, verb })).toBeGreaterThan(12);
  });
});
