// `firstkey settings …`: what it may be asked. Like every argument it is attacker's ground, and never repeated.

export type SettingsCommand =
  /** `file`: null for what this machine has. `keys`: PEM files of public keys that count as pinned. */
  | { readonly command: 'check'; readonly file: string | null; readonly keys: readonly string[] }
  | {
      readonly command: 'sign';
      readonly file: string;
      readonly key: string;
      /** Where the signed file goes; null: standard output. */
      readonly out: string | null;
      /** Null for each that is left to its default, or to the file that is signed already. */
      readonly version: number | null;
      readonly notAfterMs: number | null;
      readonly graceDays: number | null;
      readonly deskGroups: readonly string[] | null;
    }
  | { readonly command: 'keygen'; readonly out: string; readonly algorithm: 'Ed25519' | 'ES256' };

export type ParsedSettingsArguments =
  | { readonly kind: 'run'; readonly command: SettingsCommand; readonly json: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string; readonly json: boolean };

type Flag = '--key' | '--out' | '--version' | '--not-after' | '--grace-days' | '--desk-group';
const flags: Readonly<Record<SettingsCommand['command'], readonly Flag[]>> = {
  check: ['--key'],
  sign: ['--key', '--out', '--version', '--not-after', '--grace-days', '--desk-group'],
  keygen: ['--out'],
};
const isFlag = (name: string): name is Flag => (flags.sign as readonly string[]).includes(name);
const isCommand = (word: string | undefined): word is SettingsCommand['command'] => word !== undefined && word in flags;

interface Sorted {
  readonly words: readonly string[];
  readonly values: ReadonlyMap<Flag, readonly string[]>;
  readonly p256: boolean;
}

/** @param given what stands behind `settings` */
export function parseSettingsArguments(given: readonly string[]): ParsedSettingsArguments {
  const json = given.includes('--json');
  const usage = (problem: string): ParsedSettingsArguments => ({ kind: 'usage', problem, json });
  if (given.length === 0 || given.includes('--help')) return { kind: 'help' };
  const sorted = sortArguments(given);
  if (typeof sorted === 'string') return usage(sorted);
  const [name, ...words] = sorted.words;
  if (!isCommand(name)) return usage('the first word is check, sign or keygen');
  const stray = [...sorted.values.keys()].find((flag) => !flags[name].includes(flag));
  if (stray !== undefined) return usage(`${name} does not take ${stray}`);
  if (sorted.p256 && name !== 'keygen') return usage(`${name} does not take --p256`);
  const command = make(name, words, sorted);
  return typeof command === 'string' ? usage(command) : { kind: 'run', command, json };
}

/** The command, or what is wrong with it. */
function make(name: SettingsCommand['command'], words: readonly string[], { values, p256 }: Sorted): SettingsCommand | string {
  const [file, ...more] = words;
  const last = (flag: Flag): string | null => values.get(flag)?.at(-1) ?? null;
  const [key, out] = [last('--key'), last('--out')];
  switch (name) {
    case 'check':
      return more.length > 0 ? 'check takes one file' : { command: name, file: file ?? null, keys: values.get('--key') ?? [] };
    case 'keygen':
      if (words.length > 0 || out === null) return 'keygen takes --out and the file of the new key';
      return { command: name, out, algorithm: p256 ? 'ES256' : 'Ed25519' };
    case 'sign': {
      if (file === undefined || more.length > 0) return 'sign takes one file';
      if (key === null || values.get('--key')?.length !== 1) return 'sign takes one --key';
      const version = numberIn(last('--version'), 1, Number.MAX_SAFE_INTEGER);
      const graceDays = numberIn(last('--grace-days'), 0, 90);
      const notAfterMs = momentIn(last('--not-after'));
      if (version === 'wrong') return '--version takes a whole number from 1 on';
      if (graceDays === 'wrong') return '--grace-days takes a whole number from 0 to 90';
      if (notAfterMs === 'wrong') return '--not-after takes a day like 2027-05-22 or a moment like 2027-05-22T00:00:00Z';
      const deskGroups = values.get('--desk-group') ?? null;
      return { command: name, file, key, out, version, notAfterMs, graceDays, deskGroups };
    }
    default:
      return name satisfies never;
  }
}

function numberIn(text: string | null, least: number, most: number): number | null | 'wrong' {
  if (text === null) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : 'wrong';
}

function momentIn(text: string | null): number | null | 'wrong' {
  if (text === null) return null;
  const atMs = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? 'wrong' : atMs;
}

/** Words apart from flags; or what is wrong with a flag. */
function sortArguments(given: readonly string[]): Sorted | string {
  const words: string[] = [];
  const values = new Map<Flag, readonly string[]>();
  let p256 = false;
  const left = [...given];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    const at = argument.indexOf('=');
    const name = at < 0 ? argument : argument.slice(0, at);
    if (!argument.startsWith('-')) words.push(argument);
    else if (argument === '--p256') p256 = true;
    else if (isFlag(name)) {
      const value = at < 0 ? left.shift() : argument.slice(at + 1);
      if (value === undefined || value === '' || value.startsWith('-')) return `${name} needs a value`;
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (argument !== '--json') return 'there is an option that Firstkey does not know';
  }
  return { words, values, p256 };
}
