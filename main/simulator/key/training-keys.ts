// The keys Firstkey trains and tests with: kinds of key, and states a person may bring one in.
//
// AAGUIDs: all begin with the bytes 46697273-746b-6579 ("Firstkey" in ASCII). They are ours, for training only, and stand
// in no metadata service. USB ids: 1209 is the community vendor id of pid.codes, whose products 0001-0010 are set aside
// for testing.
import { withCtap2, type Ctap2Model, type FactoryMemory, type HidModel, type KeyModel } from './key-model.ts';
import { MAX_MESSAGE_BYTES } from './hid/report-codec.ts';

const TEST_VENDOR_ID = 0x1209;
const ES256 = -7;
const EDDSA = -8;
const USER_ACTION_TIMEOUT = 0x2f;

/** The PIN of training keys that come with one. Not a secret: it protects nothing. */
export const TRAINING_PIN = '271828';

/** 16 bytes: "Firstkey", a fixed middle, and the number of the model. */
export function trainingAaguid(model: number): Uint8Array {
  return Uint8Array.from([...Buffer.from('Firstkey', 'ascii'), 0x80, 0, 0, 0, 0, 0, 0, model]);
}

/** Text form of an AAGUID: 8-4-4-4-12 hexadecimal digits. */
export function aaguidText(aaguid: Uint8Array): string {
  return Buffer.from(aaguid)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

const HID: HidModel = {
  maxMessageBytes: MAX_MESSAGE_BYTES,
  packetTimeoutMs: 500,
  keepaliveMs: 100,
  channels: 8,
  wink: true,
  u2f: false,
};

const MODERN_CTAP2: Ctap2Model = {
  versions: ['FIDO_2_0', 'FIDO_2_1_PRE', 'FIDO_2_1'],
  extensions: ['credProtect', 'hmac-secret'],
  aaguid: trainingAaguid(1),
  pinUvProtocols: [2, 1],
  tokens: 'per-operation',
  algorithms: [ES256, EDDSA],
  listsAlgorithms: true,
  minPinLength: 4,
  maxRequestBytes: 2048,
  maxCredentialCountInList: 8,
  credentialIdBytes: 64,
  discoverableCapacity: 100,
  credentialManagement: true,
  credentialManagementPreview: true,
  authenticatorConfig: true,
  fingerprint: undefined,
  alwaysUv: 'unknown',
  enterpriseAttestation: undefined,
  longTouchForReset: false,
  persistentToken: false,
  maxRpIdsForMinPinLength: 0,
  makeCredUvNotRequired: true,
  attestation: 'packed-certificate',
  touchTimeoutMs: 30_000,
  touchTimeoutStatus: USER_ACTION_TIMEOUT,
  resetWindowMs: 10_000,
  thinkingMs: 0,
  infoOverrides: new Map(),
};

/** A key of today: both PIN/UV protocols, permissions, credential management. */
export const MODERN_KEY: KeyModel = {
  name: 'modern',
  product: 'Firstkey Training Key',
  vendorId: TEST_VENDOR_ID,
  productId: 0x0001,
  plug: 'usb-c',
  firmware: { major: 2, minor: 1, build: 4 },
  hid: HID,
  ctap2: MODERN_CTAP2,
  quirks: new Set(),
};

/** A key of 2019: protocol one, one token until the power goes, nothing to count or delete credentials with. */
export const CTAP20_KEY: KeyModel = {
  name: 'ctap20',
  product: 'Firstkey Training Key 2019',
  vendorId: TEST_VENDOR_ID,
  productId: 0x0002,
  plug: 'usb-a',
  firmware: { major: 1, minor: 0, build: 9 },
  hid: HID,
  ctap2: {
    ...MODERN_CTAP2,
    versions: ['FIDO_2_0'],
    extensions: ['hmac-secret'],
    aaguid: trainingAaguid(2),
    pinUvProtocols: [1],
    tokens: 'until-power-cycle',
    algorithms: [ES256],
    listsAlgorithms: false,
    maxRequestBytes: 1200,
    discoverableCapacity: 25,
    credentialManagement: false,
    credentialManagementPreview: false,
    authenticatorConfig: false,
    makeCredUvNotRequired: false,
  },
  quirks: new Set(['wants-user-name', 'short-pin-token']),
};

/** A second factor of 2016: no PIN, no discoverable credentials, no use for Entra. */
export const U2F_ONLY_KEY: KeyModel = {
  name: 'u2fOnly',
  product: 'Firstkey Training U2F',
  vendorId: TEST_VENDOR_ID,
  productId: 0x0003,
  plug: 'usb-a',
  firmware: { major: 1, minor: 0, build: 0 },
  hid: { ...HID, u2f: true },
  ctap2: undefined,
  quirks: new Set(),
};

export const NO_HMAC_SECRET_KEY: KeyModel = {
  ...withCtap2(MODERN_KEY, { extensions: ['credProtect'], aaguid: trainingAaguid(4) }),
  name: 'noHmacSecret',
  product: 'Firstkey Training Key without hmac-secret',
  productId: 0x0004,
};

export const MIN_PIN_6_KEY: KeyModel = {
  ...withCtap2(MODERN_KEY, { minPinLength: 6, aaguid: trainingAaguid(5) }),
  name: 'minPin6',
  product: 'Firstkey Training Key PIN 6',
  productId: 0x0005,
};

export const SMALL_KEY: KeyModel = withCtap2(MODERN_KEY, { discoverableCapacity: 25 });

/** A kind of key and what it remembers when somebody brings it. */
export interface TrainingKey {
  readonly model: KeyModel;
  readonly memory: FactoryMemory;
}

export const TRAINING_KEYS = {
  modern: { model: MODERN_KEY, memory: {} },
  ctap20: { model: CTAP20_KEY, memory: {} },
  u2fOnly: { model: U2F_ONLY_KEY, memory: {} },
  noHmacSecret: { model: NO_HMAC_SECRET_KEY, memory: {} },
  minPin6: { model: MIN_PIN_6_KEY, memory: {} },
  /** Somebody set {@link TRAINING_PIN} before. */
  pinSet: { model: MODERN_KEY, memory: { pin: TRAINING_PIN } },
  /** The PIN works, but must be changed before anything else. */
  needsPinChange: { model: MODERN_KEY, memory: { pin: TRAINING_PIN, forcePinChange: true } },
  /** Three wrong PINs a moment ago: nothing goes until it was pulled out. */
  pinBlockedUntilReplug: { model: MODERN_KEY, memory: { pin: TRAINING_PIN, pinRetriesLeft: 5, wrongPinsInARow: 3 } },
  lastPinTry: { model: MODERN_KEY, memory: { pin: TRAINING_PIN, pinRetriesLeft: 1 } },
  /** No tries left: only a reset helps. */
  lockedPin: { model: MODERN_KEY, memory: { pin: TRAINING_PIN, pinRetriesLeft: 0 } },
  /** Made its round: people of the company and a stranger signed up with it, and nobody has erased it. */
  shared: {
    model: MODERN_KEY,
    memory: {
      pin: TRAINING_PIN,
      accounts: [
        { rpId: 'login.microsoft.com', userName: 'lina.berg@meridian.example', displayName: 'Lina Berg' },
        { rpId: 'login.microsoft.com', userName: 'samuel.okafor@meridian.example', displayName: 'Samuel Okafor' },
        { rpId: 'code.example', userName: 'lina-berg' },
        { rpId: 'shop.example', userName: 'zoe@post.example', displayName: 'Zoë Desmet' },
      ],
    },
  },
  /** No room for another discoverable credential. */
  full: { model: SMALL_KEY, memory: { occupiedSlots: 25 } },
} as const satisfies Record<string, TrainingKey>;

export type TrainingKeyName = keyof typeof TRAINING_KEYS;
