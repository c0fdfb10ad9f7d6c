// The fuzzer itself: that it is led by what the code does, that it notices every kind of broken promise, and that it is the
// same search again for the same seed.
import { describe, expect, test } from 'vitest';
import { instrument } from '../../scripts/fuzz/instrument.mjs';
import { fuzz, type FuzzTarget } from '../fuzz/engine/fuzzer.ts';
import { meter } from '../fuzz/engine/meter.ts';

type Counted = (...values: readonly unknown[]) => unknown;

/** A function from its source, which is written in this file and nowhere else. */
const instrumented = (source: string): Counted =>
  Function(`"use strict"; return (${instrument('target.ts', source, 1)});`)() as Counted;

const target = (run: (input: Uint8Array) => unknown, changes: Partial<FuzzTarget> = {}): FuzzTarget => ({
  name: 'test',
  seeds: () => [],
  maxBytes: 64,
  slice: 1,
  budget: { steps: 500, bytes: 1_000, perByte: 10 },
  run: run as FuzzTarget['run'],
  ...changes,
});

describe('the search', () => {
  /** A door behind five others: by chance alone it takes 2^40 tries. */
  const doors = instrumented(`(input) => {
    if (input[0] === 0x46) if (input[1] === 0x49) if (input[2] === 0x44) if (input[3] === 0x4f) if (input[4] === 0x32) {
      throw new Error('found');
    }
  }`);

  test('follows new branches to a place that chance would not find, and gives back the smallest input', async () => {
    const { finding, runs } = await fuzz(target(doors), { seed: 1, runs: 500_000 });
    expect(finding?.problem).toBe('Error: found');
    expect(finding?.input).toEqual(new TextEncoder().encode('FIDO2'));
    expect(runs).toBeLessThan(500_000);
  });

  test('is the same again for the same seed, and another for another', async () => {
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const inputs: string[] = [];
        const onInput = (input: Uint8Array): void => void inputs.push(Buffer.from(input).toString('hex'));
        await fuzz(
          target(() => undefined),
          { seed, runs: 500, onInput },
        );
        return inputs;
      }),
    );
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('tries first what was found before', async () => {
    const { finding, runs } = await fuzz(target(doors), { seed: 1, runs: 10, found: [new TextEncoder().encode('FIDO2!')] });
    expect([finding?.problem, runs]).toEqual(['Error: found', 1]);
  });

  test('ends when it is told to', async () => {
    const { runs } = await fuzz(
      target(() => undefined),
      { seed: 1, runs: 1e9, goOn: (soFar) => soFar < 1_000 },
    );
    expect(runs).toBeLessThan(1_300);
  });
});

describe('a broken promise', () => {
  const problemOf = async (source: string): Promise<string | undefined> =>
    (await fuzz(target(instrumented(source)), { seed: 1, runs: 20_000 })).finding?.problem;

  test.each([
    ['a loop without an end', '(input) => { for (;;) if (input.length > 100) break; }', 'OverBudget: more than 500 steps'],
    [
      'one whose body swallows errors',
      '(input) => { for (let i = 0; i < 1e6; i++) { try { if (i < 0) return; } catch {} } }',
      'OverBudget: more than 500 steps',
    ],
    [
      'work that grows with the square',
      '(input) => { for (const a of input) for (const b of input) if (a < b) continue; }',
      'steps',
    ],
    ['memory by a length from the input', '(input) => new Uint8Array(input[0] * 0x1000000)', 'OverBudget: more than'],
    ['copies of copies', '(input) => { for (let n = 0; n < input.length; n++) input.slice(0); }', 'bytes'],
    ['an error that is not allowed', '(input) => input[3].toString()', 'TypeError'],
    ['a rejection', 'async (input) => { await null; throw new RangeError("late"); }', 'RangeError: late'],
  ])('%s is noticed', async (_name, source, problem) => {
    expect(await problemOf(source)).toContain(problem);
  });

  test('and one that is kept is not', async () => {
    const kept =
      '(input) => { let sum = 0; for (const byte of input) sum += byte > 7 ? 1 : 2; return new Uint8Array(sum & 15); }';
    expect(await problemOf(kept)).toBeUndefined();
    expect(meter.steps).toBeGreaterThan(0);
  });
});

describe('instrumented code', () => {
  test.each([
    ['conditions', '(a) => (a ? 1 : (a ?? 2))', [[0], 0]],
    ['chains', '(a) => a?.b?.slice(1)?.length ?? "none"', [[undefined], 'none']],
    ['chains that are there', '(a) => a?.b?.slice(1)?.length ?? "none"', [[{ b: [1, 2, 3] }], 2]],
    ['objects from arrows', '(a) => ({ a })', [[3], { a: 3 }]],
    [
      'bodies without braces',
      '(n) => { let s = 0; for (let i = 0; i < n; i++) if (i % 2) s += i; else s -= 1; return s; }',
      [[6], 6],
    ],
    ['switches', '(a) => { switch (a) { case 1: case 2: return "few"; default: return "many"; } }', [[2], 'few']],
    ['getters and private members', '(a) => new (class { #x = a; get x() { return this.#x || 5; } })().x', [[0], 5]],
  ] as const)('%s mean what they meant', (_name, source, [args, expected]) => {
    const counted = instrumented(source);
    meter.begin({ steps: 1_000, bytes: 1_000 });
    expect(counted(...args)).toEqual(expected);
    expect(meter.touched().length).toBeGreaterThan(0);
  });
});
