// Every path of the stay around its flows: always a way home, always wiped on the way, nobody left in what stays behind.
import { describe, expect, test } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import type { Intent } from '../../contract/intent.ts';
import { because } from '../../contract/reason.ts';
import { intentSamples } from '../../main/session/intent-samples.ts';
import { project } from '../../main/session/project.ts';
import { stay } from '../../main/session/stay.ts';
import { canReach, pendingDelays, pendingEffects, walk } from '../support/machine-walk.ts';
import { accountFacts, answersOf, description, keyA, made, passFacts, phone, stayInput } from '../support/session-samples.ts';

/** What the flows may come back with. */
const flowOutputs: Readonly<Record<string, readonly unknown[]>> = {
  signInFlow: [
    { kind: 'signedIn', facts: accountFacts, withKey: true },
    { kind: 'signedIn', facts: { ...accountFacts, pass: { ...passFacts, usableOnce: true }, phones: [phone] }, withKey: false },
    {
      kind: 'keyAsked',
      call: { ask: { ask: 7 }, request: { challengeB64u: 'AAAA', allowCredentialIdsB64u: [] } },
      standing: { host: null, step: 'key', withKey: false },
    },
    { kind: 'back' },
  ],
  keyFlow: [
    { kind: 'answered', key: keyA, leftOvers: [] },
    { kind: 'proved', key: keyA, description, made, pinSetHere: true, leftOvers: [] },
    { kind: 'back', leftOvers: [] },
  ],
  phoneFlow: [{ kind: 'signInOn', atMs: 9 }, { kind: 'skipped', registeredAtMs: null }, { kind: 'back' }],
};

const answers: Readonly<Record<string, readonly unknown[]>> = {
  ...answersOf,
  ...flowOutputs,
  closePass: [{ kind: 'deleted' }, { kind: 'endsAt', atMs: 1 }],
};

// One device with and without a phone is enough to reach every route; of the panels, which all open and close alike, one that
// only closes and the one that ends the stay.
const leftOut: readonly Intent['type'][] = [
  'plan.device',
  'plan.passUse',
  'language.open',
  'display.open',
  'forgotPin.open',
  'keyDoesNotFit.open',
  'print',
];
const said: readonly Intent[] = [
  ...intentSamples.filter((sample) => !leftOut.includes(sample.type) && !sample.type.startsWith('look.')),
  { type: 'plan.device', device: 'windows', chosen: true },
  { type: 'plan.device', device: 'iphone', chosen: true },
  { type: 'plan.passUse', passUse: 'once' },
  { type: 'plan.passUse', passUse: 'several' },
];

const nodes = walk({
  machine: stay,
  input: { ...stayInput, findings: [{ code: 'stayCutOff', atMs: 1, model: null }] },
  mostNodes: 40_000,
  keyOf: ({ value, context }) =>
    JSON.stringify([
      value,
      context.panel,
      context.place,
      context.plan.devices.toSorted(),
      context.plan.passUse,
      context.account?.pass?.usableOnce,
      [...new Set(context.ways.map((done) => done.way))],
      context.phoneSettled,
      context.phoneFirstDone,
      context.passEnd.kind,
      context.standing,
      context.signInKey,
      context.reason?.code,
    ]),
  moves: (snapshot) => [
    ...said.filter((intent) => snapshot.can(intent)),
    ...pendingEffects(snapshot).flatMap(({ id, src }) =>
      (answers[src] ?? []).map((output) => ({ type: `xstate.done.actor.${id}`, output }) as never),
    ),
    ...pendingDelays(snapshot).map((type) => ({ type }) as never),
    { type: 'desk.rendererGone' } as const,
    { type: 'key.unreachable', reason: because('key.noAccess') } as const,
  ],
});

const all = [...nodes.values()];
const inJourney = (snapshot: AnyMachineSnapshot, state: string) => snapshot.matches({ journey: state });

describe('the stay', () => {
  test('reaches every place there is', () => {
    const places = new Set(all.map((node) => node.snapshot.context.place));
    expect([...places].map(String).toSorted()).toEqual([
      'done',
      'finishing',
      'null',
      'phoneFirst',
      'planning',
      'settingKey',
      'settingPhone',
      'signingIn',
      'signingInByKey',
      'works',
    ]);
  });

  test('comes home from everywhere', () => {
    const home = canReach(nodes, (node) => inJourney(node.snapshot, 'attract'));
    expect(all.filter((node) => !home.has(node.key)).map((node) => node.path)).toEqual([]);
  });

  test('comes home only through the wipe', () => {
    for (const node of all) {
      if (!inJourney(node.snapshot, 'serving')) continue;
      for (const edge of node.edges) {
        const next = nodes.get(edge.to);
        if (!next || inJourney(next.snapshot, 'serving')) continue;
        expect(inJourney(next.snapshot, 'wiping'), `${node.path.join(' > ')} > ${edge.event}`).toBe(true);
      }
    }
  });

  test('leaves nobody behind: after a wipe the desk is as it was', () => {
    for (const node of all) {
      if (!inJourney(node.snapshot, 'wiping')) continue;
      for (const edge of node.edges) {
        const next = nodes.get(edge.to);
        if (!next || inJourney(next.snapshot, 'wiping')) continue;
        const { account, ways, plan, lastKey, look, panel, passEnd, standing, signInCall, signInKey } = next.snapshot.context;
        const signIn = { standing, signInCall, signInKey };
        expect({ account, ways, plan, lastKey, panel, passEnd, signIn, language: look.language }).toEqual({
          signIn: { standing: null, signInCall: null, signInKey: null },
          account: null,
          ways: [],
          plan: { devices: [], passUse: null },
          lastKey: null,
          panel: null,
          passEnd: { kind: 'unknown' },
          language: 'en',
        });
      }
    }
  });

  test('ends when the page is gone, wherever it was', () => {
    for (const node of all) {
      if (!inJourney(node.snapshot, 'serving')) continue;
      const edge = node.edges.find((candidate) => candidate.event.includes('desk.rendererGone'));
      const next = edge && nodes.get(edge.to);
      expect(next && inJourney(next.snapshot, 'wiping'), node.path.join(' > ')).toBe(true);
    }
  });

  test('listens under a panel to the panel alone, and under the idle warning to its two answers', () => {
    const flows = ['signingIn', 'signingInByKey', 'settingKey', 'settingPhone'];
    const covered = all
      .filter(({ snapshot }) => !(inJourney(snapshot, 'serving') && flows.includes(String(snapshot.context.place))))
      .map(({ snapshot, path }) => ({ path: path.join(' > '), ...project(snapshot, null) }))
      .filter(({ overlay }) => overlay !== null);
    expect(covered.length).toBeGreaterThan(0);
    for (const { overlay, allowed, path } of covered) {
      if (overlay?.kind === 'idle') expect(allowed.toSorted(), path).toEqual(['idle.leave', 'idle.stillHere']);
      else expect(allowed, path).toContain('panel.close');
    }
  });

  test('offers a way on from every screen a person stands before', () => {
    for (const node of all) {
      const { snapshot } = node;
      if (!inJourney(snapshot, 'serving') && !inJourney(snapshot, 'attract') && !inJourney(snapshot, 'interrupted')) continue;
      if (pendingEffects(snapshot).some(({ src }) => src !== 'printCard')) continue;
      expect(project(snapshot, null).allowed.length, node.path.join(' > ')).toBeGreaterThan(0);
    }
  });

  test('claims a deleted pass only after the directory said so', () => {
    for (const node of all) {
      if (node.snapshot.context.passEnd.kind !== 'deleted') continue;
      expect(
        node.path.some((event) => event.includes('deleted')),
        node.path.join(' > '),
      ).toBe(true);
    }
  });
});

test('a desk that must not open shows that it is closed and serves nobody', () => {
  const closed = walk({
    machine: stay,
    input: { ...stayInput, closedBecause: because('desk.notJournalled') },
    mostNodes: 100,
    keyOf: ({ value, context }) => JSON.stringify([value, context.reason?.code]),
    moves: (snapshot) => [...intentSamples.filter((sample) => snapshot.can(sample) && inJourney(snapshot, 'closed'))],
  });
  for (const node of closed.values()) {
    expect(project(node.snapshot, null).screen.kind).toBe('closed');
    expect(project(node.snapshot, null).allowed).toEqual([]);
  }
});
