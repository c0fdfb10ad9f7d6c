// Whether a key that was unplugged and plugged in again is the same one, as far as a client can tell: path and port say
// nothing. Source: CTAP 2.3 §6.4 (getInfo, encIdentifier), §6.6.
import { createHash } from 'node:crypto';
import { TOLERANT_MAX_DEPTH, encodeCbor } from '../bytes/cbor.ts';
import { equalBytes } from '../bytes/compare.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import type { PinUvAuthToken } from '../ctap/pin-uv-protocol.ts';
import type { HidCall } from '../hid/channel.ts';
import type { HidDevice } from '../hid/init.ts';

/** Reads a serial number by some way of the maker's, on the open key; `undefined` when it tells none. */
export type ReadSerial = (call: HidCall) => Promise<string | undefined>;

/** What a key is known by. Only a serial names one key; the rest tells apart what differs in make, firmware or state. */
export interface KeyLikeness {
  readonly serial: string | undefined;
  /** The USB serial string, where it is held to be this key's alone. A weaker word than {@link serial}. */
  readonly usbSerial?: string | undefined;
  /** AAGUID, 16 bytes. */
  readonly aaguid: Uint8Array;
  /** SHA-256 over device version and all of getInfo that does not change by itself, 32 bytes. */
  readonly digest: Uint8Array;
}

/** By what two keys are held to be one: a serial, or everything that the key shows of itself. */
export type Recognition = 'serial' | 'likeness' | 'different';

/** Fields that change without anybody's doing: encIdentifier, encCredStoreState, uvCountSinceLastPinEntry. */
const RESTLESS_FIELDS: ReadonlySet<unknown> = new Set([0x17, 0x19, 0x1e]);

export function likenessOf(
  device: HidDevice,
  info: AuthenticatorInfo,
  serial: string | undefined,
  usbSerial?: string,
): KeyLikeness {
  const { major, minor, build } = device.version;
  const lasting = new Map([...info.raw].filter(([key]) => !RESTLESS_FIELDS.has(key)));
  const digest = createHash('sha256')
    .update(Uint8Array.of(device.capabilities, major, minor, build))
    .update(encodeCbor(lasting, { maxDepth: TOLERANT_MAX_DEPTH }))
    .digest();
  return { serial, usbSerial, aaguid: info.aaguid, digest: new Uint8Array(digest) };
}

/**
 * A serial on one side only counts as another key: a key does not lose or find its serial. A USB serial tells two keys apart;
 * that they are one it says only beside all the rest, because makers are known that give one to many.
 */
export function recognise(before: KeyLikeness, now: KeyLikeness): Recognition {
  if (before.serial !== now.serial || before.usbSerial !== now.usbSerial || !equalBytes(before.aaguid, now.aaguid))
    return 'different';
  if (before.serial !== undefined) return 'serial';
  if (!equalBytes(before.digest, now.digest)) return 'different';
  return before.usbSerial === undefined ? 'likeness' : 'serial';
}

/**
 * The identity that a key of CTAP 2.2 or later shows under encryption with every getInfo. It outlives unplugging, and
 * ends with a PIN change or a reset. Holds a token that can read the list of accounts: wipe it.
 */
export class KeyIdentity {
  readonly #token: PinUvAuthToken;
  readonly #identifier: Uint8Array;

  constructor(token: PinUvAuthToken, encIdentifier: Uint8Array) {
    this.#token = token;
    this.#identifier = token.openInfoField('encIdentifier', encIdentifier);
  }

  /** Whether getInfo's answer came from the key that this was made with. */
  isOf({ encIdentifier }: AuthenticatorInfo): boolean {
    return encIdentifier !== undefined && equalBytes(this.#token.openInfoField('encIdentifier', encIdentifier), this.#identifier);
  }

  wipe(): void {
    this.#token.wipe();
    this.#identifier.fill(0);
  }
}
