// Words become code at build time: a PO file, which translators can edit with their own tools, is imported as a module of
// compiled ICU messages. A malformed message stops the build here instead of a screen at the desk.

import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import PO from 'pofile';

/** @typedef {import('@lingui/message-utils/compileMessage').CompiledMessage} CompiledMessage */

/**
 * Compiles the translated messages of one PO file. Untranslated, fuzzy and obsolete entries are left out, so that a
 * missing translation is visible as missing and never shows an outdated sentence.
 *
 * @param {string} text the PO file
 * @param {string} file its name, for errors
 * @returns {Record<string, CompiledMessage>} compiled messages by message id
 * @throws {Error} on a malformed ICU message, a message id that occurs twice, or gettext plurals (plurals are ICU here)
 */
export function compileWords(text, file) {
  /** @type {Record<string, CompiledMessage>} */
  const messages = {};
  for (const item of PO.parse(text).items) {
    const sentence = item.msgstr[0] ?? '';
    if (item.obsolete || item.flags['fuzzy'] || sentence === '') continue;
    if (item.msgid_plural) throw new Error(`${file}: ${item.msgid}: use an ICU plural, not msgid_plural`);
    if (Object.hasOwn(messages, item.msgid)) throw new Error(`${file}: ${item.msgid}: defined twice`);
    try {
      messages[item.msgid] = compileMessageOrThrow(sentence);
    } catch (cause) {
      throw new Error(`${file}: ${item.msgid}: not a well-formed ICU message`, { cause });
    }
  }
  return messages;
}

/**
 * Lets the renderer and its tests write `import { messages } from './en.po'`.
 *
 * @returns {import('vite').Plugin}
 */
export function wordsPlugin() {
  return {
    name: 'firstkey-words',
    transform: {
      filter: { id: /\.po$/ },
      handler(text, id) {
        const compiled = JSON.stringify(compileWords(text, id));
        return { code: `export const messages = ${compiled};\nexport default messages;\n`, map: null, moduleType: 'js' };
      },
    },
  };
}
