// Where named models differ from the standard in a way that a client has to know beforehand. What can be met by being
// tolerant to every key (unsorted maps, foreign frames, empty answers, forgotten cancels) is met that way and not listed.
import type { Provenance } from './model-table.ts';

/** All that a client asks; a standard key has the standard answers. */
export interface KeyQuirks {
  /** The key hangs or worse when it is asked for getInfo, whatever it says of itself: treat it as U2F only. */
  readonly neverAskInfo: boolean;
  /** Milliseconds after plugging in within which a reset is taken. */
  readonly resetWindowMs: number;
  /** The USB serial is the same on every key of the model, so it tells no two of them apart. */
  readonly sharedSerial: boolean;
}

export interface QuirkMarks {
  readonly vendorId: number;
  readonly productId: number;
  /** CTAPHID device version, which is the firmware's on YubiKeys. */
  readonly version: { readonly major: number; readonly minor: number };
}

interface QuirkRow {
  readonly models: string;
  readonly differs: Partial<KeyQuirks>;
  readonly applies: (marks: QuirkMarks) => boolean;
  readonly source: Provenance;
}

/** CTAP 2.3 §6.6: within ten seconds of powering up. */
export const standardQuirks: KeyQuirks = { neverAskInfo: false, resetWindowMs: 10_000, sharedSerial: false };

const usb =
  (vendorId: number, productId: number) =>
  (marks: QuirkMarks): boolean =>
    marks.vendorId === vendorId && marks.productId === productId;

const chromium: Provenance = {
  title: 'Chromium, device/fido/hid/fido_hid_device.cc (kForceU2fCompatibilitySet)',
  address: 'https://chromium.googlesource.com/chromium/src',
  dated: '2026-11-22',
};

export const keyQuirkRows: readonly QuirkRow[] = [
  {
    models: 'U2F Zero',
    differs: { neverAskInfo: true },
    applies: usb(0x10c4, 0x8acf),
    source: chromium,
  },
  {
    models: 'Nitrokey FIDO U2F',
    differs: { neverAskInfo: true },
    applies: usb(0x20a0, 0x4287),
    source: chromium,
  },
  {
    models: 'YubiKeys with firmware before 5.5',
    differs: { resetWindowMs: 5_000 },
    applies: ({ vendorId, version }) => vendorId === 0x1050 && (version.major < 5 || (version.major === 5 && version.minor < 5)),
    source: {
      title: 'yubikey-manager, ykman/_cli/fido.py (reset)',
      address: 'https://github.com/Yubico/yubikey-manager',
      dated: '2026-11-22',
    },
  },
  {
    models: 'OnlyKey',
    differs: { sharedSerial: true },
    applies: usb(0x1d50, 0x60fc),
    source: { title: 'keyroost, notes on serials', address: 'https://github.com/framefilter/keyroost', dated: '2026-11-22' },
  },
];

/** What a client has to know of this very key. */
export function keyQuirks(marks: QuirkMarks): KeyQuirks {
  return keyQuirkRows
    .filter(({ applies }) => applies(marks))
    .reduce<KeyQuirks>((quirks, { differs }) => ({ ...quirks, ...differs }), standardQuirks);
}

/**
 * A YubiKey whose FIDO applications are switched off: it has no FIDO interface, and shows only under these product numbers.
 * Source: yubikey-manager, yubikit/core (PID), https://github.com/Yubico/yubikey-manager, read 2026-11-22.
 */
export function isYubikeyWithoutFido({ vendorId, productId }: Pick<QuirkMarks, 'vendorId' | 'productId'>): boolean {
  return vendorId === 0x1050 && (productId === 0x0401 || productId === 0x0404 || productId === 0x0405);
}
