// What is plugged in, told to the desk in bounded doses. A person's plugging is told at once; of a storm only what is left
// when its turn comes: a key that came and went in between is never mentioned.
import type { FidoClock } from '../../fido/surroundings.ts';
import type { KeyHostFact } from '../protocol.ts';

export interface FactTellerOptions {
  readonly clock: FidoClock;
  /** Everything that is true now. */
  readonly current: () => readonly KeyHostFact[];
  readonly post: (fact: KeyHostFact) => void;
}

/** Between two tellings. */
const tellEveryMs = 100;
/** A full hub, emptied and filled again, and some to spare. What is over waits for the next span. */
const mostFacts = 80;
const withinMs = 1_000;

export class FactTeller {
  readonly #options: FactTellerOptions;
  readonly #closing = new AbortController();
  readonly #toldInsertions = new Set<string>();
  #toldObstacle: string | null = null;
  #isBegun = false;
  #isWaiting = false;
  #lastToldAtMs = -Infinity;
  #spanBeganAtMs = -Infinity;
  #toldInSpan = 0;

  constructor(options: FactTellerOptions) {
    this.#options = options;
  }

  /** Tells everything that is true now, as to somebody who knows nothing, and every change from then on. */
  begin(): void {
    this.#isBegun = true;
    this.#toldInsertions.clear();
    this.#toldObstacle = null;
    this.changed();
  }

  /** Something may be true now that was not. */
  changed(): void {
    if (!this.#isBegun || this.#isWaiting || this.#closing.signal.aborted) return;
    const waitMs = this.#lastToldAtMs + tellEveryMs - this.#options.clock.nowMs();
    if (waitMs > 0) this.#tellIn(waitMs);
    else this.#tell();
  }

  close(): void {
    this.#closing.abort();
  }

  #tellIn(waitMs: number): void {
    this.#isWaiting = true;
    this.#options.clock.wait(waitMs, this.#closing.signal).then(
      () => {
        this.#isWaiting = false;
        this.#tell();
      },
      () => undefined,
    );
  }

  #tell(): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#spanBeganAtMs >= withinMs) {
      this.#spanBeganAtMs = nowMs;
      this.#toldInSpan = 0;
    }
    const news = this.#news();
    const told = news.slice(0, mostFacts - this.#toldInSpan);
    if (told.length > 0) this.#lastToldAtMs = nowMs;
    this.#toldInSpan += told.length;
    for (const fact of told) {
      this.#remember(fact);
      this.#options.post(fact);
    }
    if (told.length < news.length) this.#tellIn(this.#spanBeganAtMs + withinMs - nowMs);
  }

  /** What has changed since the last telling, removals first: a slot is left before it is taken. */
  #news(): readonly KeyHostFact[] {
    const current = this.#options.current();
    const present = new Set(current.flatMap((fact) => (fact.type === 'key.inserted' ? [fact.key.insertion] : [])));
    const removed = [...this.#toldInsertions].filter((insertion) => !present.has(insertion));
    if (!current.some(({ type }) => type === 'key.unreachable')) this.#toldObstacle = null;
    return [
      ...removed.map((insertion) => ({ type: 'key.removed', key: { insertion } }) as const),
      ...current.filter((fact) => !this.#isTold(fact)),
    ];
  }

  #isTold(fact: KeyHostFact): boolean {
    switch (fact.type) {
      case 'key.inserted':
        return this.#toldInsertions.has(fact.key.insertion);
      case 'key.unreachable':
        return this.#toldObstacle === JSON.stringify(fact.reason);
      case 'key.removed':
        return false;
      default:
        return fact satisfies never;
    }
  }

  #remember(fact: KeyHostFact): void {
    switch (fact.type) {
      case 'key.inserted':
        this.#toldInsertions.add(fact.key.insertion);
        return;
      case 'key.removed':
        this.#toldInsertions.delete(fact.key.insertion);
        return;
      case 'key.unreachable':
        this.#toldObstacle = JSON.stringify(fact.reason);
        return;
      default:
        fact satisfies never;
    }
  }
}
