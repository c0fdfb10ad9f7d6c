// The house itself: its sources against the table in docs/architecture.md and the manners of the style guide.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findCycles } from '../../scripts/check/cycles.mjs';
import { houseProblems } from '../../scripts/check/house-rules.mjs';
import { type ImportGraph, readImportGraph, sourceFiles } from '../../scripts/check/import-graph.mjs';
import { importProblem, readImportTable, roomOf } from '../../scripts/check/import-rules.mjs';
import { runTool } from '../../scripts/check/run-tool.mjs';
import { inProject } from '../../scripts/set-up/places.mjs';

const rooms = readImportTable();
let graph: ImportGraph;

beforeAll(async () => {
  graph = await readImportGraph();
});

describe('the import table', () => {
  test('every import is one that its room may make', () => {
    const imports = [...graph].flatMap(([file, all]) => all.map((imported) => ({ file, imported })));
    expect(imports.length).toBeGreaterThan(0);
    expect(
      imports.map(({ file, imported }) => importProblem(rooms, file, imported)).filter((problem) => problem !== null),
    ).toEqual([]);
  });

  test('every source file is in a room', () => {
    expect([...graph.keys()].filter((file) => roomOf(rooms, file) === null)).toEqual([]);
  });

  test('every room that is there has files, and every place in the table is there', () => {
    const inhabited = new Set([...graph.keys()].map((file) => roomOf(rooms, file)?.room.pattern));
    const named = rooms.flatMap(({ pattern, imports, types }) => [pattern, ...imports, ...types]);
    expect(rooms.map(({ pattern }) => pattern).filter((pattern) => !pattern.includes('*') && !inhabited.has(pattern))).toEqual(
      [],
    );
    expect(named.filter((place) => !place.includes('*') && !existsSync(inProject(place)))).toEqual([]);
  });

  test('no package is allowed that nobody imports', () => {
    const used = new Set(
      [...graph].flatMap(([file, imports]) =>
        imports.flatMap((one) => (one.kind === 'file' ? [] : [`${roomOf(rooms, file)?.room.pattern}: ${one.name}`])),
      ),
    );
    const allowed = rooms.flatMap(({ pattern, packages, node }) =>
      [...packages, ...(node === 'any' ? [] : node)].map((name) => `${pattern}: ${name}`),
    );
    const idle = allowed.filter((one) => !used.has(one));
    expect(idle).toEqual([]);
  });

  test('nothing imports in a circle', () => {
    expect(findCycles(graph)).toEqual([]);
  });

  test('the product reaches neither tests nor scripts', () => {
    const outside = [...graph].flatMap(([file, imports]) =>
      imports
        .filter((one) => one.kind === 'file' && /^(tests|scripts)\//.test(one.target))
        .map((one) => `${file}: ${one.specifier}`),
    );
    expect(outside).toEqual([]);
  });
});

test('every source file keeps the manners of the house', async () => {
  const files = (await Promise.all(['contract', 'main', 'preload', 'renderer', 'scripts', 'tests'].map(sourceFiles))).flat();
  const all = [...files, 'vitest.config.ts', '.dependency-cruiser.mjs'];
  const problems = await Promise.all(all.map(async (file) => houseProblems(file, await readFile(inProject(file), 'utf8'))));
  expect(problems.flat()).toEqual([]);
});

test('scripts use nothing of the tests', async () => {
  const texts = await Promise.all((await sourceFiles('scripts')).map((file) => readFile(inProject(file), 'utf8')));
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text) => /from '[^']*\/tests\//.test(text))).toEqual([]);
});

test('every source file is type-checked in its environment', { timeout: 120_000 }, async () => {
  const projects = ['contract', 'main', 'main/session', 'preload', 'renderer', 'scripts', 'tests'];
  const listed = await Promise.all(
    projects.map(async (project) => {
      const { output } = await runTool('typescript', ['-p', `${project}/tsconfig.json`, '--listFilesOnly'], {
        deadlineMs: 60_000,
        command: 'tsc',
      });
      return output.split('\n').filter((file) => file.startsWith(inProject(project)));
    }),
  );
  const checked = new Set(listed.flat());
  const files = (await Promise.all(['contract', 'main', 'preload', 'renderer', 'scripts', 'tests'].map(sourceFiles))).flat();
  expect(files.filter((file) => !checked.has(inProject(file)))).toEqual([]);
});
