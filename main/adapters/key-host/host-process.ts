/**
 * A running key host process. Electron's `utilityProcess.fork()` and Node's `child_process.fork()` (with
 * `serialization: 'advanced'`) both fit behind it.
 */
export interface HostProcess {
  /** Sends a structured clone. Does nothing once the process is gone. */
  post(message: unknown): void;
  /** Called once, before the first message can arrive. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; the listener runs exactly once, also when the process could not be started. */
  onExit(listener: (exitCode: number | null) => void): void;
  /** Ends it at once, without asking (SIGKILL or the platform's like). */
  kill(): void;
}
