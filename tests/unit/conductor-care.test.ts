// Key care as a technician meets it, from the door to a scripted key: what is asked of the port, what the page is shown, what
// the journal keeps, and that nothing of a PIN or a name is left where it does not belong.
import { beforeEach, describe, expect, test } from 'vitest';
import type { CareIntent, CareScreenKind, CareSnapshot } from '../../contract/care.ts';
import { because } from '../../contract/reason.ts';
import { startCareConductor, type CareConductor } from '../../main/conductor/care/care-conductor.ts';
import type { JournalEvent } from '../../main/ports/journal.ts';
import type { Keystroke } from '../../main/ports/keyboard.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clockPortOf } from '../support/manual-clock-port.ts';
import { keyA, keyB } from '../support/session-samples.ts';
import { freshInspection, ScriptedCare, usedInspection } from '../support/scripted-care.ts';

let clock: ManualClock;
let care: ScriptedCare;
let desk: CareConductor;
let journal: JournalEvent[];
let bugs: unknown[];
let capture: ((stroke: Keystroke) => void) | null;

beforeEach(() => {
  clock = new ManualClock();
  care = new ScriptedCare();
  journal = [];
  bugs = [];
  capture = null;
  desk = startCareConductor({
    world: 'training',
    ports: {
      clock: clockPortOf(clock),
      journal: {
        append: (stay, body) => {
          journal.push(body);
          return Promise.resolve({ sequence: journal.length, atMs: 0, stay, body });
        },
        unfinished: () => Promise.resolve([]),
      },
      keyboard: {
        capture: (listener) => {
          capture = listener;
          return () => (capture = null);
        },
        onActivity: () => () => undefined,
      },
      care,
      settings: { contact: 'IT desk', idleMs: 90_000, minPinLength: 6 },
      onBug: (bug) => bugs.push(bug),
    },
  });
});

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
};
const picture = (): CareSnapshot => desk.hello();
const say = async (intent: CareIntent): Promise<void> => {
  expect(desk.say({ visit: picture().visit, intent }), JSON.stringify(intent)).toEqual({ taken: true });
  await settle();
};
const shown = <Kind extends CareScreenKind>(kind: Kind) => {
  const { screen } = picture();
  if (screen.kind !== kind) throw new Error(`expected ${kind}, the page shows ${JSON.stringify(screen)}`);
  return screen as Extract<CareSnapshot['screen'], { kind: Kind }>;
};
const plugIn = async (key = keyA): Promise<void> => {
  care.tell({ type: 'key.inserted', key });
  await settle();
};
const takeOut = async (key = keyA): Promise<void> => {
  care.tell({ type: 'key.removed', key });
  await settle();
};
const type = async (pin: string): Promise<void> => {
  for (const symbol of pin) capture?.({ kind: 'symbol', symbol });
  capture?.({ kind: 'submit' });
  await settle();
};
const begin = (task: Extract<CareIntent, { type: 'care.begin' }>['task']) => say({ type: 'care.begin', task });
const events = () => journal.map(({ event }) => event);

describe('a key', () => {
  test('is shown as it tells itself, and gone when it is taken out', async () => {
    shown('insert');
    await plugIn();
    const { key } = shown('key');
    expect(key).toMatchObject({ model: 'Practice key', serial: '20417733', usbId: '1050:0407', pin: 'set', accountsLeft: 24 });
    expect(picture().tasks).toEqual(['changePin', 'accounts', 'fingerprints', 'settings', 'erase']);
    await takeOut();
    expect(shown('insert').notice).toEqual({ code: 'key.removed' });
  });

  test('that is locked says so, and a fresh one offers a PIN', async () => {
    care.inspection = {
      ...usedInspection,
      description: { ...usedInspection.description, tries: { left: 0, of: 8 } },
      offers: ['reset'],
    };
    await plugIn();
    expect(shown('key').key.pin).toBe('locked');
    expect(picture().tasks).toEqual(['erase']);
    await takeOut();
    care.inspection = { ...freshInspection, offers: [...freshInspection.offers, 'accounts'] };
    await plugIn(keyB);
    // There is no PIN to ask for, and so nothing behind it.
    expect(picture().tasks).toEqual(['setPin', 'settings', 'erase']);
  });

  test('is chosen among several, by what each says of itself', async () => {
    await plugIn();
    care.refuseNext = because('key.notAnswering');
    await plugIn(keyB);
    expect(shown('several').keys).toEqual([
      { insertion: 'a', model: null, serial: null },
      { insertion: 'b', model: 'Practice key', serial: '20417733' },
    ]);
    await say({ type: 'key.choose', insertion: 'b' });
    await begin('accounts');
    await type('836194');
    expect(care.calls).toEqual([['accounts', 'b']]);
    // The other one may come and go.
    await takeOut();
    shown('accounts');
  });

  test('is the one that is touched among several that look alike', async () => {
    await plugIn();
    await plugIn(keyB);
    expect(shown('several')).toMatchObject({ touch: true, keys: [{ serial: '20417733' }, { serial: '20417733' }] });
    care.endSelection({ ok: true, value: keyB });
    await settle();
    await begin('accounts');
    await type('836194');
    expect(care.calls).toEqual([['accounts', 'b']]);
    expect(care.asking).toBe(0);
  });

  test('can be chosen on the page while the keys blink, and they stop', async () => {
    await plugIn();
    await plugIn(keyB);
    expect(care.asking).toBe(1);
    await say({ type: 'key.choose', insertion: 'a' });
    shown('key');
    expect(care.asking).toBe(0);
  });

  test('that nobody touches is asked for again at a press, and can still be chosen', async () => {
    await plugIn();
    await plugIn(keyB);
    expect(picture().allowed).not.toContain('tryAgain');
    care.endSelection({ ok: false, reason: because('key.touchTimeout') });
    await settle();
    expect(shown('several')).toMatchObject({ touch: false, keys: [{ insertion: 'a' }, { insertion: 'b' }] });
    await say({ type: 'tryAgain' });
    expect([shown('several').touch, care.asking]).toEqual([true, 1]);
    await say({ type: 'key.choose', insertion: 'b' });
    shown('key');
  });

  test('that is plugged in while others blink is asked too', async () => {
    await plugIn();
    await plugIn(keyB);
    await plugIn({ insertion: 'c' });
    expect([shown('several').keys?.length, care.asking]).toEqual([3, 1]);
    await takeOut();
    await takeOut(keyB);
    expect([shown('key').key.serial, care.asking]).toEqual(['20417733', 0]);
  });

  test('is the one that is left when the others are taken out', async () => {
    await plugIn();
    await plugIn(keyB);
    shown('several');
    await takeOut();
    expect(shown('key').key.serial).toBe('20417733');
  });

  test('that does not answer can be asked again', async () => {
    care.refuseNext = because('key.notAnswering');
    await plugIn();
    expect(shown('unreadable').reason.code).toBe('key.notAnswering');
    await say({ type: 'tryAgain' });
    shown('key');
  });
});

describe('a PIN', () => {
  test('is set by typing it twice, and the key is looked at anew', async () => {
    care.inspection = freshInspection;
    await plugIn();
    await begin('setPin');
    expect(shown('pin')).toMatchObject({ ask: 'choose', minLength: 6 });
    await type('836194');
    expect(shown('pin').ask).toBe('again');
    await type('836195');
    expect(shown('pin')).toMatchObject({ ask: 'choose', notice: { code: 'pin.differs' } });
    await type('836194');
    await type('836194');
    expect(shown('key')).toMatchObject({ done: 'setPin', key: { pin: 'set' } });
    expect(care.calls).toEqual([['setPin', 'a']]);
    expect(events()).toEqual(['care.doing', 'care.done']);
  });

  test('that is wrong says the tries that are left, and is asked for again', async () => {
    await plugIn();
    await begin('accounts');
    await type('111222');
    expect(shown('pin')).toMatchObject({ ask: 'enter', notice: { code: 'key.pinWrong' }, tries: { left: 7, of: 8 } });
    await type('836194');
    shown('accounts');
  });

  test('is asked about once more before the try that could lock the key', async () => {
    care.inspection = { ...usedInspection, description: { ...usedInspection.description, tries: { left: 1, of: 8 } } };
    await plugIn();
    await begin('accounts');
    shown('lastTry');
    await say({ type: 'back' });
    await begin('accounts');
    await say({ type: 'pin.lastTry' });
    care.refuseNext = because('key.pinLocked');
    await type('836194');
    expect(shown('trouble').reason.code).toBe('key.pinLocked');
  });

  test('is changed with the old one first', async () => {
    await plugIn();
    await begin('changePin');
    expect(shown('pin').ask).toBe('old');
    await type('836194');
    await type('836194');
    expect(shown('pin')).toMatchObject({ ask: 'choose', notice: { code: 'pin.sameAsOld' } });
    await type('572038');
    await type('572038');
    expect(shown('key').done).toBe('changePin');
    expect(care.pin).toBe('572038');
  });

  test('three wrong ones want the key out first', async () => {
    await plugIn();
    await begin('accounts');
    care.refuseNext = because('key.pinReplug');
    await type('111222');
    expect(shown('hand')).toMatchObject({ step: 'takeOut', why: 'replug' });
    await takeOut();
    expect(shown('insert').notice).toBeNull();
  });
});

describe('accounts', () => {
  beforeEach(async () => {
    await plugIn();
    await begin('accounts');
    await type('836194');
  });

  test('are named only while their list is open, and none is deleted before it was asked about', async () => {
    expect(shown('accounts').accounts.map(({ displayName }) => displayName)).toEqual(['Noor van Dijk']);
    await say({ type: 'account.delete', credentialIdB64u: 'Y3JlZA' });
    shown('confirm');
    expect(care.calls.map(([verb]) => verb)).toEqual(['accounts']);
    await say({ type: 'back' });
    shown('accounts');
    await say({ type: 'account.delete', credentialIdB64u: 'Y3JlZA' });
    await say({ type: 'confirm' });
    expect(shown('accounts')).toMatchObject({ accounts: [], done: 'deleteAccount' });
    expect(care.calls.map(([verb]) => verb)).toEqual(['accounts', 'deleteAccount', 'accounts']);
    await say({ type: 'back' });
    expect(JSON.stringify(picture())).not.toContain('Noor');
  });

  test('one that is not in the list is nothing that can be deleted', async () => {
    desk.say({ visit: picture().visit, intent: { type: 'account.delete', credentialIdB64u: 'bm90aGVyZQ' } });
    await settle();
    shown('accounts');
    expect(care.calls.map(([verb]) => verb)).toEqual(['accounts']);
  });

  test('are gone when nobody is there, and the PIN with them', async () => {
    await clock.advance(90_000);
    await settle();
    shown('key');
    await begin('accounts');
    expect(shown('pin')).toMatchObject({ ask: 'enter', count: 0 });
  });

  test('stand in no journal', () => {
    const written = JSON.stringify(journal);
    for (const private_ of ['Noor', 'noor', 'Y3JlZA', '836194']) expect(written).not.toContain(private_);
    expect(events()).toEqual(['care.doing', 'care.done']);
  });
});

describe('fingerprints', () => {
  beforeEach(async () => {
    await plugIn();
    await begin('fingerprints');
    await type('836194');
  });

  test('are taught with each touch answered', async () => {
    const seen: unknown[] = [];
    desk.onShow(({ screen }) => {
      if (screen.kind === 'teach') seen.push(screen.sample);
    });
    await say({ type: 'fingerprint.teach', name: 'Right thumb' });
    expect(seen).toContainEqual({ quality: 'tooFast', left: 2 });
    expect(shown('fingerprints').fingerprints.map(({ name }) => name)).toEqual(['Left thumb', 'Right thumb']);
    expect(shown('fingerprints').done).toBe('teach');
  });

  test('are renamed at once and removed after a question', async () => {
    await say({ type: 'fingerprint.rename', templateIdB64u: 'AAE', name: 'Right thumb' });
    expect(care.calls).toContainEqual(['renameFingerprint', 'a', 'Right thumb']);
    await say({ type: 'fingerprint.remove', templateIdB64u: 'AAE' });
    shown('confirm');
    await say({ type: 'confirm' });
    expect(care.calls).toContainEqual(['removeFingerprint', 'a', 'AAE']);
  });
});

describe('settings', () => {
  test('that stay are asked about, then need the PIN; one that can be taken back is not asked about', async () => {
    await plugIn();
    await begin('settings');
    await say({ type: 'setting.change', change: { setting: 'minPinLength', length: 8, forceChange: false } });
    shown('confirm');
    await say({ type: 'confirm' });
    await type('836194');
    expect(shown('key').done).toBe('configure');
    await begin('settings');
    await say({ type: 'setting.change', change: { setting: 'alwaysUv', on: true } });
    expect(shown('pin').ask).toBe('enter');
  });
});

describe('erasing', () => {
  beforeEach(async () => {
    await plugIn();
    await begin('erase');
    shown('confirm');
    expect(care.calls).toEqual([]);
    await say({ type: 'confirm' });
  });

  test('is out, in, touch within ten seconds, and the key is as new', async () => {
    expect(shown('hand')).toMatchObject({ step: 'takeOut', why: 'erase' });
    await takeOut();
    expect(shown('hand').step).toBe('plugIn');
    let touch: () => void = () => undefined;
    care.during = ({ onProgress }) => {
      onProgress?.('touchNeeded');
      return new Promise((resolve) => (touch = resolve));
    };
    await plugIn(keyB);
    expect(shown('erasing')).toMatchObject({ state: 'waiting', endsAtMs: clock.nowMs() + 10_000, windowSeconds: 10 });
    touch();
    await settle();
    expect(shown('key')).toMatchObject({ done: 'erase', key: { pin: 'none' } });
    expect(care.calls).toEqual([['reset', 'b', 'a']]);
    expect(events()).toEqual(['care.doing', 'care.done']);
  });

  test('of a key that wants a long touch says so before the hand is at it, and while it is', async () => {
    await say({ type: 'back' });
    await takeOut();
    care.inspection = { ...usedInspection, longTouchForReset: true };
    await plugIn();
    expect(shown('key').key.longTouchForReset).toBe(true);
    await begin('erase');
    await say({ type: 'confirm' });
    await takeOut();
    expect(shown('hand')).toMatchObject({ step: 'plugIn', longTouch: true });
    care.during = ({ onProgress }) => {
      onProgress?.('touchNeeded');
      return new Promise(() => undefined);
    };
    await plugIn(keyB);
    expect(shown('erasing')).toMatchObject({ state: 'waiting', longTouch: true });
  });

  test.each(['before the outcome', 'after it'])(
    'is done on a key that leaves the port by itself, and is back %s',
    async (when) => {
      await takeOut();
      let end: () => void = () => undefined;
      care.during = () => new Promise((resolve) => (end = resolve));
      await plugIn(keyB);
      await takeOut(keyB);
      expect(shown('erasing').key.model).toBe('Practice key');
      if (when === 'before the outcome') await plugIn({ insertion: 'c' });
      end();
      await settle();
      if (when === 'after it') {
        expect(shown('insert').notice).toBeNull();
        await plugIn({ insertion: 'c' });
      }
      expect(shown('key').done).toBe('erase');
    },
  );

  test('is not said of a key that comes long after, nor where the key was pulled out in the middle', async () => {
    await takeOut();
    let end: () => void = () => undefined;
    care.during = () => new Promise((resolve) => (end = resolve));
    await plugIn(keyB);
    await takeOut(keyB);
    end();
    await settle();
    await clock.advance(3_500);
    care.during = () => Promise.resolve();
    await plugIn();
    expect(shown('key').done).toBeNull();
    await begin('erase');
    await say({ type: 'confirm' });
    await takeOut();
    care.refuseNext = because('key.removed');
    await plugIn(keyB);
    expect(shown('insert').notice).toEqual({ code: 'key.removed' });
  });

  test('refuses another key, and goes on with the right one', async () => {
    await takeOut();
    care.refuseNext = because('key.swapped');
    await plugIn(keyB);
    expect(shown('hand')).toMatchObject({ step: 'takeOut', why: 'otherKey' });
    await takeOut(keyB);
    expect(shown('hand')).toMatchObject({ step: 'plugIn', why: 'erase' });
    await plugIn({ insertion: 'c' });
    expect(care.calls).toEqual([
      ['reset', 'b', 'a'],
      ['reset', 'c', 'a'],
    ]);
    expect(shown('key').done).toBe('erase');
  });

  test('can be left before the touch, and a touch that never came is told', async () => {
    await say({ type: 'back' });
    shown('key');
    await begin('erase');
    await say({ type: 'confirm' });
    await takeOut();
    care.refuseNext = because('key.touchTimeout');
    await plugIn(keyB);
    expect(shown('trouble').reason.code).toBe('key.touchTimeout');
    await say({ type: 'tryAgain' });
    expect(shown('hand')).toMatchObject({ step: 'takeOut' });
    await takeOut(keyB);
    await say({ type: 'back' });
    shown('insert');
  });
});

describe('the door', () => {
  test('refuses what was meant for an older showing, and what is not offered', async () => {
    const { visit } = picture();
    await plugIn();
    expect(desk.say({ visit, intent: { type: 'care.begin', task: 'erase' } })).toEqual({ taken: false, because: 'olderVisit' });
    expect(desk.say({ visit: picture().visit, intent: { type: 'care.begin', task: 'setPin' } })).toEqual({
      taken: false,
      because: 'notAllowedNow',
    });
    expect(desk.say({ visit: picture().visit, intent: { type: 'confirm' } })).toEqual({ taken: false, because: 'notAllowedNow' });
  });

  test('a panel takes every press but its own', async () => {
    await plugIn();
    await say({ type: 'help.open' });
    expect(picture().allowed).not.toContain('care.begin');
    await say({ type: 'panel.close' });
    expect(picture().allowed).toContain('care.begin');
  });
});

test('pulling the key out in the middle aborts what runs, forgets the PIN and meets no bug', async () => {
  await plugIn();
  await begin('accounts');
  let aborted = false;
  care.during = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        aborted = true;
        reject(new Error('aborted'));
      });
    });
  await type('836194');
  shown('working');
  await takeOut();
  expect(aborted).toBe(true);
  expect(shown('insert').notice).toEqual({ code: 'key.removed' });
  expect(bugs).toEqual([]);
});

test('ending it gives the keyboard back and lets the host forget', async () => {
  await plugIn();
  await begin('accounts');
  expect(capture).not.toBeNull();
  await desk.stop();
  expect(capture).toBeNull();
  expect(care.forgotten).toBe(1);
});
