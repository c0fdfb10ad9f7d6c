// What the key care page would show, written down: every kind of its screens in the states that look different.
import type {
  CareIntentType,
  CareKey,
  CarePanel,
  CareScreen,
  CareScreenKind,
  CareScreenOf,
  CareSnapshot,
  CareTask,
} from '../../contract/care.ts';
import type { KeyFace } from '../../contract/snapshot.ts';

/** A snapshot without what the viewer of the gallery chooses. */
export interface CareFixture {
  readonly name: string;
  readonly care: Omit<CareSnapshot, 'look' | 'visit'>;
}

const face: KeyFace = { model: 'Norden N5 NFC', plug: 'usb-a' };

const key: CareKey = {
  ...face,
  aaguid: '6e4d3c2b-1a09-4f8e-9d7c-5b4a39281706',
  firmware: '5.7.1',
  serial: '20417733',
  usbId: '1050:0407',
  pin: 'set',
  tries: { left: 8, of: 8 },
  sensorTriesLeft: 3,
  minPinLength: 4,
  maxPinLength: 63,
  accountsLeft: 97,
  longTouchForReset: false,
  unusable: null,
  offers: [
    'changePin',
    'accounts',
    'fingerprints',
    'minPinLength',
    'alwaysUv',
    'enterpriseAttestation',
    'longTouchReset',
    'reset',
  ],
  technical: {
    versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1', 'FIDO_2_2'],
    extensions: ['credProtect', 'hmac-secret', 'largeBlobKey', 'credBlob', 'minPinLength'],
    options: [
      { name: 'rk', on: true },
      { name: 'up', on: true },
      { name: 'plat', on: false },
      { name: 'alwaysUv', on: false },
      { name: 'credMgmt', on: true },
      { name: 'authnrCfg', on: true },
      { name: 'clientPin', on: true },
      { name: 'pinUvAuthToken', on: true },
      { name: 'setMinPINLength', on: true },
    ],
    algorithms: [-7, -8, -35],
    transports: ['nfc', 'usb'],
    pinUvProtocols: [2, 1],
    maxMessageBytes: 1280,
    maker: ['form=keychain', 'part=5FN00', 'on=fido2+piv'],
  },
};

const always: readonly CareIntentType[] = ['help.open', 'language.open', 'display.open'];
const usedTasks: readonly CareTask[] = ['changePin', 'accounts', 'fingerprints', 'settings', 'erase'];

interface Extras {
  readonly allowed?: readonly CareIntentType[];
  readonly tasks?: readonly CareTask[];
  readonly panel?: CarePanel;
  readonly world?: CareSnapshot['world'];
}

function fixture(name: string, screen: CareScreen, extras: Extras = {}): CareFixture {
  const { allowed = [], tasks = [], panel = null, world = 'training' } = extras;
  return {
    name: `care-${name}`,
    care: { world, screen, panel, allowed: [...(panel === null ? always : []), ...allowed], tasks, contact: '+31 20 555 0142' },
  };
}

const account = (at: number, rpId: string | null, userName: string | null, displayName: string | null) => ({
  credentialIdB64u: `credential-${at}`,
  rpId,
  userName,
  displayName,
});

const accounts = [
  account(1, 'login.microsoft.com', 'noor.vandijk@meridian.example', 'Noor van Dijk'),
  account(2, 'github.com', 'noorvd', null),
  account(3, null, null, null),
  ...Array.from({ length: 9 }, (_, at) =>
    account(
      at + 4,
      `portal-${at + 1}.meridian.example`,
      `wilhelmina.oosterhuis-vandenberg${at}@meridian.example`,
      'Wilhelmina Oosterhuis',
    ),
  ),
];

const fingers = [
  { templateIdB64u: 'AAE', name: 'Right index' },
  { templateIdB64u: 'AAI', name: null },
];

const pinAllowed: readonly CareIntentType[] = ['back', 'pin.press', 'pin.delete', 'pin.submit'];
const pin = (change: Partial<Extract<CareScreen, { kind: 'pin' }>>): CareScreen => ({
  kind: 'pin',
  key: face,
  ask: 'enter',
  count: 0,
  minLength: 4,
  maxLength: 63,
  rules: [],
  ready: false,
  tries: { left: 8, of: 8 },
  notice: null,
  ...change,
});

const atKey: Extras = { allowed: ['care.begin'], tasks: usedTasks };
const back: Extras = { allowed: ['back'] };

/** By kind, so that the compiler names a kind of screen the gallery has forgotten. */
const fixturesByKind = () =>
  ({
    insert: [
      fixture('insert', { kind: 'insert', notice: null }),
      fixture('insert-removed', { kind: 'insert', notice: { code: 'key.removed' } }),
      fixture('insert-no-access', { kind: 'insert', notice: { code: 'key.noAccess' } }),
    ],
    several: [
      fixture(
        'several',
        {
          kind: 'several',
          keys: [
            { insertion: 'a', model: 'Norden N5 NFC', serial: '20417733' },
            { insertion: 'b', model: 'Norden N5 NFC', serial: null },
            { insertion: 'c', model: null, serial: null },
          ],
          touch: true,
        },
        { allowed: ['key.choose'] },
      ),
      fixture(
        'several-unanswered',
        {
          kind: 'several',
          keys: [
            { insertion: 'a', model: 'Norden N5 NFC', serial: '20417733' },
            { insertion: 'b', model: 'Norden N5 NFC', serial: null },
          ],
          touch: false,
        },
        { allowed: ['key.choose', 'tryAgain'] },
      ),
      fixture('several-looking', { kind: 'several', keys: null, touch: false }),
    ],
    reading: [fixture('reading', { kind: 'reading' })],
    unreadable: [fixture('unreadable', { kind: 'unreadable', reason: { code: 'key.notAnswering' } }, { allowed: ['tryAgain'] })],
    key: [
      fixture('key', { kind: 'key', key, done: null }, atKey),
      fixture('key-done', { kind: 'key', key, done: 'configure' }, atKey),
      fixture(
        'key-fresh',
        { kind: 'key', key: { ...key, pin: 'none', sensorTriesLeft: null, serial: null, firmware: null }, done: 'erase' },
        { allowed: ['care.begin'], tasks: ['setPin', 'settings', 'erase'] },
      ),
      fixture(
        'key-locked',
        { kind: 'key', key: { ...key, pin: 'locked', tries: { left: 0, of: 8 }, accountsLeft: null }, done: null },
        { allowed: ['care.begin'], tasks: ['erase'] },
      ),
      fixture(
        'key-old',
        {
          kind: 'key',
          key: { ...key, pin: 'unsupported', tries: null, aaguid: null, unusable: { code: 'key.tooOld' }, offers: [] },
          done: null,
        },
        { allowed: [], tasks: [], world: 'field' },
      ),
    ],
    pin: [
      fixture('pin', pin({ count: 3 }), { allowed: pinAllowed }),
      fixture('pin-wrong', pin({ tries: { left: 3, of: 8 }, notice: { code: 'key.pinWrong', detail: { retriesLeft: 3 } } }), {
        allowed: pinAllowed,
      }),
      fixture(
        'pin-choose',
        pin({
          ask: 'choose',
          minLength: 6,
          tries: null,
          rules: [
            { id: 'length', state: 'met' },
            { id: 'notGuessable', state: 'broken' },
          ],
          count: 6,
          notice: { code: 'pin.guessable' },
        }),
        { allowed: pinAllowed },
      ),
      fixture('pin-again', pin({ ask: 'again', minLength: 6, tries: null, rules: [{ id: 'sameTwice', state: 'open' }] }), {
        allowed: pinAllowed,
      }),
    ],
    lastTry: [fixture('last-try', { kind: 'lastTry', key: face }, { allowed: ['back', 'pin.lastTry'] })],
    accounts: [
      fixture(
        'accounts',
        { kind: 'accounts', key: face, accounts: accounts.slice(0, 3), left: 97, done: null },
        { allowed: ['back', 'account.delete'] },
      ),
      fixture(
        'accounts-many',
        { kind: 'accounts', key: face, accounts, left: null, done: 'deleteAccount' },
        { allowed: ['back', 'account.delete'] },
      ),
      fixture('accounts-none', { kind: 'accounts', key: face, accounts: [], left: 100, done: null }, back),
    ],
    fingerprints: [
      fixture(
        'fingers',
        { kind: 'fingerprints', key: face, fingerprints: fingers, done: 'teach' },
        { allowed: ['back', 'fingerprint.teach', 'fingerprint.rename', 'fingerprint.remove'] },
      ),
      fixture(
        'fingers-none',
        { kind: 'fingerprints', key: face, fingerprints: [], done: null },
        { allowed: ['back', 'fingerprint.teach'] },
      ),
    ],
    settings: [
      fixture('settings', { kind: 'settings', key }, { allowed: ['back', 'setting.change'] }),
      fixture(
        'settings-on',
        { kind: 'settings', key: { ...key, longTouchForReset: true } },
        { allowed: ['back', 'setting.change'] },
      ),
    ],
    confirm: [
      fixture('confirm-erase', { kind: 'confirm', key: face, deed: { deed: 'erase' } }, { allowed: ['back', 'confirm'] }),
      fixture(
        'confirm-account',
        {
          kind: 'confirm',
          key: face,
          deed: { deed: 'deleteAccount', account: account(1, 'github.com', 'noorvd', 'Noor van Dijk') },
        },
        { allowed: ['back', 'confirm'] },
      ),
      fixture(
        'confirm-length',
        {
          kind: 'confirm',
          key: face,
          deed: { deed: 'configure', change: { setting: 'minPinLength', length: 8, forceChange: false } },
        },
        { allowed: ['back', 'confirm'] },
      ),
      fixture(
        'confirm-finger',
        {
          kind: 'confirm',
          key: face,
          deed: { deed: 'removeFingerprint', fingerprint: { templateIdB64u: 'AAE', name: 'Left thumb' } },
        },
        { allowed: ['back', 'confirm'] },
      ),
    ],
    working: [fixture('working', { kind: 'working', key: face, deed: 'readAccounts' }, back)],
    touch: [
      fixture('touch', { kind: 'touch', key: face, deed: 'configure', state: 'waiting' }, back),
      fixture('touched', { kind: 'touch', key: face, deed: 'configure', state: 'touched' }, back),
    ],
    teach: [
      fixture('teach', { kind: 'teach', key: face, sample: null, taken: 0 }, back),
      fixture('teach-again', { kind: 'teach', key: face, sample: { quality: 'tooFast', left: 3 }, taken: 3 }, back),
    ],
    hand: [
      fixture('erase-out', { kind: 'hand', key: face, step: 'takeOut', why: 'erase', windowSeconds: 10, longTouch: false }, back),
      fixture('erase-in', { kind: 'hand', key: face, step: 'plugIn', why: 'erase', windowSeconds: 10, longTouch: false }, back),
      fixture(
        'erase-in-long',
        { kind: 'hand', key: face, step: 'plugIn', why: 'erase', windowSeconds: 10, longTouch: true },
        back,
      ),
      fixture(
        'erase-other',
        { kind: 'hand', key: face, step: 'takeOut', why: 'otherKey', windowSeconds: 10, longTouch: false },
        back,
      ),
      fixture('replug', { kind: 'hand', key: face, step: 'takeOut', why: 'replug', windowSeconds: 10, longTouch: false }),
    ],
    erasing: [
      fixture('erasing', erasing('waiting')),
      fixture('erasing-long', { ...erasing('waiting'), longTouch: true }),
      fixture('erasing-preparing', erasing('preparing')),
      fixture('erasing-touched', erasing('touched')),
    ],
    trouble: [
      fixture(
        'trouble',
        { kind: 'trouble', key: face, deed: 'configure', reason: { code: 'key.touchTimeout' } },
        { allowed: ['back', 'tryAgain'] },
      ),
      fixture('trouble-locked', { kind: 'trouble', key: face, deed: 'readAccounts', reason: { code: 'key.pinLocked' } }, back),
    ],
  }) satisfies { readonly [K in CareScreenKind]: readonly CareFixture[] };

function erasing(state: 'preparing' | 'waiting' | 'touched'): CareScreenOf<'erasing'> {
  return { kind: 'erasing', key: face, state, endsAtMs: Date.now() + 7_000, windowSeconds: 10, longTouch: false };
}

const panels = (): readonly CareFixture[] => [
  fixture('panel-help', { kind: 'key', key, done: null }, { panel: 'help', allowed: ['panel.close'], tasks: usedTasks }),
];

/** Everything of the key care page; made anew at every call, because clocks run from now. */
export function allCareFixtures(): readonly CareFixture[] {
  return [...Object.values(fixturesByKind()).flat(), ...panels()];
}
