// What the application is built from and into: one kind of bundle per environment, and the key service on its own, because
// it runs without the application. Everything is bundled except Electron and the two packages with native code, so that a
// package holds little else and starts fast.

import react from '@vitejs/plugin-react';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../set-up/places.mjs';
import { wordsPlugin } from './words-plugin.mjs';

/** @typedef {import('vite').InlineConfig} InlineConfig */
/** @typedef {{ name: string, entries: string[], config: InlineConfig }} Bundle */

/** Packages that stay packages: they hold native code. They are the `dependencies` of package.json. */
export const nativePackages = ['node-hid', 'libsql'];

const mainEntries = {
  index: inProject('main/index.ts'),
  keyhost: inProject('main/keyhost/index.ts'),
  cli: inProject('main/cli/index.ts'),
};
const serviceEntries = { 'key-service': inProject('main/keyhost/service/index.ts') };
const pages = ['index', 'care', 'doctor', 'practice', 'card', 'gallery'].map((name) => inProject('renderer', `${name}.html`));

/**
 * @param {string} outFolder where the application goes
 * @returns {Bundle[]} in the order they are built
 */
export function bundles(outFolder) {
  return [
    nodeBundle('main', mainEntries, outFolder),
    // Away from the project's package.json, so each file has to say itself that it is a module.
    nodeBundle('key-service', serviceEntries, outFolder, 'mjs'),
    ...preloadEntries().map((entry) => preloadBundle(entry, outFolder)),
    rendererBundle(outFolder),
  ];
}

/** @returns {string[]} one preload script per file directly in `preload/` */
function preloadEntries() {
  const folder = inProject('preload');
  const entries = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  // With none written yet, the missing file is named by the check every bundle goes through.
  return (entries.length > 0 ? entries.toSorted() : ['kiosk.ts']).map((name) => path.join(folder, name));
}

/**
 * @param {string} name of the bundle and its folder
 * @param {Record<string, string>} entries by the names of their files
 * @param {string} outFolder
 * @param {'js' | 'mjs'} [ending] of its files
 * @returns {Bundle}
 */
function nodeBundle(name, entries, outFolder, ending = 'js') {
  return {
    name,
    entries: Object.values(entries),
    config: {
      ...common,
      plugins: [wordsPlugin()],
      ssr: { noExternal: true, external: ['electron', ...nativePackages] },
      build: {
        ...commonBuild,
        ssr: true,
        target: 'node20',
        outDir: path.join(outFolder, name),
        rolldownOptions: {
          checks: quiet,
          input: entries,
          output: {
            format: 'es',
            entryFileNames: `[name].${ending}`,
            chunkFileNames: `chunks/[name]-[hash].${ending}`,
            // Parts that both entries need go into files of their own, which would otherwise run before their importers'
            // earlier imports: reflect-metadata has to come before the packages that look for it.
            strictExecutionOrder: true,
          },
        },
      },
    },
  };
}

/** One self-contained CommonJS file: a sandboxed preload can load nothing but Electron. @param {string} entry @param {string} outFolder @returns {Bundle} */
function preloadBundle(entry, outFolder) {
  const name = path.basename(entry, '.ts');
  return {
    name: `preload/${name}`,
    entries: [entry],
    config: {
      ...common,
      build: {
        ...commonBuild,
        target: 'chrome130',
        outDir: path.join(outFolder, 'preload'),
        lib: { entry, formats: ['cjs'], fileName: () => `${name}.cjs` },
        rolldownOptions: { checks: quiet, external: ['electron'], output: { codeSplitting: false } },
      },
    },
  };
}

/** @param {string} outFolder @returns {Bundle} */
function rendererBundle(outFolder) {
  return {
    name: 'renderer',
    entries: pages,
    config: {
      ...common,
      root: inProject('renderer'),
      base: './',
      plugins: [react(), wordsPlugin()],
      build: {
        ...commonBuild,
        target: 'chrome130',
        outDir: path.join(outFolder, 'renderer'),
        // The pages' policy allows no data: addresses, so every font and picture stays a file.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: { checks: quiet, input: pages },
      },
    },
  };
}

/** @type {InlineConfig} */
const common = { configFile: false, envDir: false, logLevel: 'warn', publicDir: false, mode: 'production' };
/** Where the bundler's own time goes is no news. */
const quiet = { pluginTimings: false };
/** @type {import('vite').BuildOptions} */
const commonBuild = { emptyOutDir: false, reportCompressedSize: false, copyPublicDir: false, chunkSizeWarningLimit: 4000 };
