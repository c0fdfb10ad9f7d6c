// Every value on the page goes through this template, which escapes it. Names of the tenant's go through `named` as well: they were
// chosen by whoever may make a policy, may be in any writing, and mean anything.
import { html } from 'hono/html';

export type Markup = ReturnType<typeof html>;

/** Controls, direction marks, line ends and halves of pairs: they show nothing, and turn a line around or cut it. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}\u{2066}-\u{2069}\u{feff}]/gu;

/** As it was written, except that what shows nothing is shown as `\u{…}`; it keeps its own direction to itself. */
export function named(text: string): Markup {
  const shown = text.replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return html`<bdi>${shown}</bdi>`;
}

/** Between names, which side comes first is the page's to say. */
export function joined(parts: readonly Markup[], between: string): Markup {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${between}${part}`))}`;
}

export const nothing = html``;
