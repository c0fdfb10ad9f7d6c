// Runs Debian's programs and says what they said when something isn't as it should be.
import { runInTerminal, type TerminalRun } from './terminal-program.ts';

/** `answers` go to its questions, one by one. @throws when it ends badly. */
export async function succeeds(command: readonly string[], answers: readonly string[] = []): Promise<string> {
  const ended = await runInTerminal(command, answers);
  if (ended.exitCode !== 0) throw new Error(told(command, ended));
  return ended.output;
}

/** @throws when it ends well. */
export async function fails(command: readonly string[], answers: readonly string[] = []): Promise<string> {
  const ended = await runInTerminal(command, answers);
  if (ended.exitCode === 0) throw new Error(told(command, ended));
  return ended.output;
}

export function expectText(text: string, ...parts: readonly string[]): void {
  for (const part of parts) if (!text.includes(part)) throw new Error(`no “${part}” in:\n${text}`);
}

function told(command: readonly string[], { exitCode, output }: TerminalRun): string {
  return `${command.join(' ')} ended with ${exitCode}:\n${output}`;
}
