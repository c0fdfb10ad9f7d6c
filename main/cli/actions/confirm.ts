// What can't be taken back is typed once more.
import { usage, type CommandEnd } from '../command-end.ts';
import { confirmQuestion } from '../wording/words.ts';
import type { CareContext } from './care-context.ts';

/** Null when it may go on. A command that nobody can answer needs `--yes`: a line of a pipe may have been meant as a PIN. */
export async function confirmation(
  { terminal, options, signal }: CareContext,
  about: string,
  word: string,
): Promise<CommandEnd | null> {
  if (options.yes) return null;
  if (!terminal.isInteractive) return usage('needsYes');
  const typed = await terminal.askLine(confirmQuestion(about, word), signal);
  return typed?.trim() === word ? null : { end: 'notConfirmed' };
}
