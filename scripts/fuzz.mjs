// npm run fuzz: feeds everything that reads what keys and other processes send with inputs nobody would think of, led by the
// branches they take, until one breaks a promise: another error than the typed ones, too many steps, too much memory, a hang.
//   npm run fuzz -- --seconds 600              how long each target is tried (60)
//   npm run fuzz -- --target hid-channel       only this one; may be given again
//   npm run fuzz -- --seed 7 --runs 2000000    the same inputs again, at most so many for each target
// What it finds is kept in tests/fuzz/found, where npm test tries it first from then on.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      runs: { type: 'string' },
    },
  });
  const number = (/** @type {string} */ name, /** @type {string | undefined} */ text, /** @type {number} */ otherwise) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 53) throw new SetUpProblem(`--${name} takes a whole number.`);
    return value;
  };
  const seed = number('seed', values.seed, Date.now() % 2 ** 32);
  const runs = number('runs', values.runs, Number.MAX_SAFE_INTEGER);
  const seconds = number('seconds', values.seconds, values.runs === undefined ? 60 : 24 * 3_600);

  await ensurePackages();
  const { withFuzzBundle } = await import('./fuzz/bundle.mjs');
  const { targetNames } = await import('./fuzz/search.mjs');
  const { searchAll } = await import('./fuzz/search-all.mjs');
  const isClean = await withFuzzBundle(async (workerFile) => {
    const all = await targetNames(workerFile);
    const targets = values.target ?? all;
    const unknown = targets.filter((name) => !all.includes(name));
    if (unknown.length > 0) throw new SetUpProblem(`There is no target ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
    say('fuzz', `seed ${seed}, ${targets.length} targets`);
    return searchAll({ workerFile, targets, seed, runs, seconds });
  });
  return isClean ? 0 : 1;
});
