// The desk's own faces, out of its built pages, for pages that are made in this process.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface FontOfPages {
  readonly family: string;
  /** WOFF2. */
  readonly bytes: Uint8Array;
  /** CSS. */
  readonly weight: string;
  readonly unicodeRange?: string;
}

/** The families as the desk's build names their files; a variable font covers every weight. */
const families: readonly (Omit<FontOfPages, 'bytes'> & { readonly file: RegExp })[] = [
  { family: 'Atkinson Hyperlegible Next', file: /^atkinson-hyperlegible-next-latin-wght-normal.*\.woff2$/u, weight: '200 800' },
  {
    family: 'Noto Sans Arabic',
    file: /^noto-sans-arabic-arabic-wght-normal.*\.woff2$/u,
    weight: '100 900',
    unicodeRange: 'U+0600-06FF, U+0750-077F, U+FB50-FDFF, U+FE70-FEFF',
  },
];

/** None where the pages are not built: whoever asks goes on with the system's. */
export function pageFonts(pagesFolder: string): readonly FontOfPages[] {
  const folder = path.join(pagesFolder, 'assets');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return families.flatMap(({ file, ...font }) => {
    const found = files.find((name) => file.test(name));
    return found === undefined ? [] : [{ ...font, bytes: new Uint8Array(readFileSync(path.join(folder, found))) }];
  });
}
