// What the commands of `firstkey journal` do, told where things are.
import { readFile } from 'node:fs/promises';
import {
  headText,
  linesOfFiles,
  linesOfFolder,
  publicKeyOfFolder,
  type Lines,
} from '../../adapters/store-sqlite/read-journal.ts';
import { readPseudonymSecret } from '../../adapters/store-sqlite/journal-keys.ts';
import { cefLine } from '../../journal/export/cef.ts';
import { csvHeader, csvRow } from '../../journal/export/csv.ts';
import { readLine } from '../../journal/line.ts';
import { pseudonymOf } from '../../journal/personal-data.ts';
import { readPublicKeyText, writePublicKey, type PublicKey } from '../../journal/signing-key.ts';
import { verifyJournal } from '../../journal/verify/verify-journal.ts';
import type { JournalCommand, JournalOptions } from '../journal-arguments.ts';
import type { Terminal } from '../terminal.ts';
import {
  journalExitCodes,
  journalProblemDocument,
  keyDocument,
  noFileWords,
  noKeyWords,
  noValueWords,
  pseudonymDocument,
  unreadableKeyWords,
  valueQuestion,
  verdictDocument,
  verdictText,
} from '../wording/journal-words.ts';

export interface JournalPlaces {
  readonly directory: string;
  readonly headFile: string;
}

export interface JournalSurroundings {
  readonly places: JournalPlaces;
  readonly options: JournalOptions;
  readonly terminal: Pick<Terminal, 'print' | 'tell' | 'askLine'>;
  /** Writes to standard output as fast as it is taken. */
  readonly write: (text: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Resolves with the exit code. Rejects with JournalUnavailable, or with the signal's reason. */
export async function runJournalCommand(command: JournalCommand, surroundings: JournalSurroundings): Promise<number> {
  switch (command.command) {
    case 'verify':
      return verify(command, surroundings);
    case 'export':
      return exportAll(command, surroundings);
    case 'key':
      return tellKey(surroundings);
    case 'pseudonym':
      return tellPseudonym(command, surroundings);
    default:
      return command satisfies never;
  }
}

type Verify = Extract<JournalCommand, { command: 'verify' }>;

async function verify(command: Verify, surroundings: JournalSurroundings): Promise<number> {
  const { places, options, terminal, signal } = surroundings;
  const isOwn = command.files.length === 0;
  const keys = await Promise.all(command.keys.map(readKeyFile));
  const heads = await Promise.all(command.heads.map(readHeads));
  if (keys.includes(null)) return refuse(surroundings, unreadableKeyWords, journalExitCodes.usage);
  if (heads.includes(null)) return refuse(surroundings, noFileWords, journalExitCodes.couldNotLook);
  const own = isOwn ? { key: await publicKeyOfFolder(places.directory), head: await headText(places.headFile) } : null;
  const given = keys.flatMap((key) => key ?? []);
  const verdict = await verifyJournal({
    lines: isOwn ? await linesOfFolder(places.directory) : linesOfFiles(command.files),
    heads: [...heads.flatMap((each) => each ?? []), ...(own?.head ? [own.head] : [])],
    keys: given.length === 0 && own?.key ? [own.key] : given,
    from: isOwn ? 'beginning' : 'part',
    signal,
  });
  terminal.print(options.json ? verdictDocument(verdict) : verdictText(verdict));
  return verdict.breaks.length === 0 ? journalExitCodes.whole : journalExitCodes.broken;
}

type Export = Extract<JournalCommand, { command: 'export' }>;

async function exportAll(command: Export, { places, write, signal }: JournalSurroundings): Promise<number> {
  const lines: Lines = command.files.length === 0 ? await linesOfFolder(places.directory) : linesOfFiles(command.files);
  if (command.format === 'csv') await write(`${csvHeader}\r\n`);
  for await (const text of lines()) {
    signal.throwIfAborted();
    const row = exported(text, command);
    if (row !== null) await write(row);
  }
  return journalExitCodes.whole;
}

/** Null for a line outside the bounds. A line that can't be read is handed on as it is where the format allows: it is evidence. */
function exported(text: string, { format, sinceMs, untilMs }: Export): string | null {
  const line = readLine(text);
  if (line === null) return format === 'jsonl' && sinceMs === null && untilMs === null ? `${text}\n` : null;
  const atMs = Date.parse(line.at);
  if ((sinceMs !== null && atMs < sinceMs) || (untilMs !== null && atMs >= untilMs)) return null;
  switch (format) {
    case 'jsonl':
      return `${text}\n`;
    case 'csv':
      return `${csvRow(line)}\r\n`;
    case 'cef':
      return `${cefLine(line)}\n`;
    default:
      return format satisfies never;
  }
}

async function tellKey(surroundings: JournalSurroundings): Promise<number> {
  const { places, options, terminal } = surroundings;
  const key = await publicKeyOfFolder(places.directory);
  if (key === null) return refuse(surroundings, noKeyWords, journalExitCodes.couldNotLook);
  const pem = writePublicKey(key);
  terminal.print(options.json ? keyDocument(key, pem) : `# ${key.id}\n${pem.trimEnd()}`);
  return journalExitCodes.whole;
}

type Pseudonym = Extract<JournalCommand, { command: 'pseudonym' }>;

async function tellPseudonym({ field }: Pseudonym, surroundings: JournalSurroundings): Promise<number> {
  const { places, options, terminal, signal } = surroundings;
  const secret = await readPseudonymSecret(places.directory);
  if (secret === null) return refuse(surroundings, noKeyWords, journalExitCodes.couldNotLook);
  const value = (await terminal.askLine(valueQuestion, signal))?.trim() ?? '';
  if (value === '') return refuse(surroundings, noValueWords, journalExitCodes.usage);
  const pseudonym = pseudonymOf(field, value, secret);
  terminal.print(options.json ? pseudonymDocument(pseudonym) : pseudonym);
  return journalExitCodes.whole;
}

function refuse({ options, terminal }: JournalSurroundings, says: string, exitCode: number): number {
  if (options.json) terminal.print(journalProblemDocument(exitCode, says));
  else terminal.tell(says);
  return exitCode;
}

async function readKeyFile(file: string): Promise<PublicKey | null> {
  const text = await readText(file);
  return text === null ? null : readPublicKeyText(text);
}

/** A head may stand behind what a syslog server writes in front of a message. */
async function readHeads(file: string): Promise<readonly string[] | null> {
  const text = await readText(file);
  return text?.split('\n').flatMap((line) => (line.includes('{') ? [line.slice(line.indexOf('{'))] : [])) ?? null;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
