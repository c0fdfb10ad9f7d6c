// What instrumented code reports to (scripts/fuzz/instrument.mjs): the branches one input takes, as edges from branch to
// branch, and what it costs. Costs are counted and not timed, so a limit means the same on every machine.

/** Edges share this many counters; collisions only blur the guidance. */
export const EDGE_COUNTERS = 1 << 16;

export type Cost = 'steps' | 'bytes';

/** An input cost more than it may. Thrown where it happens, again and again, so that no handler can swallow it for good. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
  readonly cost: Cost;
  constructor(cost: Cost, limit: number) {
    super(`more than ${limit} ${cost}`);
    this.cost = cost;
  }
}

export interface Budget {
  /** Branches that may be taken. */
  readonly steps: number;
  /** Bytes and array entries that may be asked for or copied. */
  readonly bytes: number;
}

export class Meter {
  /** How often each edge was taken, at most 255 times. */
  readonly counts = new Uint8Array(EDGE_COUNTERS);
  readonly #touched = new Int32Array(EDGE_COUNTERS);
  #touchedCount = 0;
  #previous = 0;
  #budget: Budget = { steps: Infinity, bytes: Infinity };
  #overrun: OverBudget | undefined;
  steps = 0;
  bytes = 0;

  /** Begins with an input. */
  begin(budget: Budget): void {
    for (const edge of this.touched()) this.counts[edge] = 0;
    this.#touchedCount = 0;
    this.#previous = 0;
    this.#budget = budget;
    this.#overrun = undefined;
    this.steps = 0;
    this.bytes = 0;
  }

  /** The edges the input took, each once. */
  touched(): Int32Array {
    return this.#touched.subarray(0, this.#touchedCount);
  }

  /** Set when the input cost too much, even if somebody caught the error. */
  get overrun(): OverBudget | undefined {
    return this.#overrun;
  }

  hit(branch: number): void {
    const edge = (branch ^ this.#previous) & (EDGE_COUNTERS - 1);
    this.#previous = (branch * 2 + (branch >> 15)) & (EDGE_COUNTERS - 1);
    const count = this.counts[edge] ?? 0;
    if (count === 0) {
      this.#touched[this.#touchedCount] = edge;
      this.#touchedCount += 1;
    }
    if (count < 255) this.counts[edge] = count + 1;
    this.steps += 1;
    if (this.steps > this.#budget.steps) this.#exceed('steps', this.#budget.steps);
  }

  /** The argument of a constructor that takes a length or something to copy. Told before the memory is asked for. */
  sized<T>(size: T): T {
    this.#spend(typeof size === 'number' ? size : lengthOf(size));
    return size;
  }

  /** The result of a call that copies. */
  made<T>(result: T): T {
    this.#spend(lengthOf(result));
    return result;
  }

  #spend(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#budget.bytes) this.#exceed('bytes', this.#budget.bytes);
  }

  #exceed(cost: Cost, limit: number): never {
    this.#overrun ??= new OverBudget(cost, limit);
    throw this.#overrun;
  }
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if ('byteLength' in value && typeof value.byteLength === 'number') return value.byteLength;
  return 'length' in value && typeof value.length === 'number' ? value.length : 0;
}

/** The one meter of this thread, where instrumented code looks for it. */
export const meter = new Meter();
Object.assign(globalThis, { fuzzMeter: meter });
