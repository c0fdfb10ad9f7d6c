// The import table of docs/architecture.md as data, and the judgement over single imports. The table is the only place where
// the rules are written; the house test and dependency-cruiser both get them here.

import { readFileSync } from 'node:fs';
import { inProject } from '../set-up/places.mjs';

/**
 * @typedef {object} Room
 * @property {string} pattern a folder or file, `*` for one folder
 * @property {string[]} imports places it may import
 * @property {string[]} types places of which it may import types
 * @property {string[] | 'any'} node Node's own modules
 * @property {string[]} packages
 */
/** @typedef {{ kind: 'file', target: string } | { kind: 'node', name: string } | { kind: 'package', name: string }} Target */
/** @typedef {{ specifier: string, typeOnly: boolean, line: number } & Target} Import */

const columns = ['room', 'may import', 'types only of', "Node's own", 'packages', 'touches'];

/** The folders whose files are judged. Scripts and tests are not part of the product, and the product can't reach them. */
export const productFolders = ['contract', 'main', 'preload', 'renderer'];

/** @returns {Room[]} the rows of docs/architecture.md */
export function readImportTable() {
  return parseImportTable(readFileSync(inProject('docs/architecture.md'), 'utf8'));
}

/**
 * @param {string} markdown a page with exactly one table of the expected columns
 * @returns {Room[]}
 * @throws {Error} when the table is missing, a row is malformed or a room occurs twice
 */
export function parseImportTable(markdown) {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => cellsOf(line).join() === columns.join());
  if (head === -1) throw new Error(`no table with the columns ${columns.join(', ')}`);
  /** @type {Room[]} */
  const rooms = [];
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    const cells = cellsOf(line);
    if (cells.length !== columns.length) throw new Error(`${columns.length} cells expected: ${line}`);
    const [pattern, ...others] = namesIn(cells[0]);
    if (pattern === undefined || others.length > 0) throw new Error(`one room expected: ${line}`);
    if (rooms.some((room) => room.pattern === pattern)) throw new Error(`${pattern} has two rows`);
    const node = cells[3] === 'any' ? 'any' : namesIn(cells[3]);
    rooms.push({ pattern, imports: namesIn(cells[1]), types: namesIn(cells[2]), node, packages: namesIn(cells[4]) });
  }
  if (rooms.length === 0) throw new Error('the import table has no rows');
  return rooms;
}

/**
 * @param {readonly Room[]} rooms
 * @param {string} file relative to the project, with `/`
 * @returns {{ room: Room, place: string } | null} the most exact room and the very place of it (for `a/*` one folder)
 */
export function roomOf(rooms, file) {
  const found = rooms.flatMap((room) => {
    const place = new RegExp(`^${placePattern(room.pattern)}(?=/|$)`).exec(file)?.[0];
    return place === undefined ? [] : [{ room, place }];
  });
  const exactness = (/** @type {Room} */ room) => room.pattern.split('/').length * 2 - (room.pattern.includes('*') ? 1 : 0);
  return found.toSorted((one, other) => exactness(other.room) - exactness(one.room))[0] ?? null;
}

/**
 * @param {readonly Room[]} rooms
 * @param {string} file that imports
 * @param {Import} imported
 * @returns {string | null} why the import is not allowed, or null
 */
export function importProblem(rooms, file, imported) {
  const home = roomOf(rooms, file);
  if (home === null) return `${file} is in no room of docs/architecture.md`;
  const { room, place } = home;
  const problem = `${file}:${imported.line} imports ${imported.specifier}, which ${room.pattern} may not`;
  if (imported.kind === 'node') return room.node === 'any' || room.node.includes(imported.name) ? null : problem;
  if (imported.kind === 'package') return room.packages.includes(imported.name) ? null : problem;
  const own = roomOf(rooms, imported.target)?.place === place;
  if (own || room.imports.some((allowed) => isInside(imported.target, allowed))) return null;
  if (!room.types.some((allowed) => isInside(imported.target, allowed))) return problem;
  return imported.typeOnly ? null : `${problem} except as types (import type)`;
}

/**
 * The same table for dependency-cruiser.
 *
 * @param {readonly Room[]} rooms
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType[]}
 */
export function cruiserRules(rooms) {
  return rooms.flatMap((room) => {
    const inner = rooms
      .filter((other) => other !== room && isMoreExact(other, room))
      .map((other) => `^${placePattern(other.pattern)}(/|$)`);
    const from = { path: `^(${placePattern(room.pattern)})(/|$)`, pathNot: ['^$', ...inner] };
    const values = ['^$1/', '^$1$', ...room.imports.map((place) => `^${placePattern(place)}(/|$)`)];
    const types = room.types.map((place) => `^${placePattern(place)}(/|$)`);
    const packages = room.packages.map((name) => `(^|/)node_modules/${escapePattern(name)}/`);
    const node = room.node === 'any' ? ['.'] : room.node.map((name) => `^${escapePattern(name.replace(/^node:/, ''))}$`);
    return [
      forbid(`${room.pattern}: values`, from, { dependencyTypes: ['local'], dependencyTypesNot: ['type-only'], pathNot: values }),
      forbid(`${room.pattern}: types`, from, { dependencyTypes: ['local'], pathNot: [...values, ...types] }),
      forbid(`${room.pattern}: packages`, from, {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'],
        pathNot: ['^$', ...packages],
      }),
      forbid(`${room.pattern}: Node`, from, { dependencyTypes: ['core'], pathNot: ['^$', ...node] }),
    ];
  });
}

/**
 * @param {string} name
 * @param {import('dependency-cruiser').IRegularForbiddenRuleType['from']} from
 * @param {import('dependency-cruiser').IRegularForbiddenRuleType['to']} to
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType}
 */
function forbid(name, from, to) {
  return { name, severity: 'error', from, to };
}

/** @param {Room} other @param {Room} room @returns {boolean} whether `other` is a part of `room`, or one instance of it */
function isMoreExact(other, room) {
  return (
    other.pattern.startsWith(`${room.pattern}/`) ||
    (room.pattern.endsWith('/*') && other.pattern.startsWith(room.pattern.slice(0, -1)))
  );
}

/** @param {string} file @param {string} place @returns {boolean} */
function isInside(file, place) {
  return new RegExp(`^${placePattern(place)}(/|$)`).test(file);
}

/** @param {string} place @returns {string} a regular expression for it */
function placePattern(place) {
  return escapePattern(place).replaceAll('\\*', '[^/]+');
}

/** @param {string} text @returns {string} */
function escapePattern(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** @param {string} line @returns {string[]} */
function cellsOf(line) {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : [];
}

/** @param {string | undefined} cell names in backticks, or a dash for none @returns {string[]} */
function namesIn(cell = '') {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  if (names.length === 0 && cell !== '–') throw new Error(`names in backticks, or –, expected: ${cell}`);
  return names;
}
