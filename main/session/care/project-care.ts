// What the care page may know, made from where the machine is. Account names are in it only while their list is on the screen.
import type { SnapshotFrom } from 'xstate';
import type {
  CareAccount,
  CareDeed,
  CareDeedName,
  CareIntent,
  CareIntentType,
  CareKey,
  CareScreen,
  CareScreenOf,
  CareSnapshot,
} from '../../../contract/care.ts';
import { careTasks } from '../../../contract/care.ts';
import type { KeyFace, World } from '../../../contract/snapshot.ts';
import type { KeyInspection, MakerFacts } from '../../ports/key-care.ts';
import { faceOf } from '../key/key-face.ts';
import type { CareContext } from './care-context.ts';
import { eraseWindowMs, leastNew, mostTyped, needed, offers, wantsLongTouch } from './care-context.ts';
import type { careFlow } from './care-flow.ts';
import { careSamples } from './care-samples.ts';

export type CareState = SnapshotFrom<typeof careFlow>;

/** What the picture holds besides the state. */
export interface CarePlace {
  readonly world: World;
  readonly contact: string;
}

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

function careKey(inspection: KeyInspection): CareKey {
  const { description, vendorId, productId } = inspection;
  const { versions, extensions, algorithms, transports, pinUvProtocols, maxMessageBytes } = inspection;
  const locked = description.pin !== 'none' && description.tries?.left === 0;
  return {
    ...faceOf(description),
    aaguid: description.aaguid,
    firmware: description.firmware,
    serial: inspection.serial,
    usbId: vendorId === null || productId === null ? null : `${hex4(vendorId)}:${hex4(productId)}`,
    pin: locked ? 'locked' : inspection.mustChangePin ? 'mustChange' : description.pin,
    tries: description.tries,
    sensorTriesLeft: inspection.sensorTriesLeft,
    minPinLength: description.minPinLength,
    maxPinLength: description.maxPinLength,
    accountsLeft: inspection.accountsLeft,
    longTouchForReset: inspection.longTouchForReset,
    unusable: description.unusable,
    offers: inspection.offers,
    technical: {
      versions,
      extensions,
      options: Object.entries(inspection.options).map(([name, on]) => ({ name, on })),
      algorithms,
      transports,
      pinUvProtocols,
      maxMessageBytes,
      maker: makerSaid(inspection.maker),
    },
  };
}

function makerSaid(maker: MakerFacts | null): readonly string[] {
  if (maker === null) return [];
  const { form, isFips, partNumber, enabledOverUsb, resetBlocked, refusesEasyPins } = maker;
  return Object.entries({
    form,
    part: partNumber,
    fips: isFips ? 'yes' : null,
    on: enabledOverUsb?.join('+') ?? null,
    notErasedAlone: resetBlocked.length === 0 ? null : resetBlocked.join('+'),
    refusesEasyPins: refusesEasyPins === true ? 'yes' : null,
  }).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
}

const handScreen = (context: CareContext, step: CareScreenOf<'hand'>['step'], why: CareScreenOf<'hand'>['why']): CareScreen => ({
  kind: 'hand',
  key: faceIn(context),
  step,
  why,
  windowSeconds: eraseWindowMs(context) / 1000,
  longTouch: wantsLongTouch(context),
});

const faceIn = ({ inspection }: CareContext): KeyFace => faceOf(needed(inspection, 'inspection').description);

const deedIn = ({ deed }: CareContext): CareDeed => needed(deed, 'deed');

/** The screen of a state. A state without one is a bug, and the walk finds it. */
export function careScreen(state: CareState): CareScreen {
  const { context } = state;
  if (state.matches('waiting')) {
    const { notice } = context;
    return { kind: 'insert', notice: notice && !isPinNotice(notice) ? notice : null };
  }
  if (state.matches('several')) {
    return { kind: 'several', keys: choicesIn(context), touch: state.matches({ several: 'asking' }) };
  }
  if (state.matches({ atKey: 'reading' })) return { kind: 'reading' };
  if (state.matches({ atKey: 'unreadable' })) return { kind: 'unreadable', reason: needed(context.reason, 'reason') };
  if (state.matches({ atKey: 'overview' })) {
    return { kind: 'key', key: careKey(needed(context.inspection, 'inspection')), done: context.done };
  }
  if (state.matches({ atKey: 'lastTry' })) return { kind: 'lastTry', key: faceIn(context) };
  if (state.matches({ atKey: 'entering' })) return pinScreen(context, context.deed?.deed === 'changePin' ? 'old' : 'enter');
  if (state.matches({ atKey: 'choosing' })) return pinScreen(context, 'choose');
  if (state.matches({ atKey: 'repeating' })) return pinScreen(context, 'again');
  if (state.matches({ atKey: 'working' })) return workScreen(context);
  if (state.matches({ atKey: 'replugging' })) return handScreen(context, 'takeOut', 'replug');
  if (state.matches({ atKey: 'listing' })) return listScreen(context);
  if (state.matches({ atKey: 'confirming' })) return { kind: 'confirm', key: faceIn(context), deed: deedIn(context) };
  if (state.matches({ atKey: 'trouble' }) || state.matches({ erase: 'notErased' })) {
    return { kind: 'trouble', key: faceIn(context), deed: deedIn(context).deed, reason: needed(context.reason, 'reason') };
  }
  if (state.matches({ erase: 'takingOut' })) return handScreen(context, 'takeOut', 'erase');
  if (state.matches({ erase: 'pluggingIn' })) return handScreen(context, 'plugIn', 'erase');
  if (state.matches({ erase: 'otherKey' })) return handScreen(context, 'takeOut', 'otherKey');
  if (state.matches({ erase: 'erasing' })) {
    return {
      kind: 'erasing',
      key: faceIn(context),
      state: context.progress === 'touchNeeded' ? 'waiting' : context.progress === 'touched' ? 'touched' : 'preparing',
      endsAtMs: context.eraseEndsAtMs,
      windowSeconds: eraseWindowMs(context) / 1000,
      longTouch: wantsLongTouch(context),
    };
  }
  throw new Error(`key care: no screen for ${JSON.stringify(state.value)}`);
}

const isPinNotice = (notice: NonNullable<CareContext['notice']>): notice is Extract<typeof notice, { code: `pin.${string}` }> =>
  notice.code.startsWith('pin.');

function choicesIn({ seen }: CareContext) {
  return (
    seen?.map(({ key, inspection }) => ({
      insertion: key.insertion,
      model: inspection?.description.model ?? null,
      serial: inspection?.serial ?? null,
    })) ?? null
  );
}

function pinScreen(context: CareContext, ask: 'choose' | 'again' | 'enter' | 'old'): CareScreen {
  const makes = ask === 'choose' || ask === 'again';
  const rules = ask === 'again' ? [{ id: 'sameTwice' as const, state: 'open' as const }] : makes ? context.typed.rules : [];
  return {
    kind: 'pin',
    key: faceIn(context),
    ask,
    count: context.typed.count,
    minLength: makes ? leastNew(context) : 4,
    maxLength: mostTyped(context),
    rules,
    ready: context.typed.ready,
    tries: makes ? null : (context.inspection?.description.tries ?? null),
    notice: context.notice,
  };
}

function workScreen(context: CareContext): CareScreen {
  const key = faceIn(context);
  const deed: CareDeedName = deedIn(context).deed;
  const { progress, sample, samplesTaken } = context;
  if (deed === 'teach' && (progress !== null || sample !== null)) return { kind: 'teach', key, sample, taken: samplesTaken };
  if (progress === 'touchNeeded' || progress === 'touched') {
    return { kind: 'touch', key, deed, state: progress === 'touched' ? 'touched' : 'waiting' };
  }
  return { kind: 'working', key, deed };
}

function listScreen(context: CareContext): CareScreen {
  const { task, done } = context;
  switch (task) {
    case 'accounts': {
      const { accounts, left } = needed(context.accounts, 'accounts');
      return { kind: 'accounts', key: faceIn(context), accounts: accounts.map(accountFace), left, done };
    }
    case 'fingerprints':
      return { kind: 'fingerprints', key: faceIn(context), fingerprints: needed(context.fingerprints, 'fingerprints'), done };
    case 'settings':
      return { kind: 'settings', key: careKey(needed(context.inspection, 'inspection')) };
    default:
      throw new Error(`key care: ${String(task)} has no list`);
  }
}

function accountFace({ credentialIdB64u, rpId, userName, displayName }: CareAccount): CareAccount {
  return { credentialIdB64u, rpId, userName, displayName };
}

const onPanel: readonly CareIntentType[] = [
  'panel.close',
  'look.language',
  'look.textSize',
  'look.contrast',
  'look.motion',
  'look.controlsLower',
];

/** What would be listened to now, one example of each. */
export function sayableNow(state: CareState): readonly CareIntent[] {
  const panelOpen = state.context.panel !== null;
  return careSamples(state.context).filter((sample) => onPanel.includes(sample.type) === panelOpen && state.can(sample));
}

/** Everything but the visit number, which counts showings and so is not in the state. */
export function projectCare(state: CareState, place: CarePlace): Omit<CareSnapshot, 'visit'> {
  const { context } = state;
  const sayable = sayableNow(state);
  return {
    ...place,
    screen: careScreen(state),
    panel: context.panel,
    allowed: [...new Set(sayable.map(({ type }) => type))],
    tasks: careTasks.filter((task) => offers(context, task)),
    look: context.look,
  };
}

/** Two pictures with the same name are the same showing: a press meant for one is good for the other. */
export function careShowingOf(picture: Omit<CareSnapshot, 'visit'>, { value, context }: CareState): string {
  return JSON.stringify([value, picture.screen.kind, picture.panel, context.key, context.deed?.deed ?? null]);
}
