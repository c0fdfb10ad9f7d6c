// Care of one key after the other, told in one breath, so it is longer than most files: plug in, look, choose a task, type the
// PIN, do it. A key that leaves ends whatever was begun with it, everywhere but where it is asked to leave.
import { assign, setup } from 'xstate';
import type { CarePanel, CareTask } from '../../../contract/care.ts';
import type { Reason } from '../../../contract/reason.ts';
import { because, reasons } from '../../../contract/reason.ts';
import type { KeyRef } from '../../ports/key.ts';
import type { KeyInspection } from '../../ports/key-care.ts';
import { granted, itsReason, refusedAs, valueOf } from '../outcome-reading.ts';
import { pluggedAfter, withoutKey } from '../key/plugged-keys.ts';
import { nothingTyped, pinTaken, refusalShown, typedActions, typingShown } from '../typed-pin.ts';
import type { CareContext, CareInput } from './care-context.ts';
import {
  deedOnKey,
  eraseInput,
  eraseWindowMs,
  keyHasPin,
  leastNew,
  mostTyped,
  needed,
  noTask,
  nothingHeld,
  offers,
  onLastTry,
  usualLook,
} from './care-context.ts';
import { deedSaid, firstDeedOf, isRead, needsNoWarning, readsList } from './care-deed.ts';
import type { DeedResult, SeenKey } from './care-effect.ts';
import { careEffects } from './care-effect.ts';
import type { CareEvent } from './care-event.ts';

/** An erased key that restarts is back within half a second; a person takes longer to change it for another. */
const returnWithinMs = 3_000;

const toOverview = { target: 'overview', actions: 'leaveTask' } as const;

/** Before a task is begun, a second key makes it a question which of them is meant. */
const anotherOne = {
  'key.inserted': { target: '#care.several', actions: ['trackKeys', 'forgetAll'] },
} as const;

export const careFlow = setup({
  types: { context: {} as CareContext, events: {} as CareEvent, input: {} as CareInput },
  actors: careEffects,
  guards: {
    onePlugged: ({ context }) => context.plugged.length === 1,
    morePlugged: ({ context }) => context.plugged.length > 1,
    ourKeyGone: ({ context, event }) => event.type === 'key.removed' && event.key.insertion === context.key?.insertion,
    ourKeyMissing: ({ context }) => !context.plugged.some((key) => key.insertion === context.key?.insertion),
    chosenIsThere: ({ context, event }) =>
      event.type === 'key.choose' && context.plugged.some((key) => key.insertion === event.insertion),
    begins: ({ context, event }, task: CareTask) => event.type === 'care.begin' && event.task === task && offers(context, task),
    lastTry: ({ context }) => onLastTry(context),
    needsPin: ({ context }) => context.pin === null && keyHasPin(context),
    needsPinOnLastTry: ({ context }) => context.pin === null && keyHasPin(context) && onLastTry(context),
    changesPin: ({ context }) => context.deed?.deed === 'changePin',
    erases: ({ context }) => context.deed?.deed === 'erase',
    atOnce: ({ context }) => needsNoWarning(context.deed),
    /** In this list, and about something that is in it. */
    inList: ({ context, event }, task: CareTask) => context.task === task && deedSaid(context, event) !== null,
    listCameFromKey: ({ context }) => readsList(context.task),
    mayTryAgain: ({ context }) => context.reason !== null && reasons[context.reason.code].retry === 'now',
    panelFree: ({ context }) => context.panel === null,
    panelOpen: ({ context }) => context.panel !== null,
  },
  actions: {
    /** The collector in the conductor takes the press; the machine only says that it is welcome. */
    takenByCollector: () => undefined,
    openPanel: assign((_, panel: CarePanel) => ({ panel })),
    closePanel: assign({ panel: null }),
    changeLook: assign(({ context, event }) => {
      switch (event.type) {
        case 'look.language':
          return { look: { ...context.look, language: event.language } };
        case 'look.textSize':
          return { look: { ...context.look, textSize: event.textSize } };
        case 'look.contrast':
          return { look: { ...context.look, contrast: event.contrast } };
        case 'look.motion':
          return { look: { ...context.look, motion: event.motion } };
        case 'look.controlsLower':
          return { look: { ...context.look, controlsLower: event.controlsLower } };
        default:
          return {};
      }
    }),
    trackKeys: assign({ plugged: ({ context, event }) => pluggedAfter(context.plugged, event) }),
    noteNoAccess: assign(({ event }) => (event.type === 'key.unreachable' ? { notice: event.reason } : {})),
    clearNotice: assign({ notice: null }),
    takeTheOnlyKey: assign(({ context }) => ({
      key: context.plugged[0] ?? null,
      notice: null,
      done: context.nowWallMs() <= context.returnsUntilMs ? context.done : null,
      returnsUntilMs: 0,
    })),
    /** Erased, and out of the port by itself, to be back as a new device sooner than anybody puts another there. */
    awaitReturn: assign(({ context }) => ({
      ...nothingHeld,
      done: 'erase' as const,
      returnsUntilMs: context.nowWallMs() + returnWithinMs,
    })),
    takeChosen: assign(({ context, event }) =>
      event.type === 'key.choose'
        ? { key: context.plugged.find((key) => key.insertion === event.insertion) ?? null, seen: null, notice: null }
        : {},
    ),
    takeTouched: assign(({ context }, key: KeyRef) => ({
      key,
      plugged: [...withoutKey(context.plugged, key), key],
      seen: null,
      notice: null,
    })),
    takeInserted: assign(({ context, event }) =>
      event.type === 'key.inserted'
        ? { key: event.key, eraseEndsAtMs: context.nowWallMs() + eraseWindowMs(context), progress: null }
        : {},
    ),
    noteSeen: assign((_, seen: readonly SeenKey[]) => ({ seen })),
    forgetSeen: assign({ seen: null }),
    noteInspection: assign((_, inspection: KeyInspection) => ({ inspection, reason: null })),
    forgetAll: assign(nothingHeld),
    loseKey: assign(({ context }) => ({
      ...nothingHeld,
      plugged: withoutKey(context.plugged, context.key),
      notice: because('key.removed'),
    })),
    leaveTask: assign({ ...noTask, done: null, reason: null }),
    endTask: assign(noTask),
    beginTask: assign(({ event }) =>
      event.type === 'care.begin' ? { ...noTask, done: null, task: event.task, deed: firstDeedOf(event.task) } : {},
    ),
    setDeed: assign(({ context, event }) => ({
      deed: deedSaid(context, event),
      done: null,
      notice: null,
      sample: null,
      samplesTaken: 0,
    })),
    clearTyped: assign({ typed: nothingTyped }),
    showTyped: assign(({ event, context }) => typingShown(context, event)),
    showPinNotice: assign(({ event }) => refusalShown(event)),
    keepPin: assign(({ event }) => pinTaken(event, (pin) => ({ pin }))),
    keepNewPin: assign(({ event }) => pinTaken(event, (newPin) => ({ newPin }))),
    dropNewPin: assign({ newPin: null, typed: nothingTyped }),
    dropPins: assign({ pin: null, newPin: null, typed: nothingTyped }),
    quietProgress: assign({ progress: null }),
    showProgress: assign(({ event }) => (event.type === 'key.progress' ? { progress: event.progress } : {})),
    showSample: assign(({ context, event }) =>
      event.type === 'care.sample' ? { sample: event.sample, samplesTaken: context.samplesTaken + 1 } : {},
    ),
    noteNotice: assign((_, notice: Reason) => ({ notice })),
    noteReason: assign((_, reason: Reason) => ({ reason, progress: null })),
    /** The key said how many tries are left; the drawing follows. */
    noteTries: assign(({ context }, reason: Reason) => {
      const left = reason.detail?.retriesLeft;
      if (left === undefined || !context.inspection) return {};
      const { description } = context.inspection;
      return {
        inspection: { ...context.inspection, description: { ...description, tries: { left, of: description.tries?.of ?? 8 } } },
      };
    }),
    keepResult: assign(({ context }, result: DeedResult) => ({
      accounts: result.accounts ?? context.accounts,
      fingerprints: result.fingerprints ?? context.fingerprints,
      progress: null,
    })),
    noteDone: assign(({ context }) => {
      const done = context.deed?.deed;
      return done === undefined || done === 'readAccounts' || done === 'readFingerprints' ? {} : { done };
    }),
    readListAgain: assign(({ context }) => ({ deed: firstDeedOf(needed(context.task, 'task')) })),
    rememberMeant: assign(({ context }) => ({ meant: context.meant ?? context.key, key: null })),
  },
}).createMachine({
  id: 'care',
  context: ({ input }) => ({ ...input, ...nothingHeld, look: usualLook, panel: null, plugged: [] }),
  initial: 'waiting',
  on: {
    'key.inserted': { actions: 'trackKeys' },
    'key.removed': { actions: 'trackKeys' },
    'key.hostDown': { target: '.waiting', actions: ['forgetAll', 'trackKeys'] },
    'help.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'help' } },
    'language.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'language' } },
    'display.open': { guard: 'panelFree', actions: { type: 'openPanel', params: 'display' } },
    'panel.close': { guard: 'panelOpen', actions: 'closePanel' },
    'look.language': { actions: 'changeLook' },
    'look.textSize': { actions: 'changeLook' },
    'look.contrast': { actions: 'changeLook' },
    'look.motion': { actions: 'changeLook' },
    'look.controlsLower': { actions: 'changeLook' },
  },
  states: {
    waiting: {
      always: [
        { guard: 'onePlugged', target: 'atKey', actions: 'takeTheOnlyKey' },
        { guard: 'morePlugged', target: 'several' },
      ],
      on: { 'key.unreachable': { actions: 'noteNoAccess' }, 'key.hostUp': { actions: 'clearNotice' } },
    },
    /** Which of them is meant is told by a touch, or chosen by name and serial; taking the others out is as good. */
    several: {
      entry: 'forgetSeen',
      initial: 'looking',
      always: [
        { guard: 'onePlugged', target: 'atKey', actions: 'takeTheOnlyKey' },
        { guard: ({ context }) => context.plugged.length === 0, target: 'waiting' },
      ],
      states: {
        looking: {
          invoke: {
            src: 'inspectAll',
            input: ({ context }) => ({ keys: context.plugged }),
            onDone: [
              {
                guard: granted,
                target: 'asking',
                actions: { type: 'noteSeen', params: ({ event }) => valueOf(event.output) },
              },
              { target: 'unanswered' },
            ],
          },
        },
        asking: {
          invoke: {
            src: 'select',
            input: () => ({}),
            onDone: [
              {
                guard: granted,
                target: '#care.atKey',
                actions: { type: 'takeTouched', params: ({ event }) => valueOf(event.output) },
              },
              { target: 'unanswered' },
            ],
          },
        },
        /** Nobody touched one, or none of them could be asked. */
        unanswered: { on: { tryAgain: 'looking' } },
      },
      on: {
        'key.inserted': { target: 'several', reenter: true, actions: 'trackKeys' },
        'key.removed': { target: 'several', reenter: true, actions: 'trackKeys' },
        'key.choose': { guard: 'chosenIsThere', target: 'atKey', actions: 'takeChosen' },
      },
    },
    atKey: {
      initial: 'reading',
      always: { guard: 'ourKeyMissing', target: 'waiting', actions: 'loseKey' },
      on: { 'care.leftAlone': { target: '.overview', actions: 'leaveTask' } },
      states: {
        reading: {
          on: { ...anotherOne, 'care.leftAlone': {} },
          invoke: {
            src: 'inspect',
            input: ({ context }) => ({ key: needed(context.key, 'key') }),
            onDone: [
              {
                guard: granted,
                target: 'overview',
                actions: { type: 'noteInspection', params: ({ event }) => valueOf(event.output) },
              },
              { guard: refusedAs('key.removed'), target: '#care.waiting', actions: 'loseKey' },
              { target: 'unreadable', actions: { type: 'noteReason', params: itsReason } },
            ],
          },
        },
        unreadable: { on: { ...anotherOne, tryAgain: 'reading', 'care.leftAlone': {} } },
        overview: {
          on: {
            ...anotherOne,
            'care.begin': [
              { guard: { type: 'begins', params: 'setPin' }, target: 'choosing', actions: 'beginTask' },
              { guard: { type: 'begins', params: 'changePin' }, target: 'beforePin', actions: 'beginTask' },
              { guard: { type: 'begins', params: 'accounts' }, target: 'beforePin', actions: 'beginTask' },
              { guard: { type: 'begins', params: 'fingerprints' }, target: 'beforePin', actions: 'beginTask' },
              { guard: { type: 'begins', params: 'settings' }, target: 'listing', actions: 'beginTask' },
              { guard: { type: 'begins', params: 'erase' }, target: 'confirming', actions: 'beginTask' },
            ],
          },
        },
        /** Asks for the PIN where one is needed and not there yet. */
        beforePin: {
          always: [
            { guard: 'needsPinOnLastTry', target: 'lastTry' },
            { guard: 'needsPin', target: 'entering' },
            { target: 'working' },
          ],
        },
        lastTry: { on: { 'pin.lastTry': 'entering', back: toOverview } },
        entering: {
          entry: 'clearTyped',
          invoke: {
            src: 'collectPin',
            input: ({ context }) => ({
              ask: context.deed?.deed === 'changePin' ? ('old' as const) : ('enter' as const),
              minLength: 4,
              maxLength: mostTyped(context),
              compare: null,
            }),
          },
          on: {
            ...typedActions,
            'pinFact.entered': [
              { guard: 'changesPin', target: 'choosing', actions: 'keepPin' },
              { target: 'working', actions: 'keepPin' },
            ],
            back: toOverview,
          },
        },
        choosing: {
          entry: 'clearTyped',
          invoke: {
            src: 'collectPin',
            input: ({ context }) => ({
              ask: 'choose',
              minLength: leastNew(context),
              maxLength: mostTyped(context),
              compare: context.pin,
            }),
          },
          on: { ...typedActions, 'pinFact.entered': { target: 'repeating', actions: 'keepNewPin' }, back: toOverview },
        },
        repeating: {
          entry: 'clearTyped',
          invoke: {
            src: 'collectPin',
            input: ({ context }) => ({
              ask: 'again',
              minLength: leastNew(context),
              maxLength: mostTyped(context),
              compare: context.newPin,
            }),
          },
          on: {
            ...typedActions,
            'pinFact.entered': { target: 'working', actions: 'keepNewPin' },
            'pinFact.refused': { target: 'choosing', actions: ['showPinNotice', 'dropNewPin'] },
            back: { target: 'choosing', actions: ['dropNewPin', 'clearNotice'] },
          },
        },
        working: {
          entry: 'quietProgress',
          on: {
            'key.progress': { actions: 'showProgress' },
            'care.sample': { actions: 'showSample' },
            'care.leftAlone': {},
            back: toOverview,
          },
          invoke: {
            src: 'perform',
            input: ({ context }) => deedOnKey(context),
            onDone: [
              {
                guard: ({ context, event }) => event.output.ok && isRead(context.deed),
                target: 'listing',
                actions: { type: 'keepResult', params: ({ event }) => valueOf(event.output) },
              },
              {
                guard: ({ context, event }) => event.output.ok && readsList(context.task),
                target: 'working',
                reenter: true,
                actions: ['noteDone', 'readListAgain'],
              },
              // The key is another one now: what it tells of itself is asked for again.
              { guard: granted, target: 'reading', actions: ['noteDone', 'endTask'] },
              { guard: refusedAs('key.removed'), target: '#care.waiting', actions: 'loseKey' },
              {
                guard: refusedAs('key.pinWrong'),
                target: 'wrongPin',
                actions: [{ type: 'noteTries', params: itsReason }, { type: 'noteNotice', params: itsReason }, 'dropPins'],
              },
              {
                guard: refusedAs('key.pinRefused'),
                target: 'choosing',
                actions: [{ type: 'noteNotice', params: itsReason }, 'dropNewPin'],
              },
              { guard: refusedAs('key.pinReplug'), target: 'replugging', actions: 'dropPins' },
              { target: 'trouble', actions: { type: 'noteReason', params: itsReason } },
            ],
          },
        },
        wrongPin: { always: [{ guard: 'lastTry', target: 'lastTry' }, { target: 'entering' }] },
        /** Three wrong PINs in a row: the key wants to lose its power first. */
        replugging: {
          on: {
            'key.removed': [
              { guard: 'ourKeyGone', target: '#care.waiting', actions: ['trackKeys', 'forgetAll'] },
              { actions: 'trackKeys' },
            ],
          },
        },
        /** The list that the task is about. */
        listing: {
          on: {
            'account.delete': {
              guard: { type: 'inList', params: 'accounts' },
              target: 'confirming',
              actions: 'setDeed',
            },
            'fingerprint.teach': { guard: { type: 'inList', params: 'fingerprints' }, target: 'beforePin', actions: 'setDeed' },
            'fingerprint.rename': { guard: { type: 'inList', params: 'fingerprints' }, target: 'beforePin', actions: 'setDeed' },
            'fingerprint.remove': { guard: { type: 'inList', params: 'fingerprints' }, target: 'confirming', actions: 'setDeed' },
            'setting.change': { guard: { type: 'inList', params: 'settings' }, target: 'beforeSetting', actions: 'setDeed' },
            // A PIN gave the tries back, and room is left where an account was: what the key tells is asked for again.
            back: [{ guard: 'listCameFromKey', target: 'reading', actions: 'leaveTask' }, toOverview],
          },
        },
        beforeSetting: { always: [{ guard: 'atOnce', target: 'beforePin' }, { target: 'confirming' }] },
        /** The page says what is lost, and asks again. */
        confirming: {
          on: {
            confirm: [{ guard: 'erases', target: '#care.erase' }, { target: 'beforePin' }],
            back: [{ guard: 'erases', ...toOverview }, { target: 'listing' }],
          },
        },
        trouble: {
          on: {
            tryAgain: { guard: 'mayTryAgain', target: 'beforePin' },
            back: { target: 'reading', actions: 'leaveTask' },
          },
        },
      },
    },
    /** Keys let themselves be erased only in their first seconds with power: out, in, touch. */
    erase: {
      initial: 'takingOut',
      states: {
        takingOut: {
          always: { guard: 'ourKeyMissing', target: 'pluggingIn', actions: 'rememberMeant' },
          on: {
            'key.removed': { actions: 'trackKeys' },
            back: { target: '#care.waiting', actions: 'forgetAll' },
          },
        },
        pluggingIn: {
          on: {
            'key.inserted': { target: 'erasing', actions: ['trackKeys', 'takeInserted'] },
            back: { target: '#care.waiting', actions: 'forgetAll' },
          },
        },
        erasing: {
          on: {
            'key.progress': { actions: 'showProgress' },
            // Some keys leave the port by themselves once they are erased: what became of it, the outcome tells.
            'key.removed': { actions: 'trackKeys' },
          },
          invoke: {
            src: 'erase',
            input: ({ context }) => eraseInput(context),
            onDone: [
              {
                guard: ({ context, event }) =>
                  event.output.ok && !context.plugged.some((key) => key.insertion === context.key?.insertion),
                target: '#care.waiting',
                actions: 'awaitReturn',
              },
              { guard: granted, target: '#care.atKey', actions: ['noteDone', 'endTask'] },
              { guard: refusedAs('key.removed'), target: '#care.waiting', actions: 'loseKey' },
              { guard: refusedAs('key.swapped'), target: 'otherKey' },
              { target: 'notErased', actions: { type: 'noteReason', params: itsReason } },
            ],
          },
        },
        /** Another key than the one that was meant: nothing was erased. */
        otherKey: {
          always: { guard: 'ourKeyMissing', target: 'pluggingIn', actions: 'rememberMeant' },
          on: { 'key.removed': { actions: 'trackKeys' }, back: { target: '#care.waiting', actions: 'forgetAll' } },
        },
        notErased: {
          always: { guard: 'ourKeyMissing', target: '#care.waiting', actions: 'loseKey' },
          on: {
            'key.removed': { actions: 'trackKeys' },
            tryAgain: { guard: 'mayTryAgain', target: 'takingOut', actions: assign({ meant: null }) },
            back: { target: '#care.atKey', actions: 'leaveTask' },
          },
        },
      },
    },
  },
});
