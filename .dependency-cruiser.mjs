// The import rules come from the table in docs/architecture.md; this file only hands them over. TypeScript 7 has no parser
// that dependency-cruiser can use, so swc reads the sources; scripts/check asserts that modules were found at all.

import { cruiserRules, readImportTable } from './scripts/check/import-rules.mjs';

/**
 * @param {readonly import('./scripts/check/import-rules.mjs').Room[]} rooms
 * @returns {import('dependency-cruiser').IConfiguration}
 */
export const configurationFor = (rooms) => ({
  forbidden: [
    ...cruiserRules(rooms),
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'imports lead somewhere', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
});

export default configurationFor(readImportTable());
