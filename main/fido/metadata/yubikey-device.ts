// What a YubiKey tells of itself beyond the standard: serial, form, what is switched on. One vendor command over the FIDO
// interface, reading only; the commands next to it write, and are never sent.
// Source: yubikit/management.py and yubikit/core (github.com/Yubico/yubikey-manager, read 2026-11-22).
import type { HidCall } from '../hid/channel.ts';
import { CtapHidError } from '../hid/errors.ts';
import type { HidDevice } from '../hid/init.ts';

/** What reading needs of a channel. */
export interface VendorChannel {
  readonly device: Pick<HidDevice, 'version'>;
  transact(command: number, message: Uint8Array, call: HidCall): Promise<Uint8Array>;
}

export type YubikeyFeature = 'otp' | 'u2f' | 'openPgp' | 'piv' | 'oath' | 'hsmAuth' | 'fido2';

export interface YubikeyDevice {
  /** Printed on the key; null on Security Keys, and where it is hidden. */
  readonly serial: number | null;
  /** Such as `5.7.1`. */
  readonly firmware: string;
  readonly form: 'keychain' | 'nano' | 'lightning' | 'bio' | null;
  readonly plug: 'usb-a' | 'usb-c' | null;
  /** Of the Security Key series: FIDO only, no serial. */
  readonly isSecurityKey: boolean;
  readonly isFips: boolean;
  readonly partNumber: string | null;
  /** What it could do and does over USB; null where it does not tell, or tells it wrong (4 series). */
  readonly supportedOverUsb: readonly YubikeyFeature[] | null;
  readonly enabledOverUsb: readonly YubikeyFeature[] | null;
  /** Applications that can't be reset one by one, because another shares their PIN (Bio Multi-protocol). */
  readonly resetBlocked: readonly YubikeyFeature[];
  /** The key refuses PINs that are easy to guess; null when it does not know such a rule. */
  readonly pinComplexity: boolean | null;
  /** Settings of the key are behind a lock code. */
  readonly isLocked: boolean;
}

/** Whether FIDO can't be erased without the rest of the key. */
export const isResetBlocked = ({ resetBlocked }: YubikeyDevice): boolean => resetBlocked.includes('fido2');

const yubicoVendorId = 0x1050;
const readConfig = 0x42;
/** The command is there from firmware 4.1 on. */
const firstWithCommand = { major: 4, minor: 1 };
/** Two are known; the bound is for keys that never say "that was all". */
const mostPages = 8;

const TAG = {
  usbSupported: 0x01,
  serial: 0x02,
  usbEnabled: 0x03,
  form: 0x04,
  version: 0x05,
  locked: 0x0a,
  moreData: 0x10,
  partNumber: 0x13,
  pinComplexity: 0x16,
  resetBlocked: 0x18,
} as const;

const featureBits: readonly (readonly [number, YubikeyFeature])[] = [
  [0x001, 'otp'],
  [0x002, 'u2f'],
  [0x008, 'openPgp'],
  [0x010, 'piv'],
  [0x020, 'oath'],
  [0x100, 'hsmAuth'],
  [0x200, 'fido2'],
];

const forms: ReadonlyMap<number, Pick<YubikeyDevice, 'form' | 'plug'>> = new Map([
  [1, { form: 'keychain', plug: 'usb-a' }],
  [2, { form: 'nano', plug: 'usb-a' }],
  [3, { form: 'keychain', plug: 'usb-c' }],
  [4, { form: 'nano', plug: 'usb-c' }],
  [5, { form: 'lightning', plug: 'usb-c' }],
  [6, { form: 'bio', plug: 'usb-a' }],
  [7, { form: 'bio', plug: 'usb-c' }],
]);

/**
 * Asks a YubiKey about itself. Null, and nothing sent, for any other vendor and for YubiKeys too old to know the question;
 * null also when the key refuses it or answers what can't be read, for none of this is needed to set a key up.
 * Needs no touch and no PIN. Other errors as CtapHidChannel.transact.
 */
export async function readYubikeyDevice(
  channel: VendorChannel,
  { vendorId }: { readonly vendorId: number },
  call: HidCall,
): Promise<YubikeyDevice | null> {
  const { version } = channel.device;
  const knowsCommand =
    version.major > firstWithCommand.major ||
    (version.major === firstWithCommand.major && version.minor >= firstWithCommand.minor);
  if (vendorId !== yubicoVendorId || !knowsCommand) return null;
  const fields = await readPages(channel, call);
  return fields && deviceOf(fields, versionText(version));
}

type Fields = ReadonlyMap<number, Uint8Array>;

async function readPages(channel: VendorChannel, call: HidCall): Promise<Fields | null> {
  const fields = new Map<number, Uint8Array>();
  for (let page = 0; page < mostPages; page += 1) {
    const found = await readPage(channel, page, call);
    if (found === null) return null;
    for (const [tag, value] of found) fields.set(tag, value);
    if (numberOf(found.get(TAG.moreData)) !== 1) return fields;
  }
  return null;
}

async function readPage(channel: VendorChannel, page: number, call: HidCall): Promise<Fields | null> {
  try {
    return fieldsOf(await channel.transact(readConfig, Uint8Array.of(page), call));
  } catch (error) {
    if (error instanceof CtapHidError) return null; // it does not know the question
    throw error;
  }
}

/** One byte with the length of the rest, then tag, length and value of each field. Null when that does not come out even. */
function fieldsOf(answer: Uint8Array): Fields | null {
  if (answer.length === 0 || answer[0] !== answer.length - 1) return null;
  const fields = new Map<number, Uint8Array>();
  let offset = 1;
  while (offset < answer.length) {
    const tag = answer[offset];
    const length = answer[offset + 1];
    if (tag === undefined || length === undefined || offset + 2 + length > answer.length) return null;
    fields.set(tag, answer.slice(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  return fields;
}

function deviceOf(fields: Fields, initVersion: string): YubikeyDevice {
  const form = numberOf(fields.get(TAG.form)) ?? 0;
  const [major = 0, minor = 0, build = 0] = fields.get(TAG.version) ?? [];
  const firmware = fields.has(TAG.version) ? versionText({ major, minor, build }) : initVersion;
  const complexity = numberOf(fields.get(TAG.pinComplexity));
  return {
    serial: numberOf(fields.get(TAG.serial)) || null,
    firmware,
    ...(forms.get(form & 0x0f) ?? { form: null, plug: null }),
    isSecurityKey: (form & 0x40) !== 0,
    isFips: (form & 0x80) !== 0,
    partNumber: partNumberOf(fields.get(TAG.partNumber)),
    supportedOverUsb: firmware === '4.2.4' ? null : featuresOf(fields.get(TAG.usbSupported)),
    enabledOverUsb: firmware.startsWith('4.') ? null : featuresOf(fields.get(TAG.usbEnabled)),
    resetBlocked: featuresOf(fields.get(TAG.resetBlocked)) ?? [],
    pinComplexity: complexity === null ? null : complexity === 1,
    isLocked: numberOf(fields.get(TAG.locked)) === 1,
  };
}

function featuresOf(value: Uint8Array | undefined): readonly YubikeyFeature[] | null {
  const bits = numberOf(value);
  return bits === null ? null : featureBits.filter(([bit]) => (bits & bit) !== 0).map(([, feature]) => feature);
}

/** Big-endian, up to four bytes: all that these fields have. */
function numberOf(value: Uint8Array | undefined): number | null {
  if (value === undefined || value.length === 0 || value.length > 4) return null;
  return value.reduce((sum, byte) => sum * 256 + byte, 0);
}

function partNumberOf(value: Uint8Array | undefined): string | null {
  const text = new TextDecoder().decode(value);
  return /^[\x21-\x7e]{1,32}$/.test(text) ? text : null;
}

function versionText({ major, minor, build }: HidDevice['version']): string {
  return `${major}.${minor}.${build}`;
}
