// node scripts/draw-icons.mjs: writes the icon files in assets/ anew, after a change of the mark.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { iconFiles } from './assets/icon-files.mjs';
import { inProject } from './set-up/places.mjs';

for (const [name, content] of Object.entries(iconFiles())) {
  const file = inProject('assets', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  process.stdout.write(`assets/${name}: ${content.length} bytes\n`);
}
