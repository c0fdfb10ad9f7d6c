// Keys of named makers, under their real USB numbers: a client knows beforehand how these differ. Everything else about them is
// ours; they are for trying the client, and nobody practises with them. docs/virtual-keys.md shows the same list.
import { withCtap2, withQuirks, type FactoryMemory, type FingerprintModel, type KeyModel } from './key-model.ts';
import { MODERN_KEY, trainingAaguid, TRAINING_PIN, U2F_ONLY_KEY } from './training-keys.ts';

interface VendorKind {
  readonly model: KeyModel;
  readonly memory: FactoryMemory;
  readonly what: string;
  readonly like: string;
}

const YUBICO = 0x1050;

/** What 0x42 answers on a YubiKey: fields of its device information, by tag (yubikey-manager, yubikit/management.py). */
interface YubikeyFields {
  readonly serial?: number;
  readonly form: number;
  readonly firmware: KeyModel['firmware'];
  /** Capabilities: FIDO 2 is 0x200, U2F 0x002, OTP 0x001, OATH 0x020, PIV 0x010, OpenPGP 0x008. */
  readonly supported: number;
  readonly enabled: number;
  readonly more?: ReadonlyMap<number, Uint8Array>;
}

const twoBytes = (value: number) => Uint8Array.of(value >> 8, value & 0xff);

function yubikeyPages({ serial, form, firmware, supported, enabled, more = new Map() }: YubikeyFields) {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, serial ?? 0);
  return [
    new Map<number, Uint8Array>([
      [0x01, twoBytes(supported)],
      ...(serial === undefined ? [] : ([[0x02, number]] as const)),
      [0x03, twoBytes(enabled)],
      [0x04, Uint8Array.of(form)],
      [0x05, Uint8Array.of(firmware.major, firmware.minor, firmware.build)],
      [0x0a, Uint8Array.of(0)],
      ...more,
    ]),
  ];
}

function yubikey(model: KeyModel, fields: Omit<YubikeyFields, 'firmware'>): KeyModel {
  const { firmware, hid } = model;
  return { ...model, vendorId: YUBICO, hid: { ...hid, wink: true, deviceInfo: yubikeyPages({ ...fields, firmware }) } };
}

const everything = 0x023b;

const YUBIKEY_54: KeyModel = yubikey(
  withQuirks(
    {
      ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(32), resetWindowMs: 5_000, discoverableCapacity: 25 }),
      name: 'yubikey54',
      product: 'YubiKey OTP+FIDO+CCID',
      productId: 0x0407,
      firmware: { major: 5, minor: 4, build: 3 },
    },
    'late-reset-says-pin-blocked',
    'leaves-after-reset',
  ),
  { serial: 11_223_344, form: 0x01, supported: everything, enabled: everything },
);

const YUBIKEY_57: KeyModel = yubikey(
  {
    ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(33), longTouchForReset: true }),
    name: 'yubikey57',
    product: 'YubiKey FIDO+CCID',
    productId: 0x0406,
    plug: 'usb-c',
    firmware: { major: 5, minor: 7, build: 4 },
  },
  {
    serial: 31_415_926,
    form: 0x03 | 0x80,
    supported: everything,
    enabled: 0x0202,
    more: new Map([
      [0x13, new TextEncoder().encode('5FN00')],
      [0x16, Uint8Array.of(1)],
    ]),
  },
);

const READER: FingerprintModel = {
  commands: 'final',
  kind: 'touch',
  samples: 4,
  capacity: 5,
  maxNameBytes: 15,
  uvTries: 5,
  managesItself: false,
};

const YUBIKEY_BIO_MULTI: KeyModel = yubikey(
  withQuirks(
    {
      ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(34), fingerprint: READER }),
      name: 'yubikeyBioMulti',
      product: 'YubiKey Bio',
      productId: 0x0406,
      firmware: { major: 5, minor: 7, build: 2 },
    },
    'reset-blocked',
  ),
  {
    serial: 27_182_818,
    form: 0x06,
    supported: 0x0212,
    enabled: 0x0212,
    more: new Map([[0x18, twoBytes(0x0210)]]),
  },
);

const SECURITY_KEY: KeyModel = yubikey(
  {
    ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(35) }),
    name: 'securityKey',
    product: 'Security Key by Yubico',
    productId: 0x0402,
    firmware: { major: 5, minor: 7, build: 1 },
  },
  { form: 0x01 | 0x40, supported: 0x0202, enabled: 0x0202 },
);

const ONLY_KEY: KeyModel = {
  ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(36) }),
  name: 'onlyKey',
  product: 'ONLYKEY',
  vendorId: 0x1d50,
  productId: 0x60fc,
  serial: '1000000000',
};

const SOLO_2: KeyModel = withQuirks(
  {
    ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(37) }),
    name: 'solo2',
    product: 'Solo 2 Security Key',
    vendorId: 0x1209,
    productId: 0xbeee,
    serial: '5B8F2C1D9A3E47F6B0D1C2E3F4A59687',
  },
  'ignores-cancel',
);

const U2F_ZERO: KeyModel = withQuirks(
  { ...U2F_ONLY_KEY, name: 'u2fZero', product: 'U2F Zero', vendorId: 0x10c4, productId: 0x8acf },
  'chokes-on-ctap2',
);

const NITROKEY_U2F: KeyModel = withQuirks(
  { ...U2F_ONLY_KEY, name: 'nitrokeyU2f', product: 'Nitrokey FIDO U2F', vendorId: 0x20a0, productId: 0x4287 },
  'chokes-on-ctap2',
);

const TOKEN2_OLD: KeyModel = withQuirks(
  {
    ...withCtap2(MODERN_KEY, { aaguid: trainingAaguid(39) }),
    name: 'token2Old',
    product: 'TOKEN2 FIDO2 Security Key',
    vendorId: 0x349e,
    productId: 0x0022,
  },
  'wants-uv-for-hmac-secret',
);

export const VENDOR_KINDS = {
  yubikey54: {
    model: YUBIKEY_54,
    memory: {},
    what: 'Tells its serial; takes a reset for five seconds, calls a late one “PIN blocked”, and restarts after one.',
    like: 'YubiKey 5, firmware 5.4 (yubikey-manager)',
  },
  yubikey57: {
    model: YUBIKEY_57,
    memory: {},
    what: 'Tells its serial, that it is a FIPS model for USB-C with FIDO alone switched on, and that it refuses easy PINs.',
    like: 'YubiKey 5C FIPS, firmware 5.7 (yubikey-manager, management.py)',
  },
  yubikeyBioMulti: {
    model: YUBIKEY_BIO_MULTI,
    memory: { pin: TRAINING_PIN },
    what: 'Shares its PIN with its smart card side, which is why FIDO alone can’t be erased.',
    like: 'YubiKey Bio, Multi-protocol edition (yubikey-manager, reset_blocked)',
  },
  securityKey: {
    model: SECURITY_KEY,
    memory: {},
    what: 'Answers the maker’s question, without a serial.',
    like: 'Security Key by Yubico (yubikey-manager)',
  },
  onlyKey: {
    model: ONLY_KEY,
    memory: {},
    what: 'Has the USB serial that all of its kind have.',
    like: 'OnlyKey (keyroost, notes on serials)',
  },
  solo2: {
    model: SOLO_2,
    memory: {},
    what: 'Has a USB serial of its own, and goes on waiting after a cancel.',
    like: 'Solo 2, early firmware (keyroost, notes on serials; fido-authenticator#13)',
  },
  u2fZero: {
    model: U2F_ZERO,
    memory: {},
    what: 'U2F alone, says otherwise, and chokes when it is asked for more.',
    like: 'U2F Zero (Chromium, kForceU2fCompatibilitySet)',
  },
  nitrokeyU2f: {
    model: NITROKEY_U2F,
    memory: {},
    what: 'The same of another maker.',
    like: 'Nitrokey FIDO U2F (Chromium, kForceU2fCompatibilitySet)',
  },
  token2Old: {
    model: TOKEN2_OLD,
    memory: {},
    what: 'Computes hmac-secret under PIN/UV protocol two only for somebody who was verified.',
    like: 'Token2 T2F2, older firmware (python-fido2#192)',
  },
} as const satisfies Record<string, VendorKind>;
