// docs/dependencies.md and package.json say the same, in both directions, and no package runs code when it is installed.

import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { nativePackages } from '../../scripts/build/bundles.mjs';
import { inProject } from '../../scripts/set-up/places.mjs';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly overrides: Record<string, string>;
}

let page: string;
let manifest: Manifest;
let npmrc: string;
beforeAll(async () => {
  page = await readFile(inProject('docs/dependencies.md'), 'utf8');
  manifest = JSON.parse(await readFile(inProject('package.json'), 'utf8'));
  npmrc = await readFile(inProject('.npmrc'), 'utf8');
});

/** The entries under one heading, or all: `- `name` version — sentence`. */
function entries(text: string): { name: string; version: string; sentence: string }[] {
  return [...text.matchAll(/^- `([^`]+)` (\S+) — ([^]*?)(?=\n\n|\n- |\n*(?![^]))/gm)].map(
    ([, name = '', version = '', sentence = '']) => ({
      name,
      version,
      sentence,
    }),
  );
}

function section(heading: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

test('every dependency has one entry with its version, and every entry is a dependency', () => {
  const apart = ['Not a dependency, but fetched', 'Held back'].map(section);
  expect(apart.every((text) => text !== '')).toBe(true);
  const direct = apart.reduce((text, part) => text.replace(part, ''), page);
  const described = entries(direct).map(({ name, version }) => `${name} ${version}`);
  const installed = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(
    ([name, version]) => `${name} ${version.replace(/^npm:.*@/, '')}`,
  );
  expect(described.toSorted()).toEqual(installed.toSorted());
  expect(entries(section('Held back')).map(({ name, version }) => [name, version])).toEqual(Object.entries(manifest.overrides));
});

test('every entry is one sentence', () => {
  const sentences = entries(page).map(({ sentence }) => sentence.trim());
  expect(sentences.length).toBeGreaterThan(0);
  expect(sentences.filter((sentence) => !sentence.endsWith('.') || /[.!?]\s+[A-Z]/.test(sentence))).toEqual([]);
});

test('versions are exact', () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides });
  expect(versions.filter((version) => !/^(npm:[a-z-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('only packages with native code are installed beside the application', () => {
  expect(Object.keys(manifest.dependencies).toSorted()).toEqual(nativePackages.toSorted());
  expect(entries(section('In the desk, with native code')).map(({ name }) => name)).toEqual(nativePackages.toSorted());
});

test('no package runs a script when it is installed', () => {
  expect(npmrc).toMatch(/^ignore-scripts=true$/m);
  expect(Object.keys(manifest)).not.toContain('allowScripts');
});

test('the training runtime that is fetched is the one that is named', async () => {
  const [fetched] = entries(section('Not a dependency, but fetched'));
  const source = await readFile(inProject('scripts/set-up/training-runtime.mjs'), 'utf8');
  expect(source).toContain(`'${fetched?.name}@${fetched?.version}'`);
});
