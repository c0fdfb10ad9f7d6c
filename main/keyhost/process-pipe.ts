// The pipe of this process to the one that started it: Electron's parent port, or Node's channel in tests.
import type { HostPort } from './host-port.ts';

/** The part of Electron's `process.parentPort` (utility processes) that is used. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface ProcessPipe {
  readonly pipe: HostPort;
  /** Runs when the process at the other end is gone. Electron ends its utility processes itself and never tells. */
  onParentGone(run: () => void): void;
}

/** The pipe to whoever started this process. Throws in a process that was started by hand, where nobody listens. */
export function processPipe(): ProcessPipe {
  // Ctrl+C in a terminal goes to every process there. Whoever started this one ends it, after keys have been made to let go.
  process.on('SIGINT', () => undefined);
  const parentPort = electronParentPort();
  return parentPort ? electronPipe(parentPort) : nodePipe();
}

function electronPipe(parentPort: ParentPort): ProcessPipe {
  const listeners = new Set<(message: unknown) => void>();
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.on('message', ({ data }) => tellAll(listeners, data));
  return { pipe: { post, onMessage: (listener) => subscribe(listeners, listener) }, onParentGone: () => undefined };
}

function nodePipe(): ProcessPipe {
  const send = process.send?.bind(process);
  if (!send) throw new Error('the key host is started by the desk, not by hand');
  const listeners = new Set<(message: unknown) => void>();
  process.on('message', (message: unknown) => tellAll(listeners, message));
  return {
    pipe: {
      // The callback takes the error of a parent that is gone, which onParentGone tells as well.
      post: (message) => void send(message, undefined, undefined, () => undefined),
      onMessage: (listener) => subscribe(listeners, listener),
    },
    onParentGone: (run) => void process.once('disconnect', run),
  };
}

function electronParentPort(): ParentPort | null {
  return 'parentPort' in process && isParentPort(process.parentPort) ? process.parentPort : null;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tellAll(listeners: ReadonlySet<(message: unknown) => void>, message: unknown): void {
  for (const listener of listeners) listener(message);
}
