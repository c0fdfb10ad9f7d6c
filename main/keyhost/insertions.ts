// Which keys are plugged in now, each insertion under a name of its own that no earlier one had.
import { encodeBase64url } from '../fido/bytes/base64url.ts';
import type { Reason } from '../../contract/reason.ts';
import type { PacketLink } from '../fido/hid/packet-link.ts';
import type { Surroundings } from '../fido/surroundings.ts';
import { Insertion, type Connection } from './insertion.ts';
import type { LinkEvent, LinkSource, PluggedInterface } from './link-source.ts';
import type { KeyHostFact } from './protocol.ts';
import { reasonOfObstacle } from './reasons.ts';

export interface InsertionsOptions<C extends Connection> {
  readonly links: LinkSource;
  readonly surroundings: Surroundings;
  readonly connect: (link: PacketLink, plugged: PluggedInterface, signal: AbortSignal) => Promise<C>;
  readonly tell: (fact: KeyHostFact) => void;
}

/** More than any hub a person carries; a device that pretends to be ever more keys gets no further. */
const mostAtOnce = 24;
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
  readonly #closing = new AbortController();
  readonly #stopWatching: () => void;
  readonly #leaving = new Set<Promise<void>>();
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
    const listed = this.#listed.get(path);
    if (listed !== insertion.plugged) return;
    this.#options.surroundings.clock.wait(relistAfterMs, this.#closing.signal).then(
      () => {
        if (this.#listed.get(path) === listed && !this.all.some(({ plugged }) => plugged.path === path)) this.#add({ ...listed });
      },
      () => undefined,
    );
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
        // A source that missed the removal has seen the same thing as one that tells it.
        this.#removePath(event.plugged.path);
        this.#add(event.plugged);
        return;
      }
      case 'removed':
        return this.#removePath(event.path);
      case 'obstacle':
        this.#obstacle = reasonOfObstacle(event.obstacle);
        return this.#options.tell({ type: 'key.unreachable', reason: this.#obstacle });
      default:
        return event satisfies never;
    }
  }

  #add(plugged: PluggedInterface): void {
    if (this.#byId.size >= mostAtOnce) return;
    const { links, surroundings, connect, tell } = this.#options;
    const insertion: Insertion<C> = new Insertion<C>({
      id: encodeBase64url(surroundings.randomBytes(idBytes)),
      plugged,
      openLink: (path) => links.open(path),
      connect: (link, signal) => connect(link, plugged, signal),
    });
    this.#obstacle = null;
    this.#listed.set(plugged.path, plugged);
    this.#byId.set(insertion.id, insertion);
    tell({ type: 'key.inserted', key: { insertion: insertion.id } });
  }

  #removePath(path: string): void {
    this.#listed.delete(path);
    for (const insertion of this.all) if (insertion.plugged.path === path) this.#remove(insertion);
  }

  #remove(insertion: Insertion<C>): void {
    this.#leave(insertion);
    this.#options.tell({ type: 'key.removed', key: { insertion: insertion.id } });
  }

  #leave(insertion: Insertion<C>): void {
    this.#byId.delete(insertion.id);
    const leaving = insertion.leave().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
