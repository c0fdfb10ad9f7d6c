// What many measurements of the same thing come to.

/**
 * @param {readonly number[]} values at least one
 * @returns {number} the middle one; of an even number, the mean of the two in the middle
 */
export function median(values) {
  if (values.length === 0) throw new RangeError('the median of nothing');
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * @typedef {object} Measured
 * @property {number} median
 * @property {number} least
 * @property {number} most
 * @property {readonly number[]} values in the order they were taken
 */

/** @param {readonly number[]} values @returns {Measured} */
export function measured(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values), values };
}
