// Which keys are plugged in, and waiting for one that comes or goes.
import type { Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { KeyFact, KeyRef } from '../../ports/key.ts';
import type { KeyCarePort } from '../../ports/key-care.ts';
import { toldInTime } from '../told-in-time.ts';

/** A system lists its keys within some hundred milliseconds of being asked, and then tells them one by one. */
const firstWithinMs = 1_500;
const nextWithinMs = 300;

export class PluggedKeys {
  readonly #clock: ClockPort;
  readonly #present = new Map<string, KeyRef>();
  readonly #listeners = new Set<(fact: KeyFact) => void>();
  readonly #stop: () => void;
  #obstacle: Reason | null = null;

  constructor(port: KeyCarePort, clock: ClockPort) {
    this.#clock = clock;
    this.#stop = port.watch((fact) => this.#onFact(fact));
  }

  /** In the order in which they came. */
  get keys(): readonly KeyRef[] {
    return [...this.#present.values()];
  }

  /** Why a key that is there can't be opened; null when none is in the way. */
  get obstacle(): Reason | null {
    return this.#obstacle;
  }

  /** Every fact from now on. The result stops it. */
  onFact(listener: (fact: KeyFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when those that were plugged in before have been told. Rejects with the signal's reason. */
  async settled(signal: AbortSignal): Promise<void> {
    const isTold = () => this.#present.size > 0 || this.#obstacle !== null;
    if (!isTold()) await this.#until(isTold, firstWithinMs, signal);
    for (let told = -1; told !== this.#present.size;) {
      told = this.#present.size;
      await this.#until(() => this.#present.size !== told, nextWithinMs, signal);
    }
  }

  /** The first key that is plugged in and not in `known`; null when none came in time. */
  async inserted(known: readonly KeyRef[], deadlineMs: number, signal: AbortSignal): Promise<KeyRef | null> {
    const old = new Set(known.map(({ insertion }) => insertion));
    const fresh = () => this.keys.find(({ insertion }) => !old.has(insertion)) ?? null;
    await this.#until(() => fresh() !== null, deadlineMs, signal);
    return fresh();
  }

  /** Whether the key left in time. */
  async removed({ insertion }: KeyRef, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
    await this.#until(() => !this.#present.has(insertion), deadlineMs, signal);
    return !this.#present.has(insertion);
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  #onFact(fact: KeyFact): void {
    switch (fact.type) {
      case 'key.inserted':
        this.#present.set(fact.key.insertion, fact.key);
        this.#obstacle = null;
        break;
      case 'key.removed':
        this.#present.delete(fact.key.insertion);
        break;
      case 'key.unreachable':
        this.#obstacle = fact.reason;
        break;
      case 'key.hostDown':
      case 'key.hostUp':
        break;
      default:
        fact satisfies never;
    }
    for (const listener of [...this.#listeners]) listener(fact);
  }

  /** Waits until it is so, at most so long. */
  async #until(isSo: () => boolean, mostMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (isSo()) return;
    await toldInTime<true>({
      clock: this.#clock,
      signal,
      withinMs: mostMs,
      listen: (tell) => this.onFact(() => (isSo() ? tell(true) : undefined)),
    });
  }
}
