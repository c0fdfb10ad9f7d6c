// Names on a key were written by whoever held it: in a terminal a control character moves the cursor, clears the screen or
// types an answer, and a direction mark turns a line around.

/** C0 and C1 controls, line and paragraph separators, direction and format marks, halves of pairs. */
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with every character that does more than show itself as `\u{…}`. */
export function printable(text: string): string {
  return text.replaceAll(dangerous, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
