// A key pulled out after any number of reports, in the middle of every verb of the desk and of key care: the verb ends with
// `key.removed` or with what it had already done, nothing hangs, and the key works when it is back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyPort, KeyRef, MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
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
  /** What has to hold afterwards, by what the verb said. */
  readonly after?: (key: VirtualKey, wasDone: boolean) => void;
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
    step.after?.(key, outcome.ok);
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

describe('a choice by touch', () => {
  test.each(['modern', 'ctap20', 'u2fOnly'] as const)('of one key, %s', async (name) => {
    const key = async () => {
      const made = await desk.makeKey(KEY_KINDS[name]);
      made.autoTouch(50);
      return made;
    };
    const verb = (keys: KeyPort) => keys.selectTouched([], desk.ceremony());
    expect(await unplugAtEveryReport({ key, verb })).toBeGreaterThan(2);
  });

  test('of two keys: the other one is asked on, and can be the one', async () => {
    const other = await desk.makeKey(TRAINING_KEYS.modern);
    for (let reports = 1; reports <= 8; reports += 1) {
      const leaving = await desk.makeKey(TRAINING_KEYS.modern);
      const ref = await desk.plug(other);
      await desk.plug(leaving);
      desk.usb.unplugAfterReports(leaving, reports);
      const choosing = desk.keys.selectTouched([], desk.ceremony());
      await desk.clock.advance(1_000);
      other.touch({});
      expect(await desk.run(choosing)).toEqual({ ok: true, value: ref });
      if (leaving.isPowered) desk.usb.unplug(leaving);
      desk.usb.unplug(other);
      await desk.clock.advance(10_000);
    }
  });
});

describe('key care', () => {
  const pin = () => desk.secret(TRAINING_PIN);
  const ready = (kind: 'modern' | 'fingerprint' | 'latest') => async () => {
    const { model, memory } = KEY_KINDS[kind];
    const key = await desk.makeKey({ model, memory: { ...memory, pin: TRAINING_PIN } });
    key.autoTouch(50);
    return key;
  };

  test('inspect', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.inspect(ref, desk.ceremony());
    expect(await unplugAtEveryReport({ key: ready('latest'), verb })).toBeGreaterThan(4);
  });

  test('setPin', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.setPin(ref, desk.secret(OTHER_PIN), desk.ceremony());
    expect(await unplugAtEveryReport({ key: () => fresh('modern'), verb })).toBeGreaterThan(8);
  });

  test('changePin', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.changePin(ref, pin(), desk.secret(OTHER_PIN), desk.ceremony());
    expect(await unplugAtEveryReport({ key: ready('modern'), verb })).toBeGreaterThan(8);
  });

  /** A key with one account on it, made by the desk. */
  let credentialIdB64u = '';
  const withAccount = async () => {
    const key = await ready('modern')();
    const made = await desk.run(
      desk.keys.makeCredential(await desk.plug(key), creationOptions({ credentialProtection: null }), pin(), desk.ceremony()),
    );
    if (!made.ok) throw new Error(made.reason.code);
    credentialIdB64u = made.value.credentialIdB64u;
    desk.usb.unplug(key);
    return key;
  };

  test('accounts', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.accounts(ref, pin(), desk.ceremony());
    expect(await unplugAtEveryReport({ key: withAccount, verb })).toBeGreaterThan(10);
  });

  test('deleteAccount: never said to be gone while it is there', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.deleteAccount(ref, credentialIdB64u, pin(), desk.ceremony());
    const after = (key: VirtualKey, wasDone: boolean) => {
      if (wasDone) expect(key.inspection.credentialIds).toEqual([]);
    };
    expect(await unplugAtEveryReport({ key: withAccount, verb, after })).toBeGreaterThan(8);
  });

  test('fingerprints', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.fingerprints(ref, pin(), desk.ceremony());
    expect(await unplugAtEveryReport({ key: ready('fingerprint'), verb })).toBeGreaterThan(8);
  });

  test('enrollFingerprint', async () => {
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.enrollFingerprint(ref, 'Left thumb', pin(), desk.ceremony());
    const key = async () => {
      const made = await ready('fingerprint')();
      made.autoTouch(50, [{ finger: 'left-thumb' }]);
      return made;
    };
    expect(await unplugAtEveryReport({ key, verb })).toBeGreaterThan(10);
  });

  test('configure', async () => {
    const change = { setting: 'minPinLength', length: 8, forceChange: false } as const;
    const verb = (_: KeyPort, ref: KeyRef) => desk.care.configure(ref, change, pin(), desk.ceremony());
    expect(await unplugAtEveryReport({ key: ready('latest'), verb })).toBeGreaterThan(8);
  });

  test('reset: never said to be erased while it is not', async () => {
    let meant: KeyRef | undefined;
    const key = async () => {
      const made = await withAccount();
      meant = await desk.plug(made);
      const seen = await desk.run(desk.care.inspect(meant, desk.ceremony()));
      if (!seen.ok) throw new Error(seen.reason.code);
      desk.usb.unplug(made);
      await desk.clock.advance(1_000);
      return made;
    };
    const verb = (_: KeyPort, ref: KeyRef) => {
      if (!meant) throw new Error('no key is meant');
      return desk.care.reset(ref, meant, desk.ceremony());
    };
    const after = (erased: VirtualKey, wasDone: boolean) => {
      if (wasDone) expect(erased.inspection.credentialIds).toEqual([]);
    };
    expect(await unplugAtEveryReport({ key, verb, after })).toBeGreaterThan(4);
  });
});
