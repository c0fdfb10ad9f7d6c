// One person's time at the desk, from touch to wipe. Two things run beside one another: the journey with one flow at a
// time, and the idle watch. Panels and the look lie over both.
import { assign, raise, setup } from 'xstate';
import type { Device } from '../../contract/intent.ts';
import { limits } from '../../contract/limits.ts';
import { because, type Reason } from '../../contract/reason.ts';
import type { Finding, Look, PassEnd } from '../../contract/snapshot.ts';
import type { StayEnd } from '../ports/journal.ts';
import type { KeyRef } from '../ports/key.ts';
import { cardOf } from './card.ts';
import type { AccountFacts, DeskKnowledge, SecondFactorEnd } from './effect.ts';
import { effects } from './effect.ts';
import type { SessionEvent } from './event.ts';
import type { KeyFlowOutput } from './key/key-context.ts';
import { keyFlow } from './key/key-flow.ts';
import type { LeftOver } from './key/left-overs.ts';
import { nobody } from './nobody.ts';
import { granted, itsReason, valueOf } from './outcome-reading.ts';
import type { PhoneFlowOutput } from './phone-flow.ts';
import { passLeftAlone } from './pass-end.ts';
import { phoneFlow } from './phone-flow.ts';
import { mayTryAnyway, stopsJourney } from './planner/planner.ts';
import { pluggedAfter } from './key/plugged-keys.ts';
import type { SignInFlowOutput } from './sign-in-flow.ts';
import type { PanelKind, StayContext, StayInput, StayPlace, WayDone } from './stay-context.ts';
import { modelRefusalOf, noPlan, planAfter, planReady } from './stay-plan.ts';
import { signInFlow } from './sign-in-flow.ts';
import { hasKey, keysMade } from './ways.ts';

function withLook(context: StayContext, change: Partial<Look>): Pick<StayContext, 'look'> {
  return { look: { ...context.look, ...change } };
}

function toggled(devices: readonly Device[], device: Device, chosen: boolean): readonly Device[] {
  const others = devices.filter((other) => other !== device);
  return chosen ? [...others, device] : others;
}

/** The look can be changed wherever a person can be. */
function lookHandlers() {
  return {
    'look.language': { actions: 'lookLanguage' },
    'look.textSize': { actions: 'lookTextSize' },
    'look.contrast': { actions: 'lookContrast' },
    'look.motion': { actions: 'lookMotion' },
    'look.controlsLower': { actions: 'lookControls' },
  } as const;
}

function factsOf(output: SignInFlowOutput): AccountFacts {
  if (output.kind !== 'signedIn') throw new Error('stay: the sign-in has no facts');
  return output.facts;
}

function keyAskedOf(output: SignInFlowOutput): Extract<SignInFlowOutput, { kind: 'keyAsked' }> {
  if (output.kind !== 'keyAsked') throw new Error('stay: no key was asked for');
  return output;
}

function answeredWith(output: KeyFlowOutput): KeyRef {
  if (output.kind !== 'answered') throw new Error('stay: the page has no answer');
  return output.key;
}

/** What a key flow begins with, whatever the key is for. */
function keysNow({ plugged, unreachable, minPinLength, look, leftOvers }: StayContext) {
  return { plugged, unreachable, minPinLength, language: look.language, leftOvers };
}

function provedOf(output: KeyFlowOutput): Extract<KeyFlowOutput, { kind: 'proved' }> {
  if (output.kind !== 'proved') throw new Error('stay: the key was not proved');
  return output;
}

function signInOnAtMs(output: PhoneFlowOutput): number {
  if (output.kind !== 'signInOn') throw new Error('stay: phone sign-in is not on');
  return output.atMs;
}

const keptLeftOvers = {
  type: 'keepLeftOvers',
  params: ({ event }: { readonly event: { readonly output: KeyFlowOutput } }) => event.output.leftOvers,
} as const;

const phoneWanted = (context: StayContext): boolean => context.planned.order !== 'keyOnly' && context.phoneSettled === 'no';

const keysDone = (context: StayContext): number => keysMade(context).length;

/** Places of the journey where the person is busy with Microsoft's page or with their phone. */
const awayPlaces: readonly StayPlace[] = ['phoneFirst', 'signingIn', 'settingPhone'];

export const stay = setup({
  types: {
    context: {} as StayContext,
    events: {} as SessionEvent | { type: 'idle.expired' } | { type: 'moved' },
    input: {} as StayInput,
  },
  actors: { ...effects, signInFlow, keyFlow, phoneFlow },
  delays: {
    untilWarning: ({ context }) =>
      Math.max(1_000, (context.away ? context.idleAwayMs : context.idleMs) - limits.idleWarningSeconds * 1_000),
    warning: limits.idleWarningSeconds * 1_000,
    beforeReopening: 30_000,
  },
  guards: {
    planReady: ({ context }) => planReady(context.plan),
    signedInAlready: ({ context }) => context.account !== null,
    phoneFirst: ({ context }) => context.planned.order === 'phoneThenKey' && !context.phoneFirstDone,
    isElsewhere: ({ context }) => context.knowledge.elsewhere !== null,
    stopForetold: ({ context }) => stopsJourney(context.planned).length > 0,
    mayTryAnyway: ({ context }) => mayTryAnyway(stopsJourney(context.planned)),
    phoneWanted: ({ context }) => phoneWanted(context),
    somethingWorks: ({ context }) => context.ways.length > 0,
    oneWayOnly: ({ context }) => context.ways.length < 2,
    mustStayClosed: ({ context }) => context.closedBecause !== null,
    cutOffBefore: ({ context }) => context.findings.length > 0,
    panelFree: ({ context }) => context.panel === null,
    panelOpen: ({ context }) => context.panel !== null,
    somethingWorksByKey: ({ context }) => keysDone(context) > 0,
    mayPrint: ({ context }) => context.printing === 'offered' || context.printing === 'printed',
    phoneStillPossible: ({ context }) =>
      context.planned.order !== 'keyOnly' && context.phoneSettled !== 'done' && context.ways.length < 2,
    factorMayBeOld: ({ context }) =>
      context.preferAuthenticator && context.secondFactor === null && context.phoneSettled === 'done',
    nothingToLose: ({ context }) => context.place === null,
    startAgainAsked: ({ context }) => context.panel === 'startAgain',
  },
  actions: {
    openPanel: assign((_, panel: PanelKind) => ({ panel })),
    closePanel: assign({ panel: null }),
    forgetPerson: assign(({ context }) => ({ ...nobody, ...noPlan(context) })),
    trackInsertion: assign({
      plugged: ({ context, event }) => pluggedAfter(context.plugged, event),
      unreachable: null,
    }),
    trackRemoval: assign({
      plugged: ({ context, event }) => pluggedAfter(context.plugged, event),
    }),
    trackAccess: assign({
      unreachable: ({ context, event }) => (event.type === 'key.unreachable' ? event.reason : context.unreachable),
    }),
    trackHostDown: assign({ plugged: ({ context, event }) => pluggedAfter(context.plugged, event) }),
    lookLanguage: assign(({ context, event }) =>
      event.type === 'look.language' ? withLook(context, { language: event.language }) : {},
    ),
    lookTextSize: assign(({ context, event }) =>
      event.type === 'look.textSize' ? withLook(context, { textSize: event.textSize }) : {},
    ),
    lookContrast: assign(({ context, event }) =>
      event.type === 'look.contrast' ? withLook(context, { contrast: event.contrast }) : {},
    ),
    lookMotion: assign(({ context, event }) => (event.type === 'look.motion' ? withLook(context, { motion: event.motion }) : {})),
    lookControls: assign(({ context, event }) =>
      event.type === 'look.controlsLower' ? withLook(context, { controlsLower: event.controlsLower }) : {},
    ),
    planDevice: assign(({ context, event }) =>
      event.type === 'plan.device'
        ? planAfter(context, { plan: { ...context.plan, devices: toggled(context.plan.devices, event.device, event.chosen) } })
        : {},
    ),
    planPassUse: assign(({ context, event }) =>
      event.type === 'plan.passUse' ? planAfter(context, { plan: { ...context.plan, passUse: event.passUse } }) : {},
    ),
    noteKnowledge: assign(({ context }, knowledge: DeskKnowledge) => planAfter(context, { knowledge })),
    notePhoneFirst: assign({ phoneFirstDone: true }),
    noteAccount: assign(({ context }, facts: AccountFacts) => {
      const on = facts.phones.some((phone) => phone.signInOn);
      const atMs = facts.signedInAtMs;
      const had: readonly WayDone[] = [
        ...(context.signInKey ? [{ way: 'earlierKey' as const, atMs }] : []),
        ...(on ? [{ way: 'phoneSignIn' as const, atMs }] : []),
      ];
      return {
        ...planAfter(context, { account: facts }),
        ways: [...context.ways, ...had],
        phoneSettled: on ? ('done' as const) : context.phoneSettled,
      };
    }),
    noteKey: assign(({ context }, proved: Extract<KeyFlowOutput, { kind: 'proved' }>) => ({
      lastKey: proved,
      ways: [
        ...context.ways,
        { way: hasKey(context) ? ('secondKey' as const) : ('securityKey' as const), atMs: context.nowWallMs() },
      ],
    })),
    noteStanding: assign((_, output: Extract<SignInFlowOutput, { kind: 'keyAsked' }>) => ({
      standing: output.standing,
      signInCall: output.call,
    })),
    noteAnswered: assign(({ context }, key: KeyRef) => ({
      signInKey: key,
      standing: context.standing && { ...context.standing, withKey: true },
    })),
    forgetStanding: assign({ standing: null, signInCall: null }),
    /** The sign-in came about by something else. */
    forgetSignInKey: assign({ signInKey: null }),
    keepLeftOvers: assign((_, leftOvers: readonly LeftOver[]) => ({ leftOvers })),
    notePhoneOn: assign(({ context }, atMs: number) => ({
      phoneSettled: 'done' as const,
      ways: [...context.ways, { way: 'phoneSignIn' as const, atMs }],
    })),
    notePhoneSkipped: assign({ phoneSettled: 'skipped' }),
    unskipPhone: assign({ phoneSettled: 'no' }),
    noteFactor: assign((_, secondFactor: SecondFactorEnd) => ({ secondFactor })),
    notePassEnd: assign((_, passEnd: PassEnd) => ({ passEnd })),
    printingBusy: assign({ printing: 'busy' }),
    printed: assign({ printing: 'printed' }),
    printingImpossible: assign({ printing: 'impossible' }),
    endBy: assign((_, ending: StayEnd) => ({ ending, panel: null })),
    close: assign((_, reason: Reason) => ({ reason, panel: null })),
    warnFrom: assign({ idleEndsAtMs: ({ context }) => context.nowWallMs() + limits.idleWarningSeconds * 1_000 }),
    stopWarning: assign({ idleEndsAtMs: null }),
    arriveAt: assign((_, place: StayPlace) => ({ place, away: awayPlaces.includes(place), panel: null })),
    /** Nothing more can be lost here, so nobody is warned any more. */
    leavePlace: assign({ place: null, away: false, panel: null }),
    sayMoved: raise({ type: 'moved' }),
    expireIdle: raise({ type: 'idle.expired' }),
    noteFindings: assign((_, findings: readonly Finding[]) => ({ findings })),
    forgetFindings: assign({ findings: [] }),
    lendNothing: () => undefined,
  },
}).createMachine({
  id: 'stay',
  context: ({ input }) => ({
    ...input,
    ...nobody,
    ...noPlan(input),
    plugged: [],
    unreachable: null,
  }),
  type: 'parallel',
  on: {
    'key.inserted': { actions: 'trackInsertion' },
    'key.removed': { actions: 'trackRemoval' },
    'key.unreachable': { actions: 'trackAccess' },
    'key.hostDown': { actions: 'trackHostDown' },
  },
  states: {
    journey: {
      initial: 'opening',
      states: {
        opening: {
          always: [
            { guard: 'mustStayClosed', target: 'closed', actions: assign({ reason: ({ context }) => context.closedBecause }) },
            { guard: 'cutOffBefore', target: 'interrupted' },
            { target: 'attract' },
          ],
        },
        interrupted: {
          on: { continue: 'acknowledging' },
        },
        acknowledging: {
          invoke: {
            src: 'acknowledge',
            input: () => ({}),
            onDone: [
              { guard: granted, target: 'attract', actions: 'forgetFindings' },
              { target: 'closed', actions: { type: 'close', params: itsReason } },
            ],
          },
        },
        attract: {
          on: {
            start: { guard: 'panelFree', target: 'beginning' },
            'help.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'help' } },
            'language.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'language' } },
            'display.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'display' } },
            'panel.close': { guard: 'panelOpen', actions: 'closePanel' },
            // Someone chose a language or large letters and walked away: the next person finds the desk as it was.
            'idle.expired': { actions: 'forgetPerson' },
            ...lookHandlers(),
          },
        },
        beginning: {
          invoke: {
            src: 'beginStay',
            input: () => ({}),
            onDone: [
              {
                guard: granted,
                target: 'serving',
                actions: { type: 'noteKnowledge', params: ({ event }) => valueOf(event.output) },
              },
              { target: 'closed', actions: { type: 'close', params: itsReason } },
            ],
          },
        },
        // Everything between start and wipe: what is true here is true at every step.
        serving: {
          initial: 'arriving',
          on: {
            'help.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'help' } },
            'language.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'language' } },
            'display.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'display' } },
            'forgotPin.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'forgotPin' } },
            'keyDoesNotFit.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'keyDoesNotFit' } },
            'startAgain.ask': { guard: 'panelFree', actions: { type: 'openPanel', params: 'startAgain' } },
            'startAgain.confirm': {
              guard: 'startAgainAsked',
              target: 'wiping',
              actions: { type: 'endBy', params: 'startedAgain' },
            },
            'panel.close': { guard: 'panelOpen', actions: 'closePanel' },
            'idle.expired': { target: 'wiping', actions: { type: 'endBy', params: 'idle' } },
            'idle.leave': { target: 'wiping', actions: { type: 'endBy', params: 'left' } },
            'desk.rendererGone': { target: 'wiping', actions: { type: 'endBy', params: 'crash' } },
            ...lookHandlers(),
          },
          states: {
            arriving: { always: [{ guard: 'isElsewhere', target: 'gate' }, { target: 'planning' }] },
            // Nobody is asked for a pass where the desk should not be; help, language and display are there all the same.
            gate: {
              entry: [{ type: 'arriveAt', params: 'planning' }, 'sayMoved'],
              initial: 'noting',
              states: {
                noting: {
                  invoke: {
                    src: 'noteElsewhere',
                    input: ({ context }) => ({ reason: context.knowledge.elsewhere ?? because('desk.placeUntold') }),
                    onDone: 'told',
                  },
                },
                told: { on: { tryAgain: 'looking' } },
                looking: {
                  invoke: {
                    src: 'lookAgain',
                    input: () => ({}),
                    onDone: [
                      {
                        guard: granted,
                        target: '#stay.journey.serving.arriving',
                        actions: { type: 'noteKnowledge', params: ({ event }) => valueOf(event.output) },
                      },
                      { target: 'told' },
                    ],
                  },
                },
              },
              on: { back: { target: '#stay.journey.wiping', actions: { type: 'endBy', params: 'left' } } },
            },
            planning: {
              entry: [{ type: 'arriveAt', params: 'planning' }, 'sayMoved'],
              on: {
                'plan.device': { actions: 'planDevice' },
                'plan.passUse': { actions: 'planPassUse' },
                continue: [
                  { guard: ({ context }) => !planReady(context.plan), actions: 'lendNothing' },
                  { guard: 'stopForetold', target: 'foretold' },
                  { target: 'goingOn' },
                ],
                back: { target: '#stay.journey.wiping', actions: { type: 'endBy', params: 'left' } },
              },
            },
            // As things are, going on would fail and may cost the pass: said first, with who can change it.
            foretold: {
              entry: [{ type: 'arriveAt', params: 'planning' }, 'sayMoved'],
              initial: 'noting',
              states: {
                noting: {
                  invoke: {
                    src: 'noteForetold',
                    input: ({ context }) => ({ codes: stopsJourney(context.planned).map(({ code }) => code) }),
                    onDone: 'told',
                  },
                },
                told: {
                  on: { tryAgain: 'looking', continue: { guard: 'mayTryAnyway', target: '#stay.journey.serving.goingOn' } },
                },
                looking: {
                  invoke: {
                    src: 'lookAgain',
                    input: () => ({}),
                    onDone: [
                      {
                        guard: granted,
                        target: 'judging',
                        actions: { type: 'noteKnowledge', params: ({ event }) => valueOf(event.output) },
                      },
                      { target: 'told' },
                    ],
                  },
                },
                judging: {
                  always: [{ guard: 'stopForetold', target: 'told' }, { target: '#stay.journey.serving.goingOn' }],
                },
              },
              on: { back: 'planning' },
            },
            goingOn: {
              always: [
                { guard: 'signedInAlready', target: 'settingKey' },
                { guard: 'phoneFirst', target: 'phoneFirst' },
                { target: 'signingIn' },
              ],
            },
            phoneFirst: {
              entry: [{ type: 'arriveAt', params: 'phoneFirst' }, 'sayMoved'],
              on: {
                'phone.ready': { target: 'signingIn', actions: 'notePhoneFirst' },
                'phone.skip': { target: 'signingIn', actions: ['notePhoneFirst', 'notePhoneSkipped'] },
                back: 'planning',
              },
            },
            signingIn: {
              entry: [{ type: 'arriveAt', params: 'signingIn' }, 'sayMoved'],
              invoke: {
                src: 'signInFlow',
                id: 'flow',
                input: ({ context }) => ({
                  standing: context.standing,
                  language: context.look.language,
                  withPhone: context.phoneFirstDone && context.phoneSettled !== 'skipped',
                }),
                onDone: [
                  {
                    guard: ({ event }) => event.output.kind === 'keyAsked',
                    target: 'signingInByKey',
                    actions: { type: 'noteStanding', params: ({ event }) => keyAskedOf(event.output) },
                  },
                  {
                    guard: ({ event }) => event.output.kind === 'signedIn' && event.output.withKey,
                    target: 'judgingPerson',
                    actions: ['forgetStanding', { type: 'noteAccount', params: ({ event }) => factsOf(event.output) }],
                  },
                  {
                    guard: ({ event }) => event.output.kind === 'signedIn',
                    target: 'judgingPerson',
                    actions: [
                      'forgetStanding',
                      'forgetSignInKey',
                      { type: 'noteAccount', params: ({ event }) => factsOf(event.output) },
                    ],
                  },
                  { target: 'planning', actions: ['forgetStanding', 'forgetSignInKey', assign({ phoneFirstDone: false })] },
                ],
              },
            },
            /** Microsoft's page waits for a key that has an account already; afterwards it goes on by itself. */
            signingInByKey: {
              entry: [{ type: 'arriveAt', params: 'signingInByKey' }, 'sayMoved'],
              invoke: {
                src: 'keyFlow',
                id: 'flow',
                input: ({ context }) => ({
                  ...keysNow(context),
                  signIn: context.signInCall,
                  second: false,
                  refusalOf: ({ pin }) => (pin === 'none' ? because('key.noAccount') : null),
                  notThisKey: null,
                  objectId: '',
                  routes: [],
                }),
                onDone: [
                  {
                    guard: ({ event }) => event.output.kind === 'answered',
                    target: 'signingIn',
                    actions: { type: 'noteAnswered', params: ({ event }) => answeredWith(event.output) },
                  },
                  { target: 'signingIn' },
                ],
              },
            },
            /** Who it is may say more than the tenant's rules did: a guest, a group that is left out. */
            judgingPerson: {
              always: [{ guard: 'stopForetold', target: 'foretold' }, { target: 'settingKey' }],
            },
            settingKey: {
              entry: [{ type: 'arriveAt', params: 'settingKey' }, 'sayMoved'],
              invoke: {
                src: 'keyFlow',
                id: 'flow',
                input: ({ context }) => ({
                  ...keysNow(context),
                  signIn: null,
                  second: hasKey(context),
                  refusalOf: (description) => modelRefusalOf(context, description),
                  notThisKey: context.lastKey?.key ?? context.signInKey,
                  objectId: context.account?.account.objectId ?? '',
                  routes: context.registrationRoutes,
                }),
                onDone: [
                  {
                    guard: ({ event }) => event.output.kind === 'proved',
                    target: 'works',
                    actions: [keptLeftOvers, { type: 'noteKey', params: ({ event }) => provedOf(event.output) }],
                  },
                  { guard: 'somethingWorksByKey', target: 'works', actions: keptLeftOvers },
                  { target: 'planning', actions: keptLeftOvers },
                ],
              },
            },
            works: {
              entry: [{ type: 'arriveAt', params: 'works' }, 'sayMoved'],
              on: {
                'key.addSecond': 'settingKey',
                'phone.next': { guard: 'phoneWanted', target: 'settingPhone' },
                continue: 'finishing',
              },
            },
            settingPhone: {
              entry: [{ type: 'arriveAt', params: 'settingPhone' }, 'sayMoved'],
              invoke: {
                src: 'phoneFlow',
                id: 'flow',
                input: ({ context }) => ({
                  language: context.look.language,
                  known: context.account?.phones ?? [],
                  inAppPossible: context.planned.passOpens,
                }),
                onDone: [
                  {
                    guard: ({ event }) => event.output.kind === 'signInOn',
                    target: 'finishing',
                    actions: { type: 'notePhoneOn', params: ({ event }) => signInOnAtMs(event.output) },
                  },
                  { guard: ({ event }) => event.output.kind === 'skipped', target: 'finishing', actions: 'notePhoneSkipped' },
                  { target: 'works' },
                ],
              },
            },
            // With one way in the pass is still worth something: it goes only when the person says they are leaving.
            finishing: {
              always: [
                {
                  guard: 'oneWayOnly',
                  target: 'done',
                  actions: { type: 'notePassEnd', params: ({ context }) => passLeftAlone(context.account?.pass ?? null) },
                },
                { guard: 'factorMayBeOld', target: 'preferringPhone' },
                { target: 'closingPass' },
              ],
            },
            /** With the person's own sign-in, which ends with their pass. */
            preferringPhone: {
              entry: [{ type: 'arriveAt', params: 'finishing' }, 'sayMoved'],
              invoke: {
                src: 'preferPhone',
                input: () => ({}),
                onDone: { target: 'closingPass', actions: { type: 'noteFactor', params: ({ event }) => event.output } },
              },
            },
            closingPass: {
              entry: [{ type: 'arriveAt', params: 'finishing' }, 'sayMoved'],
              invoke: {
                src: 'closePass',
                input: ({ context }) => ({ pass: context.account?.pass ?? null }),
                onDone: { target: 'done', actions: { type: 'notePassEnd', params: ({ event }) => event.output } },
              },
            },
            done: {
              entry: [{ type: 'arriveAt', params: 'done' }, 'sayMoved'],
              initial: 'offering',
              states: {
                offering: {
                  on: { print: { guard: 'mayPrint', target: 'printing' } },
                },
                printing: {
                  entry: 'printingBusy',
                  invoke: {
                    src: 'printCard',
                    input: ({ context }) => ({ card: cardOf(context) }),
                    onDone: [
                      { guard: granted, target: 'offering', actions: 'printed' },
                      { target: 'offering', actions: 'printingImpossible' },
                    ],
                  },
                },
              },
              on: {
                finish: [
                  { guard: 'oneWayOnly', target: 'leavingWithOneWay' },
                  { target: '#stay.journey.wiping', actions: { type: 'endBy', params: 'finished' } },
                ],
                'key.addSecond': { guard: 'oneWayOnly', target: 'settingKey' },
                'phone.next': { guard: 'phoneStillPossible', target: 'settingPhone', actions: 'unskipPhone' },
                back: { guard: 'oneWayOnly', target: 'works' },
              },
            },
            leavingWithOneWay: {
              invoke: {
                src: 'closePass',
                input: ({ context }) => ({ pass: context.account?.pass ?? null }),
                onDone: { target: '#stay.journey.wiping', actions: { type: 'endBy', params: 'finished' } },
              },
            },
          },
        },
        wiping: {
          entry: ['leavePlace', 'sayMoved'],
          invoke: {
            src: 'wipe',
            input: ({ context }) => ({ how: context.ending, ways: context.ways.map((done) => done.way) }),
            onDone: [
              {
                guard: ({ event }) => event.output.ok && event.output.value.length > 0,
                target: 'leftBehind',
                actions: ['forgetPerson', { type: 'noteFindings', params: ({ event }) => valueOf(event.output) }],
              },
              { guard: granted, target: 'attract', actions: 'forgetPerson' },
              { target: 'closed', actions: ['forgetPerson', { type: 'close', params: itsReason }] },
            ],
          },
        },
        /** The person left in the middle of a key: whoever stands here reads what it may hold. */
        leftBehind: {
          on: { continue: { target: 'attract', actions: 'forgetFindings' } },
        },
        /** Out of service; the desk tries by itself whether it may open again. */
        closed: {
          after: { beforeReopening: 'reopening' },
        },
        reopening: {
          invoke: {
            src: 'reopen',
            input: () => ({}),
            onDone: [
              { guard: granted, target: 'attract', actions: 'forgetPerson' },
              { target: 'closed', actions: { type: 'close', params: itsReason } },
            ],
          },
        },
      },
    },
    idle: {
      initial: 'counting',
      on: {
        'desk.activity': '.counting',
        'key.inserted': { target: '.counting', actions: 'trackInsertion' },
        'key.removed': { target: '.counting', actions: 'trackRemoval' },
        'phoneFact.registered': '.counting',
        'phoneFact.signInOn': '.counting',
        moved: '.counting',
      },
      states: {
        counting: {
          entry: 'stopWarning',
          after: {
            untilWarning: [
              { guard: 'nothingToLose', actions: 'expireIdle', target: 'counting', reenter: true },
              { target: 'warning' },
            ],
          },
        },
        warning: {
          entry: 'warnFrom',
          exit: 'stopWarning',
          on: { 'idle.stillHere': 'counting' },
          after: { warning: { target: 'counting', actions: 'expireIdle' } },
        },
      },
    },
  },
});
