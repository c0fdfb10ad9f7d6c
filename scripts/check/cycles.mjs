// Cycles among files, types included: two files that need each other are one file, or lack a third.

/**
 * Tarjan's algorithm for strongly connected components.
 *
 * @param {import('./import-graph.mjs').ImportGraph} graph
 * @returns {string[][]} every group of files that import one another in a circle
 */
export function findCycles(graph) {
  /** @type {Map<string, { index: number, low: number, open: boolean }>} */
  const visits = new Map();
  /** @type {string[]} */
  const open = [];
  /** @type {string[][]} */
  const cycles = [];

  /** @param {string} file @returns {number} the lowest visit it reaches */
  function visit(file) {
    const own = { index: visits.size, low: visits.size, open: true };
    visits.set(file, own);
    open.push(file);
    for (const imported of graph.get(file) ?? []) {
      if (imported.kind !== 'file' || !graph.has(imported.target)) continue;
      const known = visits.get(imported.target);
      if (known === undefined) own.low = Math.min(own.low, visit(imported.target));
      else if (known.open) own.low = Math.min(own.low, known.index);
    }
    if (own.low === own.index) close(file);
    return own.low;
  }

  /** @param {string} root the first file of a finished group */
  function close(root) {
    const group = open.splice(open.indexOf(root));
    for (const file of group) Object.assign(visits.get(file) ?? {}, { open: false });
    const importsItself = (graph.get(root) ?? []).some((imported) => imported.kind === 'file' && imported.target === root);
    if (group.length > 1 || importsItself) cycles.push(group.toSorted());
  }

  for (const file of graph.keys()) if (!visits.has(file)) visit(file);
  return cycles;
}
