import { describe, expect, test } from 'vitest';
import { compare, ratioTable } from '../../scripts/bench/comparison.mjs';
import { measured, median } from '../../scripts/bench/median.mjs';
import { membersOf, parsePss, parseStat, roleOf } from '../../scripts/bench/process-tree.mjs';
import { withoutPracticePage } from '../../scripts/bench/windows.mjs';

describe('the middle of many', () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100, 8, 1], 9],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('keeps the order of what was measured, and its ends', () => {
    expect(measured([7, 2, 5])).toEqual({ median: 5, least: 2, most: 7, values: [7, 2, 5] });
  });

  test('there is none of nothing', () => {
    expect(() => median([])).toThrow('the median of nothing');
  });
});

describe('a comparison', () => {
  const start = { what: 'start', peer: 'bare window', unit: 'ms' } as const;

  test('is met up to its aim and not beyond', () => {
    expect(compare({ ...start, ours: [130], theirs: [100], aim: 1.3 })).toMatchObject({ ratio: 1.3, met: true });
    expect(compare({ ...start, ours: [131], theirs: [100], aim: 1.3 })).toMatchObject({ ratio: 1.31, met: false });
  });

  test('without an aim is only for reading', () => {
    expect(compare({ ...start, ours: [2], theirs: [1] })).toMatchObject({ ratio: 2, aim: null, met: null });
  });

  test('goes by the ratios of the rounds, in which both sides met the same load', () => {
    // From the third round on somebody else's work slowed both sides down.
    const { ratio, ratioOfMedians } = compare({ ...start, ours: [120, 125, 900, 960], theirs: [100, 100, 750, 800] });
    expect(ratio).toBe(1.2);
    expect(ratioOfMedians).toBeCloseTo(512.5 / 425);
  });

  test('needs as many rounds of both', () => {
    expect(() => compare({ ...start, ours: [1, 2], theirs: [1] })).toThrow('start: 2 values beside 1');
  });

  test('stands in a table with its ratio, its aim and whether it is met', () => {
    const lines = ratioTable([
      compare({ ...start, ours: [1400], theirs: [1000], aim: 1.3 }),
      compare({ what: 'memory', peer: 'bare window', unit: 'MB', ours: [99.94], theirs: [100], aim: 1.3 }),
      compare({ what: 'a picture', peer: 'JSON', unit: 'ms', ours: [0.0321], theirs: [0.0107] }),
    ]).split('\n');
    expect(lines).toEqual([
      '               ours      peer               ratio  of medians   aim',
      'start       1400 ms   1000 ms  bare window  1.40×       1.40×  1.3×  NOT MET',
      'memory      99.9 MB    100 MB  bare window  1.00×       1.00×  1.3×  met',
      'a picture  0.032 ms  0.011 ms  JSON         3.00×       3.00×     –',
    ]);
  });
});

describe('the accounts of processes', () => {
  test('are read behind a name that looks like one of them', () => {
    const text = '4211 (a) R 7 (b) S 4200 4211 4200 0 -1 4194560 900 0 0 0 31 12 4 3 20 0 1 0 99 1024 25';
    expect(parseStat(text)).toEqual({ pid: 4211, parent: 4200, cpuMs: 500 });
  });

  test('give proportional memory, not what only looks like it', () => {
    expect(parsePss('Rss:    900 kB\nPss_Dirty:   11 kB\nPss:                 120 kB\nSwapPss:  0 kB\n')).toBe(120 * 1024);
  });

  test.each([
    ['/opt/electron\0--no-sandbox\0folder', 'main'],
    // Chromium rewrites the line of processes that its zygote starts, with spaces.
    ['/opt/electron --type=zygote --no-zygote-sandbox', 'zygote'],
    ['/opt/electron --type=renderer --app-path=/opt/a --renderer-client-id=12 --lang=en', 'renderer 12'],
    ['/opt/electron\0--type=renderer\0--renderer-client-id=7\0--lang=en', 'renderer 7'],
    ['/opt/electron\0--type=utility\0--utility-sub-type=network.mojom.NetworkService\0', 'network service'],
    ['/opt/electron\0--type=utility\0--utility-sub-type=node.mojom.NodeService\0', 'key host'],
    ['/opt/electron\0--type=utility\0--utility-sub-type=other.mojom.Service\0', 'other.mojom.Service'],
  ])('name %j as %s', (commandLine, role) => {
    expect(roleOf(commandLine)).toBe(role);
  });

  test('of one program are those of the tree below it', () => {
    const stat = (pid: number, parent: number) => ({ pid, parent, cpuMs: 0 });
    const members = membersOf(10, [stat(1, 0), stat(10, 1), stat(11, 10), stat(12, 11), stat(20, 1), stat(21, 20)]);
    expect(members.map(({ pid }) => pid)).toEqual([10, 11, 12]);
  });

  test('leave out the practice page: the renderer that came last, when there are two', () => {
    const process = (role: string) => ({ pid: 1, role, cpuMs: 0, pssBytes: 1 });
    const rolesWithout = (...roles: string[]) => withoutPracticePage(roles.map(process)).map(({ role }) => role);
    expect(rolesWithout('main', 'renderer 11', 'renderer 9', 'key host')).toEqual(['main', 'renderer 9', 'key host']);
    expect(rolesWithout('main', 'renderer 4')).toEqual(['main', 'renderer 4']);
  });
});
