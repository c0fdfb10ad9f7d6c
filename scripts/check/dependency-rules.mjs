// The import table once more, judged by dependency-cruiser: another parser's view, so that a mistake in one of them shows.

import { cruise } from 'dependency-cruiser';
import { existsSync } from 'node:fs';
import path from 'node:path';
import config from '../../.dependency-cruiser.mjs';
import { inProject } from '../set-up/places.mjs';
import { productFolders } from './import-rules.mjs';

/**
 * Uses the library, because the command refuses the Node of a supported Electron (20).
 *
 * @param {{ root?: string, configuration?: import('dependency-cruiser').IConfiguration }} [other] another house with other rules
 * @returns {Promise<{ modules: number, problems: string[] }>} a sentence for every breach
 */
export async function checkDependencyRules({ root = inProject(), configuration = config } = {}) {
  const { output } = await cruise(
    productFolders.filter((folder) => existsSync(path.join(root, folder))),
    { ...configuration.options, baseDir: root, validate: true, ruleSet: { forbidden: configuration.forbidden ?? [] } },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser answered in words, not in data');
  const modules = output.summary.totalCruised;
  // A cruiser without a parser finds nothing, and nothing breaks no rule.
  if (modules === 0) return { modules, problems: ['dependency-cruiser found no modules at all'] };
  return { modules, problems: output.summary.violations.map(({ from, to, rule }) => `${from} → ${to} (${rule.name})`) };
}
