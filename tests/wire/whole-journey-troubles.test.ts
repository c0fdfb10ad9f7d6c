// The same journey with something going wrong at every point it can: each ends in a clear screen, and the stay goes on or
// is wiped. Nothing is made twice, nothing is lost.
import { describe, expect, test } from 'vitest';
import type { ScreenKind } from '../../contract/snapshot.ts';
import { cutOffStays } from '../../main/conductor/recovery.ts';
import type { JournalEntry } from '../../main/ports/journal.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import type { WholeDeskOptions } from '../support/whole-desk.ts';
import { person, WholeDesk } from '../support/whole-desk.ts';

async function withDesk(options: WholeDeskOptions, story: (desk: WholeDesk) => Promise<void>): Promise<WholeDesk> {
  const desk = await WholeDesk.open(options);
  try {
    await story(desk);
  } finally {
    await desk.close();
  }
  expect(desk.bugs).toEqual([]);
  return desk;
}

/** A plugged fresh key that feels a finger soon after it blinks. */
async function plugFresh(desk: WholeDesk): Promise<VirtualKey> {
  const key = await desk.key();
  key.autoTouch(200);
  await desk.plug(key);
  return key;
}

/** Presses "try again" for as long as the desk offers it and then does whatever the screen asks, until the key works. */
async function pushOn(desk: WholeDesk): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    const { screen, allowed } = desk.picture;
    const before = JSON.stringify(screen);
    switch (screen.kind) {
      case 'works':
        return;
      case 'trouble':
        expect(allowed, JSON.stringify(screen)).toContain('tryAgain');
        desk.press({ type: 'tryAgain' });
        break;
      case 'signIn':
        await desk.untilIs(({ host, screen: now }) => host?.state === 'verified' || now.kind !== 'signIn');
        if (desk.picture.screen.kind === 'signIn') await desk.signIn();
        break;
      case 'insertKey':
        await plugFresh(desk);
        break;
      case 'keyReady':
        desk.press({ type: 'pin.begin' });
        break;
      case 'pin':
        desk.typePin(person.pin);
        break;
      default:
        break;
    }
    await desk.untilIs(
      (picture) =>
        picture.screen.kind === 'works' ||
        (JSON.stringify(picture.screen) !== before &&
          ['trouble', 'signIn', 'insertKey', 'keyReady', 'pin'].includes(picture.screen.kind)),
    );
  }
  throw new Error(`never got there; the desk shows ${JSON.stringify(desk.picture.screen)}`);
}

async function start(desk: WholeDesk): Promise<void> {
  desk.press({ type: 'start' });
  await desk.until('plan');
  desk.press({ type: 'plan.device', device: 'windows', chosen: true });
  desk.press({ type: 'plan.passUse', passUse: 'several' });
  desk.press({ type: 'continue' });
}

describe('the network breaks at one call', async () => {
  let calls = 0;
  await withDesk({ beforeHttp: (count) => (calls = count) }, async (desk) => {
    await start(desk);
    await pushOn(desk);
  });
  expect(calls).toBeGreaterThan(4);

  test.each(Array.from({ length: calls }, (_, index) => index + 1))('call %i', async (broken) => {
    const desk = await withDesk(
      {
        beforeHttp: (count) => {
          if (count === broken) throw new TypeError('fetch failed');
        },
      },
      async (running) => {
        await start(running);
        await pushOn(running);
        expect(running.twin.stage.methods(running.upn).passkeys).toHaveLength(1);
      },
    );
    expect(desk.twin.stage.refusals()).toEqual([]);
  });

  test('and stays broken: the desk says so and lets the person go', async () => {
    let signedIn = false;
    await withDesk(
      {
        beforeHttp: () => {
          if (signedIn) throw new TypeError('fetch failed');
        },
      },
      async (desk) => {
        await desk.toKey();
        signedIn = true;
        await plugFresh(desk);
        await desk.toWorks();
        expect(desk.screen('trouble')).toMatchObject({ reason: { code: 'directory.unreachable' }, during: 'key' });
        desk.press({ type: 'startAgain.ask' });
        desk.press({ type: 'startAgain.confirm' });
        await desk.until('attract');
      },
    );
  });
});

test('an answer that was lost is not asked for twice: the key that arrived is found', async () => {
  await withDesk({}, async (desk) => {
    await desk.toKey();
    await plugFresh(desk);
    desk.twin.stage.inject({
      match: { method: 'POST', path: '/v1.0/me/authentication/fido2Methods' },
      networkError: true,
      beforeWork: false,
      status: 500,
    });
    await desk.toWorks();
    await pushOn(desk);
    expect(desk.twin.stage.methods(desk.upn).passkeys).toHaveLength(1);
  });
});

describe('the key is pulled out', () => {
  const moments = ['keyReady', 'pin', 'savingPin', 'touch', 'saving'] as const;
  test.each(moments)('while the desk shows %s', async (moment) => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key();
      key.autoTouch(200);
      let pulled = false;
      const stop = desk.conductor.onShow((picture) => {
        if (pulled || picture.screen.kind !== moment) return;
        pulled = true;
        desk.host.usb.unplug(key);
      });
      await desk.plug(key);
      for (let step = 0; step < 20 && desk.picture.screen.kind !== 'works'; step += 1) {
        const { screen, allowed } = desk.picture;
        const before = JSON.stringify(screen);
        if (screen.kind === 'insertKey' && pulled && !key.isPowered) await desk.plug(key);
        else if (screen.kind === 'keyReady') desk.press({ type: 'pin.begin' });
        else if (screen.kind === 'pin') desk.typePin(person.pin);
        else if (screen.kind === 'trouble' && allowed.includes('tryAgain')) desk.press({ type: 'tryAgain' });
        await desk.untilIs((picture) => JSON.stringify(picture.screen) !== before);
      }
      stop();
      expect(pulled).toBe(true);
      expect(desk.screen('works').keysDone).toBe(1);
      expect(desk.twin.stage.methods(desk.upn).passkeys).toHaveLength(1);
    });
  });
});

describe('the journal can not be written', async () => {
  let entries = 0;
  await withDesk({ beforeJournal: (count) => (entries = count) }, async (desk) => {
    await start(desk);
    await pushOn(desk);
  });

  test.each(Array.from({ length: entries }, (_, index) => index + 1))(
    'from entry %i on: nobody is served unjournalled',
    async (full) => {
      await withDesk(
        {
          beforeJournal: (count) => {
            if (count >= full) throw new Error('no space left on device');
          },
        },
        async (desk) => {
          const shows = (kind: ScreenKind) => desk.picture.screen.kind === kind;
          desk.press({ type: 'start' });
          await desk.until('plan', 'closed');
          if (shows('plan')) {
            desk.press({ type: 'plan.device', device: 'windows', chosen: true });
            desk.press({ type: 'plan.passUse', passUse: 'several' });
            desk.press({ type: 'continue' });
            await desk.untilIs(({ host }) => host?.state === 'verified');
            await desk.signIn();
            await desk.until('insertKey');
            await plugFresh(desk);
            await desk.toWorks();
            if (shows('works')) desk.press({ type: 'continue' });
            else expect(desk.screen('trouble').reason.code).toBe('desk.notJournalled');
            desk.press({ type: 'startAgain.ask' });
            desk.press({ type: 'startAgain.confirm' });
            await desk.until('closed');
          }
          expect(desk.screen('closed').reason.code).toBe('desk.notJournalled');
        },
      );
    },
  );
});

test('the process dies after any journal entry: the next start tells what is true', async () => {
  const whole = await withDesk({}, async (desk) => {
    await start(desk);
    await pushOn(desk);
    desk.press({ type: 'continue' });
    await desk.until('done');
    desk.press({ type: 'finish' });
    await desk.until('attract');
  });
  for (let kept = 1; kept < whole.entries.length; kept += 1) {
    const left: readonly JournalEntry[] = whole.entries.slice(0, kept);
    const told = cutOffStays(left).flatMap((stay) => stay.findings);
    const next = await withDesk({ earlier: left }, async (desk) => {
      expect(desk.screen('interrupted').findings).toEqual(told);
      desk.press({ type: 'continue' });
      await desk.until('attract');
    });
    // Told once: the start after that opens as usual.
    await withDesk({ earlier: next.entries }, async (desk) => {
      desk.screen('attract');
    });
  }
});

describe('a double tap', () => {
  test('is refused on every button, because the second one cites a showing that is over', async () => {
    await withDesk({}, async (desk) => {
      const pressTwice = (intent: Parameters<WholeDesk['say']>[0]) => {
        const { visit } = desk.picture;
        expect(desk.conductor.say({ visit, intent })).toEqual({ taken: true });
        expect(desk.conductor.say({ visit, intent })).toEqual({
          taken: false,
          because: expect.stringMatching(/olderVisit|notAllowedNow/),
        });
      };
      pressTwice({ type: 'start' });
      await desk.until('plan');
      desk.press({ type: 'plan.device', device: 'windows', chosen: true });
      desk.press({ type: 'plan.passUse', passUse: 'several' });
      pressTwice({ type: 'continue' });
      await desk.untilIs(({ host }) => host?.state === 'verified');
      await desk.signIn();
      await desk.until('insertKey');
      await plugFresh(desk);
      await desk.until('keyReady');
      pressTwice({ type: 'help.open' });
      pressTwice({ type: 'panel.close' });
      pressTwice({ type: 'pin.begin' });
      desk.typePin(person.pin);
      desk.typePin(person.pin);
      await desk.until('works');
      pressTwice({ type: 'continue' });
      await desk.until('done');
      pressTwice({ type: 'finish' });
      await desk.until('attract');
      expect(desk.twin.stage.methods(desk.upn).passkeys).toHaveLength(1);
    });
  });
});

describe('the page', () => {
  test.each([
    [130503, 'pass.wrong'],
    [130504, 'pass.expired'],
    [130505, 'pass.used'],
    [130502, 'pass.notAllowed'],
  ] as const)('refusing with AADSTS%i is explained', async (aadsts, code) => {
    await withDesk({}, async (desk) => {
      await start(desk);
      await desk.untilIs(({ host }) => host?.state === 'verified');
      desk.pageFact({ type: 'page.refusal', aadsts });
      expect(desk.screen('signIn').notice?.code).toBe(code);
    });
  });

  test('taking a wrong pass back to the same screen, and the right one on', async () => {
    await withDesk({}, async (desk) => {
      await start(desk);
      await desk.untilIs(({ host }) => host?.state === 'verified');
      await desk.signIn(desk.upn, 'WRONGPASS');
      expect(desk.screen('signIn').notice?.code).toBe('pass.wrong');
      await desk.signIn();
      await desk.until('insertKey');
    });
  });

  test('is only shown on an address the shell verified', async () => {
    await withDesk({}, async (desk) => {
      await start(desk);
      await desk.untilIs(({ host }) => host?.state === 'verified');
      desk.pageFact({ type: 'page.host', host: 'evil.example', verified: false });
      expect(desk.picture.host).toEqual({ state: 'unverified', host: 'evil.example' });
    });
  });
});

describe('a key that already has a PIN', () => {
  test('is opened with it, wrong tries are counted, and three ask for a replug', async () => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key(TRAINING_KEYS.pinSet);
      key.autoTouch(200);
      await desk.plug(key);
      await desk.until('keyReady');
      expect(desk.screen('keyReady').pin).toBe('set');
      desk.press({ type: 'pin.begin' });
      for (const left of [7, 6]) {
        desk.typePin('000000');
        await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.tries?.left === left);
        expect(desk.screen('pin').notice?.code).toBe('key.pinWrong');
      }
      desk.typePin('000000');
      await desk.until('replugKey');
      expect(desk.screen('replugKey').step).toBe('takeOut');
      desk.host.usb.unplug(key);
      await desk.untilIs(({ screen }) => screen.kind === 'replugKey' && screen.step === 'plugIn');
      await desk.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.typePin(TRAINING_PIN);
      await desk.until('works');
      expect(desk.screen('works').pinSetHere).toBe(false);
    });
  });

  test('that must be changed is changed first', async () => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key(TRAINING_KEYS.needsPinChange);
      key.autoTouch(200);
      await desk.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      expect(desk.screen('pin').ask).toBe('old');
      desk.typePin(TRAINING_PIN);
      await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'choose');
      desk.typePin(person.pin);
      await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
      desk.typePin(person.pin);
      await desk.until('works');
    });
  });

  test.each([
    ['lockedPin', 'key.pinLocked'],
    ['u2fOnly', 'key.tooOld'],
    ['full', 'key.full'],
    ['noHmacSecret', 'key.noHmacSecret'],
  ] as const)('or can not be used (%s) is refused with the reason, and another one goes on', async (name, code) => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key(TRAINING_KEYS[name]);
      await desk.plug(key);
      await desk.until('keyRefused');
      expect(desk.screen('keyRefused').reason.code).toBe(code);
      desk.host.usb.unplug(key);
      await desk.until('insertKey');
      await plugFresh(desk);
      await desk.toWorks();
      desk.screen('works');
    });
  });

  test('with one try left warns before it is typed', async () => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      const key = await desk.key(TRAINING_KEYS.lastPinTry);
      key.autoTouch(200);
      await desk.plug(key);
      await desk.until('keyReady');
      desk.press({ type: 'pin.begin' });
      desk.screen('pinLastTry');
      desk.press({ type: 'pin.lastTry' });
      desk.typePin(TRAINING_PIN);
      await desk.until('works');
    });
  });
});

describe('nobody there', () => {
  test('warns twenty seconds ahead, any key stays, and silence wipes', async () => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      await desk.untilIs(({ overlay }) => overlay?.kind === 'idle');
      expect(desk.picture.allowed).toEqual(['idle.stillHere', 'idle.leave']);
      desk.activity();
      expect(desk.picture.overlay).toBeNull();
      await desk.untilIs(({ overlay }) => overlay?.kind === 'idle');
      desk.press({ type: 'idle.stillHere' });
      expect(desk.picture.overlay).toBeNull();
      await desk.until('attract');
      expect(desk.entries.find((entry) => entry.body.event === 'stay.ended')?.body).toMatchObject({ how: 'idle' });
    });
  });

  test('a crashed page ends the stay', async () => {
    await withDesk({}, async (desk) => {
      await desk.toKey();
      desk.conductor.rendererGone('crashed');
      await desk.until('attract');
      expect(desk.entries.at(-1)?.body.event).toBe('stay.wiped');
    });
  });
});
