// Runs whichever command was asked for; what the others need is not loaded.
import type { Announced } from './announced.ts';
import type { ProgramParts } from './program-parts.ts';

/** Resolves with the exit code when everything is let go. Rejects on bugs. */
export async function runCommandLine(announced: Announced, parts: ProgramParts): Promise<number> {
  switch (announced.room) {
    case 'keys':
      return (await import('./run-program.ts')).runKeysProgram(announced.run, parts);
    case 'doctor':
      return (await import('./run-doctor.ts')).runDoctorProgram(announced.options, parts);
    case 'journal':
      return (await import('./run-journal.ts')).runJournalProgram(announced.run, parts);
    case 'settings':
      return (await import('./run-settings.ts')).runSettingsProgram(announced.run, parts);
    default:
      return announced satisfies never;
  }
}
