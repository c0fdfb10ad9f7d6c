// One search in one worker thread, so that whoever started it can still do something when an input never comes back.
// The engine comes first: instrumented code counts from its first line on.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { fuzz, type FuzzResult } from './engine/fuzzer.ts';
import { fuzzTargets } from './targets/all-targets.ts';

export interface SearchOrder {
  /** Name of the target; null only asks for all names. */
  readonly target: string | null;
  readonly seed: number;
  /** At most so many inputs; for null, as many as a slice has. */
  readonly runs: number | null;
  /** Ends early after so long. */
  readonly seconds: number;
  readonly found: readonly Uint8Array[];
  /** The number of the input under way (int32), its length (int32), its bytes. */
  readonly current: SharedArrayBuffer;
}

export type SearchMessage =
  | { readonly type: 'targets'; readonly names: readonly string[] }
  | { readonly type: 'result'; readonly result: FuzzResult; readonly heapGrowthBytes: number };

const names = fuzzTargets.map(({ name }) => name);

if (parentPort) {
  const port = parentPort;
  const order = workerData as SearchOrder;
  if (order.target === null) port.postMessage({ type: 'targets', names } satisfies SearchMessage);
  else await search(order, port);
}

async function search({ target: name, seed, runs, seconds, found, current }: SearchOrder, port: MessagePort): Promise<void> {
  const target = fuzzTargets.find((one) => one.name === name);
  if (target === undefined) throw new RangeError(`no target ${name}; there are ${names.join(', ')}`);
  const head = new Int32Array(current, 0, 2);
  const bytes = new Uint8Array(current, 8);
  const tell = (message: SearchMessage) => port.postMessage(message);
  const endMs = performance.now() + seconds * 1_000;
  const heapBeforeBytes = process.memoryUsage().heapUsed;
  const result = await fuzz(target, {
    seed,
    runs: runs ?? target.slice,
    found,
    onInput: (input) => {
      bytes.set(input);
      head[1] = input.length;
      Atomics.add(head, 0, 1);
    },
    goOn: () => performance.now() < endMs,
  });
  tell({ type: 'result', result, heapGrowthBytes: process.memoryUsage().heapUsed - heapBeforeBytes });
}
