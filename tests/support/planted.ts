// Secrets that were planted on purpose, and the places they may not have got to.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What to look for, by what it is called in a finding. */
export type Planted = Readonly<Record<string, string>>;

/** A text as it may lie in a file or a memory: in either width, written as digits, wrapped for a mail or an address. */
export function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  return new Map([
    ['plain', bytes],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['base64', Buffer.from(bytes.toString('base64').replaceAll('=', ''))],
    ['percent-encoded', Buffer.from(encodeURIComponent(text))],
  ]);
}

/** @returns one line for every secret and form that stands in there */
export function foundIn(place: string, content: string | Buffer, planted: Planted): readonly string[] {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return Object.entries(planted).flatMap(([name, text]) =>
    [...formsOf(text)].filter(([, form]) => bytes.includes(form)).map(([form]) => `${name} (${form}) in ${place}`),
  );
}

/** Every file under the folder, by content and by name. Sockets, and files that go while one looks, hold nothing that stays. */
export async function foundInFolder(folder: string, planted: Planted): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found: string[] = [];
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const place = path.relative(folder, file);
    found.push(...foundIn(`the name ${place}`, place, planted));
    if (entry.isFile()) found.push(...foundIn(place, await readFile(file).catch(() => ''), planted));
  }
  return found;
}
