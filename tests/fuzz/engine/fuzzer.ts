// The search: change inputs, keep those that take the code somewhere new, stop at the first that breaks a promise.
// After American Fuzzy Lop: edges counted in buckets (1, 2, 3, 4-7, 8-15, … times), a queue of inputs that found new ones.
import { EDGE_COUNTERS, meter, type Budget } from './meter.ts';
import { mutate } from './mutations.ts';
import { Random } from './random.ts';

/** Something that reads what a key, or another process, sent. */
export interface FuzzTarget {
  readonly name: string;
  /** Good inputs to start from. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  readonly maxBytes: number;
  /** How many inputs `npm test` tries. */
  readonly slice: number;
  /** What an input may cost; `perByte` of its length is added. */
  readonly budget: { readonly steps: number; readonly bytes: number; readonly perByte: number };
  /** Resolves, or throws for a broken promise. It catches what the code is allowed to throw. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
}

export interface Finding {
  readonly input: Uint8Array;
  /** The error's name and message. */
  readonly problem: string;
  readonly stack: string;
}

export interface FuzzResult {
  readonly runs: number;
  /** Inputs that took the code somewhere new. */
  readonly kept: number;
  /** Edges seen at all. */
  readonly edges: number;
  /** The most that any one input cost. */
  readonly mostSteps: number;
  readonly mostBytes: number;
  readonly finding: Finding | undefined;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Asked now and then; false ends the search early. */
  readonly goOn?: (runs: number) => boolean;
  /** Told each input before it runs: when it never comes back, somebody else must know it. */
  readonly onInput?: (input: Uint8Array) => void;
  /** Inputs that once broke a promise; they run first. */
  readonly found?: readonly Uint8Array[];
}

const ASK_EVERY_RUNS = 256;

export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(options.seed);
  const seen = new Uint8Array(EDGE_COUNTERS);
  const queue: Uint8Array[] = [];
  let [runs, edges, mostSteps, mostBytes] = [0, 0, 0, 0];

  const tryOut = async (input: Uint8Array, keep: boolean): Promise<Finding | undefined> => {
    options.onInput?.(input);
    const finding = await runOnce(target, input);
    runs += 1;
    mostSteps = Math.max(mostSteps, meter.steps);
    mostBytes = Math.max(mostBytes, meter.bytes);
    let isNew = keep;
    for (const edge of meter.touched()) {
      const bucket = bucketOf(meter.counts[edge] ?? 0);
      const before = seen[edge] ?? 0;
      if ((before & bucket) !== 0) continue;
      if (before === 0) edges += 1;
      seen[edge] = before | bucket;
      isNew = true;
    }
    if (isNew) queue.push(input);
    return finding;
  };
  const result = (finding?: Finding): FuzzResult => ({ runs, kept: queue.length, edges, mostSteps, mostBytes, finding });

  for (const input of [...(options.found ?? []), ...(await target.seeds()), new Uint8Array(0)]) {
    const finding = await tryOut(input, true);
    if (finding) return result(finding);
  }
  while (runs < options.runs) {
    if (runs % ASK_EVERY_RUNS === 0 && options.goOn?.(runs) === false) break;
    // The newest inputs are nearest to what nobody has seen yet.
    const recent = random.once(2) ? Math.max(1, queue.length >> 2) : queue.length;
    const parent = queue[queue.length - 1 - random.below(recent)] ?? new Uint8Array(0);
    const finding = await tryOut(mutate(parent, random, random.pick(queue), target.maxBytes), false);
    if (finding) return result(await shrink(target, finding));
  }
  return result();
}

/** Runs one input under the target's budget. */
export async function runOnce(target: FuzzTarget, input: Uint8Array): Promise<Finding | undefined> {
  meter.begin(budgetFor(target, input));
  try {
    const running = target.run(input);
    if (running) await running;
    if (meter.overrun) throw meter.overrun;
    return undefined;
  } catch (thrown) {
    const error = meter.overrun ?? thrown;
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return { input, problem: `${name}: ${message}`, stack };
  }
}

function budgetFor({ budget }: FuzzTarget, input: Uint8Array): Budget {
  const extra = budget.perByte * input.length;
  return { steps: budget.steps + extra, bytes: budget.bytes + extra };
}

function bucketOf(count: number): number {
  if (count <= 3) return 1 << (count - 1);
  return 1 << Math.min(7, 2 + Math.floor(Math.log2(count) - 1));
}

/** Takes parts away for as long as the same kind of error comes. */
async function shrink(target: FuzzTarget, finding: Finding): Promise<Finding> {
  const kindOf = ({ problem }: Finding): string => problem.replaceAll(/\d+/g, '#');
  let best = finding;
  for (let part = finding.input.length >> 1; part >= 1; part >>= 1) {
    for (let at = 0; at < best.input.length;) {
      const smaller = Uint8Array.from([...best.input.subarray(0, at), ...best.input.subarray(at + part)]);
      const again = await runOnce(target, smaller);
      if (again && kindOf(again) === kindOf(best)) best = again;
      else at += part;
    }
  }
  return best;
}
