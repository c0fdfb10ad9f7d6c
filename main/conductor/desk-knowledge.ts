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
    this.#reading ??= this.#ask().finally(() => (this.#reading = null));
    return this.#reading;
  }

  stop(): void {
    this.#stop.abort(new Error('the desk stops'));
  }

  async #ask(): Promise<DeskKnowledge> {
    const { clock, tenant, place } = this.#parts;
    const call = { signal: this.#stop.signal, deadlineMs: READ_WITHIN_MS };
    const [rules, where] = await Promise.all([
      this.#answered(tenant === null ? null : tenant.rules(call)),
      this.#answered(place === null ? null : place.where(call)),
    ]);
    this.#known = { rules: rules.ok ? rules.value : this.#known.rules, place: where.ok ? where.value : null };
    // A desk that could read nothing asks again for the next person.
    if ((tenant === null || rules.ok) && (place === null || where.ok)) this.#readAtMs = clock.nowMs();
    return this.#known;
  }

  async #answered<T>(asked: Promise<Outcome<T>> | null): Promise<Outcome<T>> {
    const unknown: Outcome<T> = { ok: false, reason: because('directory.unreachable') };
    try {
      return (await asked) ?? unknown;
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#parts.onBug(thrown);
      return unknown;
    }
  }
}
