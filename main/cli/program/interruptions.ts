// Ctrl+C, in whatever form it comes: the first asks the command to stop in order, another ends it at once.
import { exitCodes } from '../command.ts';

export interface Interruptions {
  readonly signal: AbortSignal;
  interrupt(): void;
  close(): void;
}

/** A terminal and the process in between may both tell of one Ctrl+C. */
const sameForMs = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function interruptions(): Interruptions {
  const control = new AbortController();
  let firstAtMs: number | null = null;
  const interrupt = () => {
    const nowMs = performance.now();
    firstAtMs ??= nowMs;
    if (nowMs - firstAtMs > sameForMs) process.exit(exitCodes.interrupted);
    control.abort(new DOMException('interrupted', 'AbortError'));
  };
  // Whoever read our output has gone: there is nobody to work for.
  const outputs = [process.stdout, process.stderr];
  for (const output of outputs) output.on('error', interrupt);
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: control.signal,
    interrupt,
    close() {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
