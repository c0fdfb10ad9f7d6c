// The key flow's states as screens.
import type { SnapshotFrom } from 'xstate';
import type { Reason } from '../../../contract/reason.ts';
import { because } from '../../../contract/reason.ts';
import type { Screen } from '../../../contract/snapshot.ts';
import type { keyFlow } from './key-flow.ts';
import { faceOf } from './key-face.ts';
import { reasonToTell } from './left-overs.ts';
import { shownName } from './shown-name.ts';
import { mayBeMeant } from './plugged-keys.ts';
import type { StayContext } from '../stay-context.ts';

type KeySnapshot = SnapshotFrom<typeof keyFlow>;

/** A PIN notice belongs to the PIN screens; elsewhere only reasons are shown. */
const asReason = (notice: KeySnapshot['context']['notice']): Reason | null =>
  notice && !notice.code.startsWith('pin.') ? (notice as Reason) : null;

export function keyScreen(snapshot: KeySnapshot, stay: StayContext): Screen {
  const { context } = snapshot;
  const key = context.description ? faceOf(context.description) : { model: '', plug: 'unknown' as const };
  const state = placeOf(snapshot);
  switch (state) {
    case 'waitingForKey':
      return {
        kind: 'insertKey',
        second: context.second,
        notice: context.unreachable ?? asReason(context.notice),
        litPorts: stay.litPorts,
      };
    case 'proveWaiting':
      return {
        kind: 'insertKey',
        second: context.second,
        notice: asReason(context.notice) ?? because('key.removed'),
        litPorts: stay.litPorts,
      };
    case 'choosingKey':
      return {
        kind: 'chooseKey',
        purpose: context.made ? 'prove' : context.signIn ? 'signIn' : 'setUp',
        second: context.second,
        alone: mayBeMeant(context).length === 1,
        state: snapshot.matches({ choosingKey: 'unanswered' })
          ? 'unanswered'
          : context.progress === 'touchNeeded'
            ? 'waiting'
            : 'preparing',
        notice: asReason(context.notice),
      };
    case 'keyTaken':
    case 'keyLooked':
    case 'keyLost':
    case 'inspecting':
      return { kind: 'checkingKey', second: context.second };
    case 'keyRefused':
      return { kind: 'keyRefused', key: context.description ? key : null, reason: context.reason ?? because('key.misbehaved') };
    case 'keyReady':
      return { kind: 'keyReady', key, pin: pinStateOf(snapshot), minPinLength: minimumOf(snapshot) };
    case 'choosing':
      return pinScreen(snapshot, 'choose');
    case 'confirming':
      return pinScreen(snapshot, 'again');
    case 'entering':
      return pinScreen(snapshot, 'enter');
    case 'enteringOld':
      return pinScreen(snapshot, 'old');
    case 'lastTry':
      return { kind: 'pinLastTry', key };
    case 'replugging':
      return {
        kind: 'replugKey',
        reason: context.reason ?? because('key.pinReplug'),
        step: snapshot.matches({ replugging: 'takeOut' }) ? 'takeOut' : 'plugIn',
      };
    case 'settingPin':
    case 'changingPin':
      // A key that must prove itself first blinks before it gets its PIN.
      return context.progress === 'touchNeeded'
        ? { kind: 'touch', purpose: 'genuine', state: 'waiting', key, notice: null }
        : { kind: 'savingPin', key };
    case 'fetchingOptions':
    case 'making':
      return { kind: 'touch', purpose: 'make', state: touchState(snapshot), key, notice: asReason(context.notice) };
    case 'takingRoute':
    case 'beforeMaking':
    case 'lookingForOthers':
      return { kind: 'touch', purpose: 'make', state: 'preparing', key, notice: null };
    case 'sharedKey':
      return { kind: 'sharedKey', key, others: context.others };
    case 'signing':
    case 'signed':
    case 'signedIn':
      return { kind: 'touch', purpose: 'signIn', state: touchState(snapshot), key, notice: asReason(context.notice) };
    case 'choosingAccount':
    case 'answeringSignIn':
      return context.accounts.length > 1
        ? {
            kind: 'chooseAccount',
            accounts: context.accounts.map(({ name, displayName }) => ({
              name: shownName(name),
              displayName: shownName(displayName),
            })),
            chosen: context.account,
          }
        : { kind: 'touch', purpose: 'signIn', state: 'touched', key, notice: null };
    case 'noRoute':
      return { kind: 'noRoute', refusals: context.refusals };
    case 'onPortal':
    case 'savingOnPage':
      return {
        kind: 'portal',
        step: state === 'onPortal' ? 'add' : 'save',
        instead: context.refusals.at(-1)?.reason ?? null,
        notice: asReason(context.notice),
        keyboard: context.keyboard,
        untold: context.untold,
      };
    case 'answeringPage':
    case 'registering':
      return { kind: 'saving', state: 'sending', key, notice: null };
    case 'listing':
      return { kind: 'saving', state: 'checking', key, notice: null };
    case 'beforeProof':
    case 'proving':
    case 'proved':
      return { kind: 'touch', purpose: 'prove', state: touchState(snapshot), key, notice: asReason(context.notice) };
    case 'trouble':
    case 'troubleSaving':
    case 'troubleListing':
      return {
        kind: 'trouble',
        reason: context.reason ?? because('desk.crashed'),
        during: context.signIn ? 'signIn' : 'key',
      };
    case 'troubleProving':
      return { kind: 'trouble', reason: context.reason ?? because('key.proofFailed'), during: 'prove' };
    case 'settling':
      return { kind: 'saving', state: 'checking', key, notice: null };
    case 'tidying':
    case 'tidied':
      return { kind: 'saving', state: 'tidying', key, notice: null };
    case 'troubleSettling':
      return { kind: 'trouble', reason: context.reason ?? because('directory.unreachable'), during: 'key' };
    case 'leftOnKey':
      return { kind: 'trouble', reason: reasonToTell(context.leftOvers), during: 'key' };
    case 'goingBack':
    case 'leaving':
      return { kind: 'checkingKey', second: context.second };
    default:
      return state satisfies never;
  }
}

function placeOf({ value }: KeySnapshot) {
  if (typeof value === 'string') return value;
  if ('choosingKey' in value) return 'choosingKey';
  return 'savingOnPage' in value ? 'savingOnPage' : 'replugging';
}

function pinStateOf({ context }: KeySnapshot): 'none' | 'set' | 'mustChange' {
  const pin = context.description?.pin;
  return pin === 'none' || pin === 'mustChange' ? pin : 'set';
}

function minimumOf({ context }: KeySnapshot): number {
  return Math.max(context.minPinLength, context.description?.minPinLength ?? 0);
}

function touchState({ context, value }: KeySnapshot): 'preparing' | 'waiting' | 'touched' {
  if (value === 'proved' || value === 'signedIn' || context.progress === 'touched') return 'touched';
  return context.progress === 'touchNeeded' ? 'waiting' : 'preparing';
}

function pinScreen(snapshot: KeySnapshot, ask: 'choose' | 'again' | 'enter' | 'old'): Screen {
  const { context } = snapshot;
  const making = ask === 'choose' || ask === 'again';
  return {
    kind: 'pin',
    ask,
    count: context.typed.count,
    minLength: making ? minimumOf(snapshot) : 4,
    maxLength: context.description?.maxPinLength ?? 63,
    rules: context.typed.rules,
    ready: context.typed.ready,
    tries: making ? null : (context.description?.tries ?? null),
    notice: context.notice,
  };
}
