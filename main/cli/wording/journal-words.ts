// What `firstkey journal` says, each sentence in one place.
import type { JournalBreak, Verdict } from '../../journal/verify/verdict.ts';
import { columns } from './help.ts';
import { line } from './render-json.ts';

/** What a shell sees. */
export const journalExitCodes = { whole: 0, broken: 1, usage: 2, couldNotLook: 3, interrupted: 130 } as const;

/** Higher when members change their meaning or go. */
const schema = 1;
/** More than this helps nobody at a terminal; the document has all. */
const mostBreaksShown = 50;

export const journalHelp = [
  'firstkey journal <command> [options]: what the desk has written down.',
  '',
  ...columns([
    ['verify [file …]', 'whether it is whole, and what exactly is broken; without files the desk’s own'],
    ['export [file …]', 'all of it, on standard output'],
    ['key', 'the public key that it is signed with at present, for somebody else to keep'],
    ['pseudonym <field>', 'what stands for a value: objectId, credentialIdB64u or serial; the value is asked for'],
  ]),
  '',
  ...columns([
    ['--key <file>', 'verify: a public key that is known to be the desk’s; may be given again'],
    ['--head <file>', 'verify: heads that were kept elsewhere, one on a line; may be given again'],
    ['--format jsonl|csv|cef', 'export: signed lines as they are, a table, or for a SIEM'],
    ['--since, --until <time>', 'export: from and up to a day, or a time like 2026-11-23T09:00:00Z'],
    ['--json', 'one JSON document on standard output (not export)'],
    ['--world=training', 'the training journal, whatever the settings say'],
    ['--help', 'this'],
  ]),
  '',
  'Ends with 0 whole or done, 1 broken, 2 wrong usage, 3 could not look, 130 interrupted.',
].join('\n');

export function breakWords(found: JournalBreak): string {
  switch (found.kind) {
    case 'changed':
      return `${entries(found.from, found.to)} changed: not what the desk wrote (${whyWords[found.why]}).`;
    case 'inserted':
      return `A line was put in after entry ${found.after} that the desk did not write (${whyWords[found.why]}).`;
    case 'deleted':
      return `${entries(found.from, found.to)} deleted.`;
    case 'reordered':
      return `Entry ${found.sequence} was moved: it stands behind entry ${found.after}.`;
    case 'repeated':
      return `Entry ${found.sequence} is there more than once.`;
    case 'restored':
      return `${entries(found.from, found.to)} put back from another copy: genuine, and not what the rest follows.`;
    case 'truncated':
      return `The end is missing: the last entry is ${found.last}, and entry ${found.known} is known.`;
    case 'head':
      return `A head that was given is not this desk's (${whyWords[found.why]}).`;
    case 'keyNotInChain':
      return `A key that was given has signed nothing here: ${found.key}.`;
    default:
      return found satisfies never;
  }
}

const whyWords = {
  unreadable: 'it can’t be read',
  otherDesk: 'of another desk',
  unknownKey: 'no seal leads to its key',
  signature: 'its signature is wrong',
} as const;

const entries = (from: number, to: number): string => (from === to ? `Entry ${from}:` : `Entries ${from} to ${to}:`);

export function verdictText(verdict: Verdict): string {
  const { breaks, first, last, lastAt, lineage, heads, deletedThrough } = verdict;
  const told = [
    breaks.length === 0 ? 'The journal is whole.' : 'The journal is broken:',
    ...breaks.slice(0, mostBreaksShown).map((found) => `  ${breakWords(found)}`),
    ...(breaks.length > mostBreaksShown ? [`  and ${breaks.length - mostBreaksShown} more (--json has all).`] : []),
    first === null ? 'There is no genuine entry.' : `Entries ${first} to ${last}, the last of ${lastAt}.`,
    ...(deletedThrough === null ? [] : [`Up to entry ${deletedThrough} they were deleted when they had been kept long enough.`]),
    lineageWords[lineage],
    heads === 0
      ? 'No head from elsewhere was compared: a missing end would not show.'
      : heads === 1
        ? 'One head from elsewhere agrees.'
        : `${heads} heads from elsewhere agree.`,
  ];
  return told.join('\n');
}

const lineageWords = {
  firstKey: 'Its keys lead back to the desk’s first one.',
  givenKey: 'Its keys lead back to the key that was given, and not to the desk’s first one.',
  itself: 'Its keys lead back to its own beginning only: give a key with --key.',
} as const;

export function verdictDocument(verdict: Verdict): string {
  const isWhole = verdict.breaks.length === 0;
  const exitCode = isWhole ? journalExitCodes.whole : journalExitCodes.broken;
  return line({ schema, ok: isWhole, exitCode, ...verdict, says: verdict.breaks.map(breakWords) });
}

export function keyDocument(key: { readonly id: string; readonly spkiB64u: string }, pem: string): string {
  return line({ schema, ok: true, id: key.id, publicKey: key.spkiB64u, pem });
}

export const pseudonymDocument = (pseudonym: string): string => line({ schema, ok: true, pseudonym });

export const journalProblemDocument = (exitCode: number, says: string): string => line({ schema, ok: false, exitCode, says });

export const valueQuestion = 'The value: ';

export function unavailableWords(trouble: string): string {
  switch (trouble) {
    case 'notOwn':
      return 'The journal belongs to the account that runs the desk. Run this as that account.';
    case 'keyOpen':
      return 'The desk’s key may be read by others: its file must have mode 0600.';
    default:
      return `There is no journal that can be read here (${trouble}).`;
  }
}

export const noKeyWords = 'The desk has no key yet: it is made at its first start.';
export const noValueWords = 'No value was given.';
export const unreadableKeyWords = 'A file given with --key holds no Ed25519 public key.';
export const noFileWords = 'A file that was given can’t be read.';
