// What the desk knows before anybody signs in: the tenant's rules and its own place. Rules are read ahead, so that nobody waits
// for them at the plan, and read again when they are old or when somebody says that something was changed. The place is read
// ahead too, unless a gate hangs on it: then it is asked each time.
import { because } from '../../contract/reason.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { TenantPort, TenantRules } from '../ports/tenant.ts';
import type { DeskKnowledge } from '../session/effect.ts';
import type { Gate, Standing } from './gate.ts';

export interface DeskKnowledgeParts {
  readonly clock: ClockPort;
  readonly tenant: TenantPort | null;
  readonly gate: Gate;
  readonly onBug: (bug: unknown) => void;
}

/** Policies change a few times a year; the service allows one reading of Conditional Access a second. */
const OLD_AFTER_MS = 10 * 60_000;
/** Somebody stands in front of the desk: a plan without knowledge is better than none. */
const LONGEST_WAIT_MS = 3_000;
const READ_WITHIN_MS = 30_000;

const nothingKnown: DeskKnowledge = { rules: null, place: null, elsewhere: null };

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

  /** For a stay that begins: what is known, not older than it should be if that can be had soon; a gate is asked now. */
  soon(): Promise<DeskKnowledge> {
    const isFresh = this.#parts.clock.nowMs() - this.#readAtMs < OLD_AFTER_MS;
    return this.#behindGate(isFresh ? Promise.resolve(this.#known) : this.#soonerOf(this.#read()));
  }

  /** Asks now: somebody says that something was changed. */
  again(): Promise<DeskKnowledge> {
    return this.#behindGate(this.#read());
  }

  /** Reads ahead. */
  begin(): void {
    void this.#read();
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

  /** What can't be read this time keeps its last answer, for a network that is down changes no policy. */
  #read(): Promise<DeskKnowledge> {
    return this.#reading ?? this.#readAnew();
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

  /** A gate fails closed: it is waited for until it answers or gives up, and an older answer does not count. */
  async #behindGate(known: Promise<DeskKnowledge>): Promise<DeskKnowledge> {
    if (!this.#parts.gate.isSet) return known;
    const [rest, standing] = await Promise.all([known, this.#standing(this.#stop.signal)]);
    return { ...rest, ...standing };
  }

  #soonerOf(reading: Promise<DeskKnowledge>): Promise<DeskKnowledge> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(LONGEST_WAIT_MS, () => resolve(this.#known));
      void reading.then((known) => {
        cancel();
        resolve(known);
      });
    });
  }

  /** Who waits for a reading that was overtaken gets the later one's answer. */
  async #ask(overtaken: AbortSignal): Promise<DeskKnowledge> {
    const { clock, tenant, gate } = this.#parts;
    const signal = AbortSignal.any([overtaken, this.#stop.signal]);
    const [rules, standing] = await Promise.all([this.#rules(signal), gate.isSet ? nothingKnown : this.#standing(signal)]);
    if (this.#stop.signal.aborted) return this.#known;
    if (overtaken.aborted) return this.#read();
    const { place, elsewhere } = standing;
    this.#known = { rules: rules.ok ? rules.value : this.#known.rules, place, elsewhere };
    // A desk that could read nothing asks again for the next person.
    const placed = gate.isSet || !gate.tellsPlace || place !== null;
    if ((tenant === null || rules.ok) && placed) this.#readAtMs = clock.nowMs();
    return this.#known;
  }

  async #rules(signal: AbortSignal): Promise<Outcome<TenantRules>> {
    const unknown: Outcome<TenantRules> = { ok: false, reason: because('directory.unreachable') };
    try {
      return (await this.#parts.tenant?.rules({ signal, deadlineMs: READ_WITHIN_MS })) ?? unknown;
    } catch (thrown) {
      if (!signal.aborted) this.#parts.onBug(thrown);
      return unknown;
    }
  }

  async #standing(signal: AbortSignal): Promise<Standing> {
    try {
      return await this.#parts.gate.look(signal);
    } catch (thrown) {
      if (!signal.aborted) this.#parts.onBug(thrown);
      return { place: null, elsewhere: this.#parts.gate.isSet ? because('desk.placeUntold') : null };
    }
  }
}
