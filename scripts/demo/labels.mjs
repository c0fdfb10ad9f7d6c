// The words on the desk's buttons, read from the same files the desk reads, so that the person finds a button by what is
// written on it in any language.

import { readFile } from 'node:fs/promises';
import PO from 'pofile';
import { inProject } from '../set-up/places.mjs';

/**
 * @param {string} language
 * @returns {Promise<(id: string) => string>} the label behind an id; throws for one that is not there
 */
export async function readLabels(language) {
  const file = PO.parse(await readFile(inProject('renderer', 'words', `${language}.po`), 'utf8'));
  const labels = new Map(file.items.map((item) => [item.msgid, item.msgstr[0] ?? '']));
  return (id) => {
    const label = labels.get(id);
    if (label === undefined || label === '') throw new Error(`the desk has no words ${id} in ${language}`);
    return label;
  };
}
