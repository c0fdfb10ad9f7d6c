// `firstkey journal …` from its arguments to its exit code, the same under Node and in the package.
import { JournalUnavailable } from '../../adapters/store-sqlite/journal-unavailable.ts';
import { journalPlaces } from '../../compose/journal-places.ts';
import { dataFolderOf } from '../../shell/data-folder.ts';
import type { ParsedJournalArguments } from '../journal-arguments.ts';
import { nodeTerminal } from '../terminal/node-terminal.ts';
import { journalExitCodes, journalProblemDocument, unavailableWords } from '../wording/journal-words.ts';
import { interruptions } from './interruptions.ts';
import { runJournalCommand } from './journal-commands.ts';
import { ownSettings } from './own-settings.ts';
import type { ProgramParts } from './program-parts.ts';

type Run = Extract<ParsedJournalArguments, { kind: 'run' }>;

/** Resolves with the exit code when everything is let go. Rejects on bugs. */
export async function runJournalProgram({ command, options }: Run, parts: ProgramParts): Promise<number> {
  const interrupted = interruptions();
  const terminal = nodeTerminal({
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt: () => interrupted.interrupt(),
  });
  const refuse = (says: string, exitCode: number): number => {
    if (options.json) terminal.print(journalProblemDocument(exitCode, says));
    else terminal.tell(says);
    return exitCode;
  };
  try {
    const own = ownSettings(parts);
    if (typeof own === 'string') return refuse(own, journalExitCodes.couldNotLook);
    const { settings } = own;
    const world = options.training ? 'training' : settings.world;
    return await runJournalCommand(command, {
      places: journalPlaces(dataFolderOf(parts.appData()), world, settings),
      options,
      terminal,
      write: toStandardOutput,
      signal: interrupted.signal,
    });
  } catch (error) {
    if (error instanceof JournalUnavailable) return refuse(unavailableWords(error.trouble), journalExitCodes.couldNotLook);
    if (!interrupted.signal.aborted) throw error;
    return refuse('Interrupted.', journalExitCodes.interrupted);
  } finally {
    terminal.close();
    interrupted.close();
  }
}

/** A year of entries is more than a pipe takes at once. */
function toStandardOutput(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once('drain', resolve);
  });
}
