// What the desk would show, written down: every kind of screen in the states that look different. Typed by the contract, so a
// screen the session can make and the gallery can't show does not compile.
import { foretold, foretoldCodes, type Evidence, type Foretold, type ForetoldCode } from '../../contract/foretold.ts';
import type { Device, Intent } from '../../contract/intent.ts';
import { because, reasonCodes, reasons, type Reason, type ReasonCode } from '../../contract/reason.ts';
import type {
  AccountShown,
  DeviceAfter,
  HostSeen,
  KeyFace,
  Overlay,
  PassClock,
  Screen,
  ScreenKind,
  ScreenOf,
  Snapshot,
  Stop,
  StopId,
  StopState,
  StoreCode,
  World,
} from '../../contract/snapshot.ts';

/** A snapshot without what the viewer of the gallery chooses. */
export interface Fixture {
  readonly name: string;
  readonly snapshot: Omit<Snapshot, 'look' | 'visit'>;
}

const key: KeyFace = { model: 'Norden N5 NFC', plug: 'usb-a' };
const contact = '+31 20 555 0142';
const minuteMs = 60_000;
/** 09:41 on the panel's own clock, today. */
const morningMs = new Date().setHours(9, 41, 0, 0);

const storeCodes: readonly StoreCode[] = [
  { store: 'apple', url: 'https://apps.apple.com/app/microsoft-authenticator/id983156458' },
  { store: 'google', url: 'https://play.google.com/store/apps/details?id=com.azure.authenticator' },
];

const usualOrder: readonly StopId[] = ['plan', 'signIn', 'key', 'prove', 'phone', 'done'];

function stopsAt(now: StopId, changes: Partial<Record<StopId, StopState>> = {}): readonly Stop[] {
  const at = usualOrder.indexOf(now);
  return usualOrder.map((id, place) => ({ id, state: changes[id] ?? (place < at ? 'done' : place === at ? 'now' : 'ahead') }));
}

const passLeft = (minutes: number, of = 60): PassClock => ({
  kind: 'running',
  endsAtMs: Date.now() + minutes * minuteMs,
  totalMs: of * minuteMs,
  limit: 'pass',
});

const always: readonly Intent['type'][] = ['help.open', 'language.open', 'display.open', 'startAgain.ask'];

interface Extras {
  readonly stop?: StopId | null;
  readonly stops?: readonly Stop[];
  readonly pass?: PassClock | null;
  readonly host?: HostSeen | null;
  readonly world?: World;
  readonly overlay?: Overlay;
  readonly allowed?: readonly Intent['type'][];
}

function fixture(name: string, screen: Screen, extras: Extras = {}): Fixture {
  const {
    stop = null,
    stops = stop === null ? [] : stopsAt(stop),
    pass = null,
    host = null,
    world = 'field',
    overlay = null,
    allowed = [],
  } = extras;
  // Under a panel only the panel listens.
  const serving = stops.length > 0 && overlay === null;
  return {
    name,
    snapshot: { world, screen, overlay, allowed: [...(serving ? always : []), ...allowed], stops, pass, host, contact },
  };
}

const microsoft: HostSeen = { state: 'verified', host: 'login.microsoftonline.com' };
const securityInfo: HostSeen = { state: 'verified', host: 'mysignins.microsoft.com' };
const attractAllowed: readonly Intent['type'][] = [
  'start',
  'help.open',
  'language.open',
  'display.open',
  'look.language',
  'look.textSize',
  'look.contrast',
  'look.motion',
  'look.controlsLower',
];

const route = [
  { id: 'signIn', minutes: 2 },
  { id: 'key', minutes: 3 },
  { id: 'prove', minutes: 1 },
  { id: 'phone', minutes: 3 },
] as const;

const pinAllowed: readonly Intent['type'][] = ['back', 'pin.press', 'pin.delete', 'pin.submit'];
const pin = (change: Partial<Extract<Screen, { kind: 'pin' }>>): Screen => ({
  kind: 'pin',
  ask: 'choose',
  count: 0,
  minLength: 6,
  maxLength: 63,
  rules: [
    { id: 'length', state: 'open' },
    { id: 'notGuessable', state: 'open' },
  ],
  ready: false,
  tries: null,
  notice: null,
  ...change,
});

const phone = (change: Partial<Extract<Screen, { kind: 'phone' }>>): Screen => ({
  kind: 'phone',
  way: 'code',
  registered: 'waiting',
  registeredAtMs: null,
  phoneName: null,
  signInOn: 'notStarted',
  notice: null,
  inAppPossible: true,
  ...change,
});

const portal = (change: Partial<Extract<Screen, { kind: 'portal' }>>): Screen => ({
  kind: 'portal',
  step: 'add',
  instead: null,
  notice: null,
  keyboard: false,
  untold: false,
  ...change,
});

const bothWays = [
  { way: 'securityKey', atMs: morningMs },
  { way: 'phoneSignIn', atMs: morningMs + 5 * minuteMs },
] as const;

const told = (code: ForetoldCode, evidence?: Evidence): Foretold => ({
  code,
  weight: foretold[code].weight,
  certainty: 'sure',
  ...(evidence === undefined ? {} : { evidence }),
});

const deviceAfter = (device: Device): DeviceAfter =>
  device === 'iphone' || device === 'android' ? { device, pass: 'notNeeded' } : { device, pass: 'worksUntilItEnds' };

/** What the gate may say. */
const gateReasons = [
  'desk.elsewhere',
  'desk.behindVpn',
  'desk.behindProxy',
  'desk.unknownGateway',
  'desk.beaconSilent',
  'desk.beaconNotOurs',
  'network.captivePortal',
  'network.notTrusted',
] as const satisfies readonly ReasonCode[];

const stopping = foretoldCodes.filter((code) => foretold[code].weight === 'blocks' && foretold[code].step !== 'phone');

const fixturesByKind = () =>
  ({
    attract: [
      fixture('attract', { kind: 'attract' }, { allowed: attractAllowed }),
      fixture('attract-training', { kind: 'attract' }, { allowed: attractAllowed, world: 'training' }),
    ],
    plan: [
      fixture(
        'plan-empty',
        { kind: 'plan', devices: [], passUse: null, route: route.slice(0, 3), notes: [], avoids: [] },
        { stop: 'plan', allowed: ['plan.device', 'plan.passUse', 'continue', 'back'] },
      ),
      fixture(
        'plan',
        { kind: 'plan', devices: ['windows', 'iphone'], passUse: 'several', route, notes: [], avoids: [] },
        { stop: 'plan', allowed: ['plan.device', 'plan.passUse', 'continue', 'back'] },
      ),
      fixture(
        'plan-phone-first',
        {
          kind: 'plan',
          devices: ['mac', 'android'],
          passUse: 'once',
          route: [route[3], route[0], route[1], route[2]],
          notes: [told('access.phoneNeedsOffice')],
          avoids: ['phone.asksPassAgain'],
        },
        { stop: 'plan', allowed: ['plan.device', 'plan.passUse', 'continue', 'back'] },
      ),
      fixture(
        'plan-order',
        {
          kind: 'plan',
          devices: ['windows', 'iphone'],
          passUse: 'once',
          route: [route[3], route[0], route[1], route[2]],
          notes: [],
          avoids: ['phone.asksPassAgain'],
        },
        { stop: 'plan', allowed: ['plan.device', 'plan.passUse', 'continue', 'back'] },
      ),
    ],
    gate: gateReasons.flatMap((code) => [
      fixture(
        `gate-${code}`,
        {
          kind: 'gate',
          reason: because(code, { address: '198.51.100.7' }),
          state: code === 'desk.beaconSilent' ? 'looking' : 'told',
        },
        { stop: 'plan', allowed: code === 'desk.beaconSilent' ? ['back'] : ['tryAgain', 'back'] },
      ),
    ]),
    foretold: [
      ...stopping.map((code) =>
        fixture(
          `foretold-${code}`,
          {
            kind: 'foretold',
            foretold: [
              told(code, { policyName: 'Security info: office only', strengthName: 'Passwordless MFA', address: '198.51.100.7' }),
            ],
            state: 'told',
            passKept: foretold[code].step === 'signIn',
            mayTryAnyway: false,
          },
          { stop: 'plan', pass: { kind: 'unknown' }, allowed: ['tryAgain', 'back'] },
        ),
      ),
      fixture(
        'foretold-two-likely',
        {
          kind: 'foretold',
          foretold: [
            {
              ...told('access.strengthForgetsPass', {
                policyName: 'Registration needs passwordless',
                strengthName: 'Passwordless MFA',
              }),
              certainty: 'likely',
            },
            { ...told('key.selfServiceOff'), certainty: 'likely' },
          ],
          state: 'told',
          passKept: true,
          mayTryAnyway: true,
        },
        { stop: 'plan', pass: { kind: 'unknown' }, allowed: ['tryAgain', 'continue', 'back'] },
      ),
      fixture(
        'foretold-looking',
        {
          kind: 'foretold',
          foretold: [
            told('access.wrongPlace', {
              policyName: 'Office only',
              placeName: 'Head office',
              address: '198.51.100.7',
              country: 'NL',
            }),
          ],
          state: 'looking',
          passKept: true,
          mayTryAnyway: false,
        },
        { stop: 'plan', pass: { kind: 'unknown' }, allowed: ['back'] },
      ),
    ],
    phoneFirst: [
      fixture(
        'phone-first',
        { kind: 'phoneFirst', phones: ['iphone', 'android'], storeCodes },
        { stop: 'phone', stops: phoneFirstStops(), pass: { kind: 'unknown' }, allowed: ['phone.ready', 'phone.skip', 'back'] },
      ),
      fixture(
        'phone-first-one',
        { kind: 'phoneFirst', phones: ['android'], storeCodes: storeCodes.slice(1) },
        { stop: 'phone', stops: phoneFirstStops(), pass: { kind: 'unknown' }, allowed: ['phone.ready', 'phone.skip', 'back'] },
      ),
    ],
    signIn: [
      ...(['key', 'choose', 'password', 'elsewhere'] as const).map((step) =>
        fixture(
          `sign-in-${step}`,
          { kind: 'signIn', step, notice: null, withPhone: false, keyboard: false },
          { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, allowed: ['keyboard.show', 'back'] },
        ),
      ),
      fixture(
        'sign-in',
        { kind: 'signIn', step: 'name', notice: null, withPhone: false, keyboard: false },
        { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, allowed: ['keyboard.show', 'back'] },
      ),
      fixture(
        'sign-in-keyboard',
        { kind: 'signIn', step: 'pass', notice: null, withPhone: false, keyboard: true },
        { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, allowed: ['keyboard.hide', 'keyboard.press', 'back'] },
      ),
      fixture(
        'sign-in-notice',
        { kind: 'signIn', step: 'pass', notice: { code: 'pass.wrong' }, withPhone: false, keyboard: false },
        { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, allowed: ['keyboard.show', 'back'] },
      ),
      fixture(
        'sign-in-more-asked',
        { kind: 'signIn', step: 'pass', notice: { code: 'signIn.moreAsked' }, withPhone: false, keyboard: false },
        { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, allowed: ['keyboard.show', 'back'] },
      ),
      fixture(
        'sign-in-phone',
        { kind: 'signIn', step: 'approve', notice: null, withPhone: true, keyboard: false },
        { stop: 'signIn', stops: phoneFirstStops('signIn'), host: microsoft, allowed: ['keyboard.show', 'back'] },
      ),
      fixture(
        'sign-in-unverified',
        { kind: 'signIn', step: 'name', notice: null, withPhone: false, keyboard: false },
        {
          stop: 'signIn',
          pass: { kind: 'unknown' },
          host: { state: 'unverified', host: null },
          allowed: ['keyboard.show', 'back'],
        },
      ),
      fixture(
        'sign-in-finishing',
        { kind: 'signIn', step: 'finishing', notice: null, withPhone: false, keyboard: false },
        { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft },
      ),
    ],
    insertKey: [
      fixture(
        'insert',
        { kind: 'insertKey', second: false, notice: null, litPorts: true },
        { stop: 'key', pass: passLeft(44), allowed: ['keyDoesNotFit.open', 'back'] },
      ),
      fixture(
        'insert-training',
        { kind: 'insertKey', second: false, notice: null, litPorts: false },
        { stop: 'key', pass: passLeft(44), world: 'training', allowed: ['keyDoesNotFit.open', 'back'] },
      ),
      fixture(
        'insert-rehearsal',
        { kind: 'insertKey', second: false, notice: null, litPorts: false },
        { stop: 'key', pass: passLeft(9), world: 'rehearsal', allowed: ['keyDoesNotFit.open', 'back'] },
      ),
      fixture(
        'insert-again',
        { kind: 'insertKey', second: true, notice: { code: 'key.removed' }, litPorts: false },
        { stop: 'key', pass: passLeft(1.5), allowed: ['keyDoesNotFit.open', 'back'] },
      ),
    ],
    chooseKey: [
      fixture(
        'choose-key-preparing',
        { kind: 'chooseKey', purpose: 'setUp', second: false, alone: false, state: 'preparing', notice: null },
        { stop: 'key', pass: passLeft(44), allowed: ['back'] },
      ),
      fixture(
        'choose-key',
        { kind: 'chooseKey', purpose: 'setUp', second: true, alone: false, state: 'waiting', notice: null },
        { stop: 'key', pass: passLeft(44), allowed: ['back'] },
      ),
      fixture(
        'choose-key-unanswered',
        {
          kind: 'chooseKey',
          purpose: 'setUp',
          second: false,
          alone: false,
          state: 'unanswered',
          notice: { code: 'key.touchTimeout' },
        },
        { stop: 'key', pass: passLeft(43), allowed: ['tryAgain', 'back'] },
      ),
      fixture(
        'choose-key-lost',
        {
          kind: 'chooseKey',
          purpose: 'setUp',
          second: false,
          alone: true,
          state: 'waiting',
          notice: { code: 'key.removed' },
        },
        { stop: 'key', pass: passLeft(42), allowed: ['back'] },
      ),
      fixture(
        'choose-key-sign-in',
        { kind: 'chooseKey', purpose: 'signIn', second: false, alone: false, state: 'waiting', notice: null },
        { stop: 'signIn', pass: { kind: 'unknown' }, allowed: ['back'] },
      ),
      fixture(
        'choose-key-prove',
        { kind: 'chooseKey', purpose: 'prove', second: false, alone: false, state: 'waiting', notice: null },
        { stop: 'prove', pass: passLeft(40), allowed: ['back'] },
      ),
    ],
    checkingKey: [
      fixture('checking-key', { kind: 'checkingKey', second: false }, { stop: 'key', pass: passLeft(44), allowed: ['back'] }),
    ],
    keyReady: [
      fixture(
        'key-ready',
        { kind: 'keyReady', key, pin: 'none', minPinLength: 6 },
        { stop: 'key', pass: passLeft(43), allowed: ['pin.begin', 'back'] },
      ),
      fixture(
        'key-ready-must-change',
        { kind: 'keyReady', key, pin: 'mustChange', minPinLength: 6 },
        { stop: 'key', pass: passLeft(43), allowed: ['pin.begin', 'back'] },
      ),
    ],
    keyRefused: [
      fixture(
        'key-refused',
        {
          kind: 'keyRefused',
          key: { model: 'Norden U2', plug: 'usb-a' },
          reason: { code: 'key.noPinSupport', detail: { model: 'Norden U2' } },
        },
        { stop: 'key', pass: passLeft(43), allowed: ['back'] },
      ),
      fixture(
        'key-locked',
        {
          kind: 'keyRefused',
          key,
          reason: { code: 'key.pinLocked', detail: { status: 50, statusName: 'CTAP2_ERR_PIN_BLOCKED' } },
        },
        { stop: 'key', pass: passLeft(43), allowed: ['back', 'tryAgain'] },
      ),
    ],
    pin: [
      fixture('pin-empty', pin({}), { stop: 'key', pass: passLeft(42), allowed: pinAllowed }),
      fixture(
        'pin',
        pin({
          count: 7,
          ready: true,
          rules: [
            { id: 'length', state: 'met' },
            { id: 'notGuessable', state: 'met' },
          ],
        }),
        { stop: 'key', pass: passLeft(42), allowed: pinAllowed },
      ),
      fixture(
        'pin-guessable',
        pin({
          count: 6,
          rules: [
            { id: 'length', state: 'met' },
            { id: 'notGuessable', state: 'broken' },
          ],
          notice: { code: 'pin.guessable' },
        }),
        { stop: 'key', pass: passLeft(42), allowed: pinAllowed },
      ),
      fixture(
        'pin-long',
        pin({
          count: 22,
          ready: true,
          rules: [
            { id: 'length', state: 'met' },
            { id: 'notGuessable', state: 'met' },
          ],
        }),
        { stop: 'key', pass: passLeft(42), allowed: pinAllowed },
      ),
      fixture('pin-again', pin({ ask: 'again', count: 12, rules: [] }), { stop: 'key', pass: passLeft(42), allowed: pinAllowed }),
      fixture('pin-differs', pin({ ask: 'again', count: 0, rules: [], notice: { code: 'pin.differs' } }), {
        stop: 'key',
        pass: passLeft(42),
        allowed: pinAllowed,
      }),
      fixture('pin-enter', pin({ ask: 'enter', minLength: 4, rules: [], tries: { left: 8, of: 8 } }), {
        stop: 'key',
        pass: passLeft(41),
        allowed: [...pinAllowed, 'forgotPin.open'],
      }),
      fixture(
        'pin-wrong',
        pin({ ask: 'enter', minLength: 4, rules: [], tries: { left: 6, of: 8 }, notice: { code: 'key.pinWrong' } }),
        { stop: 'key', pass: passLeft(41), allowed: [...pinAllowed, 'forgotPin.open'] },
      ),
      fixture(
        'pin-few-tries',
        pin({ ask: 'enter', minLength: 4, rules: [], tries: { left: 2, of: 8 }, notice: { code: 'key.pinWrong' } }),
        { stop: 'key', pass: passLeft(41), allowed: [...pinAllowed, 'forgotPin.open'] },
      ),
      fixture('pin-old', pin({ ask: 'old', minLength: 4, rules: [], tries: { left: 8, of: 8 } }), {
        stop: 'key',
        pass: passLeft(41),
        allowed: [...pinAllowed, 'forgotPin.open'],
      }),
    ],
    pinLastTry: [
      fixture(
        'pin-last-try',
        { kind: 'pinLastTry', key },
        { stop: 'key', pass: passLeft(40), allowed: ['pin.lastTry', 'forgotPin.open', 'back'] },
      ),
    ],
    replugKey: [
      fixture(
        'replug-take-out',
        { kind: 'replugKey', reason: { code: 'key.pinReplug' }, step: 'takeOut' },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
      fixture(
        'replug-plug-in',
        { kind: 'replugKey', reason: { code: 'key.pinReplug' }, step: 'plugIn' },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
    ],
    savingPin: [fixture('saving-pin', { kind: 'savingPin', key }, { stop: 'key', pass: passLeft(40) })],
    touch: [
      fixture(
        'touch-genuine',
        { kind: 'touch', purpose: 'genuine', state: 'waiting', key, notice: null },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
      fixture(
        'touch-preparing',
        { kind: 'touch', purpose: 'make', state: 'preparing', key, notice: null },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
      fixture(
        'touch',
        { kind: 'touch', purpose: 'make', state: 'waiting', key, notice: null },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
      fixture(
        'touch-touched',
        { kind: 'touch', purpose: 'make', state: 'touched', key, notice: null },
        { stop: 'key', pass: passLeft(40), allowed: ['back'] },
      ),
      fixture(
        'touch-sign-in',
        { kind: 'touch', purpose: 'signIn', state: 'waiting', key, notice: null },
        { stop: 'signIn', pass: { kind: 'unknown' }, allowed: ['back'] },
      ),
      fixture(
        'touch-prove',
        { kind: 'touch', purpose: 'prove', state: 'waiting', key, notice: null },
        { stop: 'prove', pass: passLeft(38), allowed: ['back'] },
      ),
      fixture(
        'touch-notice',
        { kind: 'touch', purpose: 'prove', state: 'waiting', key, notice: { code: 'key.touchTimeout' } },
        { stop: 'prove', pass: passLeft(9), allowed: ['back'] },
      ),
    ],
    portal: [
      fixture('portal', portal({ instead: { code: 'directory.notSelfService' } }), {
        stop: 'key',
        pass: passLeft(40),
        host: securityInfo,
        allowed: ['keyboard.show', 'back'],
      }),
      fixture('portal-first', portal({}), {
        stop: 'key',
        pass: passLeft(40),
        host: securityInfo,
        allowed: ['keyboard.show', 'back'],
      }),
      fixture('portal-blocked', portal({ notice: { code: 'signIn.pageBlocked' } }), {
        stop: 'key',
        pass: passLeft(40),
        host: securityInfo,
        allowed: ['keyboard.show', 'back'],
      }),
      fixture('portal-save', portal({ step: 'save' }), {
        stop: 'key',
        pass: passLeft(39),
        host: securityInfo,
        allowed: ['keyboard.show'],
      }),
      fixture('portal-save-keyboard', portal({ step: 'save', keyboard: true }), {
        stop: 'key',
        pass: passLeft(39),
        host: securityInfo,
        allowed: ['keyboard.hide', 'keyboard.press'],
      }),
      fixture('portal-untold', portal({ step: 'save', untold: true }), {
        stop: 'key',
        pass: passLeft(39),
        host: securityInfo,
        allowed: ['keyboard.show', 'continue'],
      }),
    ],
    sharedKey: [
      fixture(
        'shared-key',
        { kind: 'sharedKey', key, others: 2 },
        { stop: 'key', pass: passLeft(40), allowed: ['continue', 'back'] },
      ),
    ],
    chooseAccount: [
      fixture('choose-account', accountsOf(shownAccounts.slice(0, 2)), {
        stop: 'signIn',
        pass: { kind: 'unknown' },
        allowed: ['account.choose', 'back'],
      }),
      fixture('choose-account-many', accountsOf(shownAccounts), {
        stop: 'signIn',
        pass: { kind: 'unknown' },
        allowed: ['account.choose', 'back'],
      }),
      fixture(
        'choose-account-chosen',
        { ...accountsOf(shownAccounts.slice(0, 2)), chosen: 1 },
        {
          stop: 'signIn',
          pass: { kind: 'unknown' },
        },
      ),
    ],
    noRoute: [
      fixture(
        'no-route',
        {
          kind: 'noRoute',
          refusals: [
            { route: 'self', reason: { code: 'directory.notSelfService', detail: { status: 405 } } },
            { route: 'technician', reason: { code: 'directory.routeNotSetUp' } },
            { route: 'station', reason: { code: 'directory.forbidden', detail: { status: 403 } } },
          ],
        },
        { stop: 'key', pass: passLeft(39), allowed: ['tryAgain', 'back'] },
      ),
    ],
    saving: [
      fixture('saving', { kind: 'saving', state: 'sending', key, notice: null }, { stop: 'key', pass: passLeft(39) }),
      fixture(
        'saving-checking',
        { kind: 'saving', state: 'checking', key, notice: { code: 'directory.throttled' } },
        { stop: 'key', pass: passLeft(39) },
      ),
      fixture('saving-tidying', { kind: 'saving', state: 'tidying', key, notice: null }, { stop: 'key', pass: passLeft(39) }),
    ],
    works: [
      fixture(
        'works',
        { kind: 'works', key, savedAtMs: morningMs, pinSetHere: true, keysDone: 1, phoneNext: true },
        { stop: 'phone', pass: passLeft(38), allowed: ['key.addSecond', 'phone.next', 'continue'] },
      ),
      fixture(
        'works-both',
        { kind: 'works', key, savedAtMs: morningMs, pinSetHere: false, keysDone: 2, phoneNext: false },
        { stop: 'done', pass: passLeft(36), allowed: ['key.addSecond', 'continue'] },
      ),
    ],
    phoneApp: [
      fixture(
        'phone-app',
        { kind: 'phoneApp', storeCodes: storeCodes.slice(0, 1) },
        { stop: 'phone', pass: passLeft(34), allowed: ['phone.haveApp', 'phone.skip', 'back'] },
      ),
      fixture(
        'phone-app-both',
        { kind: 'phoneApp', storeCodes },
        { stop: 'phone', pass: passLeft(34), allowed: ['phone.haveApp', 'phone.skip', 'back'] },
      ),
    ],
    phone: [
      fixture('phone', phone({}), {
        stop: 'phone',
        pass: passLeft(33),
        host: securityInfo,
        allowed: ['phone.noApp', 'phone.inApp', 'phone.skip', 'back'],
      }),
      fixture('phone-notice', phone({ inAppPossible: false, notice: { code: 'signIn.pageBlocked' } }), {
        stop: 'phone',
        pass: passLeft(33),
        host: securityInfo,
        allowed: ['phone.noApp', 'phone.skip', 'back'],
      }),
      fixture('phone-in-app', phone({ way: 'inApp' }), {
        stop: 'phone',
        pass: passLeft(33),
        allowed: ['phone.showCode', 'phone.skip', 'back'],
      }),
      fixture(
        'phone-registered',
        phone({ registered: 'done', registeredAtMs: morningMs + 3 * minuteMs, phoneName: 'iPhone', signInOn: 'waiting' }),
        { stop: 'phone', pass: passLeft(30), allowed: ['phone.skip', 'back'] },
      ),
    ],
    finishing: [fixture('finishing', { kind: 'finishing' }, { stop: 'done', pass: passLeft(30) })],
    done: [
      fixture(
        'done',
        {
          kind: 'done',
          firstName: 'Noor',
          ways: bothWays,
          after: [deviceAfter('windows'), deviceAfter('iphone')],
          phoneNote: null,
          pass: { kind: 'deleted' },
          printing: 'offered',
        },
        { stop: 'done', allowed: ['print', 'finish'] },
      ),
      fixture(
        'done-all',
        {
          kind: 'done',
          firstName: 'Wilhelmina',
          ways: [bothWays[0], { way: 'secondKey', atMs: morningMs }, bothWays[1]],
          after: [deviceAfter('windows'), deviceAfter('mac'), deviceAfter('iphone'), deviceAfter('android')],
          phoneNote: 'notFirst',
          pass: { kind: 'endsAt', atMs: morningMs + 50 * minuteMs },
          printing: 'busy',
        },
        { stop: 'done', allowed: ['finish'] },
      ),
      fixture(
        'done-one-way',
        {
          kind: 'done',
          firstName: 'Noor',
          ways: bothWays.slice(0, 1),
          after: [deviceAfter('windows'), deviceAfter('iphone')],
          phoneNote: null,
          pass: { kind: 'unknown' },
          printing: 'impossible',
        },
        {
          stop: 'done',
          stops: stopsAt('done', { phone: 'skipped' }),
          allowed: ['finish', 'key.addSecond', 'phone.next', 'back'],
        },
      ),
      fixture(
        'done-nameless',
        {
          kind: 'done',
          firstName: null,
          ways: bothWays,
          after: [{ device: 'mac', pass: 'strands' }],
          phoneNote: null,
          pass: { kind: 'usedUp' },
          printing: 'printed',
        },
        { stop: 'done', allowed: ['print', 'finish'] },
      ),
      fixture(
        'done-phone-not-open',
        {
          kind: 'done',
          firstName: 'Noor',
          ways: bothWays.slice(0, 1),
          after: [deviceAfter('mac'), deviceAfter('android')],
          phoneNote: 'notOpen',
          pass: { kind: 'endsAt', atMs: morningMs + 50 * minuteMs },
          printing: 'offered',
        },
        { stop: 'done', allowed: ['print', 'finish', 'key.addSecond', 'back'] },
      ),
    ],
    trouble: [
      ...reasonCodes.map((code) => troubleWith(code)),
      fixture(
        'trouble-key-left',
        { kind: 'trouble', reason: { code: 'key.accountLeft', detail: { statusName: 'key.removed' } }, during: 'key' },
        { stop: 'key', pass: passLeft(39), allowed: ['tryAgain', 'continue'] },
      ),
      fixture(
        'trouble-key-stays',
        { kind: 'trouble', reason: { code: 'key.accountStays' }, during: 'key' },
        { stop: 'key', pass: passLeft(39), allowed: ['continue'] },
      ),
    ],
    interrupted: [
      fixture(
        'interrupted',
        {
          kind: 'interrupted',
          findings: [
            { code: 'stayCutOff', atMs: morningMs, model: null },
            { code: 'keyMadeNotSaved', atMs: morningMs, model: 'Norden N5 NFC' },
            { code: 'passMayBeDeleted', atMs: morningMs, model: null },
          ],
        },
        { allowed: ['continue'] },
      ),
      fixture(
        'interrupted-left',
        { kind: 'interrupted', findings: [{ code: 'keyMadeNotSaved', atMs: morningMs, model: 'Norden N5 NFC' }] },
        { allowed: ['continue'] },
      ),
    ],
    wiping: [fixture('wiping', { kind: 'wiping' })],
    closed: [
      fixture('closed', { kind: 'closed', reason: { code: 'key.noAccess' }, contact }),
      fixture('closed-settings', {
        kind: 'closed',
        reason: { code: 'desk.settingsUnreadable', detail: { statusName: 'unknownSetting registrationRulesCoverGraf 112:12' } },
        contact,
      }),
    ],
  }) satisfies { readonly [K in ScreenKind]: readonly Fixture[] };

/** The longest are as long as the desk lets them be. */
const shownAccounts: readonly AccountShown[] = [
  { name: 'noor.vandijk@kestrelharbour.example', displayName: 'Noor van Dijk' },
  { name: 'sam.okafor@kestrelharbour.example', displayName: 'Sam Okafor' },
  { name: 'layla.haddad@kestrelharbour.example', displayName: 'ليلى حداد' },
  { name: `${'w'.repeat(40)}@kestrelharbour.exampl…`, displayName: `${'Wilhelmina'.repeat(6)}Wil…` },
  { name: null, displayName: null },
  { name: 'front.desk@kestrelharbour.example', displayName: null },
];

function accountsOf(accounts: readonly AccountShown[]): ScreenOf<'chooseAccount'> {
  return { kind: 'chooseAccount', accounts, chosen: null };
}

function phoneFirstStops(now: StopId = 'phone'): readonly Stop[] {
  const order: readonly StopId[] = ['plan', 'phone', 'signIn', 'key', 'prove', 'done'];
  const at = order.indexOf(now);
  return order.map((id, place) => ({ id, state: place < at ? 'done' : place === at ? 'now' : 'ahead' }));
}

/** Trouble of every kind, where it would be met and with the details it would carry. */
function troubleWith(code: ReasonCode): Fixture {
  const during: StopId = code.startsWith('key.')
    ? 'key'
    : code.startsWith('pass.') || code.startsWith('signIn.')
      ? 'signIn'
      : 'phone';
  const reason: Reason = code.startsWith('directory.')
    ? { code, detail: { status: 429, statusName: 'Too Many Requests', requestId: '6f2a1c1e-30b4-4a0e-9a3c-0d6a53a0c1de' } }
    : { code };
  return fixture(
    `trouble-${code}`,
    { kind: 'trouble', reason, during },
    { stop: during, pass: passLeft(20), allowed: reasons[code].retry === 'never' ? ['back'] : ['tryAgain', 'back'] },
  );
}

const overlays = (): readonly Fixture[] => [
  fixture('overlay-help', pin({}), { stop: 'key', pass: passLeft(42), overlay: { kind: 'help' }, allowed: ['panel.close'] }),
  fixture(
    'overlay-help-sign-in',
    { kind: 'signIn', step: 'name', notice: null, withPhone: false, keyboard: false },
    { stop: 'signIn', pass: { kind: 'unknown' }, host: microsoft, overlay: { kind: 'help' }, allowed: ['panel.close'] },
  ),
  fixture(
    'overlay-language',
    { kind: 'insertKey', second: false, notice: null, litPorts: false },
    { stop: 'key', pass: passLeft(42), overlay: { kind: 'language' }, allowed: ['panel.close', 'look.language'] },
  ),
  fixture(
    'overlay-display',
    { kind: 'insertKey', second: false, notice: null, litPorts: false },
    {
      stop: 'key',
      pass: passLeft(42),
      overlay: { kind: 'display' },
      allowed: ['panel.close', 'look.textSize', 'look.contrast', 'look.motion', 'look.controlsLower'],
    },
  ),
  fixture('overlay-forgot-pin', pin({ ask: 'enter', minLength: 4, rules: [], tries: { left: 6, of: 8 } }), {
    stop: 'key',
    pass: passLeft(42),
    overlay: { kind: 'forgotPin' },
    allowed: ['panel.close'],
  }),
  fixture(
    'overlay-key-does-not-fit',
    { kind: 'insertKey', second: false, notice: null, litPorts: false },
    { stop: 'key', pass: passLeft(42), overlay: { kind: 'keyDoesNotFit' }, allowed: ['panel.close'] },
  ),
  fixture('overlay-start-again', pin({}), {
    stop: 'key',
    pass: passLeft(42),
    overlay: { kind: 'startAgain' },
    allowed: ['panel.close', 'startAgain.confirm'],
  }),
  fixture('overlay-idle', pin({ count: 3 }), {
    stop: 'key',
    pass: passLeft(42),
    world: 'training',
    overlay: { kind: 'idle', endsAtMs: Date.now() + 14_000, warningSeconds: 20 },
    allowed: ['idle.stillHere', 'idle.leave'],
  }),
];

/** Everything the gallery shows, in the order of a stay; made anew at every call, because clocks run from now. */
export function allFixtures(): readonly Fixture[] {
  return [...Object.values(fixturesByKind()).flat(), ...overlays()];
}
