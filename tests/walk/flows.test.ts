// Every path of every flow: never stuck, every state has a screen with a way on, and leaving always works.
import { describe, expect, test } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import { because } from '../../contract/reason.ts';
import type { RegistrationRoute, Screen } from '../../contract/snapshot.ts';
import type { SessionEvent } from '../../main/session/event.ts';
import { intentSamples } from '../../main/session/intent-samples.ts';
import type { SignInCall } from '../../main/session/key/key-context.ts';
import { keyFlow } from '../../main/session/key/key-flow.ts';
import { phoneFlow } from '../../main/session/phone-flow.ts';
import { mayBeMeant } from '../../main/session/key/plugged-keys.ts';
import { keyScreen } from '../../main/session/key/project-key.ts';
import { type PageStanding, signInFlow } from '../../main/session/sign-in-flow.ts';
import type { KeyRef } from '../../main/ports/key.ts';
import type { StayContext } from '../../main/session/stay-context.ts';
import { canReach, pendingEffects, walk } from '../support/machine-walk.ts';
import type { WalkNode } from '../support/machine-walk.ts';
import { accountFacts, answersOf, description, made, keyA, keyB, options, stayInput } from '../support/session-samples.ts';

const pinFacts = [
  { type: 'pinFact.edited', count: 3, rules: [], ready: false, notice: null },
  { type: 'pinFact.entered', pin: { secret: 1 } },
  { type: 'pinFact.refused', notice: { code: 'pin.differs' } },
] as const;

const signInCall: SignInCall = { ask: { ask: 7 }, request: { challengeB64u: 'AAAA', allowCredentialIdsB64u: [] } };

const signInAsked: SessionEvent = { type: 'page.signInAsked', ...signInCall };

const portalFacts = [
  { type: 'page.host', host: 'mysignins.microsoft.com', verified: true },
  { type: 'page.place', place: 'securityInfo' },
  { type: 'page.keyAsked', ask: { ask: 1 }, options },
  { type: 'page.failed', what: 'crash' },
] as const;

const pageFacts = [
  { type: 'page.host', host: 'login.microsoftonline.com', verified: true },
  { type: 'page.host', host: null, verified: false },
  { type: 'page.place', place: 'pass' },
  { type: 'page.refusal', aadsts: 130503 },
  { type: 'page.answered', answer: { answer: 1 } },
  { type: 'page.blocked', host: 'example.com' },
  { type: 'page.failed', what: 'crash' },
] as const;

/** Effects coming back, in every way they may, or in these. */
const effectEvents = (snapshot: AnyMachineSnapshot, only: Partial<typeof answersOf> = {}) =>
  pendingEffects(snapshot).flatMap(({ id, src }) =>
    ({ ...answersOf, ...only }[src as keyof typeof answersOf] ?? []).map(
      (output) => ({ type: `xstate.done.actor.${id}`, output }) as never,
    ),
  );

/** A key that can be tidied, so that nothing stays on it but what nobody could tell of. */
const tidies: Partial<typeof answersOf> = {
  discardKeys: [{ ok: true, value: [{ credentialIdB64u: made.credentialIdB64u, reason: null }] }],
};
/** One that has its PIN, so that the walk has room for all that may come of tidying. */
const hasPin: Partial<typeof answersOf> = {
  describeKey: [{ ok: true, value: { ...description, pin: 'set', tries: { left: 8, of: 8 } } }],
};

const saidNow = (snapshot: AnyMachineSnapshot) => intentSamples.filter((sample) => snapshot.can(sample));

function expectNeverStuck<Snapshot extends AnyMachineSnapshot>(nodes: ReadonlyMap<string, WalkNode<Snapshot>>) {
  const home = canReach(nodes, (node) => node.snapshot.status === 'done');
  const stuck = [...nodes.values()].filter((node) => !home.has(node.key)).map((node) => node.path);
  expect(stuck).toEqual([]);
}

describe('the key flow', () => {
  const walkFrom = (
    atStart: readonly KeyRef[],
    notThisKey: KeyRef | null,
    routes: readonly RegistrationRoute[],
    {
      keys = [keyA, keyB],
      only = tidies,
      signIn = null,
    }: {
      readonly keys?: readonly KeyRef[];
      readonly only?: Partial<typeof answersOf>;
      readonly signIn?: SignInCall | null;
    } = {},
  ) =>
    walk({
      machine: keyFlow,
      input: {
        plugged: atStart,
        unreachable: null,
        second: notThisKey !== null,
        minPinLength: 6,
        refusalOf: () => null,
        notThisKey,
        language: 'en',
        objectId: 'o',
        routes,
        signIn,
        leftOvers: [],
      },
      mostNodes: 60_000,
      keyOf: ({ value, context }) =>
        JSON.stringify([
          value,
          context.plugged,
          context.key,
          context.passedOver,
          context.description?.pin,
          context.description?.tries?.left,
          context.pin !== null,
          context.oldPin !== null,
          context.made !== null,
          context.made !== null && context.accepted,
          ['settling', 'troubleSettling', 'tidying', 'leftOnKey'].includes(String(value)) && context.after,
          context.savedLate !== null,
          context.leftOvers.map(({ triedOn, inDoubt, told }) => [triedOn === context.key?.insertion, inDoubt, told]),
          context.proved,
          context.refusals.length,
          context.ask !== null,
          context.sharing,
          context.accounts.length,
          context.account,
          context.reason?.code === 'key.removed',
        ]),
      moves: (snapshot) => [
        ...saidNow(snapshot),
        // Whose else a key is has nothing to do with how many are plugged in: with one of them is enough.
        ...effectEvents(snapshot, keys.length === 1 ? only : { otherAccounts: answersOf.otherAccounts.slice(0, 1), ...only }),
        ...(snapshot.matches('choosing') ||
        snapshot.matches('confirming') ||
        snapshot.matches('entering') ||
        snapshot.matches('enteringOld')
          ? pinFacts
          : []),
        ...keys.map(
          (key) =>
            ({
              type: snapshot.context.plugged.some((plugged) => plugged.insertion === key.insertion)
                ? 'key.removed'
                : 'key.inserted',
              key,
            }) as const,
        ),
        ...(snapshot.matches('onPortal') || snapshot.matches('savingOnPage') ? portalFacts : []),
        ...(snapshot.context.ask === null ? [] : [{ type: 'page.keyWithdrawn', ask: snapshot.context.ask } as const]),
        ...(snapshot.context.signIn === null ? [] : [{ type: 'page.keyWithdrawn', ask: snapshot.context.signIn.ask } as const]),
        { type: 'key.unreachable', reason: because('key.noAccess') } as const,
        { type: 'key.hostDown' } as const,
        { type: 'key.progress', progress: 'touchNeeded' } as const,
      ],
    });
  const renamed = <Node extends (ReturnType<typeof walkFrom> extends ReadonlyMap<string, infer N> ? N : never)>(
    walkName: string,
    key: string,
    node: Node,
  ) =>
    [
      `${walkName} ${key}`,
      {
        ...node,
        key: `${walkName} ${node.key}`,
        edges: node.edges.map((edge) => ({ ...edge, to: `${walkName} ${edge.to}` })),
      },
    ] as const;
  // Every beginning: nothing plugged in, by Graph and by Microsoft's page, and a second key while the first is still there; and
  // a key that keeps what was made on it.
  const nodes = new Map([
    ...walkFrom([], null, ['self']),
    ...[...walkFrom([], null, ['portal'], { keys: [keyA] })].map(([key, node]) => renamed('portal', key, node)),
    ...[...walkFrom([], null, [], { keys: [keyA], signIn: signInCall })].map(([key, node]) => renamed('sign-in', key, node)),
    ...[...walkFrom([keyA, keyB], keyA, ['self'])].map(([key, node]) => renamed('second', key, node)),
    ...[...walkFrom([keyA], null, ['self', 'portal'], { keys: [keyA], only: hasPin })].map(([key, node]) =>
      renamed('tidying', key, node),
    ),
  ]);

  test('is walked in full', () => {
    const seen = new Set(
      [...nodes.values()].flatMap(({ snapshot: { value } }) => (typeof value === 'string' ? [value] : Object.keys(value))),
    );
    // Passed through without stopping, so never the end of a step.
    const never = Object.keys(keyFlow.states).filter((state) => !seen.has(state as never));
    expect(never).toEqual([
      'keyTaken',
      'keyLost',
      'keyLooked',
      'takingRoute',
      'beforeMaking',
      'signed',
      'tidied',
      'goingBack',
      'beforeProof',
    ]);
  });

  test('can always be ended, from every state', () => expectNeverStuck(nodes));

  test('has a screen in every state, and none that leaves a person without anything to do', () => {
    const context = { ...stayInput } as unknown as StayContext;
    const dead: unknown[] = [];
    for (const node of nodes.values()) {
      const screen: Screen = keyScreen(node.snapshot, context);
      const hands = ['insertKey', 'keyRefused', 'replugKey', 'touch'].includes(screen.kind);
      const busy = pendingEffects(node.snapshot).length > 0;
      if (node.snapshot.status === 'active' && !hands && !busy && saidNow(node.snapshot).length === 0) dead.push(node.path);
    }
    expect(dead).toEqual([]);
  });

  test('never asks a key for anything while it is out, and never uses a PIN that was given up', () => {
    for (const node of nodes.values()) {
      const { snapshot } = node;
      if (
        ['choosing', 'confirming', 'entering', 'enteringOld', 'keyReady', 'inspecting'].some((state) => snapshot.value === state)
      ) {
        expect(snapshot.context.plugged, node.path.join(' > ')).toContainEqual(snapshot.context.key);
      }
      if (['waitingForKey', 'keyRefused', 'keyReady'].some((state) => snapshot.value === state))
        expect(snapshot.context.pin, node.path.join(' > ')).toBeNull();
    }
  });

  test('has a person touch the key they mean whenever more than one may be meant, and works with no key that was passed over', () => {
    for (const { snapshot, path } of nodes.values()) {
      const { context } = snapshot;
      const left = mayBeMeant(context);
      if (snapshot.matches('waitingForKey') || snapshot.matches('proveWaiting')) expect(left, path.join(' > ')).toEqual([]);
      if (['inspecting', 'keyReady', 'entering', 'choosing', 'making', 'proving'].some((state) => snapshot.value === state)) {
        expect(context.passedOver, path.join(' > ')).not.toContainEqual(context.key);
      }
      if (snapshot.matches('choosingKey')) {
        expect(left.length, path.join(' > ')).toBeGreaterThan(0);
        expect(context.pin === null || context.made !== null, path.join(' > ')).toBe(true);
      }
    }
  });

  test('keeps names of accounts no longer than the choice takes, and makes nothing where it only signs in', () => {
    const wrong = [...nodes.values()].filter(({ snapshot }) => {
      const { accounts, signIn } = snapshot.context;
      const choosing = snapshot.matches('choosingAccount') || snapshot.matches('answeringSignIn');
      if (!choosing && accounts.length > 0) return true;
      return signIn === null ? choosing || snapshot.matches('signing') : snapshot.context.made !== null;
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
    const answered = [...nodes.values()].filter(({ snapshot }) => snapshot.output?.kind === 'answered');
    expect(answered.length).toBeGreaterThan(0);
    for (const { path } of answered) expect(path.at(-1)).toContain('answeringSignIn');
  });

  test('says that a key is not the person’s alone before anything is made on it', () => {
    const byKey = [...nodes.values()];
    const shared = byKey.filter(({ snapshot }) => snapshot.matches('sharedKey'));
    expect(shared.length).toBeGreaterThan(0);
    for (const { edges } of shared) {
      const making = edges.filter(({ to }) => nodes.get(to)?.snapshot.matches('making'));
      expect(making.map(({ event }) => event)).toEqual(['{"type":"continue"}']);
    }
    // A key that came with its PIN is looked at, unless the person has said that it may be shared.
    for (const { snapshot, edges, path } of byKey) {
      if (snapshot.matches('making')) continue;
      for (const { event, to } of edges) {
        const next = nodes.get(to)?.snapshot;
        if (!next?.matches('making') || next.context.pinSetHere || next.context.sharing) continue;
        expect(event, path.join(' > ')).toContain('lookingForOthers');
      }
    }
  });

  test('calls a key done only after its proof', () => {
    const proved = [...nodes.values()].filter(
      (node) => node.snapshot.status === 'done' && node.snapshot.output?.kind === 'proved',
    );
    expect(proved.length).toBeGreaterThan(0);
    for (const node of proved) {
      // What stays on another key is told after the proof.
      const last = node.path.findLast((event) => event !== '{"type":"continue"}');
      expect(last).toContain('proving');
    }
  });

  test('never goes on to another key, nor ends, before the last one was tidied or somebody was told what stays on it', () => {
    const open = [...nodes.values()].filter(
      ({ snapshot: { context, status, value } }) =>
        (status === 'done' || value === 'keyRefused' || value === 'trouble' || value === 'proved') &&
        context.leftOvers.some(({ told }) => !told),
    );
    // A key that was taken out in between is told of at the end.
    expect(open.filter(({ snapshot }) => snapshot.status === 'done').map(({ path }) => path)).toEqual([]);
    const kept = [...nodes.values()].filter(({ snapshot }) => snapshot.context.leftOvers.some(({ told }) => told));
    expect(kept.length).toBeGreaterThan(0);
    for (const { path } of kept) expect(path.join(' > ')).toContain('{"type":"continue"}');
  });

  test('takes back nothing that somebody said is saved', () => {
    for (const { snapshot, path } of nodes.values()) {
      if (!snapshot.matches('tidying')) continue;
      expect(snapshot.context.made === null || snapshot.context.accepted, path.join(' > ')).toBe(true);
      const heard = path.findLastIndex((event) => event.includes('makeCredential') || event.includes('making'));
      const saved = path
        .slice(heard + 1)
        .filter((event) => /xstate\.done\.actor\.0\.keyFlow\.(registering|settling)".*"ok":true/.test(event));
      expect(saved, path.join(' > ')).toEqual([]);
    }
  });
});

describe('the sign-in flow', () => {
  const walkFrom = (standing: PageStanding | null) =>
    walk({
      machine: signInFlow,
      input: { language: 'en', withPhone: false, standing },
      mostNodes: 5_000,
      keyOf: ({ value, context }) =>
        JSON.stringify([
          value,
          context.step,
          context.host,
          context.notice?.code,
          context.keyboard,
          context.answer,
          context.facts !== null,
          context.withKey,
        ]),
      moves: (snapshot) => [...saidNow(snapshot), ...effectEvents(snapshot), ...pageFacts, signInAsked],
    });
  const host = { state: 'verified', host: 'login.microsoft.com' } as const;
  const nodes = walkFrom(null);
  const withKey = walkFrom({ host, step: 'key', withKey: true });

  test('can always be ended, from every state', () => expectNeverStuck(nodes));

  test('shows the page only while it is up, and a plain reason when it is refused', () => {
    for (const node of nodes.values()) {
      if (node.snapshot.matches('trouble')) {
        expect(node.snapshot.context.reason, node.path.join(' > ')).not.toBeNull();
        expect(saidNow(node.snapshot).map((intent) => intent.type)).toEqual(expect.arrayContaining(['tryAgain', 'back']));
      }
    }
    expect([...nodes.values()].some((node) => node.snapshot.context.notice?.code === 'pass.wrong')).toBe(true);
  });

  test('signs in only with facts about the account', () => {
    const outputs = [...nodes.values()].flatMap((node) =>
      node.snapshot.output?.kind === 'signedIn' ? [node.snapshot.output.facts] : [],
    );
    expect(outputs.length).toBeGreaterThan(0);
    for (const facts of outputs) expect(facts).toEqual(accountFacts);
  });

  test('goes on with the page as it stood after its key, and calls the key the way in only while nothing else was', () => {
    expectNeverStuck(withKey);
    expect([...withKey.values()][0]?.snapshot).toMatchObject({ value: 'showing', context: { host, step: 'key' } });
    for (const { snapshot, path } of withKey.values()) {
      const other = path.some(
        (event) => event.includes('page.refusal') || event.includes('"pass"') || event.includes('tryAgain'),
      );
      if (snapshot.output?.kind === 'signedIn') expect(snapshot.output.withKey, path.join(' > ')).toBe(!other);
    }
  });

  test('hands a page’s request over to the key, with the page as it stands', () => {
    const asked = [...nodes.values()].flatMap(({ snapshot }) => (snapshot.output?.kind === 'keyAsked' ? [snapshot.output] : []));
    expect(asked.length).toBeGreaterThan(0);
    for (const { call, standing } of asked) {
      expect(call).toEqual(signInCall);
      expect(standing.withKey).toBe(false);
    }
  });
});

describe('the phone flow', () => {
  const nodes = walk({
    machine: phoneFlow,
    input: { language: 'en', known: [], inAppPossible: true },
    mostNodes: 5_000,
    keyOf: ({ value, context }) =>
      JSON.stringify([
        value,
        context.way,
        context.host,
        context.registeredAtMs,
        context.signInOnAtMs,
        context.notice?.code,
        context.skipped,
      ]),
    moves: (snapshot) => [
      ...saidNow(snapshot),
      ...effectEvents(snapshot),
      ...pageFacts,
      { type: 'phoneFact.registered', name: 'Pixel', atMs: 1 } as const,
      { type: 'phoneFact.signInOn', name: 'Pixel', atMs: 2 } as const,
    ],
  });

  test('can always be ended, and skipped, from every state', () => {
    expectNeverStuck(nodes);
    const skippable = canReach(nodes, (node) => node.snapshot.output?.kind === 'skipped');
    for (const node of nodes.values())
      if (node.snapshot.status === 'active') expect(skippable.has(node.key), node.path.join(' > ')).toBe(true);
  });

  test('says that phone sign-in is on only when the directory said so', () => {
    const on = [...nodes.values()].filter((node) => node.snapshot.output?.kind === 'signInOn');
    expect(on.length).toBeGreaterThan(0);
    expect(on.filter((node) => !node.path.at(-1)?.includes('phoneFact.signInOn'))).toEqual([]);
  });
});
