// The schema for editors is made of the one schema and of its page; `vitest -u` makes it anew.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { editorSchema } from '../../main/adapters/settings-file/editor-schema.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';

/** What the page says of each, as plain text. */
async function meanings(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-zA-Z]+)` \| .+? \| (.+?) \|/gm)];
  return new Map(rows.map(([, name = '', meaning = '']) => [name, plainText(meaning)]));
}

const plainText = (cell: string): string => cell.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/[`*]/g, '');

test('the schema for editors has the bounds of the schema and the meanings of its page', async () => {
  const said = await meanings();
  const { properties, ...rest } = editorSchema({ policy: false });
  const described = Object.entries(properties).map(([name, one]) => [
    name,
    { ...one, ...(said.has(name) ? { description: said.get(name) } : {}) },
  ]);
  const document = { ...rest, title: 'Settings of a Firstkey desk', properties: Object.fromEntries(described) };
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../docs/settings.schema.json');
});

test('every setting has a meaning, and nothing but $schema is there besides', async () => {
  const said = await meanings();
  const { properties } = editorSchema({ policy: false });
  expect(new Set(Object.keys(properties))).toEqual(new Set(['$schema', ...Object.keys(defaultSettings)]));
  expect(Object.keys(defaultSettings).filter((name) => !said.has(name))).toEqual([]);
});

test('policy may say more, and a file may not', () => {
  const more = Object.keys(editorSchema({ policy: true }).properties);
  const fewer = Object.keys(editorSchema({ policy: false }).properties);
  expect(more.filter((name) => !fewer.includes(name))).toEqual([
    'settingsKeys',
    'settingsSignatures',
    'leastSettingsVersion',
    'deskGroup',
  ]);
});
