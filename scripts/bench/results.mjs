// Figures as ratios: what is measured, against whom, the aim and whether it was met.

import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { inProject } from '../set-up/places.mjs';

/**
 * @typedef {object} RatioRow
 * @property {string} what
 * @property {string} peer
 * @property {number} ours median
 * @property {number} theirs median
 * @property {number} ratio
 * @property {number | null} aim at most this ratio; null where none is set
 * @property {boolean | null} met
 */

/**
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('nothing was measured');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/**
 * @param {string} what
 * @param {string} peer
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 * @param {number | null} aim
 * @returns {RatioRow}
 */
export function ratioRow(what, peer, ours, theirs, aim) {
  const [mine, other] = [median(ours), median(theirs)];
  const ratio = mine / other;
  return { what, peer, ours: mine, theirs: other, ratio, aim, met: aim === null ? null : ratio <= aim };
}

/** @param {readonly RatioRow[]} rows @returns {string} */
export function tableOf(rows) {
  return rows
    .map(
      ({ what, peer, ratio, aim, met }) =>
        `${what}: ${ratio.toFixed(2)} × ${peer}${aim === null ? '' : ` (aim ${aim}: ${met === true ? 'met' : 'missed'})`}`,
    )
    .join('\n');
}

/** @param {{ electron: string, runs: number, rows: readonly RatioRow[] }} results @returns {Promise<string>} */
export async function writeResults(results) {
  const folder = inProject('reports', 'bench');
  await mkdir(folder, { recursive: true });
  const page = path.join(folder, 'index.json');
  // The load tells a reader how much to trust the figures.
  await writeFile(page, `${JSON.stringify({ ...results, loadAverage: loadavg()[0] }, null, 2)}\n`);
  return page;
}
