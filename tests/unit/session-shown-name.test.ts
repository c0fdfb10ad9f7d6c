// Names on keys were written by whoever held them: what is drawn of them can't turn a line around, hide, or grow over the screen.
import { expect, test } from 'vitest';
import { shownName } from '../../main/session/key/shown-name.ts';

test.each([
  ['Noor van Dijk', 'Noor van Dijk'],
  ['ليلى حداد', 'ليلى حداد'],
  ['Zoë  Desmet\n', 'Zoë Desmet'],
  ['Sam\u202E\u2066rofakO', 'SamrofakO'],
  ['Sa\u200Bm\u0000\u001B[2J', 'Sam [2J'],
  ['\uD800Sam', 'Sam'],
  [`S${'\u0301'.repeat(40)}am`, 'S\u0301\u0301am'],
  ['x'.repeat(65), `${'x'.repeat(63)}…`],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['\u200B \u202E', null],
  ['', null],
  [null, null],
])('%j is shown as %j', (name, shown) => expect(shownName(name)).toBe(shown));
