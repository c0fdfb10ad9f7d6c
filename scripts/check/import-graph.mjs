// Every import of the product's sources, read from their syntax trees: static, dynamic, re-exports, required, and types named
// through import(). Comments can't hide one.

import { parse } from '@swc/core';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { inProject } from '../set-up/places.mjs';
import { productFolders } from './import-rules.mjs';

/** @typedef {import('./import-rules.mjs').Import} Import */
/** @typedef {import('./import-rules.mjs').Target} Target */
/** @typedef {Map<string, Import[]>} ImportGraph what each source file imports; names are relative to the project */
/** @typedef {{ specifier: string, typeOnly: boolean, start: number }} Found */

/** @returns {Promise<ImportGraph>} of the product: contract, main, preload, renderer */
export async function readImportGraph() {
  /** @type {ImportGraph} */
  const graph = new Map();
  for (const folder of productFolders) {
    for (const file of await sourceFiles(folder)) {
      graph.set(file, await importsOf(file, await readFile(inProject(file), 'utf8')));
    }
    for (const file of await filesIn(folder, /\.css$/)) {
      graph.set(file, styleImportsOf(file, await readFile(inProject(file), 'utf8')));
    }
  }
  return graph;
}

/** @param {string} folder @returns {Promise<string[]>} its source files, relative to the project, with `/` */
export async function sourceFiles(folder) {
  return (await filesIn(folder, /\.(tsx?|mjs)$/)).filter((file) => !file.endsWith('.d.ts'));
}

/** @param {string} folder @param {RegExp} name @returns {Promise<string[]>} */
async function filesIn(folder, name) {
  if (!existsSync(inProject(folder))) return [];
  const entries = await readdir(inProject(folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => path.relative(inProject(), path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

/**
 * @param {string} file a style sheet, relative to the project
 * @param {string} text its source
 * @returns {Import[]} what `@import` and `url()` name; without a leading dot that is a package, as Vite reads it
 */
export function styleImportsOf(file, text) {
  return [...text.matchAll(/@import\s+['"]([^'"]+)['"]|url\(\s*['"]?([^'")]+)['"]?\s*\)/g)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const line = text.slice(0, match.index).split('\n').length;
    return { specifier, typeOnly: false, line, ...targetOf(file, specifier) };
  });
}

/**
 * @param {string} file relative to the project
 * @param {string} text its source
 * @returns {Promise<Import[]>} in the order of the text
 */
export async function importsOf(file, text) {
  // swc counts positions in bytes from a start of its own choosing. The leading semicolon is a statement whose place is known.
  const bytes = Buffer.from(`;${text}`);
  const module = await parse(`;${text}`, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'es2023' });
  const origin = module.body[0]?.span.start ?? 0;
  /** @type {Found[]} */
  const found = [];
  collect(module.body, found);
  return found
    .toSorted((one, other) => one.start - other.start)
    .map(({ specifier, typeOnly, start }) => {
      const line = bytes
        .subarray(0, start - origin)
        .toString()
        .split('\n').length;
      return { specifier, typeOnly, line, ...targetOf(file, specifier) };
    });
}

/** @param {string} file @param {string} specifier @returns {Target} */
function targetOf(file, specifier) {
  if (specifier.startsWith('.')) {
    return {
      kind: 'file',
      target: path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''))),
    };
  }
  if (isBuiltin(specifier)) return { kind: 'node', name: specifier.startsWith('node:') ? specifier : `node:${specifier}` };
  const parts = specifier.split('/');
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') };
}

/**
 * Walks a syntax tree for everything that names a module.
 *
 * @param {unknown} node
 * @param {Found[]} found gets what is there
 */
function collect(node, found) {
  if (Array.isArray(node)) {
    for (const part of node) collect(part, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const syntax = /** @type {Record<string, any>} */ (node);
  const named = namedModule(syntax);
  if (named !== null) found.push({ ...named, start: syntax['span'].start });
  for (const part of Object.values(syntax)) collect(part, found);
}

/** @param {Record<string, any>} node @returns {{ specifier: string, typeOnly: boolean } | null} */
function namedModule(node) {
  switch (node['type']) {
    case 'ImportDeclaration':
      return { specifier: node['source'].value, typeOnly: node['typeOnly'] };
    case 'ExportNamedDeclaration':
      return node['source'] ? { specifier: node['source'].value, typeOnly: node['typeOnly'] } : null;
    case 'ExportAllDeclaration':
      return { specifier: node['source'].value, typeOnly: node['typeOnly'] ?? false };
    case 'TsImportType':
      return { specifier: node['argument'].value, typeOnly: true };
    case 'TsExternalModuleReference':
      return { specifier: node['expression'].value, typeOnly: false };
    case 'CallExpression':
      return calledModule(node);
    default:
      return null;
  }
}

/** @param {Record<string, any>} call @returns {{ specifier: string, typeOnly: boolean } | null} of `import('x')` and `require('x')` */
function calledModule(call) {
  const { callee } = /** @type {{ callee: Record<string, any> }} */ (call);
  const isImport = callee['type'] === 'Import';
  if (!isImport && !(callee['type'] === 'Identifier' && callee['value'] === 'require')) return null;
  const argument = call['arguments'][0]?.expression;
  // A computed name could be anything, so it is reported as a module that no room may import.
  return { specifier: argument?.type === 'StringLiteral' ? argument.value : '(computed)', typeOnly: false };
}
