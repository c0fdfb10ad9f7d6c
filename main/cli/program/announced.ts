// What can be answered before anything is started: help, and arguments that are not understood.
import { exitCodes } from '../command.ts';
import { helpText } from '../wording/help.ts';
import { parseArguments, type ParsedArguments } from '../parse-arguments.ts';
import { problemDocument } from '../wording/render-json.ts';

/** @param given everything behind the program's name; the command to run, or the exit code when all is said */
export function announced(given: readonly string[]): Extract<ParsedArguments, { kind: 'run' }> | number {
  const [room, ...behind] = given;
  const parsed: ParsedArguments =
    room === 'keys' ? parseArguments(behind) : room === undefined || room === '--help' ? { kind: 'help', path: '' } : notKeys;
  switch (parsed.kind) {
    case 'run':
      return parsed;
    case 'help':
      process.stdout.write(`${helpText(parsed.path)}\n`);
      return exitCodes.done;
    case 'usage': {
      const says = `firstkey keys${parsed.path === '' ? '' : ` ${parsed.path}`}: ${parsed.problem}. See firstkey keys --help.`;
      if (parsed.json) process.stdout.write(`${problemDocument(exitCodes.usage, says)}\n`);
      else process.stderr.write(`${says}\n`);
      return exitCodes.usage;
    }
    default:
      return parsed satisfies never;
  }
}

const notKeys: ParsedArguments = { kind: 'usage', problem: 'the first word is keys', path: '', json: false };
