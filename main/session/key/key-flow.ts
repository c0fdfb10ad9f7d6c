// One key, from the box to its passed test: plug in, look, PIN, make, save, prove. One telling in one breath, so it is
// longer than most files. The PIN is a ticket all the way; the finger and the plug are facts.
import { because } from '../../../contract/reason.ts';
import { granted, itsReason, refusedAs, valueOf } from '../outcome-reading.ts';
import { nothingTyped, typedActions } from '../typed-pin.ts';
import { maximum, minimum, needed, onKey, onRoute, unusableFor } from './key-context.ts';
import {
  anotherKey,
  beforeMade,
  besidePage,
  closesRoute,
  goneWhileSigned,
  keyIsGone,
  noteNotice,
  noteRefusal,
  notThisKey,
  otherTrouble,
  pageFailed,
  pinRefusals,
  provingItself,
  pulledOut,
  refusesThisKey,
  signInIsOver,
  wantsReplug,
  wasPulledOut,
  whileMaking,
  wrongPin,
} from './key-transitions.ts';
import { keySetup } from './key-setup.ts';
import { toDiscard, untold } from './left-overs.ts';
import { notMeant } from './plugged-keys.ts';
import { saysNo } from './registration-route.ts';

export const keyFlow = keySetup.createMachine({
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
    accepted: false,
    savedLate: null,
    after: 'making',
    proved: false,
    progress: null,
    refusals: [],
    ask: null,
    host: null,
    keyboard: false,
    untold: false,
    accounts: [],
    account: null,
    answered: false,
    others: 0,
    sharing: false,
  }),
  initial: 'waitingForKey',
  output: ({ context }) => {
    const { leftOvers, answered, proved, made, key, description, pinSetHere } = context;
    if (answered && key) return { kind: 'answered', key, leftOvers };
    return proved && made && key && description
      ? { kind: 'proved', key, description, made, pinSetHere, leftOvers }
      : { kind: 'back', leftOvers };
  },
  on: {
    'key.inserted': { actions: 'trackInsertion' },
    'key.removed': { actions: 'trackRemoval' },
    'key.unreachable': { actions: 'trackAccess' },
    'key.hostDown': { actions: 'trackHostDown' },
    'page.keyWithdrawn': [
      { guard: 'signInWithdrawn', target: '.leaving', actions: ['forgetKey', 'forgetAccounts'] },
      { guard: 'ourAskWithdrawn', actions: 'forgetAsk' },
    ],
    'key.madeLate': { actions: 'putLateAside' },
  },
  states: {
    waitingForKey: {
      always: [
        { guard: 'onePlugged', target: 'inspecting', actions: 'takeTheOnlyKey' },
        { guard: 'morePlugged', target: 'choosingKey' },
      ],
      on: { back: 'goingBack', 'keyDoesNotFit.open': { actions: 'takenByCollector' } },
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
          { target: 'goingBack' },
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
      on: { ...pulledOut, ...anotherKey, back: { target: 'goingBack', actions: 'forgetKey' } },
      invoke: {
        src: 'describeKey',
        input: ({ context }) => ({ key: needed(context.key, 'key') }),
        onDone: [
          {
            guard: ({ context, event }) => event.output.ok && unusableFor(context, event.output.value) === null,
            target: 'keyLooked',
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
    /** Who signs in knows their key: its PIN is asked for at once. */
    keyLooked: {
      always: [
        { guard: 'lastTryToEnter', target: 'lastTry' },
        { guard: 'pinToEnter', target: 'entering' },
        { target: 'keyReady' },
      ],
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
        back: { target: 'goingBack', actions: 'forgetKey' },
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
        back: { target: 'goingBack', actions: 'forgetKey' },
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
      on: { back: { target: 'goingBack', actions: 'forgetKey' } },
    },
    /** The key has its PIN: on by the first way that is not known to be closed. */
    takingRoute: {
      always: [
        keyIsGone,
        { guard: 'forSignIn', target: 'signing' },
        { guard: 'pageAsks', target: 'beforeMaking' },
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
            target: 'beforeMaking',
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
        back: { target: 'goingBack', actions: 'forgetKey' },
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
        'page.keyAsked': { target: 'beforeMaking', actions: 'noteAsk' },
        'page.failed': { target: 'trouble', actions: ['forgetPage', pageFailed] },
        ...pulledOut,
        back: { target: 'keyReady', actions: ['forgetPin', 'forgetPage'] },
      },
    },
    /** What came to nothing before leaves the key before something new is made on it. */
    beforeMaking: {
      always: [
        keyIsGone,
        { guard: 'mayHoldLeftOver', target: 'tidying', actions: { type: 'goOnWith', params: 'making' } },
        { guard: 'mayHoldOthers', target: 'lookingForOthers' },
        { target: 'making' },
      ],
    },
    /** A key that had a PIN before may be somebody else’s too: looked at before one more account is made on it. */
    lookingForOthers: {
      entry: 'quietProgress',
      invoke: {
        src: 'otherAccounts',
        input: ({ context }) => ({
          ...onKey(context),
          options: needed(context.options, 'options'),
          pin: needed(context.pin, 'PIN'),
        }),
        onDone: [
          {
            guard: ({ event }) => event.output.ok && (event.output.value ?? 0) > 0,
            target: 'sharedKey',
            actions: { type: 'noteOthers', params: ({ event }) => valueOf(event.output) ?? 0 },
          },
          { guard: granted, target: 'making' },
          ...pinRefusals,
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: beforeMade,
    },
    /** Allowed, and said: another key can be taken instead. */
    sharedKey: {
      always: keyIsGone,
      on: {
        continue: { target: 'making', actions: 'shareKey' },
        ...beforeMade,
        ...pulledOut,
        'key.inserted': { actions: 'trackInsertion' },
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
          leftOvers: context.leftOvers,
          savedLate: context.savedLate,
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
          ...pinRefusals,
          {
            // It is the key that holds what was thought lost.
            guard: ({ context, event }) => refusedAs('key.alreadyRegistered')({ event }) && context.savedLate !== null,
            target: 'beforeProof',
            actions: ['forgetAsk', 'takeSavedLate'],
          },
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: beforeMade,
    },
    /** One touch; a key of several people signs for each of them, and its host keeps that to itself. */
    signing: {
      entry: ['quietProgress', 'forgetAccounts'],
      invoke: {
        src: 'signIn',
        input: ({ context }) => ({
          ...onKey(context),
          request: needed(context.signIn, 'request').request,
          pin: needed(context.pin, 'PIN'),
        }),
        onDone: [
          {
            guard: granted,
            target: 'signed',
            actions: ['forgetPin', { type: 'noteAccounts', params: ({ event }) => valueOf(event.output) }],
          },
          ...pinRefusals,
          notThisKey,
          wasPulledOut,
          otherTrouble,
        ],
      },
      on: {
        'key.progress': { actions: 'showProgress' },
        'key.removed': { actions: 'trackRemoval' },
        back: { target: 'keyReady', actions: 'forgetPin' },
      },
    },
    signed: {
      always: [
        goneWhileSigned,
        { guard: ({ context }) => context.account === null, target: 'choosingAccount' },
        { target: 'answeringSignIn' },
      ],
    },
    /** Which of the people on this key signs in. */
    choosingAccount: {
      always: goneWhileSigned,
      on: {
        'account.choose': { guard: 'isAccount', target: 'answeringSignIn', actions: 'chooseAccount' },
        'key.removed': [
          { guard: 'ourKeyGone', target: 'keyLost', actions: ['forgetAccounts', 'trackRemoval', 'loseKey'] },
          { actions: 'trackRemoval' },
        ],
        'key.hostDown': { target: 'keyLost', actions: ['forgetAccounts', 'trackHostDown', 'loseKey'] },
        back: { target: 'keyReady', actions: 'forgetAccounts' },
      },
    },
    answeringSignIn: {
      exit: 'forgetAccounts',
      invoke: {
        src: 'answerSignIn',
        input: ({ context }) => ({
          ...onKey(context),
          account: needed(context.account, 'account'),
          ask: needed(context.signIn, 'request').ask,
        }),
        onDone: [
          { guard: granted, target: 'signedIn', actions: 'noteAnswered' },
          wasPulledOut,
          { target: 'trouble', actions: noteRefusal },
        ],
      },
      on: { 'key.removed': { actions: 'trackRemoval' } },
    },
    /** The page gets what it asked for; from here on the credential is in its hands. */
    answeringPage: {
      invoke: {
        src: 'answerPage',
        input: ({ context }) => ({ made: needed(context.made, 'credential'), ask: needed(context.ask, 'request') }),
        onDone: [
          { guard: granted, target: 'savingOnPage', actions: 'forgetAsk' },
          // Nobody has it: the page went on without it.
          { target: 'tidying', actions: ['forgetAsk', noteRefusal, 'putAside', { type: 'goOnWith', params: 'trouble' }] },
        ],
      },
    },
    /** The person names the key there; the directory tells when it is saved. */
    savingOnPage: {
      initial: 'watching',
      on: {
        ...besidePage,
        'page.failed': { target: 'settling', actions: ['forgetPage', pageFailed, { type: 'goOnWith', params: 'trouble' }] },
        // The page begins anew: what it was given came to nothing, or the directory knows better.
        'page.keyAsked': { target: 'settling', actions: ['noteAsk', { type: 'goOnWith', params: 'route' }] },
        // The person reads on the page that it was not saved.
        back: { target: 'settling', actions: { type: 'goOnWith', params: 'keyReady' } },
      },
      states: {
        watching: {
          invoke: {
            src: 'waitSaved',
            input: ({ context }) => ({ made: needed(context.made, 'credential') }),
            onDone: [
              { guard: granted, target: '#keyFlow.beforeProof', actions: ['forgetPage', 'noteAccepted'] },
              { guard: closesRoute, target: 'untold', actions: 'noteUntold' },
              { guard: signInIsOver, target: 'untold', actions: 'noteUntold' },
              { target: '#keyFlow.troubleListing', actions: ['forgetPage', noteRefusal] },
            ],
          },
        },
        untold: {
          on: {
            'page.place': { guard: 'isOnList', target: '#keyFlow.beforeProof', actions: ['forgetPage', 'noteAccepted'] },
            continue: { target: '#keyFlow.beforeProof', actions: ['forgetPage', 'noteAccepted'] },
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
          { guard: granted, target: 'listing', actions: 'noteAccepted' },
          // A plain no: the key is tidied before anything else is tried.
          {
            guard: refusedAs('directory.challengeExpired'),
            target: 'tidying',
            actions: ['putAside', { type: 'goOnWith', params: 'options' }],
          },
          {
            guard: closesRoute,
            target: 'tidying',
            actions: ['putAside', { type: 'noteClosedRoute', params: itsReason }, { type: 'goOnWith', params: 'route' }],
          },
          {
            guard: refusesThisKey,
            target: 'tidying',
            actions: ['putAside', noteRefusal, { type: 'goOnWith', params: 'keyRefused' }],
          },
          {
            guard: ({ event }) => !event.output.ok && saysNo(event.output.reason),
            target: 'tidying',
            actions: ['putAside', noteRefusal, { type: 'goOnWith', params: 'trouble' }],
          },
          { target: 'troubleSaving', actions: noteRefusal },
        ],
      },
    },
    troubleSaving: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: { tryAgain: 'registering', back: { target: 'settling', actions: { type: 'goOnWith', params: 'leaving' } } },
    },
    /** Nobody goes on with this one: whether the directory has it decides whether it is proved or taken back. */
    settling: {
      invoke: {
        src: 'settleKey',
        input: ({ context }) => ({ ...onRoute(context), made: needed(context.made, 'credential') }),
        onDone: [
          { guard: granted, target: 'beforeProof', actions: ['forgetAsk', 'forgetPage', 'noteAccepted'] },
          { guard: refusedAs('directory.notListed'), target: 'tidying', actions: ['clearNotice', 'putAside'] },
          // Where the directory may not be read, the page is believed: it began anew, or the person says what it says.
          {
            guard: ({ context, event }) =>
              (closesRoute({ event }) || signInIsOver({ event })) && (context.after === 'route' || context.after === 'keyReady'),
            target: 'tidying',
            actions: ['clearNotice', 'putAside'],
          },
          // In doubt nothing is deleted: what the directory has and no key holds would be worse.
          { target: 'troubleSettling', actions: ['forgetAsk', 'forgetPage', noteRefusal] },
        ],
      },
    },
    troubleSettling: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: {
        tryAgain: 'settling',
        back: { target: 'tidied', actions: ['leaveInDoubt', { type: 'goOnWith', params: 'leaving' }] },
      },
    },
    /** What came to nothing is deleted from the key. */
    tidying: {
      entry: 'quietProgress',
      invoke: {
        src: 'discardKeys',
        input: ({ context }) => ({
          key: needed(context.key, 'key'),
          pin: needed(context.pin, 'PIN'),
          leftOvers: toDiscard(context.leftOvers, context.after === 'making'),
        }),
        onDone: [
          {
            guard: granted,
            target: 'tidied',
            actions: { type: 'noteTidied', params: ({ event }) => valueOf(event.output) },
          },
          ...pinRefusals.map(whileMaking),
          { target: 'tidied', actions: { type: 'noteNotTidied', params: itsReason } },
        ],
      },
    },
    tidied: {
      always: [
        { guard: ({ context }) => context.after === 'making', target: 'beforeMaking' },
        { guard: ({ context }) => context.after === 'options', target: 'fetchingOptions' },
        { guard: ({ context }) => context.after === 'route', target: 'takingRoute' },
        // From here on nobody comes back to it by themselves.
        { guard: 'hasUntold', target: 'leftOnKey' },
        { guard: ({ context }) => context.after === 'keyRefused', target: 'keyRefused', actions: 'forgetPin' },
        { guard: ({ context }) => context.after === 'keyReady', target: 'keyReady', actions: ['forgetPin', 'forgetPage'] },
        { guard: ({ context }) => context.after === 'trouble', target: 'trouble' },
        { guard: ({ context }) => context.after === 'proved', target: 'proved' },
        { target: 'leaving', actions: 'forgetKey' },
      ],
    },
    /** It could not be deleted: said once, with what helps. */
    leftOnKey: {
      invoke: { src: 'noteLeftOvers', input: ({ context }) => ({ leftOvers: untold(context.leftOvers) }) },
      on: {
        tryAgain: { guard: 'canTidy', target: 'tidying', actions: 'takeTheOnlyKey' },
        continue: { target: 'tidied', actions: 'noteTold' },
      },
    },
    goingBack: {
      always: [
        { guard: 'hasUntold', target: 'leftOnKey', actions: { type: 'goOnWith', params: 'leaving' } },
        { target: 'leaving' },
      ],
    },
    listing: {
      invoke: {
        src: 'waitListed',
        input: ({ context }) => ({
          ...onRoute(context),
          made: needed(context.made, 'credential'),
          accepted: context.accepted,
        }),
        onDone: [
          { guard: granted, target: 'beforeProof', actions: ['clearNotice', 'noteAccepted'] },
          {
            // It was accepted; only nobody may look any more whether the list shows it yet.
            guard: ({ context, event }) => context.accepted && signInIsOver({ event }),
            target: 'beforeProof',
            actions: 'clearNotice',
          },
          { target: 'troubleListing', actions: noteRefusal },
        ],
      },
    },
    troubleListing: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: needed(context.reason, 'reason') }) },
      on: {
        tryAgain: 'listing',
        back: { guard: 'notAccepted', target: 'settling', actions: { type: 'goOnWith', params: 'leaving' } },
      },
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
          {
            guard: granted,
            target: 'tidied',
            actions: ['noteProved', 'forgetPin', { type: 'goOnWith', params: 'proved' }],
          },
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
        back: { target: 'goingBack', actions: 'forgetKey' },
      },
    },
    proved: { type: 'final' },
    signedIn: { type: 'final' },
    leaving: { type: 'final' },
  },
});
