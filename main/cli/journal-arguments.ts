// `firstkey journal …`: what it may be asked. Like every argument it is attacker's ground, and never repeated.

export const exportFormats = ['jsonl', 'csv', 'cef'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const pseudonymFields = ['objectId', 'credentialIdB64u', 'serial'] as const;
type PseudonymField = (typeof pseudonymFields)[number];

export type JournalCommand =
  /** `files`: none for the desk's own journal. `keys`, `heads`: files that hold them. */
  | {
      readonly command: 'verify';
      readonly files: readonly string[];
      readonly keys: readonly string[];
      readonly heads: readonly string[];
    }
  /** Epoch milliseconds, or null for no bound. */
  | {
      readonly command: 'export';
      readonly files: readonly string[];
      readonly format: ExportFormat;
      readonly sinceMs: number | null;
      readonly untilMs: number | null;
    }
  | { readonly command: 'key' }
  | { readonly command: 'pseudonym'; readonly field: PseudonymField };

export interface JournalOptions {
  readonly json: boolean;
  /** Asked for by `--world=training`; otherwise the settings decide. */
  readonly training: boolean;
}

export type ParsedJournalArguments =
  | { readonly kind: 'run'; readonly command: JournalCommand; readonly options: JournalOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string; readonly json: boolean };

const valued = ['--key', '--head', '--format', '--since', '--until', '--world'] as const;
type Valued = (typeof valued)[number];
const isValued = (name: string): name is Valued => (valued as readonly string[]).includes(name);

const takes: Readonly<Record<JournalCommand['command'], readonly Valued[]>> = {
  verify: ['--key', '--head', '--world'],
  export: ['--format', '--since', '--until', '--world'],
  key: ['--world'],
  pseudonym: ['--world'],
};
const isCommand = (word: string | undefined): word is JournalCommand['command'] => word !== undefined && word in takes;

interface Sorted {
  readonly words: readonly string[];
  readonly values: ReadonlyMap<Valued, readonly string[]>;
}

/** @param given what stands behind `journal` */
export function parseJournalArguments(given: readonly string[]): ParsedJournalArguments {
  const json = given.includes('--json');
  const usage = (problem: string): ParsedJournalArguments => ({ kind: 'usage', problem, json });
  if (given.length === 0 || given.includes('--help')) return { kind: 'help' };
  const sorted = sort(given);
  if (typeof sorted === 'string') return usage(sorted);
  const [name, ...words] = sorted.words;
  if (!isCommand(name)) return usage('there is no such command');
  const stray = [...sorted.values.keys()].find((flag) => !takes[name].includes(flag));
  if (stray !== undefined) return usage(`${name} does not take ${stray}`);
  const world = sorted.values.get('--world')?.at(-1);
  if (world !== undefined && world !== 'training') return usage('--world takes training only; the settings name the world');
  const command = make(name, words, sorted.values);
  if (typeof command === 'string') return usage(command);
  return { kind: 'run', command, options: { json, training: world !== undefined } };
}

function sort(given: readonly string[]): Sorted | string {
  const words: string[] = [];
  const values = new Map<Valued, string[]>();
  const left = [...given];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (argument === '--json') continue;
    const at = argument.indexOf('=');
    const name = at < 0 ? argument : argument.slice(0, at);
    if (!argument.startsWith('-')) words.push(argument);
    else if (!isValued(name)) return 'there is an option that Firstkey does not know';
    else {
      const value = at < 0 ? left.shift() : argument.slice(at + 1);
      if (value === undefined || value === '' || value.startsWith('-')) return `${name} needs a value`;
      values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  return { words, values };
}

function make(name: JournalCommand['command'], words: readonly string[], values: Sorted['values']): JournalCommand | string {
  switch (name) {
    case 'verify':
      return { command: name, files: words, keys: values.get('--key') ?? [], heads: values.get('--head') ?? [] };
    case 'export':
      return makeExport(words, values);
    case 'key':
      return words.length === 0 ? { command: name } : 'key takes no word behind it';
    case 'pseudonym': {
      const field = pseudonymFields.find((each) => each === words[0]);
      if (field === undefined || words.length > 1)
        return `pseudonym takes one of ${pseudonymFields.join(', ')}; the value is asked for`;
      return { command: name, field };
    }
    default:
      return name satisfies never;
  }
}

function makeExport(files: readonly string[], values: Sorted['values']): JournalCommand | string {
  const asked = values.get('--format')?.at(-1) ?? 'jsonl';
  const format = exportFormats.find((each) => each === asked);
  if (format === undefined) return `--format takes one of ${exportFormats.join(', ')}`;
  const [sinceMs, untilMs] = [timeOf(values.get('--since')?.at(-1)), timeOf(values.get('--until')?.at(-1))];
  if (Number.isNaN(sinceMs) || Number.isNaN(untilMs)) return 'a time is a day like 2026-11-23 or 2026-11-23T09:00:00Z';
  return { command: 'export', files, format, sinceMs, untilMs };
}

const timeShape = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A day begins at midnight UTC. Null for none; NaN for what is no time. */
function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return timeShape.test(text) ? Date.parse(text) : Number.NaN;
}
