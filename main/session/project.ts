// From state to what a screen may know: a projection, small and whole, with no secret in it to begin with.
import type { SnapshotFrom } from 'xstate';
import { intentSamples } from './intent-samples.ts';
import type { IntentType } from '../../contract/intent.ts';
import { because, type Reason } from '../../contract/reason.ts';
import type { HostSeen, Overlay, PassClock, Screen, Snapshot, Stop, StopId, StoreCode } from '../../contract/snapshot.ts';
import { limits } from '../../contract/limits.ts';
import { firstNameOf, phoneNoteOf } from './card.ts';
import { faceOf } from './key/key-face.ts';
import type { keyFlow } from './key/key-flow.ts';
import { keyScreen } from './key/project-key.ts';
import type { phoneFlow } from './phone-flow.ts';
import { oneTimeWindowMs, phonesOf, railOf } from './planner/route.ts';
import { mayTryAnyway, notesOf, stopsJourney } from './planner/planner.ts';
import type { signInFlow } from './sign-in-flow.ts';
import type { stay } from './stay.ts';
import type { StayContext } from './stay-context.ts';
import { keysMade } from './ways.ts';

export type StaySnapshot = SnapshotFrom<typeof stay>;

/** The one flow a stay holds at a time. */
export type FlowSnapshot =
  | { readonly flow: 'signIn'; readonly snapshot: SnapshotFrom<typeof signInFlow> }
  | { readonly flow: 'key'; readonly snapshot: SnapshotFrom<typeof keyFlow> }
  | { readonly flow: 'phone'; readonly snapshot: SnapshotFrom<typeof phoneFlow> };

/** Store pages of Microsoft Authenticator (Apple App Store and Google Play listing addresses). */
const storeCodes: readonly StoreCode[] = [
  { store: 'apple', url: 'https://apps.apple.com/app/microsoft-authenticator/id983156458' },
  { store: 'google', url: 'https://play.google.com/store/apps/details?id=com.azure.authenticator' },
];

function storeCodesFor(context: StayContext): readonly StoreCode[] {
  const phones = phonesOf(context.plan.devices);
  return storeCodes.filter((code) => phones.length === 0 || phones.includes(code.store === 'apple' ? 'iphone' : 'android'));
}

/** What stands on the screen for this state. */
export function screenOf(stay: StaySnapshot, flow: FlowSnapshot | null): Screen {
  const { context } = stay;
  if (stay.matches({ journey: 'attract' })) return { kind: 'attract' };
  if (stay.matches({ journey: 'opening' })) return { kind: 'attract' };
  if (stay.matches({ journey: 'beginning' })) return { kind: 'attract' };
  if (
    stay.matches({ journey: 'interrupted' }) ||
    stay.matches({ journey: 'acknowledging' }) ||
    stay.matches({ journey: 'leftBehind' })
  )
    return { kind: 'interrupted', findings: context.findings };
  if (stay.matches({ journey: 'wiping' })) return { kind: 'wiping' };
  if (stay.matches({ journey: 'closed' }) || stay.matches({ journey: 'reopening' })) {
    return { kind: 'closed', reason: context.reason ?? { code: 'desk.crashed' }, contact: context.contact };
  }
  if (stay.matches({ journey: { serving: 'planning' } })) {
    const { plan, planned } = context;
    return {
      kind: 'plan',
      devices: plan.devices,
      passUse: plan.passUse,
      route: planned.stops,
      notes: notesOf(planned),
      avoids: planned.refused.map((refusal) => refusal.because),
    };
  }
  if (stay.matches({ journey: { serving: 'gate' } })) {
    const looking = stay.matches({ journey: { serving: { gate: 'looking' } } });
    return {
      kind: 'gate',
      reason: context.knowledge.elsewhere ?? because('desk.placeUntold'),
      state: looking ? 'looking' : 'told',
    };
  }
  if (stay.matches({ journey: { serving: 'foretold' } })) {
    const stops = stopsJourney(context.planned);
    return {
      kind: 'foretold',
      foretold: stops,
      state: stay.matches({ journey: { serving: { foretold: 'looking' } } }) ? 'looking' : 'told',
      passKept: context.account === null,
      mayTryAnyway: mayTryAnyway(stops),
    };
  }
  if (stay.matches({ journey: { serving: 'phoneFirst' } })) {
    return { kind: 'phoneFirst', phones: phonesOf(context.plan.devices), storeCodes: storeCodesFor(context) };
  }
  if (flow?.flow === 'signIn') return signInScreen(flow.snapshot);
  if (flow?.flow === 'key') return keyScreen(flow.snapshot, context);
  if (flow?.flow === 'phone') return phoneScreen(flow.snapshot, context);
  if (stay.matches({ journey: { serving: 'works' } })) return worksScreen(context);
  if (stay.matches({ journey: { serving: 'done' } })) {
    return {
      kind: 'done',
      firstName: firstNameOf(context),
      ways: context.ways,
      after: context.planned.after,
      phoneNote: phoneNoteOf(context),
      pass: context.passEnd,
      printing: context.printing,
    };
  }
  return { kind: 'finishing' };
}

function worksScreen(context: StayContext): Screen {
  const proved = context.lastKey;
  if (!proved) throw new Error('project: the key that works is missing');
  const keys = keysMade(context);
  return {
    kind: 'works',
    key: faceOf(proved.description),
    savedAtMs: keys.at(-1)?.atMs ?? 0,
    pinSetHere: proved.pinSetHere,
    keysDone: keys.length,
    phoneNext: context.planned.order !== 'keyOnly' && context.phoneSettled === 'no',
  };
}

function signInScreen(snapshot: SnapshotFrom<typeof signInFlow>): Screen {
  const { context } = snapshot;
  if (snapshot.matches('trouble')) return trouble(context.reason, 'signIn');
  return { kind: 'signIn', step: context.step, notice: context.notice, withPhone: context.withPhone, keyboard: context.keyboard };
}

function phoneScreen(snapshot: SnapshotFrom<typeof phoneFlow>, stay: StayContext): Screen {
  const { context } = snapshot;
  if (snapshot.matches('trouble')) return trouble(context.reason, 'phone');
  if (snapshot.matches({ watching: 'gettingApp' })) return { kind: 'phoneApp', storeCodes: storeCodesFor(stay) };
  return {
    kind: 'phone',
    way: context.way,
    registered: context.registeredAtMs === null ? 'waiting' : 'done',
    registeredAtMs: context.registeredAtMs,
    phoneName: context.phoneName,
    signInOn: context.signInOnAtMs !== null ? 'done' : context.registeredAtMs === null ? 'notStarted' : 'waiting',
    notice: context.notice ?? context.unseen,
    inAppPossible: context.inAppPossible,
  };
}

function trouble(reason: Reason | null, during: StopId): Screen {
  return { kind: 'trouble', reason: reason ?? { code: 'desk.crashed' }, during };
}

function stopNow(stay: StaySnapshot, flow: FlowSnapshot | null): StopId {
  switch (stay.context.place) {
    case 'phoneFirst':
    case 'settingPhone':
      return 'phone';
    case 'signingIn':
    case 'signingInByKey':
      return 'signIn';
    case 'settingKey':
      return flow?.flow === 'key' &&
        (['beforeProof', 'proving', 'proveWaiting', 'troubleProving'].some((state) => flow.snapshot.value === state) ||
          (flow.snapshot.matches('choosingKey') && flow.snapshot.context.made !== null))
        ? 'prove'
        : 'key';
    case 'works':
      return 'prove';
    case 'finishing':
    case 'done':
      return 'done';
    case 'planning':
    case null:
      return 'plan';
  }
}

function stopsNow(stay: StaySnapshot, flow: FlowSnapshot | null): readonly Stop[] {
  const { context } = stay;
  if (context.place === null) return [];
  const finished = new Set<StopId>();
  const skipped = new Set<StopId>();
  if (context.place !== 'planning') finished.add('plan');
  if (context.account) finished.add('signIn');
  if (keysMade(context).length > 0) finished.add('key').add('prove');
  else if (flow?.flow === 'key' && flow.snapshot.context.made) finished.add('key');
  if (context.phoneSettled === 'done' || (context.phoneFirstDone && context.phoneSettled !== 'skipped')) finished.add('phone');
  if (context.phoneSettled === 'skipped') skipped.add('phone');
  return railOf(context.planned.order, stopNow(stay, flow), finished, skipped);
}

function passClock(context: StayContext): PassClock | null {
  if (context.place === null || context.phoneFirstDone || context.passEnd.kind === 'deleted') return null;
  if (!context.account) return { kind: 'unknown' };
  const { pass, signedInAtMs } = context.account;
  if (!pass) return null;
  const windowEndsAtMs = signedInAtMs + oneTimeWindowMs;
  return pass.usableOnce && windowEndsAtMs < pass.endsAtMs
    ? { kind: 'running', endsAtMs: windowEndsAtMs, totalMs: oneTimeWindowMs, limit: 'window' }
    : { kind: 'running', endsAtMs: pass.endsAtMs, totalMs: pass.endsAtMs - pass.startsAtMs, limit: 'pass' };
}

function hostOf(screen: Screen, flow: FlowSnapshot | null): HostSeen | null {
  if (flow?.flow === 'signIn' && screen.kind === 'signIn') return flow.snapshot.context.host;
  if (flow?.flow === 'key' && screen.kind === 'portal') return flow.snapshot.context.host;
  if (flow?.flow === 'phone' && screen.kind === 'phone' && screen.way === 'code') return flow.snapshot.context.host;
  return null;
}

function overlayOf(context: StayContext): Overlay | null {
  if (context.idleEndsAtMs !== null)
    return { kind: 'idle', endsAtMs: context.idleEndsAtMs, warningSeconds: limits.idleWarningSeconds };
  return context.panel === null ? null : { kind: context.panel };
}

/** Under a panel only the panel listens; under the idle warning only the two answers to it. */
const saidOverPanel: Readonly<Record<Overlay['kind'], readonly IntentType[]>> = {
  help: ['panel.close'],
  language: ['panel.close', 'look.language'],
  display: ['panel.close', 'look.textSize', 'look.contrast', 'look.motion', 'look.controlsLower'],
  forgotPin: ['panel.close'],
  keyDoesNotFit: ['panel.close'],
  startAgain: ['panel.close', 'startAgain.confirm'],
  idle: ['idle.stillHere', 'idle.leave'],
};

/** Help about one step is offered by that step. */
const offeredByFlow: readonly IntentType[] = ['forgotPin.open', 'keyDoesNotFit.open'];

function allowedNow(stay: StaySnapshot, flow: FlowSnapshot | null, overlay: Overlay | null): readonly IntentType[] {
  return intentSamples
    .filter((sample) => {
      const byFlow = flow?.snapshot.can(sample) ?? false;
      return offeredByFlow.includes(sample.type) ? byFlow && stay.can(sample) : byFlow || stay.can(sample);
    })
    .map((sample) => sample.type)
    .filter((type) => overlay === null || saidOverPanel[overlay.kind].includes(type))
    .filter((type) => type !== 'idle.leave' || overlay?.kind === 'idle');
}

/** Everything but the visit number, which counts showings and so is not in the state. */
export function project(stay: StaySnapshot, flow: FlowSnapshot | null): Omit<Snapshot, 'visit'> {
  const { context } = stay;
  const screen = screenOf(stay, flow);
  const overlay = overlayOf(context);
  return {
    world: context.world,
    screen,
    overlay,
    allowed: allowedNow(stay, flow, overlay),
    stops: stopsNow(stay, flow),
    pass: passClock(context),
    host: hostOf(screen, flow),
    look: context.look,
    contact: context.contact,
  };
}

/** Two pictures with the same name are the same showing: a press meant for one is good for the other. */
export function showingOf(picture: Omit<Snapshot, 'visit'>, stay: StaySnapshot, flow: FlowSnapshot | null): string {
  return JSON.stringify([
    stay.value.journey,
    flow ? [flow.flow, flow.snapshot.value] : null,
    picture.screen.kind,
    picture.overlay?.kind ?? null,
  ]);
}
