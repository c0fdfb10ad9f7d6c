// Where keys come from, as the key host sees it: real HID interfaces or the virtual bus. No frames, no protocol.
import type { KeyPlug } from '../../../contract/snapshot.ts';
import type { PacketLink } from '../../fido/hid/packet-link.ts';

/** One FIDO HID interface that is plugged in now. */
export interface PluggedInterface {
  /** The platform's own name for it; may be given to another key right after a replug. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** The USB product string; null when the key has none. */
  readonly product: string | null;
  /** The USB serial string, as the key gives it; most have none, and some models have one for all. */
  readonly serial?: string;
  /** What the key fits into, when the source knows (a virtual key does, USB does not tell). */
  readonly plug?: KeyPlug;
}

/**
 * Why a FIDO interface may not be opened.
 * `permission`: Linux EACCES or EPERM, no udev rule gives this account the device.
 * `elevation`: Windows opens FIDO collections for elevated processes only.
 * `inUse`: another program has seized it (macOS) or locked it.
 * `fidoOff`: the key is plugged in, and its FIDO interface is switched off.
 */
export type LinkObstacle = 'permission' | 'elevation' | 'inUse' | 'fidoOff';

export type LinkEvent =
  | { readonly type: 'inserted'; readonly plugged: PluggedInterface }
  | { readonly type: 'removed'; readonly path: string }
  /** A FIDO key is there, but the platform hides or guards it. */
  | { readonly type: 'obstacle'; readonly obstacle: LinkObstacle };

export interface LinkSource {
  /** Events from now on; interfaces already plugged in are told first. The result stops it. */
  watch(listener: (event: LinkEvent) => void): () => void;
  /** Rejects with {@link LinkNotOpened} when it may not be opened, and with PacketLinkClosed when it is gone. */
  open(path: string): Promise<PacketLink>;
}

/** The platform refused to open an interface that is there, or there is none on a key that is. */
export class LinkNotOpened extends Error {
  override readonly name = 'LinkNotOpened';
  readonly obstacle: LinkObstacle;

  constructor(obstacle: LinkObstacle, options?: ErrorOptions) {
    super(`The interface may not be opened: ${obstacle}`, options);
    this.obstacle = obstacle;
  }
}
