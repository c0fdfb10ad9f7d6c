// The twin out of its TypeScript sources.

import { loadModules } from '../build/load-modules.mjs';

/**
 * @typedef {object} TwinModules
 * @property {typeof import('../../main/simulator/entra/twin.ts').createTwin} createTwin
 * @property {typeof import('../../main/simulator/practice/colleagues.ts').nextColleague} nextColleague
 */

/** @returns {Promise<TwinModules>} */
export async function loadTwin() {
  const { twin, colleagues } = await loadModules({
    twin: 'main/simulator/entra/twin.ts',
    colleagues: 'main/simulator/practice/colleagues.ts',
  });
  return { createTwin: twin.createTwin, nextColleague: colleagues.nextColleague };
}
