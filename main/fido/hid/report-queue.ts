// Reports on their way from a key to whoever reads: in order, none lost, and every reader told when there are no more.
import type { PacketLinkClosed } from './packet-link.ts';

interface Reader {
  readonly signal: AbortSignal;
  readonly resolve: (report: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The longest message is 129 reports. While nobody reads, other programs' words with the key pile up here, ten a second for
 * as long as they wait for a touch, and a hostile key may add any number: beyond this the oldest go.
 */
const MOST_QUEUED = 2_048;

/** The reading half of a PacketLink. */
export class ReportQueue {
  #queued: Uint8Array[] = [];
  #readers: Reader[] = [];
  #closed: PacketLinkClosed | null = null;
  /** Listened to. */
  #signal: AbortSignal | undefined;

  /** Why there are no more reports; null while there may be. */
  get closed(): PacketLinkClosed | null {
    return this.#closed;
  }

  /** A report arrived; the queue keeps it as it is. Dropped when closed. */
  push(report: Uint8Array): void {
    if (this.#closed !== null) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader.resolve(report);
    if (this.#queued.length === MOST_QUEUED) this.#queued.shift();
    this.#queued.push(report);
  }

  /** As PacketLink.read. */
  read(signal: AbortSignal): Promise<Uint8Array> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const queued = this.#queued.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    if (this.#closed !== null) return Promise.reject(this.#closed);
    this.#listenTo(signal);
    return new Promise((resolve, reject) => this.#readers.push({ signal, resolve, reject }));
  }

  /**
   * Whoever reads a message reads many reports under one signal, so a listener stays until another signal comes: adding and
   * removing one for each report costs more than handing the report over.
   */
  #listenTo(signal: AbortSignal): void {
    if (signal === this.#signal) return;
    // Who still waits under the one before goes on listening to it.
    if (this.#readers.length === 0) this.#signal?.removeEventListener('abort', this.#onAbort);
    signal.addEventListener('abort', this.#onAbort);
    this.#signal = signal;
  }

  readonly #onAbort = (): void => {
    const leaving = this.#readers.filter(({ signal }) => signal.aborted);
    this.#readers = this.#readers.filter(({ signal }) => !signal.aborted);
    for (const { reject, signal } of leaving) reject(signal.reason);
  };

  /** There are no more; the first reason counts. What was queued is not handed out any more. False when it was closed already. */
  close(reason: PacketLinkClosed): boolean {
    if (this.#closed !== null) return false;
    this.#closed = reason;
    this.#queued = [];
    this.#signal?.removeEventListener('abort', this.#onAbort);
    for (const reader of this.#readers) reader.reject(reason);
    this.#readers = [];
    return true;
  }
}
