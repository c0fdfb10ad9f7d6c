// A name that somebody wrote onto a key, made fit to be drawn beside others. A direction mark turns a line around, a zero-width
// character makes two names look the same, and marks without end grow over what stands above.
// Source: Unicode Standard Annex #44 (general categories), Unicode Technical Report #36 §2 (visual security).

/** Visible characters; longer ones end in an ellipsis. */
const longest = 64;

/** Controls, formats, halves of pairs, private use and unassigned. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
/** Letters of some languages carry two marks; none carries three. */
const pileOfMarks = /(\p{M}{2})\p{M}+/gu;
const blanks = /[\p{Z}\p{Cc}]+/gu;

/** Null when nothing is left to be seen. */
export function shownName(name: string | null): string | null {
  if (name === null) return null;
  const plain = name.replaceAll(blanks, ' ').replaceAll(unseen, '').replaceAll(pileOfMarks, '$1').trim();
  const seen = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(plain)].map(({ segment }) => segment);
  if (seen.length === 0) return null;
  return seen.length > longest ? `${seen.slice(0, longest - 1).join('')}…` : plain;
}
