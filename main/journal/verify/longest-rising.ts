/**
 * Indices of one longest strictly rising subsequence, ascending: what is left out is the least that has to be moved to put the
 * numbers in order. Patience sorting (Fredman 1975), O(n log n).
 */
export function longestRising(numbers: readonly number[]): readonly number[] {
  /** At each length less one: the index of the smallest number that ends a rising row of that length. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, number] of numbers.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = index;
  }
  const row: number[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) row.push(index);
  return row.toReversed();
}
