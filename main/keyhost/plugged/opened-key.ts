import { SecurityKey } from '../../fido/key/security-key.ts';
import { CtapHidChannel, type HidCall } from '../../fido/hid/channel.ts';
import { keyQuirks } from '../../fido/metadata/key-quirks.ts';
import { readYubikeyDevice } from '../../fido/metadata/yubikey-device.ts';
import type { PacketLink } from '../../fido/hid/packet-link.ts';
import type { Surroundings } from '../../fido/surroundings.ts';
import type { PluggedInterface } from './link-source.ts';

/** A key on an open link, with a channel of its own. Owns the link. */
export class OpenedKey {
  readonly plugged: PluggedInterface;
  readonly key: SecurityKey;
  readonly #channel: CtapHidChannel;

  private constructor(plugged: PluggedInterface, channel: CtapHidChannel, key: SecurityKey) {
    this.plugged = plugged;
    this.#channel = channel;
    this.key = key;
  }

  /** Gets a channel on the link. When that fails the link is still the caller's. Errors as CtapHidChannel.open. */
  static async connect(
    link: PacketLink,
    plugged: PluggedInterface,
    surroundings: Surroundings,
    signal: AbortSignal,
  ): Promise<OpenedKey> {
    const channel = await CtapHidChannel.open(link, surroundings, { signal });
    const quirks = keyQuirks({ ...plugged, version: channel.device.version });
    return new OpenedKey(plugged, channel, new SecurityKey(channel, surroundings, quirks));
  }

  /** The maker's serial number, where there is a known way to it. */
  async readSerial(call: HidCall): Promise<string | undefined> {
    const device = await readYubikeyDevice(this.#channel, this.plugged, call);
    return device?.serial?.toString();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}
