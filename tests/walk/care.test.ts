// Every path of key care: never stuck, a screen in every state, a way on from each, and no PIN named where none is needed.
import { describe, expect, test } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import { because, type Reason } from '../../contract/reason.ts';
import { careFlow } from '../../main/session/care/care-flow.ts';
import { careScreen, sayableNow } from '../../main/session/care/project-care.ts';
import { canReach, pendingEffects, walk } from '../support/machine-walk.ts';
import { account, finger, freshInspection, usedInspection } from '../support/scripted-care.ts';
import { keyA, keyB } from '../support/session-samples.ts';

const refused = (reason: Reason) => ({ ok: false, reason }) as const;
const granted = (value: unknown) => ({ ok: true, value }) as const;

const deedRefusals = [
  because('key.removed'),
  because('key.pinWrong', { retriesLeft: 5 }),
  because('key.pinWrong', { retriesLeft: 1 }),
  because('key.pinRefused'),
  because('key.pinReplug'),
  because('key.pinLocked'),
  because('key.touchTimeout'),
].map(refused);

const result = { accounts: { accounts: [account], left: 3 }, fingerprints: [finger] };
const answers: Readonly<Record<string, readonly unknown[]>> = {
  inspect: [
    granted(freshInspection),
    granted(usedInspection),
    refused(because('key.notAnswering')),
    refused(because('key.removed')),
  ],
  inspectAll: [granted([{ key: keyA, inspection: usedInspection }])],
  select: [granted(keyA), granted(keyB), refused(because('key.touchTimeout')), refused(because('key.removed'))],
  perform: [granted(result), ...deedRefusals],
  erase: [granted(null), refused(because('key.swapped')), refused(because('key.touchTimeout')), refused(because('key.removed'))],
};

const pinStates = ['entering', 'choosing', 'repeating'] as const;

const nodes = walk({
  machine: careFlow,
  input: { minPinLength: 6, nowWallMs: () => 0 },
  mostNodes: 60_000,
  keyOf: ({ value, context }) =>
    JSON.stringify([
      value,
      context.plugged,
      context.key,
      context.meant,
      context.task,
      context.deed?.deed,
      context.deed?.deed === 'configure' ? context.deed.change.setting : null,
      context.inspection?.description.pin,
      context.inspection?.description.tries?.left,
      context.pin !== null,
      context.newPin !== null,
      context.accounts !== null,
      context.fingerprints !== null,
      context.reason?.code,
    ]),
  moves: (snapshot) => [
    // How the page looks changes nothing of where it is.
    ...sayableNow(snapshot).filter(({ type }) => !type.startsWith('look.') && !type.endsWith('.open')),
    ...pendingEffects(snapshot).flatMap(({ id, src }) =>
      (answers[src] ?? []).map((output) => ({ type: `xstate.done.actor.${id}`, output }) as never),
    ),
    ...(pinStates.some((state) => snapshot.matches({ atKey: state }))
      ? ([
          { type: 'pinFact.edited', count: 3, rules: [], ready: false, notice: null },
          { type: 'pinFact.entered', pin: { secret: 1 } },
          { type: 'pinFact.refused', notice: { code: 'pin.differs' } },
        ] as const)
      : []),
    ...[keyA, keyB].map(
      (key) =>
        ({
          type: snapshot.context.plugged.some(({ insertion }) => insertion === key.insertion) ? 'key.removed' : 'key.inserted',
          key,
        }) as const,
    ),
    { type: 'key.hostDown' } as const,
    { type: 'key.progress', progress: 'touchNeeded' } as const,
    { type: 'care.sample', sample: { quality: 'good', left: 2 } } as const,
    { type: 'care.leftAlone' } as const,
  ],
});

const places = (value: AnyMachineSnapshot['value']): readonly string[] =>
  typeof value === 'string' ? [value] : Object.entries(value).map(([room, place]) => `${room}.${String(place)}`);

describe('key care', () => {
  test('is walked in full', () => {
    const seen = new Set([...nodes.values()].flatMap(({ snapshot }) => places(snapshot.value)));
    const all = Object.entries(careFlow.states).flatMap(([room, state]) => {
      const inside = Object.keys(state.states);
      return inside.length === 0 ? [room] : inside.map((place) => `${room}.${place}`);
    });
    // Passed through without stopping, so never the end of a step.
    expect(all.filter((place) => !seen.has(place))).toEqual(['atKey.beforePin', 'atKey.wrongPin', 'atKey.beforeSetting']);
  });

  test('always leads back to looking at a key and to waiting for one', () => {
    for (const goal of ['atKey.overview', 'waiting']) {
      const home = canReach(nodes, ({ snapshot }) => places(snapshot.value).includes(goal));
      expect([...nodes.values()].filter(({ key }) => !home.has(key)).map(({ path }) => path)).toEqual([]);
    }
  });

  test('has a screen in every state, and in each something to do for the hand, the key or the technician', () => {
    const dead = [...nodes.values()].filter(({ snapshot }) => {
      const { kind } = careScreen(snapshot);
      const hands = ['insert', 'hand', 'key'].includes(kind);
      const busy = pendingEffects(snapshot).length > 0;
      const saying = sayableNow(snapshot).some(({ type }) => !type.startsWith('look.') && !type.endsWith('.open'));
      return !hands && !busy && !saying;
    });
    expect(dead.map(({ path }) => path)).toEqual([]);
  });

  test('keeps a PIN and the names it opened only while a task needs them', () => {
    const late = [...nodes.values()].filter(({ snapshot: { value, context } }) => {
      const open = context.pin !== null || context.newPin !== null || context.accounts !== null || context.fingerprints !== null;
      return (
        open &&
        (places(value).some((place) => place === 'waiting' || place === 'atKey.overview' || place.startsWith('several.')) ||
          context.key === null)
      );
    });
    expect(late.map(({ path }) => path)).toEqual([]);
  });

  test('never erases but through the question, the taking out and the plugging in', () => {
    for (const { snapshot, path } of nodes.values()) {
      if (!snapshot.matches({ erase: 'erasing' })) continue;
      const told = path.map((step) => (JSON.parse(step) as { type: string }).type);
      expect(told, String(path)).toContain('confirm');
      expect(told.slice(told.lastIndexOf('confirm')), String(path)).toEqual(
        expect.arrayContaining(['key.removed', 'key.inserted']),
      );
      expect(snapshot.context.meant?.insertion).toBeDefined();
    }
  });
});
