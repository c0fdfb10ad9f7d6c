// A USB bus made of code: slots into which people plug virtual keys and out of which they pull them at any moment.
import type { KeyPlug } from '../../../contract/snapshot.ts';
import { PacketLinkClosed, type PacketLink } from '../../fido/hid/packet-link.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import { ReportPipe } from './report-pipe.ts';
import type { PoweredKey, VirtualKey } from './virtual-key.ts';

/** One FIDO interface on the bus. A path belongs to a slot, and the next key in that slot gets it again, as hidrawN does. */
export interface KeyOnBus {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string;
  readonly serial?: string;
  readonly plug: KeyPlug;
}

export type BusEvent =
  | { readonly type: 'inserted'; readonly plugged: KeyOnBus }
  | { readonly type: 'removed'; readonly path: string };

/** How long a key that restarts by itself is gone. */
const REENUMERATION_MS = 400;

interface Plugged {
  readonly slot: number;
  readonly key: VirtualKey;
  readonly info: KeyOnBus;
  readonly power: PoweredKey;
  readonly handles: Set<ReportPipe>;
  /** Reports that may still pass, in either direction, before somebody pulls the key out. */
  reportsLeft: number;
}

export class VirtualUsb {
  readonly #clock: FidoClock;
  readonly #plugged = new Map<number, Plugged>();
  readonly #listeners = new Set<(event: BusEvent) => void>();
  readonly #off = new AbortController();

  constructor(clock: FidoClock) {
    this.#clock = clock;
  }

  /** Gives the key power in this slot, or in the first free one; answers with what the host now sees. */
  plug(key: VirtualKey, slot = this.#freeSlot()): KeyOnBus {
    if (this.#plugged.has(slot)) throw new Error(`slot ${slot} is taken`);
    const { product, vendorId, productId, serial, plug } = key.model;
    const info: KeyOnBus = {
      path: `virtual-usb-${slot}`,
      vendorId,
      productId,
      product,
      plug,
      ...(serial === undefined ? {} : { serial }),
    };
    const power = key.powerUp({
      deliver: (report) => this.#deliver(slot, report),
      vanish: () => this.unplug(key),
      reenumerate: () => this.#reenumerate(key, slot),
    });
    this.#plugged.set(slot, { slot, key, info, power, handles: new Set(), reportsLeft: Infinity });
    this.#tell({ type: 'inserted', plugged: info });
    return info;
  }

  /** Pulls the key out: it loses its power and every handle closes. Does nothing when it isn't plugged in. */
  unplug(key: VirtualKey): void {
    const plugged = this.#slotOf(key);
    if (plugged === undefined) return;
    this.#plugged.delete(plugged.slot);
    plugged.power.powerDown();
    for (const handle of [...plugged.handles]) void handle.close();
    this.#tell({ type: 'removed', path: plugged.info.path });
  }

  /** Pulls the key out once so many more reports have passed, in either direction. */
  unplugAfterReports(key: VirtualKey, reports: number): void {
    const plugged = this.#slotOf(key);
    if (plugged === undefined) throw new Error(`${key.model.name} is not plugged in`);
    plugged.reportsLeft = reports;
    if (reports === 0) this.unplug(key);
  }

  /** Pulls everything out, and lets nothing come back. */
  close(): void {
    this.#off.abort(new Error('the bus is gone'));
    for (const { key } of [...this.#plugged.values()]) this.unplug(key);
  }

  async list(): Promise<readonly KeyOnBus[]> {
    return this.#inOrder();
  }

  /** A new handle; each handle sees every report of the key. Rejects with {@link PacketLinkClosed} for an empty slot. */
  async open(path: string): Promise<PacketLink> {
    const plugged = [...this.#plugged.values()].find(({ info }) => info.path === path);
    if (plugged === undefined) throw new PacketLinkClosed(`no key at ${path}`);
    const handle: ReportPipe = new ReportPipe(
      (report) => {
        plugged.power.receive(report);
        this.#count(plugged);
      },
      () => plugged.handles.delete(handle),
    );
    plugged.handles.add(handle);
    return handle;
  }

  /** Events from now on; keys already plugged in are told first. The result stops it. */
  watch(listener: (event: BusEvent) => void): () => void {
    this.#listeners.add(listener);
    for (const plugged of this.#inOrder()) listener({ type: 'inserted', plugged });
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: BusEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #inOrder(): KeyOnBus[] {
    return [...this.#plugged.values()].toSorted((left, right) => left.slot - right.slot).map(({ info }) => info);
  }

  #deliver(slot: number, report: Uint8Array): void {
    const plugged = this.#plugged.get(slot);
    if (plugged === undefined) return;
    for (const handle of plugged.handles) handle.deliver(report);
    this.#count(plugged);
  }

  #count(plugged: Plugged): void {
    plugged.reportsLeft -= 1;
    if (plugged.reportsLeft <= 0) this.unplug(plugged.key);
  }

  #reenumerate(key: VirtualKey, slot: number): void {
    this.unplug(key);
    this.#clock.wait(REENUMERATION_MS, this.#off.signal).then(
      () => void (this.#plugged.has(slot) || key.isPowered || this.plug(key, slot)),
      () => undefined,
    );
  }

  #slotOf(key: VirtualKey): Plugged | undefined {
    return [...this.#plugged.values()].find((plugged) => plugged.key === key);
  }

  #freeSlot(): number {
    let slot = 1;
    while (this.#plugged.has(slot)) slot += 1;
    return slot;
  }
}
