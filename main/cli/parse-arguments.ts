// From arguments to a command. Everything typed is attacker's ground, and may be a PIN typed in the wrong place: what is not
// understood is refused, and never repeated.
import { commandForms, type CommandForm, type FormFlag } from './command-forms.ts';
import type { KeysCommand, KeysOptions } from './command.ts';

export type ParsedArguments =
  | { readonly kind: 'run'; readonly command: KeysCommand; readonly options: KeysOptions }
  /** `path`: the command that help was asked for, or a beginning of several; empty for all. */
  | { readonly kind: 'help'; readonly path: string }
  | { readonly kind: 'usage'; readonly problem: string; readonly path: string; readonly json: boolean };

const valuedFlags = ['--key', '--training-key', '--name', '--world'] as const;
const plainFlags = ['--json', '--help', '--yes', '--touch', '--force-pin-change'] as const;
type ValuedFlag = (typeof valuedFlags)[number];
type PlainFlag = (typeof plainFlags)[number];
const formFlags: readonly string[] = ['--yes', '--name', '--force-pin-change'] satisfies readonly FormFlag[];

const isValued = (name: string): name is ValuedFlag => (valuedFlags as readonly string[]).includes(name);
const isPlain = (name: string): name is PlainFlag => (plainFlags as readonly string[]).includes(name);
const isFormFlag = (name: string): name is FormFlag => formFlags.includes(name);

interface Sorted {
  readonly words: readonly string[];
  readonly flags: readonly (readonly [ValuedFlag | PlainFlag, string])[];
}

/** @param given what stands behind `keys` */
export function parseArguments(given: readonly string[]): ParsedArguments {
  const json = given.includes('--json');
  const sorted = sortArguments(given);
  if (typeof sorted === 'string') return { kind: 'usage', problem: sorted, path: '', json };
  const { words, flags } = sorted;
  const names = new Set(flags.map(([name]) => name));
  if (names.has('--help') || words.length === 0) return { kind: 'help', path: pathIn(words) };
  const path = pathIn(words);
  const usage = (problem: string): ParsedArguments => ({ kind: 'usage', problem, path, json });

  const form = commandForms.find((each) => each.path === path);
  if (form === undefined) return usage(path === '' ? 'there is no such command' : `${path} needs another word`);
  const rest = words.slice(path.split(' ').length);
  if (rest.length > form.takes.length) return usage(`too many words. A PIN is never an argument; it is asked for`);
  if (rest.length < form.takes.length) return usage(`${form.takes.slice(rest.length).join(' ')} is missing`);
  const stray = [...names].find((name) => isFormFlag(name) && !form.flags.includes(name));
  if (stray !== undefined) return usage(`${path} does not take ${stray}`);
  const world = flags.findLast(([name]) => name === '--world')?.[1];
  if (names.has('--key') && names.has('--touch')) return usage('--key names a key, and --touch finds one; give one of them');
  if (world !== undefined && world !== 'training') return usage('--world takes training only; the settings name the world');
  return make(form, rest, flags, usage);
}

function make(
  form: CommandForm,
  words: readonly string[],
  flags: Sorted['flags'],
  usage: (problem: string) => ParsedArguments,
): ParsedArguments {
  const own = new Map(flags.flatMap(([name, value]) => (isFormFlag(name) ? [[name, value] as const] : [])));
  const command = form.make(words, own);
  if ('problem' in command) return usage(command.problem);
  const has = (name: PlainFlag | ValuedFlag) => flags.some(([each]) => each === name);
  const trainingKeys = flags.flatMap(([name, value]) => (name === '--training-key' ? [value] : []));
  const key = flags.findLast(([name]) => name === '--key')?.[1] ?? null;
  return {
    kind: 'run',
    command,
    options: { json: has('--json'), key, touch: has('--touch'), yes: has('--yes'), training: has('--world'), trainingKeys },
  };
}

/** Words apart from flags; or what is wrong with a flag. */
function sortArguments(given: readonly string[]): Sorted | string {
  const words: string[] = [];
  const flags: (readonly [ValuedFlag | PlainFlag, string])[] = [];
  const left = [...given];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (!argument.startsWith('-')) {
      words.push(argument);
      continue;
    }
    const at = argument.indexOf('=');
    const name = at < 0 ? argument : argument.slice(0, at);
    if (isPlain(name) && at < 0) {
      flags.push([name, '']);
    } else if (isValued(name)) {
      const value = at < 0 ? left.shift() : argument.slice(at + 1);
      if (value === undefined || value === '' || value.startsWith('-')) return `${name} needs a value`;
      flags.push([name, value]);
    } else if (name === '--pin' || name === '--new-pin') {
      return 'a PIN is never an argument; it is asked for, or read from standard input';
    } else {
      return 'there is an option that Firstkey does not know';
    }
  }
  return { words, flags };
}

/** The longest path, or beginning of one, that the words start with. */
function pathIn(words: readonly string[]): string {
  const paths = new Set(commandForms.flatMap(({ path }) => [path, path.split(' ')[0] ?? '']));
  const candidates = [words.slice(0, 2).join(' '), words[0] ?? ''];
  return candidates.find((path) => paths.has(path)) ?? '';
}
