// Where things are, once.

import path from 'node:path';

/** The folder of package.json. */
export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** @param {...string} parts @returns {string} an absolute path inside the project */
export function inProject(...parts) {
  return path.join(projectRoot, ...parts);
}

/** What may be deleted at any time and is made again: runtimes, kernels, stamps. */
export const cacheFolder = inProject('.cache');
/** The built application. */
export const buildFolder = inProject('build');
/** What test and demo runs leave for a person to look at. */
export const reportsFolder = inProject('reports');
