// The rules of the house that concern a single file: names, exports, and that nothing switches a check off.

import { parse } from '@swc/core';
import path from 'node:path';

/** Written in pieces, so that this file does not break its own rule. */
const escapes = [
  ['@ts-', '(ignore|nocheck|expect-error)'],
  ['(eslint|oxlint|biome|knip)-', '(disable|ignore)'],
  ['(prettier|oxfmt|biome)-', 'ignore'],
  ['(c8|v8|istanbul)', ' ignore'],
].map((parts) => new RegExp(parts.join('')));
const vagueNames = /(^|-)(utils?|helpers?|managers?|common|misc|stuff)(-|$)/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Tools read these, and ask for a default export. */
const configFiles = new Set(['vitest.config.ts', '.dependency-cruiser.mjs']);

/**
 * @param {string} file relative to the project, with `/`
 * @param {string} text its source
 * @returns {Promise<string[]>} a sentence for every rule it breaks
 */
export async function houseProblems(file, text) {
  const problems = nameProblems(file);
  for (const [index, line] of text.split('\n').entries()) {
    if (escapes.some((escape) => escape.test(line))) problems.push(`${file}:${index + 1} switches a check off`);
  }
  const script = /\.m?js$/.test(file);
  const { body } = await parse(text, script ? { syntax: 'ecmascript' } : { syntax: 'typescript', tsx: file.endsWith('.tsx') });
  const kinds = body.map(({ type }) => type);
  if (!configFiles.has(file) && kinds.some((kind) => kind.startsWith('ExportDefault')))
    problems.push(`${file} has a default export`);
  if (kinds.length > 0 && body.every(isPassedOn)) problems.push(`${file} only passes on what other files export`);
  return problems;
}

/** @param {string} file @returns {string[]} */
function nameProblems(file) {
  const folders = file.split('/').slice(0, -1);
  const name = path.basename(file).split('.')[0] ?? '';
  const problems = [];
  if (!configFiles.has(file) && !kebabCase.test(name)) problems.push(`${file} is not in kebab-case`);
  if ([...folders, name].some((part) => vagueNames.test(part))) problems.push(`${file} has a name that says nothing`);
  return problems;
}

/** @param {import('@swc/core').ModuleItem} item @returns {boolean} whether it is `export … from` */
function isPassedOn(item) {
  if (item.type === 'ExportAllDeclaration') return true;
  return item.type === 'ExportNamedDeclaration' && Boolean(item.source);
}
