// One registration (look, PIN, credential, proof) on a virtual key in plain Node: the whole time against the time inside the key.

import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { inProject } from '../set-up/places.mjs';

/** @returns {Promise<{ wholeMs: number[], keyMs: number[] }>} one figure for each registration */
export async function measureRegistration() {
  const folder = await mkdtemp(inProject('build', 'bench-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: inProject('tests', 'bench', 'registration.ts'),
        outDir: folder,
        target: 'node20',
        rolldownOptions: { output: { format: 'es', entryFileNames: 'registration.mjs', strictExecutionOrder: true } },
      },
    });
    const { measure } = await import(pathToFileURL(path.join(folder, 'registration.mjs')).href);
    return await measure();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
