// What the desk knows before anybody signs in: the tenant's rules and its own place. Read ahead, so that nobody waits for it
// at the plan, and read again when it is old or when somebody says that something was changed.
import { because } from '../../contract/reason.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { PlacePort, TenantPort } from '../ports/tenant.ts';
import type { DeskKnowledge } from '../session/effect.ts';

export interface DeskKnowledgeParts {
  readonly clock: ClockPort;
  readonly tenant: TenantPort | null;
  readonly place: PlacePort | null;
  readonly onBug: (bug: unknown) => void;
}

/** Policies change a few times a year; the service allows one reading of Conditional Access a second. */
const OLD_AFTER_MS = 10 * 60_000;
/** Somebody stands in front of the desk: a plan without knowledge is better than none. */
const LONGEST_WAIT_MS = 3_000;
const READ_WITHIN_MS = 30_000;

const nothingKnown: DeskKnowledge = { rules: null, place: null };

export class DeskKnowledgeKeeper {
  readonly #parts: DeskKnowledgeParts;
  #known = nothingKnown;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<DeskKnowledge> | null = null;
  /** Of the reading that is under way: a later one takes its place. */
  #overtake = new AbortController();
  readonly #stop = new AbortController();

  constructor(parts: DeskKnowledgeParts) {
    this.#parts = parts;
  }

  /** For a stay that begins: what is known, not older than it should be if that can be had soon. */
  soon(): Promise<DeskKnowledge> {
    const { clock } = this.#parts;
    if (clock.nowMs() - this.#readAtMs < OLD_AFTER_MS) return Promise.resolve(this.#known);
    const reading = this.read();
    return new Promise((resolve) => {
      const cancel = clock.after(LONGEST_WAIT_MS, () => resolve(this.#known));
      void reading.then((known) => {
        cancel();
        resolve(known);
      });
    });
  }

  /** Asks now. What can't be read this time keeps its last answer, for a network that is down changes no policy. */
  read(): Promise<DeskKnowledge> {
    return this.#reading ?? this.#readAnew();
  }

  /** Something was changed just now: what is known is wrong, and so is what is on its way. Nothing is said from it. */
  outdate(): void {
    this.#known = nothingKnown;
    this.#readAtMs = Number.NEGATIVE_INFINITY;
    void this.#readAnew();
  }

  stop(): void {
    this.#stop.abort(new Error('the desk stops'));
  }

  #readAnew(): Promise<DeskKnowledge> {
    this.#overtake.abort(new Error('asked anew'));
    this.#overtake = new AbortController();
    const reading = this.#ask(this.#overtake.signal).finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    this.#reading = reading;
    return reading;
  }

  /** Who waits for a reading that was overtaken gets the later one's answer. */
  async #ask(overtaken: AbortSignal): Promise<DeskKnowledge> {
    const { clock, tenant, place } = this.#parts;
    const signal = AbortSignal.any([overtaken, this.#stop.signal]);
    const call = { signal, deadlineMs: READ_WITHIN_MS };
    const [rules, where] = await Promise.all([
      this.#answered(tenant === null ? null : tenant.rules(call), signal),
      this.#answered(place === null ? null : place.where(call), signal),
    ]);
    if (this.#stop.signal.aborted) return this.#known;
    if (overtaken.aborted) return this.read();
    this.#known = { rules: rules.ok ? rules.value : this.#known.rules, place: where.ok ? where.value : null };
    // A desk that could read nothing asks again for the next person.
    if ((tenant === null || rules.ok) && (place === null || where.ok)) this.#readAtMs = clock.nowMs();
    return this.#known;
  }

  async #answered<T>(asked: Promise<Outcome<T>> | null, signal: AbortSignal): Promise<Outcome<T>> {
    const unknown: Outcome<T> = { ok: false, reason: because('directory.unreachable') };
    try {
      return (await asked) ?? unknown;
    } catch (thrown) {
      if (!signal.aborted) this.#parts.onBug(thrown);
      return unknown;
    }
  }
}
