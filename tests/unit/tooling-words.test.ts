import { expect, test } from 'vitest';
import { compileWords } from '../../scripts/build/words-plugin.mjs';

function po(...entries: string[]): string {
  return ['msgid ""\nmsgstr "Language: en\\n"', ...entries].join('\n\n') + '\n';
}

test('a sentence with an argument and a plural is compiled under its id', () => {
  const messages = compileWords(
    po('msgid "greeting"\nmsgstr "Hello, {name}"', 'msgid "tries"\nmsgstr "{left, plural, one {# try} other {# tries}}"'),
    'en.po',
  );
  expect(messages).toEqual({
    greeting: ['Hello, ', ['name']],
    tries: [['left', 'plural', { one: ['#', ' try'], other: ['#', ' tries'] }]],
  });
});

test('untranslated, fuzzy and obsolete entries are missing, not wrong', () => {
  const messages = compileWords(
    po(
      'msgid "empty"\nmsgstr ""',
      '#, fuzzy\nmsgid "guess"\nmsgstr "Perhaps"',
      '#~ msgid "old"\n#~ msgstr "Gone"',
      'msgid "kept"\nmsgstr "Kept"',
    ),
    'nl.po',
  );
  expect(Object.keys(messages)).toEqual(['kept']);
});

test.each([
  ['a brace left open', 'msgid "broken"\nmsgstr "Hello, {name"', /en\.po: broken: not a well-formed ICU message/],
  ['an id used twice', 'msgid "one"\nmsgstr "A"\n\nmsgid "one"\nmsgstr "B"', /en\.po: one: defined twice/],
  ['a gettext plural', 'msgid "key"\nmsgid_plural "keys"\nmsgstr[0] "key"\nmsgstr[1] "keys"', /en\.po: key: use an ICU plural/],
])('%s is refused with the file and the id', (_what, entry, message) => {
  expect(() => compileWords(po(entry), 'en.po')).toThrow(message);
});
