// Every kind of key the simulator can be, as one list: what it is and which public keys it is like. docs/virtual-keys.md
// shows the same list. What people practise with is a choice of these, in training-keys.ts and the tray.
import { withCtap2, withQuirks, type FactoryMemory, type FingerprintModel, type KeyModel } from './key-model.ts';
import { CTAP20_KEY, MODERN_KEY, SMALL_KEY, trainingAaguid, TRAINING_PIN, U2F_ONLY_KEY } from './training-keys.ts';

export interface KeyKind {
  readonly model: KeyModel;
  /** As it comes; a kind is a model in a state. */
  readonly memory: FactoryMemory;
  readonly what: string;
  /** Public keys that are like it, or where its ways were seen. */
  readonly like: string;
}

const READER: FingerprintModel = {
  commands: 'both',
  kind: 'touch',
  samples: 4,
  capacity: 5,
  maxNameBytes: 15,
  uvTries: 5,
  managesItself: false,
};

/** The finger that is enrolled on kinds that come with one. */
export const ENROLLED_FINGER = 'right-index';

/** As `model`, under a name, a product name and an AAGUID of its own. `number` tells models apart; 1 to 5 are training keys. */
function named(name: string, product: string, number: number, model: KeyModel): KeyModel {
  return { ...withCtap2(model, { aaguid: trainingAaguid(number) }), name, product, productId: number };
}

const withU2f = (model: KeyModel): KeyModel => ({ ...model, hid: { ...model.hid, u2f: true } });

const PREVIEW_KEY = withU2f(
  named(
    'preview21',
    'Firstkey Training Key 2020',
    6,
    withCtap2(CTAP20_KEY, {
      versions: ['FIDO_2_0', 'FIDO_2_1_PRE'],
      extensions: ['credProtect', 'hmac-secret'],
      credentialManagementPreview: true,
      fingerprint: { ...READER, commands: 'preview' },
    }),
  ),
);

const FINGERPRINT_KEY = named(
  'fingerprint',
  'Firstkey Training Key Bio',
  7,
  withCtap2(MODERN_KEY, { fingerprint: READER, alwaysUv: 'off' }),
);

/** Everything the standard of 2026 offers a provisioning client. */
const LATEST_KEY = withU2f(
  named(
    'latest',
    'Firstkey Training Key 2026',
    8,
    withCtap2(MODERN_KEY, {
      versions: ['FIDO_2_0', 'FIDO_2_1', 'FIDO_2_2', 'FIDO_2_3'],
      extensions: ['credProtect', 'hmac-secret', 'hmac-secret-mc', 'minPinLength'],
      credentialManagementPreview: false,
      fingerprint: { ...READER, commands: 'final', managesItself: true },
      alwaysUv: 'off',
      enterpriseAttestation: { serialNumber: 'FK-2026-0008', rpIds: ['login.microsoft.com'] },
      longTouchForReset: true,
      persistentToken: true,
      maxRpIdsForMinPinLength: 2,
    }),
  ),
);

/** USB and enabled FIDO 2 and U2F, serial 31415926, USB-C keychain, firmware 5.7.1, then the part number on a second page. */
const SERIAL_PAGES: readonly ReadonlyMap<number, Uint8Array>[] = [
  new Map([
    [0x01, Uint8Array.of(0x02, 0x02)],
    [0x02, Uint8Array.of(0x01, 0xdf, 0x5e, 0x76)],
    [0x03, Uint8Array.of(0x02, 0x02)],
    [0x04, Uint8Array.of(0x03)],
    [0x05, Uint8Array.of(5, 7, 1)],
    [0x0a, Uint8Array.of(0)],
    [0x10, Uint8Array.of(1)],
  ]),
  new Map([
    [0x13, new TextEncoder().encode('FK-TRAINING-1')],
    [0x16, Uint8Array.of(1)],
  ]),
];

export const KEY_KINDS = {
  modern: {
    model: MODERN_KEY,
    memory: {},
    what: 'Both PIN/UV protocols, tokens with permissions, credential management, minimum PIN length; out of the box.',
    like: 'CTAP 2.1 keys such as YubiKey 5 from firmware 5.4',
  },
  latest: {
    model: LATEST_KEY,
    memory: {},
    what: 'CTAP 2.3: fingerprints that may manage the key, enterprise attestation, always-UV, long touch for a reset, persistent token and encrypted identifier, hmac-secret at creation, U2F.',
    like: 'CTAP 2.3 as published on 2026-02-26; no product known',
  },
  ctap20: {
    model: CTAP20_KEY,
    memory: {},
    what: 'CTAP 2.0: protocol one, one token until the power goes, no credential management.',
    like: 'Solo 1, first YubiKey 5 and Security Keys of 2018',
  },
  preview21: {
    model: PREVIEW_KEY,
    memory: {},
    what: 'FIDO_2_1_PRE: credential management under 0x41, fingerprints under 0x40, no permissions, U2F.',
    like: 'YubiKey 5 firmware 5.2 and 5.3, Feitian BioPass K26 and K27',
  },
  fingerprint: {
    model: FINGERPRINT_KEY,
    memory: { pin: TRAINING_PIN, fingers: [ENROLLED_FINGER] },
    what: 'A reader with one finger enrolled; built-in user verification with five tries.',
    like: 'YubiKey Bio, Feitian BioPass, Token2 Bio3',
  },
  fingerprintBlocked: {
    model: FINGERPRINT_KEY,
    memory: { pin: TRAINING_PIN, fingers: [ENROLLED_FINGER], uvTriesLeft: 0 },
    what: 'The same after too many wrong fingers: only the PIN helps.',
    like: 'CTAP 2.3 §6.5.3',
  },
  fingerprintOnly: {
    model: withQuirks(
      named('fingerprintOnly', 'Firstkey Training Card Bio', 9, withCtap2(MODERN_KEY, { fingerprint: READER })),
      'no-credentials-by-pin',
    ),
    memory: { pin: TRAINING_PIN, fingers: [ENROLLED_FINGER] },
    what: 'Makes and uses credentials by finger alone; its PIN only manages.',
    like: 'ATKey cards (libwebauthn#256, Authnkey#56)',
  },
  forcedPinChange: {
    model: withQuirks(MODERN_KEY, 'pin-invalid-while-change-forced'),
    memory: { pin: TRAINING_PIN, forcePinChange: true },
    what: 'Comes with a PIN that must be changed before anything else, and calls the right PIN wrong until then.',
    like: 'OpenSK, pico-fido; keys handed over with a temporary PIN',
  },
  alwaysUv: {
    model: withU2f(named('alwaysUv', 'Firstkey Training Key UV', 10, withCtap2(MODERN_KEY, { alwaysUv: 'on' }))),
    memory: {},
    what: 'Wants the owner verified for everything, so it needs a PIN before it does anything; U2F is off meanwhile.',
    like: 'CTAP 2.1 §7.2; keys with alwaysUv set by their maker',
  },
  full: {
    model: SMALL_KEY,
    memory: { occupiedSlots: 25 },
    what: 'No room for another discoverable credential.',
    like: 'YubiKey 5 before firmware 5.7: 25 passkeys',
  },
  u2fOnly: {
    model: U2F_ONLY_KEY,
    memory: {},
    what: 'U2F alone: no CTAP 2, no PIN, no discoverable credentials.',
    like: 'keys whose INIT answers capability 0x01 or 0x03 (khefin#23)',
  },
  slow: {
    model: {
      ...named('slow', 'Firstkey Training Key Slow', 11, withCtap2(MODERN_KEY, { thinkingMs: 8_000 })),
      hid: { ...MODERN_KEY.hid, keepaliveMs: 250 },
    },
    memory: {},
    what: 'Thinks eight seconds about every command and says so four times a second.',
    like: 'keys that make RSA keys or scan a full store; no public figure known',
  },
  tinyMessages: {
    model: {
      ...named(
        'tinyMessages',
        'Firstkey Training Key Tiny',
        12,
        withCtap2(MODERN_KEY, {
          maxRequestBytes: 1024,
          maxCredentialCountInList: 2,
          credentialIdBytes: 304,
          infoOverrides: new Map([[0x05, undefined]]),
        }),
      ),
      hid: { ...MODERN_KEY.hid, maxMessageBytes: 1_300, packetTimeoutMs: 100, channels: 2 },
    },
    memory: {},
    what: 'The smallest messages CTAP allows, lists of two, ids of 304 bytes, patience of 100 ms, two channels.',
    like: 'CanoKey (messages to 1300 bytes), Titan Security Key v2 (ids of 304 bytes), OpenSK (100 ms)',
  },
  unsorted: {
    model: withQuirks(named('unsorted', 'Firstkey Training Key Unsorted', 13, MODERN_KEY), 'unsorted-info', 'empty-map-answers'),
    memory: {},
    what: 'CBOR maps in the wrong order, and a map where others send the status alone.',
    like: 'Solo 1, Nitrokey FIDO2, GoTrust Idem Card (python-fido2#93)',
  },
  oddOptions: {
    model: withQuirks(
      named('oddOptions', 'Firstkey Training Key Odd', 14, MODERN_KEY),
      'non-boolean-option',
      'vendor-commands-beyond-double',
      'fields-of-tomorrow',
    ),
    memory: {},
    what: 'getInfo with options that are no booleans, numbers beyond 2^53 and members nobody knows.',
    like: 'Chromium’s defaultCredProtect option; vendor commands of CTAP 2.1 §6.4',
  },
  shortResetWindow: {
    model: withQuirks(
      named('shortResetWindow', 'Firstkey Training Key 5.4', 15, withCtap2(MODERN_KEY, { resetWindowMs: 5_000 })),
      'late-reset-says-pin-blocked',
      'leaves-after-reset',
    ),
    memory: {},
    what: 'Can be reset for five seconds only, calls a late try “PIN blocked”, and restarts after a reset.',
    like: 'YubiKey firmware before 5.5 (yubikey-manager)',
  },
  homemade: {
    model: withQuirks(
      named(
        'homemade',
        'Firstkey Training Key Homemade',
        16,
        withCtap2(MODERN_KEY, { attestation: 'packed-self', enterpriseAttestation: { serialNumber: 'none', rpIds: [] } }),
      ),
      'counts-down-while-blocked',
      'no-reset-window',
      'wants-token-for-config',
      'forgets-enterprise-attestation',
      'answers-any-channel',
      'pin-invalid-while-change-forced',
      'set-pin-again-not-allowed',
      'touch-test-says-auth-invalid',
    ),
    memory: {},
    what: 'Attests itself, takes tries while it is blocked, resets whenever asked, says yes to settings it doesn’t keep.',
    like: 'pico-fido 6',
  },
  byteCounting: {
    model: withQuirks(
      named('byteCounting', 'Firstkey Training Key Bytes', 17, MODERN_KEY),
      'counts-pin-bytes',
      'keeps-key-agreement',
      'no-power-cycle-state',
      'negative-retries-without-pin',
      'unknown-sub-command-succeeds',
      'answers-any-channel',
    ),
    memory: {},
    what: 'Counts a PIN in bytes, keeps its key agreement key, tells fewer than no tries while it has no PIN.',
    like: 'CanoKey',
  },
  withSerial: {
    model: {
      ...named('withSerial', 'Firstkey Training Key Serial', 19, MODERN_KEY),
      firmware: { major: 5, minor: 7, build: 1 },
      hid: { ...MODERN_KEY.hid, deviceInfo: SERIAL_PAGES },
    },
    memory: {},
    what: 'Tells its serial number, form and firmware over a vendor command, on two pages.',
    like: 'YubiKey 5 (yubikey-manager, management.py); pico-fido imitates it',
  },
  deafToCancel: {
    model: withQuirks(
      named('deafToCancel', 'Firstkey Training Key Deaf', 18, MODERN_KEY),
      'ignores-cancel',
      'forgets-token-after-probe',
      'refuses-descriptor-extras',
      'refuses-large-user',
      'lists-sites-without-hash',
      'names-no-single-credential',
    ),
    memory: {},
    what: 'Goes on waiting after a cancel, drops its token after a silent look, and is picky about users and descriptors.',
    like: 'early Nitrokey 3 and Solo 2, FIDO2Applet, HyperFIDO, Titan Security Key v2: one key for their habits',
  },
} as const satisfies Record<string, KeyKind>;

export type KeyKindName = keyof typeof KEY_KINDS;
