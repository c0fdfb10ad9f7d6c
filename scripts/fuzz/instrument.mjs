// A Vite plugin that lets the fuzzer see inside: it counts every branch the product's code takes and every byte it asks for.
// What it calls is defined by tests/fuzz/engine/meter.ts. The well-kept coverage-guided fuzzer on npm, Jazzer.js, comes as
// native code that needs a newer C library than Debian 12 has; branch counts are all it would add for TypeScript.

import { createHash } from 'node:crypto';
import path from 'node:path';
import { Visitor, parseSync } from 'vite';
import { projectRoot } from '../set-up/places.mjs';

/** @typedef {{ start: number, end: number }} Span */
/** @typedef {[at: number, text: string]} Insertion */

/** Calls that make something as long as they are told, or as what they copy. */
const copying = new Set([
  'slice',
  'concat',
  'concatBytes',
  'from',
  'repeat',
  'padStart',
  'padEnd',
  'toReversed',
  'toSorted',
  'join',
  'decode',
  'encode',
]);
const sized = new Set(['Uint8Array', 'Array', 'ArrayBuffer']);

/** @returns {import('vite').Plugin} for everything under `main/` but the simulators, which only make the first inputs */
export function instrumentPlugin() {
  const product = path.join(projectRoot, 'main') + path.sep;
  const simulators = path.join(product, 'simulator') + path.sep;
  return {
    name: 'firstkey-fuzz-instrument',
    enforce: 'pre',
    transform(code, id) {
      const [file = id] = id.split('?');
      if (!file.startsWith(product) || file.startsWith(simulators) || !file.endsWith('.ts')) return null;
      return { code: instrument(file, code, firstBranchOf(path.relative(product, file))), map: null };
    },
  };
}

/**
 * @param {string} file for its kind only
 * @param {string} code TypeScript
 * @param {number} firstBranch the number of the first branch
 * @returns {string} the code with its counters
 */
export function instrument(file, code, firstBranch) {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  /** @type {Insertion[]} */
  const insertions = [];
  let branch = firstBranch;
  const hit = () => `fuzzMeter.hit(${branch++})`;
  /** @param {Span} node */
  const countExpression = ({ start, end }) => insertions.push([start, `(${hit()}, `], [end, ')']);
  /** @param {{ type: string } & Span | null} node a statement that may be a block, which counts itself */
  const countStatement = (node) => {
    if (node !== null && node.type !== 'BlockStatement') insertions.push([node.start, `{ ${hit()}; `], [node.end, ' }']);
  };
  const visitor = new Visitor({
    BlockStatement: ({ start }) => void insertions.push([start + 1, ` ${hit()};`]),
    ArrowFunctionExpression: ({ body }) => {
      if (body.type !== 'BlockStatement') countExpression(body);
    },
    IfStatement: ({ consequent, alternate }) => {
      countStatement(consequent);
      countStatement(alternate);
    },
    ForStatement: ({ body }) => countStatement(body),
    ForOfStatement: ({ body }) => countStatement(body),
    ForInStatement: ({ body }) => countStatement(body),
    WhileStatement: ({ body }) => countStatement(body),
    DoWhileStatement: ({ body }) => countStatement(body),
    SwitchCase: ({ consequent: [first] }) => {
      if (first) insertions.push([first.start, `${hit()}; `]);
    },
    ConditionalExpression: ({ consequent, alternate }) => {
      countExpression(consequent);
      countExpression(alternate);
    },
    LogicalExpression: ({ right }) => void countExpression(right),
    NewExpression: ({ callee, arguments: [size, ...more] }) => {
      if (callee.type !== 'Identifier' || !sized.has(callee.name)) return;
      if (size && more.length === 0 && size.type !== 'SpreadElement')
        insertions.push([size.start, 'fuzzMeter.sized('], [size.end, ')']);
    },
    CallExpression: ({ start, end, callee, optional }) => {
      const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? nameOf(callee) : '';
      const inChain = optional || (callee.type === 'MemberExpression' && callee.optional);
      if (copying.has(name) && !inChain) insertions.push([start, 'fuzzMeter.made('], [end, ')']);
    },
  });
  visitor.visit(program);
  return insert(code, insertions);
}

/**
 * A file's numbers depend on its name alone, so that a seed stands for the same search whatever order files are read in.
 *
 * @param {string} name @returns {number} 0 to 65535
 */
function firstBranchOf(name) {
  return createHash('sha256').update(name.replaceAll(path.sep, '/')).digest().readUInt16BE(0);
}

/** @param {import('vite').ESTree.MemberExpression} member @returns {string} */
function nameOf({ property }) {
  return property.type === 'Identifier' ? property.name : '';
}

/**
 * Of insertions at one place, those that end something come before those that begin something, and an outer begin before an
 * inner one. The visitor comes to the outer node first.
 *
 * @param {string} code @param {readonly Insertion[]} insertions @returns {string}
 */
function insert(code, insertions) {
  const closes = (/** @type {Insertion} */ [, text]) => text === ')' || text === ' }';
  const ordered = insertions
    .map((insertion, order) => ({ insertion, order }))
    .toSorted((one, other) => {
      const [at, otherAt] = [one.insertion[0], other.insertion[0]];
      if (at !== otherAt) return at - otherAt;
      const [ends, otherEnds] = [closes(one.insertion), closes(other.insertion)];
      if (ends !== otherEnds) return ends ? -1 : 1;
      return ends ? other.order - one.order : one.order - other.order;
    });
  let text = '';
  let from = 0;
  for (const { insertion } of ordered) {
    text += code.slice(from, insertion[0]) + insertion[1];
    [from] = insertion;
  }
  return text + code.slice(from);
}
