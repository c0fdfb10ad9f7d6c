// One of several things on a key by its id, or by a beginning of the id that no other has.
import { usage, type CommandEnd } from '../command-end.ts';

export function findEntry<T>(
  entries: readonly T[],
  idOf: (entry: T) => string,
  wanted: string,
): { readonly entry: T } | CommandEnd {
  const exact = entries.find((entry) => idOf(entry) === wanted);
  if (exact !== undefined) return { entry: exact };
  const [first, ...others] = entries.filter((entry) => idOf(entry).startsWith(wanted));
  if (first === undefined || wanted === '') return usage('noSuchEntry');
  return others.length === 0 ? { entry: first } : usage('severalEntries');
}
