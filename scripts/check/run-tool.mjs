// Runs an installed package's command with this very Node, so that no shell and no search path is involved.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inProject, projectRoot } from '../set-up/places.mjs';

/**
 * @param {string} packageName the package, whose main command has its name unless `command` says otherwise
 * @param {readonly string[]} commandLine
 * @param {{ deadlineMs: number, command?: string }} options the tool is ended after the deadline
 * @returns {Promise<{ exitCode: number, output: string }>} what it printed, both streams together
 */
export function runTool(packageName, commandLine, { deadlineMs, command = packageName }) {
  const { bin } = JSON.parse(readFileSync(inProject('node_modules', packageName, 'package.json'), 'utf8'));
  const script = inProject('node_modules', packageName, typeof bin === 'string' ? bin : bin[command]);
  return runToEnd(process.execPath, [script, ...commandLine], { deadlineMs });
}

/**
 * @param {string} program
 * @param {readonly string[]} commandLine
 * @param {{ deadlineMs: number, environment?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function runToEnd(program, commandLine, { deadlineMs, environment = process.env }) {
  const child = spawn(program, commandLine, {
    cwd: projectRoot,
    env: { ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(deadlineMs),
  });
  let output = '';
  child.stdout?.on('data', (part) => (output += part));
  child.stderr?.on('data', (part) => (output += part));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: 1, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
