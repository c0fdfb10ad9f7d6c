// Which keys are plugged in now, each insertion under a name of its own that no earlier one had.
import { encodeBase64url } from '../../fido/bytes/base64url.ts';
import type { Reason } from '../../../contract/reason.ts';
import type { PacketLink } from '../../fido/hid/packet-link.ts';
import type { Surroundings } from '../../fido/surroundings.ts';
import { Insertion, type Connection } from './insertion.ts';
import { KeyLimits } from './key-limits.ts';
import type { LinkEvent, LinkSource, PluggedInterface } from './link-source.ts';
import { UsbSerials } from './usb-serials.ts';
import type { KeyHostFact } from '../protocol.ts';
import { reasonOfObstacle } from '../ceremony/reasons.ts';

/** What is plugged in, and the USB serial it may be known by, as far as is known at the moment of asking. */
export interface PluggedAs extends PluggedInterface {
  readonly ownSerial: () => string | undefined;
}

export interface InsertionsOptions<C extends Connection> {
  readonly links: LinkSource;
  readonly surroundings: Surroundings;
  readonly connect: (link: PacketLink, plugged: PluggedAs, signal: AbortSignal) => Promise<C>;
  /** {@link Insertions.facts} may be others than before. */
  readonly onChange: () => void;
}

/** More than any hub a person carries. A key too many has to wait until another leaves. */
const mostAtOnce = 32;
/** A device that pretends to be ever more keys gets no further. */
const mostListed = 128;
const idBytes = 16;
/**
 * A link that closes by itself means that the key left, perhaps to be back under the same path before the source looked.
 * When the source still lists the path after this long, it is a new insertion.
 */
const relistAfterMs = 2_000;

export class Insertions<C extends Connection> {
  readonly #options: InsertionsOptions<C>;
  readonly #byId = new Map<string, Insertion<C>>();
  readonly #listed = new Map<string, PluggedInterface>();
  readonly #serials = new UsbSerials();
  readonly #closing = new AbortController();
  readonly #stopWatching: () => void;
  readonly #leaving = new Set<Promise<void>>();
  /** Paths whose key was lost a moment ago. */
  readonly #resting = new Map<string, Insertion<C>>();
  #obstacle: Reason | null = null;

  constructor(options: InsertionsOptions<C>) {
    this.#options = options;
    this.#stopWatching = options.links.watch((event) => this.#onLink(event));
  }

  get all(): readonly Insertion<C>[] {
    return [...this.#byId.values()];
  }

  /** What is true now, in the form in which it is told when it becomes true. */
  get facts(): readonly KeyHostFact[] {
    const inserted = this.all.map(({ id }) => ({ type: 'key.inserted', key: { insertion: id } }) as const);
    return this.#obstacle ? [...inserted, { type: 'key.unreachable', reason: this.#obstacle }] : inserted;
  }

  find(id: string): Insertion<C> | undefined {
    return this.#byId.get(id);
  }

  /** The link of this insertion closed by itself: the key is not there any more, whatever the source still says. */
  lost(insertion: Insertion<C>): void {
    if (this.#byId.get(insertion.id) !== insertion) return;
    this.#remove(insertion);
    const { path } = insertion.plugged;
    if (this.#listed.get(path) !== insertion.plugged) return;
    this.#resting.set(path, insertion);
    this.#options.surroundings.clock.wait(relistAfterMs, this.#closing.signal).then(
      () => {
        if (this.#resting.get(path) !== insertion) return;
        this.#resting.delete(path);
        this.#admit();
      },
      () => undefined,
    );
    this.#admit();
  }

  /** Closes every link; the insertions stay known and open again when they are needed. */
  async letGo(): Promise<void> {
    await Promise.all([...this.all.map((insertion) => insertion.letGo()), ...this.#leaving]);
  }

  async close(): Promise<void> {
    this.#stopWatching();
    this.#closing.abort();
    for (const insertion of this.all) this.#leave(insertion);
    await Promise.all(this.#leaving);
  }

  #onLink(event: LinkEvent): void {
    switch (event.type) {
      case 'inserted': {
        const { plugged } = event;
        // A source that missed the removal has seen the same thing as one that tells it.
        this.#removePath(plugged.path);
        if (this.#listed.size >= mostListed) return;
        this.#listed.set(plugged.path, plugged);
        this.#serials.look(this.#listed.values());
        return this.#admit();
      }
      case 'removed':
        this.#removePath(event.path);
        return this.#admit();
      case 'obstacle':
        this.#obstacle = reasonOfObstacle(event.obstacle);
        return this.#options.onChange();
      default:
        return event satisfies never;
    }
  }

  /** Gives every listed path its insertion, as far as there is room. */
  #admit(): void {
    const taken = new Set(this.all.map(({ plugged }) => plugged.path));
    for (const plugged of this.#listed.values()) {
      if (this.#byId.size >= mostAtOnce) return;
      if (!taken.has(plugged.path) && !this.#resting.has(plugged.path)) this.#add(plugged);
    }
  }

  #add(plugged: PluggedInterface): void {
    const { links, surroundings, connect, onChange } = this.#options;
    const insertion: Insertion<C> = new Insertion<C>({
      id: encodeBase64url(surroundings.randomBytes(idBytes)),
      plugged,
      limits: new KeyLimits(surroundings.clock),
      openLink: (path) => links.open(path),
      connect: (link, signal) => connect(link, { ...plugged, ownSerial: () => this.#serials.ownOf(plugged) }, signal),
    });
    this.#obstacle = null;
    this.#byId.set(insertion.id, insertion);
    onChange();
  }

  #removePath(path: string): void {
    this.#listed.delete(path);
    this.#resting.delete(path);
    for (const insertion of this.all) if (insertion.plugged.path === path) this.#remove(insertion);
  }

  #remove(insertion: Insertion<C>): void {
    this.#leave(insertion);
    this.#options.onChange();
  }

  #leave(insertion: Insertion<C>): void {
    this.#byId.delete(insertion.id);
    const leaving = insertion.leave().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
