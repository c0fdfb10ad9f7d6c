// One insertion of one key: from being plugged in to being taken out. Ceremonies take turns on it. Its link, once open,
// stays open, so that the key a person sees described is the key that gets the PIN and the credential: on some systems
// the next key would otherwise come up under the same path, unnoticed.
import type { PacketLink } from '../../fido/hid/packet-link.ts';
import { KeyGone } from '../ceremony/endings.ts';
import type { KeyLimits } from './key-limits.ts';
import type { PluggedInterface } from './link-source.ts';

/** What stands on an open link. Owns the link. */
export interface Connection {
  close(): Promise<void>;
}

export interface InsertionOptions<C extends Connection> {
  readonly id: string;
  readonly plugged: PluggedInterface;
  readonly limits: KeyLimits;
  readonly openLink: (path: string) => Promise<PacketLink>;
  readonly connect: (link: PacketLink, signal: AbortSignal) => Promise<C>;
}

export class Insertion<C extends Connection> {
  readonly id: string;
  readonly plugged: PluggedInterface;
  readonly limits: KeyLimits;
  readonly #openLink: InsertionOptions<C>['openLink'];
  readonly #connect: InsertionOptions<C>['connect'];
  readonly #gone = new AbortController();
  #connection: C | null = null;
  #turns: Promise<unknown> = Promise.resolve();
  #inLine = 0;

  constructor({ id, plugged, limits, openLink, connect }: InsertionOptions<C>) {
    this.id = id;
    this.plugged = plugged;
    this.limits = limits;
    this.#openLink = openLink;
    this.#connect = connect;
  }

  /** Ceremonies running or waiting for their turn. */
  get inLine(): number {
    return this.#inLine;
  }

  get isGone(): boolean {
    return this.#gone.signal.aborted;
  }

  /**
   * Runs `ceremony` when those before it are over, on the open key. The signal it gets also aborts with {@link KeyGone}.
   * Rejects as the ceremony, opening or connecting does, or with the signal's reason.
   */
  async inTurn<T>(asked: AbortSignal, ceremony: (key: C, signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.any([asked, this.#gone.signal]);
    this.#inLine += 1;
    let started = false;
    const turn = this.#turns.then(async () => {
      signal.throwIfAborted();
      started = true;
      return await ceremony(await this.#open(signal), signal);
    });
    this.#turns = turn.catch(() => undefined);
    try {
      // Whoever gives up while still in line need not wait for those in front.
      return await Promise.race([turn, rejectionOf(signal, () => !started)]);
    } finally {
      this.#inLine -= 1;
    }
  }

  /** The key was taken out: everything on it ends. Resolves when the link is closed. */
  async leave(): Promise<void> {
    this.#gone.abort(new KeyGone());
    await this.letGo();
  }

  /** Closes the link after the ceremonies in line; the next ceremony opens it again. */
  async letGo(): Promise<void> {
    const closing = this.#turns.then(async () => {
      const connection = this.#connection;
      this.#connection = null;
      // A key that was pulled out may make its handle complain about being closed; it is closed all the same.
      await connection?.close().catch(() => undefined);
    });
    this.#turns = closing.catch(() => undefined);
    await closing;
  }

  async #open(signal: AbortSignal): Promise<C> {
    if (this.#connection) return this.#connection;
    const link = await this.#openLink(this.plugged.path);
    try {
      signal.throwIfAborted();
      this.#connection = await this.#connect(link, signal);
    } catch (error) {
      await link.close();
      throw error;
    }
    return this.#connection;
  }
}

/** Rejects with the signal's reason if it aborts while `applies`; never resolves. */
function rejectionOf(signal: AbortSignal, applies: () => boolean): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => applies() && reject(signal.reason), { once: true });
  });
}
