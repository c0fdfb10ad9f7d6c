import { SecurityKey } from '../../fido/key/security-key.ts';
import { CtapHidChannel, type HidCall } from '../../fido/hid/channel.ts';
import { keyQuirks, type KeyQuirks } from '../../fido/metadata/key-quirks.ts';
import { readYubikeyDevice, type YubikeyDevice } from '../../fido/metadata/yubikey-device.ts';
import type { PacketLink } from '../../fido/hid/packet-link.ts';
import type { Surroundings } from '../../fido/surroundings.ts';
import type { PluggedAs } from './insertions.ts';
import type { PluggedInterface } from './link-source.ts';

/** A key on an open link, with a channel of its own. Owns the link. */
export class OpenedKey {
  readonly plugged: PluggedInterface;
  readonly key: SecurityKey;
  /** What is known beforehand of keys like this one. */
  readonly quirks: KeyQuirks;
  readonly #ownSerial: () => string | undefined;
  readonly #channel: CtapHidChannel;
  #yubikey: YubikeyDevice | null | undefined;

  private constructor(plugged: PluggedAs, channel: CtapHidChannel, surroundings: Surroundings) {
    this.plugged = plugged;
    this.#ownSerial = plugged.ownSerial;
    this.#channel = channel;
    this.quirks = keyQuirks({ ...plugged, version: channel.device.version });
    this.key = new SecurityKey(channel, surroundings, this.quirks);
  }

  /** Gets a channel on the link. When that fails the link is still the caller's. Errors as CtapHidChannel.open. */
  static async connect(
    link: PacketLink,
    plugged: PluggedAs,
    surroundings: Surroundings,
    signal: AbortSignal,
  ): Promise<OpenedKey> {
    return new OpenedKey(plugged, await CtapHidChannel.open(link, surroundings, { signal }), surroundings);
  }

  /** What a YubiKey tells beyond the standard; null for every other key. Asked once. Errors as readYubikeyDevice. */
  async yubikey({ signal }: HidCall): Promise<YubikeyDevice | null> {
    this.#yubikey ??= await readYubikeyDevice(this.#channel, this.plugged, { signal });
    return this.#yubikey;
  }

  /** The maker's serial number, where there is a known way to it. */
  async readSerial(call: HidCall): Promise<string | undefined> {
    const device = await this.yubikey(call);
    return device?.serial?.toString();
  }

  /** The USB serial string, where it is this key's alone as far as anybody knows. */
  get usbSerial(): string | undefined {
    return this.quirks.sharedSerial ? undefined : this.#ownSerial();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}
