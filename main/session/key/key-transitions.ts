// Transitions that several states of the key flow share: what a pulled key, a wrong PIN or a refusal leads to, wherever it happens.
import { because, type ReasonCode } from '../../../contract/reason.ts';
import { itsReason, reasonOf, refusedAs, type Answered } from '../outcome-reading.ts';
import type { KeyFlowContext } from './key-context.ts';
import { isClosedBy } from './registration-route.ts';

/** Pulling the key out ends what was being done with it, and says so. */
export const pulledOut = {
  'key.removed': [{ guard: 'ourKeyGone', target: 'keyLost', actions: ['trackRemoval', 'loseKey'] }, { actions: 'trackRemoval' }],
  'key.hostDown': { target: 'keyLost', actions: ['trackHostDown', 'loseKey'] },
} as const;

/** Before anything is begun with a key, another one makes it a question which of them is meant. */
export const anotherKey = {
  'key.inserted': [
    { guard: 'isAnother', target: 'choosingKey', actions: ['trackInsertion', 'forgetKey', 'forgetChoice'] },
    { actions: 'trackInsertion' },
  ],
} as const;

/** Up to the credential itself everything can be left: for the page that asked, and for the key. */
export const beforeMade = {
  'key.progress': { actions: 'showProgress' },
  // The port answers a pulled key with `key.removed`; the effect must end first, so that its journal entry is whole.
  'key.removed': { actions: 'trackRemoval' },
  'page.keyWithdrawn': { guard: 'ourAskWithdrawn', target: 'takingRoute', actions: 'forgetAsk' },
  back: { target: 'keyReady', actions: ['forgetPin', 'forgetAsk'] },
} as const;

/** Microsoft's page is up beside the desk's guide. */
export const besidePage = {
  'page.host': { actions: 'showHost' },
  'page.blocked': { actions: 'showBlocked' },
  'keyboard.show': { actions: 'showKeyboard' },
  'keyboard.hide': { actions: 'hideKeyboard' },
  'keyboard.press': { actions: 'takenByPage' },
} as const;

/** A key that was pulled out while an effect was finishing is noticed where the effect's answer leads. */
export const keyIsGone = { guard: 'ourKeyMissing', target: 'keyLost', actions: 'loseKey' } as const;

/** The same while names of accounts are known. */
export const goneWhileSigned = { guard: 'ourKeyMissing', target: 'keyLost', actions: ['forgetAccounts', 'loseKey'] } as const;

/** Before a PIN is set a key may have to prove itself, by a touch that can be refused; the setting itself is not stopped. */
export const provingItself = {
  'key.progress': { actions: 'showProgress' },
  back: { guard: 'wantsTouch', target: 'keyReady', actions: 'forgetPin' },
} as const;

/** Reasons that rule out this very key, so that the next step is another key. */
export const rulesOutKey: readonly ReasonCode[] = [
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
  'key.noAccount',
  'directory.keyModelNotAllowed',
  'directory.attestationRefused',
];

/** The pass ran out, or the sign-in with it: the directory tells this person nothing any more. */
export const signInIsOver = ({ event }: Answered): boolean =>
  ['pass.expired', 'directory.tokenExpired'].includes(reasonOf(event.output).code);

type AnsweredIn = Answered & { readonly context: KeyFlowContext };

export const refusesThisKey = ({ event }: Answered): boolean => rulesOutKey.includes(reasonOf(event.output).code);

export const noteRefusal = { type: 'noteRefusal', params: itsReason } as const;
export const noteNotice = { type: 'noteNotice', params: itsReason } as const;
export const noteTries = { type: 'noteTries', params: itsReason } as const;

/** What a PIN that the key did not take leads to, whatever it was for. */
export const wrongPin = ['forgetPin', noteNotice, noteTries] as const;
export const wantsReplug = {
  guard: ({ event }: Answered) => refusedAs('key.pinReplug')({ event }),
  target: 'replugging',
  actions: ['forgetPin', 'forgetAsk', noteRefusal],
} as const;
export const notThisKey = {
  guard: refusesThisKey,
  target: 'keyRefused',
  actions: ['forgetPin', 'forgetAsk', noteRefusal],
} as const;
export const wasPulledOut = { guard: refusedAs('key.removed'), target: 'keyLost', actions: 'loseKey' } as const;
/** What the key says to a PIN, whatever that was for. */
export const pinRefusals = [
  {
    guard: ({ event }: Answered): boolean =>
      refusedAs('key.pinWrong')({ event }) && reasonOf(event.output).detail?.retriesLeft === 1,
    target: 'lastTry',
    actions: wrongPin,
  },
  { guard: refusedAs('key.pinWrong'), target: 'entering', actions: wrongPin },
  wantsReplug,
  { guard: refusedAs('key.pinMustChange'), target: 'enteringOld', actions: ['forgetPin', 'notePinMustChange'] },
] as const;
/** Only before something new is made is the PIN one that was just typed. */
export const whileMaking = (step: (typeof pinRefusals)[number]) => ({
  ...step,
  guard: (answered: AnsweredIn) => answered.context.after === 'making' && step.guard(answered),
});
export const otherTrouble = { target: 'trouble', actions: ['forgetAsk', noteRefusal] } as const;
export const closesRoute = ({ event }: Answered): boolean => !event.output.ok && isClosedBy(event.output.reason);
export const pageFailed = { type: 'noteRefusal', params: because('signIn.pageFailed') } as const;
