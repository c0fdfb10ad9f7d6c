// The judges of the house, judged: each rule has to see a planted breach, or a green house test would mean nothing.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configurationFor } from '../../.dependency-cruiser.mjs';
import { findCycles } from '../../scripts/check/cycles.mjs';
import { checkDependencyRules } from '../../scripts/check/dependency-rules.mjs';
import { houseProblems } from '../../scripts/check/house-rules.mjs';
import { type ImportGraph, importsOf, styleImportsOf } from '../../scripts/check/import-graph.mjs';
import { importProblem, parseImportTable, roomOf } from '../../scripts/check/import-rules.mjs';

const head = "| room | may import | types only of | Node's own | packages | touches |\n|---|---|---|---|---|---|";
const table = [
  head,
  '| `contract` | – | – | – | `zod` | nothing |',
  '| `main/ports` | – | `contract` | – | – | nothing |',
  '| `main/fido` | – | – | `node:crypto` | – | nothing |',
  '| `main/adapters/*` | `contract` | `main/ports` | – | – | one thing |',
  '| `main/adapters/key-hid` | `main/fido` | `main/ports` | – | `node-hid` | keys |',
  '| `main/index.ts` | `main`, `contract` | – | any | `electron` | start-up |',
].join('\n');
const rooms = parseImportTable(table);

async function problemsOf(file: string, text: string): Promise<(string | null)[]> {
  return (await importsOf(file, text)).map((imported) => importProblem(rooms, file, imported));
}

describe('reading the table', () => {
  test('cells become lists', () => {
    expect(rooms[4]).toEqual({
      pattern: 'main/adapters/key-hid',
      imports: ['main/fido'],
      types: ['main/ports'],
      node: [],
      packages: ['node-hid'],
    });
    expect(rooms[5]?.node).toBe('any');
  });

  test.each([
    ['no table', '# Rooms', /no table/],
    ['no rows', head, /no rows/],
    ['a missing cell', `${head}\n| \`contract\` | – | – | – | nothing |`, /6 cells expected/],
    ['a name without backticks', `${head}\n| \`contract\` | main | – | – | – | nothing |`, /names in backticks/],
    ['a room twice', `${table}\n| \`contract\` | – | – | – | – | nothing |`, /contract has two rows/],
  ])('%s is refused', (_what, markdown, message) => {
    expect(() => parseImportTable(markdown)).toThrow(message);
  });

  test('the most exact row counts, and each folder of a * row is a room of its own', () => {
    expect(roomOf(rooms, 'main/adapters/key-hid/list.ts')?.room.pattern).toBe('main/adapters/key-hid');
    expect(roomOf(rooms, 'main/adapters/store/open.ts')).toMatchObject({
      room: { pattern: 'main/adapters/*' },
      place: 'main/adapters/store',
    });
    expect(roomOf(rooms, 'main/adapters-of-old/a.ts')).toBeNull();
  });
});

describe('judging imports', () => {
  test.each([
    ['its own room', 'main/fido/ctap/a.ts', "import { b } from '../bytes/b.ts';"],
    ['an allowed package', 'contract/a.ts', "import { z } from 'zod';"],
    ['a part of an allowed package', 'contract/a.ts', "import { z } from 'zod/v4';"],
    ['types of a types-only room', 'main/adapters/store/a.ts', "import type { Store } from '../../ports/store.ts';"],
    ["Node's own, where any is allowed", 'main/index.ts', "import 'node:fs';"],
    ['an exact room', 'main/adapters/key-hid/a.ts', "import { c } from '../../fido/c.ts';"],
  ])('%s is allowed', async (_what, file, text) => {
    expect(await problemsOf(file, text)).toEqual([null]);
  });

  test.each([
    ['another room', 'contract/a.ts', "import { b } from '../main/ports/b.ts';"],
    ['another adapter', 'main/adapters/store/a.ts', "import { b } from '../key-hid/b.ts';"],
    ['a package of another room', 'contract/a.ts', "import HID from 'node-hid';"],
    ['a package with a similar name', 'contract/a.ts', "import z from 'zod-extra';"],
    ["Node's own under its short name", 'contract/a.ts', "import fs from 'fs';"],
    ['values of a types-only room', 'main/adapters/store/a.ts', "import { x } from '../../ports/store.ts';"],
    ['inline types, which leave an import', 'main/adapters/store/a.ts', "import { type X } from '../../ports/store.ts';"],
    ['a re-export', 'contract/a.ts', "export * from '../main/fido/b.ts';"],
    ['a named re-export', 'contract/a.ts', "export { b } from '../main/fido/b.ts';"],
    ['a dynamic import', 'contract/a.ts', "const b = await import('../main/fido/b.ts');"],
    ['a computed import', 'contract/a.ts', "const where = 'x'; const b = await import(where);"],
    ['a require', 'contract/a.ts', "const fs = require('fs');"],
    ['a type named through import()', 'contract/a.ts', "export type B = import('../main/fido/b.ts').B;"],
    ['tests', 'main/index.ts', "import { fake } from '../tests/support/fake.ts';"],
    ['a file outside every room', 'main/new/a.ts', "import { z } from 'zod';"],
  ])('%s is refused', async (_what, file, text) => {
    const problems = await problemsOf(file, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual(expect.stringContaining(file));
  });

  test('a style sheet imports too, its fonts and pictures included', () => {
    const found = styleImportsOf(
      'contract/a.css',
      "@import './b.css';\n.c { src: url('@fonts/d/e.woff2'); }\n.f { background: url(../main/g.png); }",
    );
    expect(found.map(({ line, ...one }) => [line, 'name' in one ? one.name : one.target])).toEqual([
      [1, 'contract/b.css'],
      [2, '@fonts/d'],
      [3, 'main/g.png'],
    ]);
    expect(found.map((imported) => importProblem(rooms, 'contract/a.css', imported) === null)).toEqual([true, false, false]);
  });

  test('a problem names the line, whatever stands before it', async () => {
    const [problem] = await problemsOf('contract/a.ts', "// é: two bytes\n\n/* more */\nimport fs from 'node:fs';\n");
    expect(problem).toBe('contract/a.ts:4 imports node:fs, which contract may not');
  });
});

describe('the second judge', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'firstkey-house-'));
  });
  afterAll(async () => rm(root, { recursive: true, force: true }));

  /** What dependency-cruiser says about a house of these files. */
  async function judge(name: string, files: Record<string, string>): Promise<{ modules: number; problems: string[] }> {
    const house = path.join(root, name);
    await mkdir(house);
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.join(house, path.dirname(file)), { recursive: true });
      await writeFile(path.join(house, file), text);
    }
    return checkDependencyRules({ root: house, configuration: configurationFor(rooms) });
  }

  test('finds nothing wrong in a house in order, types and screens included', async () => {
    const { modules, problems } = await judge('in-order', {
      'contract/a.ts': 'export const a = 1;',
      'main/ports/store.ts': "import type { a } from '../../contract/a.ts';\nexport type Store = typeof a;",
      'main/adapters/store/open.ts': "import type { Store } from '../../ports/store.ts';\nexport const open = (): Store => 1;",
      'main/fido/hash.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;",
      'main/index.ts': "import 'node:fs';\nimport { open } from './adapters/store/open.ts';\nopen();",
    });
    expect(problems).toEqual([]);
    expect(modules).toBeGreaterThanOrEqual(5);
  });

  test('sees every kind of breach', async () => {
    const { problems } = await judge('in-disorder', {
      'contract/a.ts': "import '../main/fido/hash.ts';\nexport const a = 1;",
      'contract/path.ts': "import 'node:path';",
      'main/ports/store.ts': 'export interface Store { a: number }\nexport const store = 1;',
      'main/adapters/store/open.ts': "import { store } from '../../ports/store.ts';\nexport const open = store;",
      'main/adapters/other/open.ts': "import { open } from '../store/open.ts';\nexport const other = open;",
      'main/fido/hash.ts': "import './round.ts';",
      'main/fido/round.ts': "import './hash.ts';\nimport './nowhere.ts';",
    });
    expect(problems).toEqual(
      expect.arrayContaining([
        'contract/a.ts → main/fido/hash.ts (contract: values)',
        'contract/path.ts → path (contract: Node)',
        'main/adapters/store/open.ts → main/ports/store.ts (main/adapters/*: values)',
        'main/adapters/other/open.ts → main/adapters/store/open.ts (main/adapters/*: types)',
        'main/fido/hash.ts → main/fido/round.ts (no cycles)',
        'main/fido/round.ts → ./nowhere.ts (imports lead somewhere)',
      ]),
    );
  });

  test('does not take an empty house for a tidy one', async () => {
    expect(await judge('empty', { 'contract/readme.txt': 'nothing' })).toEqual({
      modules: 0,
      problems: ['dependency-cruiser found no modules at all'],
    });
  });
});

test('circles are found, through types too, and trees are not', async () => {
  async function graphOf(files: Record<string, string>): Promise<ImportGraph> {
    return new Map(
      await Promise.all(Object.entries(files).map(async ([file, text]) => [file, await importsOf(file, text)] as const)),
    );
  }
  const tree = await graphOf({ 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';", 'c.ts': '' });
  expect(findCycles(tree)).toEqual([]);
  const circle = await graphOf({
    'a.ts': "import './b.ts';",
    'b.ts': "import type { C } from './c.ts';",
    'c.ts': "import './a.ts';",
    'd.ts': "import './d.ts';",
  });
  expect(findCycles(circle)).toEqual([['a.ts', 'b.ts', 'c.ts'], ['d.ts']]);
});

describe('manners of a file', () => {
  test('an ordinary file has nothing to answer for', async () => {
    expect(await houseProblems('main/fido/ctap/get-info.ts', 'export function getInfo(): void {}\n')).toEqual([]);
  });

  const switchedOff = ['@ts-', 'ignore'].join('');
  const lintOff = ['oxlint', 'disable-next-line no-var'].join('-');
  test.each([
    ['a default export', 'main/a.ts', 'export default function a(): void {}', /default export/],
    ['a default export of a value', 'main/a.ts', 'const a = 1; export default a;', /default export/],
    ['a check switched off', 'main/a.ts', `// ${switchedOff}\nexport const a = 1;`, /a\.ts:1 switches a check off/],
    ['a lint switched off', 'main/a.ts', `/* ${lintOff} */\nexport const a = 1;`, /switches a check off/],
    ['a vague file', 'main/string-utils.ts', 'export const a = 1;', /says nothing/],
    ['a vague folder', 'main/helpers/a.ts', 'export const a = 1;', /says nothing/],
    ['a name in another case', 'main/getInfo.ts', 'export const a = 1;', /kebab-case/],
    ['a barrel', 'main/all.ts', "export * from './a.ts';\nexport { b } from './b.ts';", /only passes on/],
  ])('%s is seen', async (_what, file, text, problem) => {
    expect(await houseProblems(file, text)).toEqual([expect.stringMatching(problem)]);
  });
});
