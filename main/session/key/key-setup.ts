// What the key flow asks and remembers, by name, apart from when it does.
import { assign, setup } from 'xstate';
import { because, type Reason } from '../../../contract/reason.ts';
import type { CreationOptions, KeyAccount, KeyDescription, KeyRef, MadeCredential } from '../../ports/key.ts';
import { effects } from '../effect.ts';
import type { SessionEvent } from '../event.ts';
import { hostSeen } from '../sign-in-flow.ts';
import { nothingTyped, pinTaken, refusalShown, typingShown } from '../typed-pin.ts';
import { afterTidying, knownIn, mayGo, mayHold, replacedBy, untold, withLeftOver, without, type Tidied } from './left-overs.ts';
import { routeNow, type AfterTidying, type KeyFlowContext, type KeyFlowInput, type KeyFlowOutput } from './key-context.ts';
import { isPlugged, leaves, mayBeMeant, pluggedAfter, withoutKey } from './plugged-keys.ts';

/** The directory names what it holds: that is no left-over, whatever was thought of it. */
function optionsTaken({ leftOvers, savedLate }: KeyFlowContext, options: CreationOptions) {
  const known = knownIn(leftOvers, options.excludeCredentialIdsB64u);
  return { options, leftOvers: without(leftOvers, known), savedLate: known.at(-1)?.made ?? savedLate };
}

/** The flow's guards and actions, by name; the machine itself is in key-flow. */
export const keySetup = setup({
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
    forSignIn: ({ context }) => context.signIn !== null,
    pinToEnter: ({ context }) => context.signIn !== null && context.description?.pin === 'set',
    lastTryToEnter: ({ context }) => context.signIn !== null && context.description?.tries?.left === 1,
    signInWithdrawn: ({ context, event }) => event.type === 'page.keyWithdrawn' && event.ask.ask === context.signIn?.ask.ask,
    isAccount: ({ context, event }) => event.type === 'account.choose' && event.account < context.accounts.length,
    /** A key whose PIN was set here holds nobody's account: a key without a PIN can't be Microsoft's. */
    mayHoldOthers: ({ context }) => !context.pinSetHere && !context.sharing,
    isOnList: ({ event }) => event.type === 'page.place' && event.place === 'securityInfo',
    /** Something that came to nothing may be on this key, and the key was not asked yet. */
    mayHoldLeftOver: ({ context }) => mayHold(context.leftOvers, context.key),
    hasUntold: ({ context }) => untold(context.leftOvers).length > 0,
    /** It may be back: the key to tidy is there, and its PIN is still known. */
    canTidy: ({ context }) => context.pin !== null && mayBeMeant(context).length === 1 && mayGo(context.leftOvers),
    notAccepted: ({ context }) => !context.accepted,
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
    noteAsk: assign(({ context, event }) =>
      event.type === 'page.keyAsked' ? { ask: event.ask, notice: null, ...optionsTaken(context, event.options) } : {},
    ),
    goOnWith: assign((_, after: AfterTidying) => ({ after })),
    /** It came to nothing: from now on it only is to leave the key. */
    putAside: assign(({ context }) => ({
      made: null,
      accepted: false,
      leftOvers:
        context.made && !context.accepted
          ? withLeftOver(context.leftOvers, { made: context.made, madeOn: context.key, inDoubt: false })
          : context.leftOvers,
    })),
    /** Nobody could tell whether it is saved. */
    leaveInDoubt: assign(({ context }) => ({
      made: null,
      leftOvers: context.made
        ? withLeftOver(context.leftOvers, { made: context.made, madeOn: context.key, inDoubt: true })
        : context.leftOvers,
    })),
    putLateAside: assign(({ context, event }) =>
      event.type === 'key.madeLate'
        ? { leftOvers: withLeftOver(context.leftOvers, { made: event.made, madeOn: event.key, inDoubt: false }) }
        : {},
    ),
    noteTidied: assign(({ context }, tidied: readonly Tidied[]) =>
      context.key ? { leftOvers: afterTidying(context.leftOvers, tidied, context.key) } : {},
    ),
    noteNotTidied: assign(({ context }, reason: Reason) => {
      const { key, leftOvers } = context;
      if (key === null) return {};
      const all = leftOvers.map(({ made }) => ({ credentialIdB64u: made.credentialIdB64u, reason }));
      return { leftOvers: afterTidying(leftOvers, all, key) };
    }),
    noteTold: assign({ leftOvers: ({ context }) => context.leftOvers.map((leftOver) => ({ ...leftOver, told: true })) }),
    noteAccepted: assign({ accepted: true }),
    takeSavedLate: assign(({ context }) => ({ made: context.savedLate, savedLate: null, accepted: true })),
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
    noteAccounts: assign((_, accounts: readonly KeyAccount[]) => ({ accounts, account: accounts.length === 1 ? 0 : null })),
    chooseAccount: assign(({ event }) => (event.type === 'account.choose' ? { account: event.account } : {})),
    forgetAccounts: assign({ accounts: [], account: null }),
    noteAnswered: assign({ answered: true }),
    noteOthers: assign((_, others: number) => ({ others })),
    shareKey: assign({ sharing: true }),
    forgetKey: assign({
      key: null,
      sharing: false,
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
      sharing: false,
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
    noteOptions: assign(({ context }, options: CreationOptions) => optionsTaken(context, options)),
    noteMade: assign(({ context }, made: MadeCredential) => ({
      made,
      accepted: false,
      notice: null,
      leftOvers: context.key ? without(context.leftOvers, replacedBy(context.leftOvers, made, context.key)) : context.leftOvers,
    })),
    quietProgress: assign({ progress: null }),
    clearReason: assign({ reason: null }),
    noteProved: assign({ proved: true }),
  },
});
