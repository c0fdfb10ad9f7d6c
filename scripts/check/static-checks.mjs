// What can be said about the sources without running them. `npm run check` shows it; `npm test` counts it with the tests.

import { readdirSync } from 'node:fs';
import { inProject } from '../set-up/places.mjs';
import { secondsSince } from '../set-up/say.mjs';
import { checkDependencyRules } from './dependency-rules.mjs';
import { runTool } from './run-tool.mjs';

/** @typedef {{ name: string, run: () => Promise<string | null> }} Check `run` resolves with what is wrong, or null */

const deadlineMs = 300_000;
const sourceFolders = ['contract', 'main', 'preload', 'renderer', 'scripts', 'tests'];
const rootFiles = ['vitest.config.ts', '.dependency-cruiser.mjs'];
const formattedFiles = [
  ...rootFiles,
  'package.json',
  'tsconfig.base.json',
  'knip.json',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'electron-builder.yml',
];

/** @returns {Check[]} */
export function staticChecks() {
  return [
    ...typeProjects().map((project) => tool(`types of ${project}`, 'typescript', ['-p', project, '--pretty', 'false'], 'tsc')),
    // Without folders it would walk node_modules too.
    tool('lint', 'oxlint', ['--type-aware', '--deny-warnings', ...sourceFolders, ...rootFiles]),
    tool('format', 'oxfmt', ['--check', ...sourceFolders, ...formattedFiles]),
    { name: 'import rules', run: async () => (await checkDependencyRules()).problems.join('\n') || null },
    tool('unused code and packages', 'knip', ['--no-progress', '--treat-config-hints-as-errors']),
  ];
}

/**
 * Runs every check, one after the other (each uses all processors itself), and shows each result as it comes.
 *
 * @param {(line: string) => void} print
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runStaticChecks(print) {
  const tally = { passed: 0, failed: 0 };
  for (const { name, run } of staticChecks()) {
    const startedMs = performance.now();
    const problem = await run();
    tally[problem === null ? 'passed' : 'failed'] += 1;
    print(`${problem === null ? '✓' : '✗'} ${name} (${secondsSince(startedMs)})`);
    if (problem !== null) print(problem.trimEnd());
  }
  return tally;
}

/** @returns {string[]} every TypeScript project there is, so that none is forgotten */
function typeProjects() {
  return sourceFolders
    .flatMap((folder) =>
      readdirSync(inProject(folder), { recursive: true }).map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`),
    )
    .filter((file) => /\/tsconfig[^/]*\.json$/.test(file))
    .toSorted();
}

/** @param {string} name @param {string} packageName @param {string[]} commandLine @param {string} [command] @returns {Check} */
function tool(name, packageName, commandLine, command) {
  return {
    name,
    run: async () => {
      const { exitCode, output } = await runTool(packageName, commandLine, { deadlineMs, ...(command ? { command } : {}) });
      return exitCode === 0 ? null : output || `ended with code ${exitCode}`;
    },
  };
}
