// One key, from the box to its passed test: plug in, look, PIN, make, save, prove. One telling in one breath, so it is
// longer than most files. The PIN is a ticket all the way; the finger and the plug are facts.
import { assign, setup } from 'xstate';
import type { Reason, ReasonCode } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { Language } from '../../contract/intent.ts';
import type { HostSeen, RegistrationRoute, RouteRefusal } from '../../contract/snapshot.ts';
import type { CreationOptions, KeyDescription, KeyProgress, KeyRef, MadeCredential } from '../ports/key.ts';
import type { KeyAsk } from '../ports/page.ts';
import type { SecretTicket } from '../ports/secret.ts';
import type { OnKey, OnRoute } from './effect.ts';
import { effects } from './effect.ts';
import type { SessionEvent } from './event.ts';
import { granted, itsReason, reasonOf, refusedAs, valueOf, type Answered } from './outcome-reading.ts';
import type { Choice } from './plugged-keys.ts';
import { isPlugged, leaves, mayBeMeant, notMeant, pluggedAfter, withoutKey } from './plugged-keys.ts';
import { graphRoute, isClosedBy } from './registration-route.ts';
import { hostSeen } from './sign-in-flow.ts';
import { nothingTyped, pinTaken, refusalShown, typedActions, typingShown, type PinTyping } from './typed-pin.ts';

export interface KeyFlowInput {
  readonly plugged: readonly KeyRef[];
  readonly unreachable: Reason | null;
  readonly second: boolean;
  /** The desk asks for at least this many code points, whatever the key would take. */
  readonly minPinLength: number;
  /** What the tenant's rules say against this model, so that it gets no PIN for nothing; null: nothing, as far as is known. */
  readonly refusalOf: (description: KeyDescription) => Reason | null;
  /** The key that was just set up: it must be taken out before a second one counts. */
  readonly notThisKey: KeyRef | null;
  readonly language: Language;
  /** Who the key is for. */
  readonly objectId: string;
  /** In the order in which they are tried; at least one. */
  readonly routes: readonly RegistrationRoute[];
}

export type KeyFlowOutput =
  | {
      readonly kind: 'proved';
      readonly key: KeyRef;
      readonly description: KeyDescription;
      readonly made: MadeCredential;
      readonly pinSetHere: boolean;
    }
  | { readonly kind: 'back' };

interface KeyFlowContext extends KeyFlowInput, PinTyping {
  readonly key: KeyRef | null;
  readonly passedOver: Choice['passedOver'];
  readonly description: KeyDescription | null;
  readonly reason: Reason | null;
  readonly pin: SecretTicket | null;
  readonly oldPin: SecretTicket | null;
  readonly pinSetHere: boolean;
  readonly options: CreationOptions | null;
  readonly made: MadeCredential | null;
  readonly proved: boolean;
  readonly progress: KeyProgress | null;
  /** Those that don't serve, in the order they were tried. */
  readonly refusals: readonly RouteRefusal[];
  /** The request of Microsoft's page that waits for this key. */
  readonly ask: KeyAsk | null;
  readonly host: HostSeen | null;
  readonly keyboard: boolean;
  /** The directory does not let the person read whether the key is saved. */
  readonly untold: boolean;
}

/** A state that needs what an earlier one put into the context; missing it is a bug, not an outcome. */
function needed<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`key flow: ${what} is missing`);
  return value;
}

const onKey = (context: KeyFlowContext): OnKey => ({
  key: needed(context.key, 'key'),
  description: needed(context.description, 'description'),
});

/** A key may be no good by itself, or for this tenant. */
const unusableFor = ({ refusalOf }: KeyFlowContext, description: KeyDescription): Reason | null =>
  description.unusable ?? refusalOf(description);

const routeNow = ({ routes, refusals }: KeyFlowContext): RegistrationRoute | undefined => routes[refusals.length];
const onRoute = (context: KeyFlowContext): OnRoute => ({ route: graphRoute(routeNow(context)), objectId: context.objectId });

const minimum = (context: KeyFlowContext): number => Math.max(context.minPinLength, context.description?.minPinLength ?? 0);
const maximum = (context: KeyFlowContext): number => context.description?.maxPinLength ?? 63;

/** Pulling the key out ends what was being done with it, and says so. */
const pulledOut = {
  'key.removed': [{ guard: 'ourKeyGone', target: 'keyLost', actions: ['trackRemoval', 'loseKey'] }, { actions: 'trackRemoval' }],
  'key.hostDown': { target: 'keyLost', actions: ['trackHostDown', 'loseKey'] },
} as const;

/** Before anything is begun with a key, another one makes it a question which of them is meant. */
const anotherKey = {
  'key.inserted': [
    { guard: 'isAnother', target: 'choosingKey', actions: ['trackInsertion', 'forgetKey', 'forgetChoice'] },
    { actions: 'trackInsertion' },
  ],
} as const;

/** Microsoft's page is up beside the desk's guide. */
const besidePage = {
  'page.host': { actions: 'showHost' },
  'page.blocked': { actions: 'showBlocked' },
  'keyboard.show': { actions: 'showKeyboard' },
  'keyboard.hide': { actions: 'hideKeyboard' },
  'keyboard.press': { actions: 'takenByPage' },
} as const;

/** A key that was pulled out while an effect was finishing is noticed where the effect's answer leads. */
const keyIsGone = { guard: 'ourKeyMissing', target: 'keyLost', actions: 'loseKey' } as const;

/** Before a PIN is set a key may have to prove itself, by a touch that can be refused; the setting itself is not stopped. */
const provingItself = {
  'key.progress': { actions: 'showProgress' },
  back: { guard: 'wantsTouch', target: 'keyReady', actions: 'forgetPin' },
} as const;

/** Reasons that rule out this very key, so that the next step is another key. */
const rulesOutKey: readonly ReasonCode[] = [
  'key.alreadyRegistered',
  'key.full',
  'key.noAlgorithm',
  'key.pinLocked',
  'key.misbehaved',
  'key.notAllowed',
  'key.notFresh',
  'key.notRecognised',
  'key.unsafe',
  'key.unproven',
  'key.notCertified',
  'key.notGenuine',
  'directory.keyModelNotAllowed',
  'directory.attestationRefused',
];

const refusesThisKey = ({ event }: Answered): boolean => rulesOutKey.includes(reasonOf(event.output).code);

const noteRefusal = { type: 'noteRefusal', params: itsReason } as const;
const noteNotice = { type: 'noteNotice', params: itsReason } as const;
const noteTries = { type: 'noteTries', params: itsReason } as const;

/** What a PIN that the key did not take leads to, whatever it was for. */
const wrongPin = ['forgetPin', noteNotice, noteTries] as const;
const wantsReplug = {
  guard: refusedAs('key.pinReplug'),
  target: 'replugging',
  actions: ['forgetPin', 'forgetAsk', noteRefusal],
} as const;
const notThisKey = { guard: refusesThisKey, target: 'keyRefused', actions: ['forgetPin', 'forgetAsk', noteRefusal] } as const;
const wasPulledOut = { guard: refusedAs('key.removed'), target: 'keyLost', actions: 'loseKey' } as const;
const otherTrouble = { target: 'trouble', actions: ['forgetAsk', noteRefusal] } as const;
const closesRoute = ({ event }: Answered): boolean => !event.output.ok && isClosedBy(event.output.reason);
const pageFailed = { type: 'noteRefusal', params: because('signIn.pageFailed') } as const;

export const keyFlow = setup({
  types: {
    context: {} as KeyFlowContext,
    events: {} as SessionEvent,
    input: {} as KeyFlowInput,
    output: {} as KeyFlowOutput,
  },
  actors: effects,
  guards: {
    onePlugged: ({ context }) => mayBeMeant(context).length === 1,
    morePlugged: ({ context }) => mayBeMeant(context).length > 1,
    /** Others than the lost one, chosen or not. */
    othersPlugged: ({ context }) => withoutKey(context.plugged, context.notThisKey).length > 0,
    leavesOne: ({ context, event }) => leaves(context, event, 1),
    leavesNone: ({ context, event }) => leaves(context, event, 0),
    isAnother: ({ context, event }) => event.type === 'key.inserted' && event.key.insertion !== context.key?.insertion,
    isMade: ({ context }) => context.made !== null,
    ourKeyGone: ({ context, event }) => event.type === 'key.removed' && event.key.insertion === context.key?.insertion,
    lastTry: ({ context }) => context.description?.tries?.left === 1,
    pinNone: ({ context }) => context.description?.pin === 'none',
    pinMustChange: ({ context }) => context.description?.pin === 'mustChange',
    ourKeyMissing: ({ context }) => !isPlugged(context.plugged, context.key),
    /** Nobody pulled it out: a new host knows the key that is still there by another name. */
    wentWithHost: ({ context }) => context.reason?.code === 'key.hostDown' && !isPlugged(context.plugged, context.key),
    /** It left, or it is not the one that was made. */
    wantsKeyBack: ({ context }) => !isPlugged(mayBeMeant(context), context.key),
    hasPin: ({ context }) => context.pin !== null,
    noRouteLeft: ({ context }) => routeNow(context) === undefined,
    byPortal: ({ context }) => routeNow(context) === 'portal',
    pageAsks: ({ context }) => context.ask !== null,
    ourAskWithdrawn: ({ context, event }) => event.type === 'page.keyWithdrawn' && event.ask.ask === context.ask?.ask,
    isOnList: ({ event }) => event.type === 'page.place' && event.place === 'securityInfo',
    wantsTouch: ({ context }) => context.progress === 'touchNeeded',
  },
  actions: {
    /** The collector in the conductor takes the press; the machine only says that it is welcome. */
    takenByCollector: () => undefined,
    /** The conductor types on the page; the machine only says that it is welcome. */
    takenByPage: () => undefined,
    noteClosedRoute: assign(({ context }, reason: Reason) => {
      const route = routeNow(context);
      return route === undefined ? {} : { refusals: [...context.refusals, { route, reason }] };
    }),
    allRoutesAgain: assign({ refusals: [] }),
    noteAsk: assign(({ event }) =>
      event.type === 'page.keyAsked' ? { ask: event.ask, options: event.options, notice: null } : {},
    ),
    /** The conductor tells the page that nothing comes of its request. */
    forgetAsk: assign({ ask: null }),
    showHost: assign(({ event }) => (event.type === 'page.host' ? { host: hostSeen(event.host, event.verified) } : {})),
    showBlocked: assign({ notice: because('signIn.pageBlocked') }),
    showKeyboard: assign({ keyboard: true }),
    hideKeyboard: assign({ keyboard: false }),
    forgetPage: assign({ host: null, keyboard: false, notice: null, untold: false }),
    noteUntold: assign({ untold: true }),
    trackInsertion: assign({
      plugged: ({ context, event }) => pluggedAfter(context.plugged, event),
      unreachable: null,
    }),
    trackRemoval: assign({
      plugged: ({ context, event }) => pluggedAfter(context.plugged, event),
      notThisKey: ({ context, event }) =>
        event.type === 'key.removed' && event.key.insertion === context.notThisKey?.insertion ? null : context.notThisKey,
      passedOver: ({ context, event }) =>
        event.type === 'key.removed' ? withoutKey(context.passedOver, event.key) : context.passedOver,
    }),
    trackAccess: assign({
      unreachable: ({ context, event }) => (event.type === 'key.unreachable' ? event.reason : context.unreachable),
    }),
    takeTheOnlyKey: assign({ key: ({ context }) => mayBeMeant(context)[0] ?? null }),
    /** Told by its touch, perhaps before it was told that it is there. */
    takeTouched: assign(({ context }, key: KeyRef) => ({
      key,
      plugged: [...withoutKey(context.plugged, key), key],
      passedOver: [...context.passedOver, ...withoutKey(mayBeMeant(context), key)],
    })),
    forgetChoice: assign({ passedOver: [] }),
    passOverOurs: assign(({ context }) => ({
      passedOver: context.key ? [...context.passedOver, context.key] : context.passedOver,
    })),
    /** Whatever is plugged in now is not the key that has just left. */
    passOverPlugged: assign(({ context }) => ({ passedOver: withoutKey(context.plugged, context.notThisKey) })),
    forgetKey: assign({
      key: null,
      description: null,
      pin: null,
      oldPin: null,
      typed: nothingTyped,
      options: null,
      ask: null,
      progress: null,
    }),
    loseKey: assign({
      plugged: ({ context }) => withoutKey(context.plugged, context.key),
      key: null,
      description: null,
      pin: null,
      oldPin: null,
      typed: nothingTyped,
      options: null,
      ask: null,
      progress: null,
      notice: because('key.removed'),
    }),
    dropGoneKey: assign(({ context }) => ({
      plugged: withoutKey(context.plugged, context.key),
      notice: context.reason?.code === 'key.swapped' ? context.reason : because('key.removed'),
    })),
    trackHostDown: assign({ plugged: ({ context, event }) => pluggedAfter(context.plugged, event) }),
    dropNewPin: assign({ pin: null, typed: nothingTyped }),
    forgetMade: assign({ made: null, options: null }),
    forgetPin: assign({ pin: null, oldPin: null, typed: nothingTyped }),
    clearTyped: assign({ typed: nothingTyped }),
    clearNotice: assign({ notice: null }),
    showTyped: assign(({ event, context }) => typingShown(context, event)),
    showPinNotice: assign(({ event }) => refusalShown(event)),
    showProgress: assign(({ event }) => (event.type === 'key.progress' ? { progress: event.progress } : {})),
    keepPin: assign(({ event }) => pinTaken(event, (pin) => ({ pin }))),
    keepOldPin: assign(({ event }) => pinTaken(event, (oldPin) => ({ oldPin }))),
    noteRefusal: assign((_, reason: Reason) => ({ reason })),
    noteNotice: assign((_, notice: Reason) => ({ notice })),
    noteDescription: assign((_, description: KeyDescription) => ({ description, notice: null, reason: null })),
    /** The key said how many tries are left; the drawing follows. */
    noteTries: assign(({ context }, reason: Reason) => {
      const left = reason.detail?.retriesLeft;
      if (left === undefined || !context.description) return {};
      return { description: { ...context.description, tries: { left, of: context.description.tries?.of ?? 8 } } };
    }),
    notePinSet: assign(({ context }) => ({
      pinSetHere: true,
      description: context.description ? { ...context.description, pin: 'set' as const } : null,
    })),
    notePinMustChange: assign(({ context }) => ({
      description: context.description ? { ...context.description, pin: 'mustChange' as const } : null,
    })),
    noteOptions: assign((_, options: CreationOptions) => ({ options })),
    noteMade: assign((_, made: MadeCredential) => ({ made, notice: null })),
    quietProgress: assign({ progress: null }),
    clearReason: assign({ reason: null }),
    noteProved: assign({ proved: true }),
  },
}).createMachine({
  id: 'keyFlow',
  context: ({ input }) => ({
    ...input,
    key: null,
    passedOver: [],
    description: null,
    notice: null,
    reason: null,
    typed: nothingTyped,
    pin: null,
    oldPin: null,
    pinSetHere: false,
    options: null,
    made: null,
    proved: false,
    progress: null,
    refusals: [],
    ask: null,
    host: null,
    keyboard: false,
    untold: false,
  }),
  initial: 'waitingForKey',
  output: ({ context }) => {
    return context.proved && context.made && context.key && context.description
      ? { kind: 'proved', key: context.key, description: context.description, made: context.made, pinSetHere: context.pinSetHere }
      : { kind: 'back' };
  },
  on: {
    'key.inserted': { actions: 'trackInsertion' },
    'key.removed': { actions: 'trackRemoval' },
    'key.unreachable': { actions: 'trackAccess' },
    'key.hostDown': { actions: 'trackHostDown' },
    'page.keyWithdrawn': { guard: 'ourAskWithdrawn', actions: 'forgetAsk' },
  },
  states: {
    waitingForKey: {
      always: [
        { guard: 'onePlugged', target: 'inspecting', actions: 'takeTheOnlyKey' },
        { guard: 'morePlugged', target: 'choosingKey' },
      ],
      on: { back: 'leaving', 'keyDoesNotFit.open': { actions: 'takenByCollector' } },
    },
    /** Several are plugged in: the one that is touched is the one that is meant. Taking the others out is as good. */
    choosingKey: {
      initial: 'asking',
      on: {
        'key.removed': [
          { guard: 'leavesOne', target: 'keyTaken', actions: ['trackRemoval', 'clearNotice', 'takeTheOnlyKey'] },
          { guard: 'leavesNone', target: 'keyLost', actions: 'trackRemoval' },
          { actions: 'trackRemoval' },
        ],
        'key.hostDown': { target: 'keyLost', actions: 'trackHostDown' },
        back: [
          { guard: 'isMade', target: 'troubleProving', actions: { type: 'noteRefusal', params: because('key.touchDenied') } },
          { target: 'leaving' },
        ],
      },
      states: {
        asking: {
          entry: 'quietProgress',
          invoke: {
            src: 'selectKey',
            input: ({ context }) => ({ except: notMeant(context) }),
            onDone: [
              {
                guard: granted,
                target: '#keyFlow.keyTaken',
                actions: ['clearNotice', { type: 'takeTouched', params: ({ event }) => valueOf(event.output) }],
              },
              { target: 'unanswered', actions: noteNotice },
            ],
          },
          on: { 'key.progress': { actions: 'showProgress' } },
        },
        /** Nobody touched one, or none of them could be asked. */
        unanswered: {
          on: {
            tryAgain: { target: 'asking', actions: 'clearNotice' },
            'key.inserted': { target: 'asking', actions: ['trackInsertion', 'clearNotice'] },
          },
        },
      },
    },
    keyTaken: { always: [{ guard: 'isMade', target: 'proving' }, { target: 'inspecting' }] },
    /** The key that was worked with has left. Another one that is still there may be the one that is meant now, or not. */
    keyLost: {
      always: [
        { guard: 'isMade', target: 'proveWaiting' },
        { guard: 'othersPlugged', target: 'choosingKey', actions: 'forgetChoice' },
        { target: 'waitingForKey' },
      ],
    },
    inspecting: {
      on: { ...pulledOut, ...anotherKey, back: { target: 'leaving', actions: 'forgetKey' } },
      invoke: {
        src: 'describeKey',
        input: ({ context }) => ({ key: needed(context.key, 'key') }),
        onDone: [
          {
            guard: ({ context, event }) => event.output.ok && unusableFor(context, event.output.value) === null,
            target: 'keyReady',
            actions: { type: 'noteDescription', params: ({ event }) => valueOf(event.output) },
          },
          {
            guard: granted,
            target: 'keyRefused',
            actions: [
              { type: 'noteDescription', params: ({ event }) => valueOf(event.output) },
              {
                type: 'noteRefusal',
                params: ({ context, event }) => unusableFor(context, valueOf(event.output)) ?? because('key.misbehaved'),
              },
            ],
          },
          wasPulledOut,
          { target: 'keyRefused', actions: noteRefusal },
        ],
      },
    },
    /** Another key is wanted: the refused one leaves, or one more is plugged in beside it. */
    keyRefused: {
      always: { guard: 'ourKeyMissing', target: 'waitingForKey', actions: ['loseKey', 'forgetChoice'] },
      on: {
        'key.inserted': [
          {
            guard: 'isAnother',
            target: 'waitingForKey',
            actions: ['trackInsertion', 'forgetChoice', 'passOverOurs', 'forgetKey', 'clearNotice'],
          },
          { actions: 'trackInsertion' },
        ],
        'key.removed': [
          { guard: 'ourKeyGone', target: 'waitingForKey', actions: ['trackRemoval', 'forgetKey', 'forgetChoice', 'clearNotice'] },
          { actions: 'trackRemoval' },
        ],
        'key.hostDown': { target: 'waitingForKey', actions: ['trackHostDown', 'forgetKey', 'forgetChoice'] },
        back: { target: 'leaving', actions: 'forgetKey' },
      },
    },
    keyReady: {
      always: keyIsGone,
      entry: 'clearTyped',
      on: {
        'pin.begin': [
          { guard: 'pinNone', target: 'choosing', actions: 'clearNotice' },
          { guard: 'pinMustChange', target: 'enteringOld', actions: 'clearNotice' },
          { guard: 'lastTry', target: 'lastTry' },
          { target: 'entering', actions: 'clearNotice' },
        ],
        ...pulledOut,
        ...anotherKey,
        back: { target: 'leaving', actions: 'forgetKey' },
      },
    },
    choosing: {
      always: keyIsGone,
      entry: 'clearTyped',
      invoke: {
        src: 'collectPin',
        input: ({ context }) => ({
          ask: 'choose',
          minLength: minimum(context),
          maxLength: maximum(context),
          compare: context.oldPin,
        }),
      },
      on: {
        ...typedActions,
        'pinFact.entered': { target: 'confirming', actions: 'keepPin' },
        ...pulledOut,
        back: { target: 'keyReady', actions: ['forgetPin', 'clearNotice'] },
      },
    },
    confirming: {
      always: keyIsGone,
      entry: 'clearTyped',
      invoke: {
        src: 'collectPin',
        input: ({ context }) => ({
          ask: 'again',
          minLength: minimum(context),
          maxLength: maximum(context),
          compare: context.pin,
        }),
      },
      on: {
        ...typedActions,
        'pinFact.entered': [
          { guard: 'pinMustChange', target: 'changingPin', actions: 'keepPin' },
          { target: 'settingPin', actions: 'keepPin' },
        ],
        'pinFact.refused': { target: 'choosing', actions: ['showPinNotice', 'dropNewPin'] },
        ...pulledOut,
        back: { target: 'choosing', actions: ['dropNewPin', 'clearNotice'] },
      },
    },
    settingPin: {
      entry: 'quietProgress',
      invoke: {
        src: 'setPin',
        input: ({ context }) => ({ ...onKey(context), pin: needed(context.pin, 'PIN') }),
        onDone: [
          { guard: granted, target: 'takingRoute', actions: 'notePinSet' },
          {
            guard: refusedAs('key.pinRefused'),
            target: 'choosing',
            actions: ['forgetPin', noteNotice],
          },
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: provingItself,
    },
    enteringOld: {
      always: keyIsGone,
      entry: 'clearTyped',
      invoke: {
        src: 'collectPin',
        input: ({ context }) => ({ ask: 'old', minLength: 4, maxLength: maximum(context), compare: null }),
      },
      on: {
        ...typedActions,
        'pinFact.entered': { target: 'choosing', actions: 'keepOldPin' },
        ...pulledOut,
        'forgotPin.open': { actions: 'takenByCollector' },
        back: { target: 'keyReady', actions: ['forgetPin', 'forgetAsk', 'clearNotice'] },
      },
    },
    changingPin: {
      entry: 'quietProgress',
      invoke: {
        src: 'changePin',
        input: ({ context }) => ({
          ...onKey(context),
          oldPin: needed(context.oldPin, 'old PIN'),
          newPin: needed(context.pin, 'PIN'),
        }),
        onDone: [
          { guard: granted, target: 'takingRoute', actions: 'notePinSet' },
          {
            guard: refusedAs('key.pinRefused'),
            target: 'choosing',
            actions: ['dropNewPin', noteNotice],
          },
          {
            guard: refusedAs('key.pinWrong'),
            target: 'enteringOld',
            actions: wrongPin,
          },
          wantsReplug,
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: provingItself,
    },
    /** One more wrong PIN would lock the key for good: say so before it is typed. */
    lastTry: {
      always: keyIsGone,
      on: {
        'pin.lastTry': { target: 'entering', actions: 'clearNotice' },
        ...pulledOut,
        'forgotPin.open': { actions: 'takenByCollector' },
        back: { target: 'keyReady', actions: 'forgetAsk' },
      },
    },
    entering: {
      always: keyIsGone,
      entry: 'clearTyped',
      invoke: {
        src: 'collectPin',
        input: ({ context }) => ({ ask: 'enter', minLength: 4, maxLength: maximum(context), compare: null }),
      },
      on: {
        ...typedActions,
        'pinFact.entered': { target: 'takingRoute', actions: 'keepPin' },
        ...pulledOut,
        'forgotPin.open': { actions: 'takenByCollector' },
        back: { target: 'keyReady', actions: ['forgetPin', 'forgetAsk', 'clearNotice'] },
      },
    },
    /** Three wrong PINs in a row: the key wants to be plugged in again before it listens. */
    replugging: {
      initial: 'takeOut',
      states: {
        takeOut: {
          always: { guard: 'ourKeyMissing', target: 'plugIn', actions: 'forgetKey' },
          on: {
            'key.hostDown': { target: 'plugIn', actions: ['trackHostDown', 'forgetKey'] },
            'key.removed': [
              { guard: 'ourKeyGone', target: 'plugIn', actions: ['trackRemoval', 'forgetKey'] },
              { actions: 'trackRemoval' },
            ],
          },
        },
        plugIn: {
          always: [
            { guard: 'onePlugged', target: '#keyFlow.inspecting', actions: 'takeTheOnlyKey' },
            { guard: 'morePlugged', target: '#keyFlow.choosingKey' },
          ],
        },
      },
      on: { back: { target: 'leaving', actions: 'forgetKey' } },
    },
    /** The key has its PIN: on by the first way that is not known to be closed. */
    takingRoute: {
      always: [
        keyIsGone,
        { guard: 'pageAsks', target: 'making' },
        { guard: 'noRouteLeft', target: 'noRoute' },
        { guard: 'byPortal', target: 'onPortal' },
        { target: 'fetchingOptions' },
      ],
    },
    fetchingOptions: {
      always: keyIsGone,
      entry: 'quietProgress',
      invoke: {
        src: 'fetchOptions',
        input: ({ context }) => onRoute(context),
        onDone: [
          {
            guard: granted,
            target: 'making',
            actions: { type: 'noteOptions', params: ({ event }) => valueOf(event.output) },
          },
          { guard: closesRoute, target: 'takingRoute', actions: { type: 'noteClosedRoute', params: itsReason } },
          otherTrouble,
        ],
      },
      on: {
        ...pulledOut,
        back: { target: 'keyReady', actions: 'forgetPin' },
      },
    },
    /** None of the ways serves; the technician reads why of each. */
    noRoute: {
      invoke: {
        src: 'noteTrouble',
        input: ({ context }) => ({ reason: context.refusals.at(-1)?.reason ?? because('directory.routeNotSetUp') }),
      },
      on: {
        tryAgain: { target: 'takingRoute', actions: 'allRoutesAgain' },
        ...pulledOut,
        back: { target: 'leaving', actions: 'forgetKey' },
      },
    },
    /** Microsoft's page adds the key, and asks for it when it comes to that. */
    onPortal: {
      always: keyIsGone,
      entry: ['quietProgress', 'forgetPage'],
      invoke: {
        src: 'openSecurityInfo',
        input: ({ context }) => ({ language: context.language }),
        onDone: [{ guard: granted }, { target: 'trouble', actions: ['forgetPage', noteRefusal] }],
      },
      on: {
        ...besidePage,
        'page.keyAsked': { target: 'making', actions: 'noteAsk' },
        'page.failed': { target: 'trouble', actions: ['forgetPage', pageFailed] },
        ...pulledOut,
        back: { target: 'keyReady', actions: ['forgetPin', 'forgetPage'] },
      },
    },
    making: {
      entry: 'quietProgress',
      invoke: {
        src: 'makeCredential',
        input: ({ context }) => ({
          ...onKey(context),
          options: needed(context.options, 'options'),
          pin: needed(context.pin, 'PIN'),
          ask: context.ask,
        }),
        onDone: [
          {
            guard: ({ context, event }) => granted({ event }) && context.ask !== null,
            target: 'answeringPage',
            actions: { type: 'noteMade', params: ({ event }) => valueOf(event.output) },
          },
          {
            guard: granted,
            target: 'registering',
            actions: { type: 'noteMade', params: ({ event }) => valueOf(event.output) },
          },
          {
            guard: ({ context, event }) =>
              refusedAs('key.pinWrong')({ event }) &&
              context.description !== null &&
              reasonOf(event.output).detail?.retriesLeft === 1,
            target: 'lastTry',
            actions: wrongPin,
          },
          {
            guard: refusedAs('key.pinWrong'),
            target: 'entering',
            actions: wrongPin,
          },
          wantsReplug,
          {
            guard: refusedAs('key.pinMustChange'),
            target: 'enteringOld',
            actions: ['forgetPin', 'notePinMustChange'],
          },
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: {
        'key.progress': { actions: 'showProgress' },
        // The port answers a pulled key with `key.removed`; the effect must end first, so that its journal entry is whole.
        'key.removed': { actions: 'trackRemoval' },
        'page.keyWithdrawn': { guard: 'ourAskWithdrawn', target: 'takingRoute', actions: 'forgetAsk' },
        back: { target: 'keyReady', actions: ['forgetPin', 'forgetAsk'] },
      },
    },
    /** The page gets what it asked for; from here on the credential is in its hands. */
    answeringPage: {
      invoke: {
        src: 'answerPage',
        input: ({ context }) => ({ made: needed(context.made, 'credential'), ask: needed(context.ask, 'request') }),
        onDone: [
          { guard: granted, target: 'savingOnPage', actions: 'forgetAsk' },
          { target: 'trouble', actions: ['forgetAsk', 'forgetMade', noteRefusal] },
        ],
      },
    },
    /** The person names the key there; the directory tells when it is saved. */
    savingOnPage: {
      initial: 'watching',
      on: {
        ...besidePage,
        'page.failed': { target: 'troubleListing', actions: ['forgetPage', pageFailed] },
      },
      states: {
        watching: {
          invoke: {
            src: 'waitSaved',
            input: ({ context }) => ({ made: needed(context.made, 'credential') }),
            onDone: [
              { guard: granted, target: '#keyFlow.beforeProof', actions: 'forgetPage' },
              { guard: closesRoute, target: 'untold', actions: 'noteUntold' },
              { target: '#keyFlow.troubleListing', actions: ['forgetPage', noteRefusal] },
            ],
          },
        },
        untold: {
          on: {
            'page.place': { guard: 'isOnList', target: '#keyFlow.beforeProof', actions: 'forgetPage' },
            continue: { target: '#keyFlow.beforeProof', actions: 'forgetPage' },
          },
        },
      },
    },
    registering: {
      invoke: {
        src: 'registerKey',
        input: ({ context }) => ({
          ...onRoute(context),
          made: needed(context.made, 'credential'),
          model: context.description?.model ?? '',
        }),
        onDone: [
          { guard: granted, target: 'listing' },
          {
            guard: refusedAs('directory.challengeExpired'),
            target: 'fetchingOptions',
            actions: 'forgetMade',
          },
          {
            guard: refusesThisKey,
            target: 'keyRefused',
            actions: ['forgetMade', 'forgetPin', noteRefusal],
          },
          { target: 'troubleSaving', actions: noteRefusal },
        ],
      },
    },
    troubleSaving: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: { tryAgain: 'registering' },
    },
    listing: {
      invoke: {
        src: 'waitListed',
        input: ({ context }) => ({ ...onRoute(context), made: needed(context.made, 'credential') }),
        onDone: [
          { guard: granted, target: 'beforeProof', actions: 'clearNotice' },
          { target: 'troubleListing', actions: noteRefusal },
        ],
      },
    },
    troubleListing: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: { tryAgain: 'listing' },
    },
    beforeProof: {
      always: [{ guard: 'wantsKeyBack', target: 'proveWaiting' }, { target: 'proving' }],
    },
    proving: {
      entry: ['quietProgress', 'clearReason'],
      invoke: {
        src: 'proveKey',
        input: ({ context }) => ({
          ...onKey(context),
          made: needed(context.made, 'credential'),
          pin: needed(context.pin, 'PIN'),
        }),
        onDone: [
          { guard: granted, target: 'proved', actions: ['noteProved', 'forgetPin'] },
          {
            guard: refusedAs('key.removed'),
            target: 'proveWaiting',
            actions: [noteNotice, 'passOverPlugged'],
          },
          { guard: refusedAs('key.swapped'), target: 'troubleProving', actions: [noteRefusal, 'passOverOurs'] },
          { target: 'troubleProving', actions: noteRefusal },
        ],
      },
      on: {
        'key.progress': { actions: 'showProgress' },
        'key.removed': { actions: 'trackRemoval' },
        back: { target: 'troubleProving', actions: { type: 'noteRefusal', params: because('key.touchDenied') } },
      },
    },
    troubleProving: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: { tryAgain: 'beforeProof' },
    },
    /** The key that was just made was pulled out before its test; the same one is wanted back. */
    proveWaiting: {
      entry: 'dropGoneKey',
      always: [
        { guard: 'onePlugged', target: 'proving', actions: 'takeTheOnlyKey' },
        { guard: 'morePlugged', target: 'choosingKey' },
      ],
    },
    trouble: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: {
        tryAgain: [
          { guard: 'wentWithHost', target: 'waitingForKey', actions: ['forgetKey', 'forgetChoice'] },
          { guard: 'ourKeyMissing', target: 'keyLost', actions: 'forgetKey' },
          { guard: 'hasPin', target: 'takingRoute' },
          { target: 'inspecting' },
        ],
        ...pulledOut,
        back: { target: 'leaving', actions: 'forgetKey' },
      },
    },
    proved: { type: 'final' },
    leaving: { type: 'final' },
  },
});
