// Walks every path of a machine without running anything: pure transitions, breadth first, one node per distinct state.
import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { initialTransition, transition } from 'xstate';

export interface WalkNode<Snapshot> {
  readonly key: string;
  readonly snapshot: Snapshot;
  /** How the walk first came here. */
  readonly path: readonly string[];
  readonly edges: { readonly event: string; readonly to: string }[];
}

export interface Walk<Machine extends AnyStateMachine> {
  readonly machine: Machine;
  readonly input: InputFrom<Machine>;
  /** Everything that could happen in this state: people, ports, effects coming back, time. */
  readonly moves: (snapshot: SnapshotFrom<Machine>) => readonly EventFromLogic<Machine>[];
  /** What makes two states different for the walk. */
  readonly keyOf: (snapshot: SnapshotFrom<Machine>) => string;
  readonly mostNodes: number;
}

/** Every reachable state. Throws when there are more than `mostNodes`: then the key is too fine, or the machine grows without end. */
export function walk<Machine extends AnyStateMachine>({
  machine,
  input,
  moves,
  keyOf,
  mostNodes,
}: Walk<Machine>): ReadonlyMap<string, WalkNode<SnapshotFrom<Machine>>> {
  const nodes = new Map<string, WalkNode<SnapshotFrom<Machine>>>();
  const queue: WalkNode<SnapshotFrom<Machine>>[] = [];
  const visit = (snapshot: SnapshotFrom<Machine>, path: readonly string[]): string => {
    const key = keyOf(snapshot);
    if (!nodes.has(key)) {
      const node = { key, snapshot, path, edges: [] };
      nodes.set(key, node);
      queue.push(node);
      if (nodes.size > mostNodes)
        throw new Error(`walk: more than ${mostNodes} states; the last one came by ${path.join(' > ')}`);
    }
    return key;
  };
  visit(initialTransition(machine, input)[0], []);
  for (let node = queue.shift(); node; node = queue.shift()) {
    const { status }: AnyMachineSnapshot = node.snapshot;
    if (status !== 'active') continue;
    for (const event of moves(node.snapshot)) {
      const next = transition(machine, node.snapshot, event)[0];
      const name = describe(event);
      node.edges.push({ event: name, to: visit(next, [...node.path, name]) });
    }
  }
  return nodes;
}

function describe(event: object): string {
  return JSON.stringify(event, (key, value: unknown) =>
    key === 'output' && typeof value === 'object' && value !== null && 'value' in value ? { ok: true } : value,
  );
}

/** Keys of all nodes from which some node that satisfies `goal` can be reached. */
export function canReach<Snapshot>(
  nodes: ReadonlyMap<string, WalkNode<Snapshot>>,
  goal: (node: WalkNode<Snapshot>) => boolean,
): ReadonlySet<string> {
  const backwards = new Map<string, string[]>();
  for (const node of nodes.values()) {
    for (const edge of node.edges) {
      const before = backwards.get(edge.to);
      if (before) before.push(node.key);
      else backwards.set(edge.to, [node.key]);
    }
  }
  const reached = new Set([...nodes.values()].filter(goal).map((node) => node.key));
  const queue = [...reached];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const before of backwards.get(key) ?? []) {
      if (reached.has(before)) continue;
      reached.add(before);
      queue.push(before);
    }
  }
  return reached;
}

/** The effects a state waits for, by id: an effect that comes back is the event `xstate.done.actor.<id>`. */
export function pendingEffects(snapshot: AnyMachineSnapshot): readonly { readonly id: string; readonly src: string }[] {
  return Object.entries(snapshot.children as Readonly<Record<string, { readonly src?: unknown } | undefined>>).flatMap(
    ([id, child]) => (child && typeof child.src === 'string' ? [{ id, src: child.src }] : []),
  );
}

/** The delayed transitions a state waits for: time passing is the event `xstate.after.<delay>.<state>`. */
export function pendingDelays(snapshot: AnyMachineSnapshot): readonly string[] {
  return snapshot._nodes.flatMap((node) => node.after.map((delayed) => delayed.eventType));
}
