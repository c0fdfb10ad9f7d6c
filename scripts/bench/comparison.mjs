// Ours beside a named peer, measured in the same run: a ratio says something on every machine, a time only on one.

import { measured, median } from './median.mjs';

/**
 * @typedef {object} Comparison
 * @property {string} what
 * @property {string} peer its name
 * @property {'ms' | 'MB'} unit
 * @property {import('./median.mjs').Measured} ours
 * @property {import('./median.mjs').Measured} theirs
 * @property {number} ratio ours to theirs: the median of the ratios of each round, because both sides of a round met the same load
 * @property {number} ratioOfMedians of all rounds; far from `ratio` when the machine's other load came and went
 * @property {number | null} aim the ratio to stay within; null where the figure is only for reading
 * @property {boolean | null} met null without an aim
 */

/**
 * @param {object} measurements
 * @param {string} measurements.what
 * @param {string} measurements.peer
 * @param {'ms' | 'MB'} measurements.unit
 * @param {readonly number[]} measurements.ours one value a round, in the order of the rounds
 * @param {readonly number[]} measurements.theirs as many, of the same rounds
 * @param {number} [measurements.aim]
 * @returns {Comparison}
 */
export function compare({ what, peer, unit, ours, theirs, aim }) {
  if (ours.length !== theirs.length) throw new RangeError(`${what}: ${ours.length} values beside ${theirs.length}`);
  const [own, other] = [measured(ours), measured(theirs)];
  const ratio = median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
  return {
    what,
    peer,
    unit,
    ours: own,
    theirs: other,
    ratio,
    ratioOfMedians: own.median / other.median,
    aim: aim ?? null,
    met: aim === undefined ? null : ratio <= aim,
  };
}

/** @param {readonly Comparison[]} comparisons @returns {string} a table for a terminal */
export function ratioTable(comparisons) {
  const head = ['', 'ours', 'peer', '', 'ratio', 'of medians', 'aim', ''];
  const rows = comparisons.map(({ what, peer, unit, ours, theirs, ratio, ratioOfMedians, aim, met }) => [
    what,
    `${figure(ours.median)} ${unit}`,
    `${figure(theirs.median)} ${unit}`,
    peer,
    `${ratio.toFixed(2)}×`,
    `${ratioOfMedians.toFixed(2)}×`,
    aim === null ? '–' : `${aim}×`,
    met === null ? '' : met ? 'met' : 'NOT MET',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const numbers = new Set([1, 2, 4, 5, 6]);
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, numbers.has(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {number} value @returns {string} with as many digits as say something */
function figure(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}

/** @param {string} cell @param {number} width @param {boolean} isNumber @returns {string} */
function pad(cell, width, isNumber) {
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
