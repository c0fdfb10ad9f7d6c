// A terminal as the commands see it. Who sits there, or whether anybody does, is known by terminal/node-terminal.ts.
import type { Secret } from '../ports/secret.ts';

export interface Terminal {
  /** Whether a person can be asked. Otherwise answers come as lines of a pipe or a file. */
  readonly isInteractive: boolean;
  /** What was asked for: standard output, a line end added. */
  print(text: string): void;
  /** What happens meanwhile: standard error, a line end added. */
  tell(text: string): void;
  /** One line as typed, without showing it; null when the input has ended. Rejects with the signal's reason. */
  askSecret(question: string, signal: AbortSignal): Promise<Secret | null>;
  /** One line as typed, shown; null when the input has ended. Rejects with the signal's reason. */
  askLine(question: string, signal: AbortSignal): Promise<string | null>;
}
