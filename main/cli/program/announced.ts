// What can be answered before anything is started: help, and arguments that are not understood.
import { exitCodes } from '../command.ts';
import { parseDoctorArguments, type DoctorOptions } from '../doctor-arguments.ts';
import { parseJournalArguments, type ParsedJournalArguments } from '../journal-arguments.ts';
import { doctorExitCodes, noLookDocument } from '../wording/doctor-report.ts';
import { doctorHelp, helpText, roomsHelp, settingsHelp } from '../wording/help.ts';
import { journalExitCodes, journalHelp, journalProblemDocument } from '../wording/journal-words.ts';
import { settingsDocument, settingsExitCodes } from '../wording/settings-report.ts';
import { parseSettingsArguments, type ParsedSettingsArguments } from '../settings-arguments.ts';
import { parseArguments, type ParsedArguments } from '../parse-arguments.ts';
import { problemDocument } from '../wording/render-json.ts';

/** A command that was understood. */
export type Announced =
  | { readonly room: 'keys'; readonly run: Extract<ParsedArguments, { kind: 'run' }> }
  | { readonly room: 'doctor'; readonly options: DoctorOptions }
  | { readonly room: 'journal'; readonly run: Extract<ParsedJournalArguments, { kind: 'run' }> }
  | { readonly room: 'settings'; readonly run: Extract<ParsedSettingsArguments, { kind: 'run' }> };

/** @param given everything behind the program's name; the command to run, or the exit code when all is said */
export function announced(given: readonly string[]): Announced | number {
  const [room, ...behind] = given;
  switch (room) {
    case 'keys':
      return keysAnnounced(parseArguments(behind));
    case 'doctor':
      return doctorAnnounced(behind);
    case 'journal':
      return journalAnnounced(behind);
    case 'settings':
      return settingsAnnounced(behind);
    case undefined:
    case '--help':
      return said(roomsHelp, exitCodes.done);
    default:
      process.stderr.write('firstkey: the first word is keys, doctor, journal or settings. See firstkey --help.\n');
      return exitCodes.usage;
  }
}

function keysAnnounced(parsed: ParsedArguments): Announced | number {
  switch (parsed.kind) {
    case 'run':
      return { room: 'keys', run: parsed };
    case 'help':
      return said(helpText(parsed.path), exitCodes.done);
    case 'usage': {
      const says = `firstkey keys${parsed.path === '' ? '' : ` ${parsed.path}`}: ${parsed.problem}. See firstkey keys --help.`;
      return refused(says, parsed.json ? problemDocument(exitCodes.usage, says) : null, exitCodes.usage);
    }
    default:
      return parsed satisfies never;
  }
}

function doctorAnnounced(behind: readonly string[]): Announced | number {
  const parsed = parseDoctorArguments(behind);
  switch (parsed.kind) {
    case 'run':
      return { room: 'doctor', options: parsed.options };
    case 'help':
      return said(doctorHelp, doctorExitCodes.nothingStops);
    case 'usage': {
      const says = `firstkey doctor: ${parsed.problem}. See firstkey doctor --help.`;
      return refused(says, parsed.json ? noLookDocument(doctorExitCodes.usage, says) : null, doctorExitCodes.usage);
    }
    default:
      return parsed satisfies never;
  }
}

function journalAnnounced(behind: readonly string[]): Announced | number {
  const parsed = parseJournalArguments(behind);
  switch (parsed.kind) {
    case 'run':
      return { room: 'journal', run: parsed };
    case 'help':
      return said(journalHelp, journalExitCodes.whole);
    case 'usage': {
      const says = `firstkey journal: ${parsed.problem}. See firstkey journal --help.`;
      const document = parsed.json ? journalProblemDocument(journalExitCodes.usage, says) : null;
      return refused(says, document, journalExitCodes.usage);
    }
    default:
      return parsed satisfies never;
  }
}

function settingsAnnounced(behind: readonly string[]): Announced | number {
  const parsed = parseSettingsArguments(behind);
  switch (parsed.kind) {
    case 'run':
      return { room: 'settings', run: parsed };
    case 'help':
      return said(settingsHelp, settingsExitCodes.good);
    case 'usage': {
      const says = `firstkey settings: ${parsed.problem}. See firstkey settings --help.`;
      return refused(says, parsed.json ? settingsDocument(settingsExitCodes.usage, { says }) : null, settingsExitCodes.usage);
    }
    default:
      return parsed satisfies never;
  }
}

function said(text: string, exitCode: number): number {
  process.stdout.write(`${text}\n`);
  return exitCode;
}

function refused(says: string, document: string | null, exitCode: number): number {
  if (document === null) process.stderr.write(`${says}\n`);
  else process.stdout.write(`${document}\n`);
  return exitCode;
}
