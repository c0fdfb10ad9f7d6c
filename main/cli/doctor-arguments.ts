// `firstkey doctor …`: what it may be asked. Like every argument it is attacker's ground, and never repeated.
import { languages, type Language } from '../../contract/intent.ts';

export interface DoctorOptions {
  readonly json: boolean;
  /** UPN or object id of whom What-If is asked about. */
  readonly person: string | null;
  /** Where the page for the policy owner goes: a file, or `-` for standard output; null: nowhere. */
  readonly page: string | null;
  /** Of that page. */
  readonly language: Language;
  /** Asked for by `--world=training`; otherwise the settings decide. */
  readonly training: boolean;
  /** Training keys to plug in, by their names in the tray. */
  readonly trainingKeys: readonly string[];
}

export type ParsedDoctorArguments =
  | { readonly kind: 'run'; readonly options: DoctorOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string; readonly json: boolean };

const valued = ['--person', '--page', '--language', '--world', '--training-key'] as const;
/** As a value: standard output. */
const standardOutput = '-';
/** A user principal name is at most 113 characters (Microsoft Entra, "userPrincipalName"). */
const personShape = /^[^\s"'<>/\\]{1,113}$/u;

/** Browsers open it by its ending; a name without one would be a settings file or a key, mistyped. */
const pageShape = /^(?:-|.*\.html?)$/isu;

function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}

/** @param given what stands behind `doctor` */
export function parseDoctorArguments(given: readonly string[]): ParsedDoctorArguments {
  const json = given.includes('--json');
  const usage = (problem: string): ParsedDoctorArguments => ({ kind: 'usage', problem, json });
  const values = new Map<string, string[]>(valued.map((name) => [name, []]));
  const left = [...given];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (argument === '--help') return { kind: 'help' };
    if (argument === '--json') continue;
    const at = argument.indexOf('=');
    const name = at < 0 ? argument : argument.slice(0, at);
    const taken = values.get(name);
    if (taken === undefined) return usage('there is a word that the doctor does not know');
    const value = at < 0 ? left.shift() : argument.slice(at + 1);
    if (value === undefined || value === '' || (value.startsWith('-') && !(name === '--page' && value === standardOutput)))
      return usage(`${name} needs a value`);
    taken.push(value);
  }
  const last = (name: (typeof valued)[number]): string | null => values.get(name)?.at(-1) ?? null;
  const [person, page, language, world] = [last('--person'), last('--page'), last('--language') ?? 'en', last('--world')];
  if (person !== null && !personShape.test(person)) return usage('--person takes a user name or an object id');
  if (world !== null && world !== 'training') return usage('--world takes training only; the settings name the world');
  if (page !== null && !pageShape.test(page)) return usage('--page takes the name of a file that ends in .html, or -');
  if (page === standardOutput && json) return usage('--json and --page - both want standard output; give --page a file');
  if (!isLanguage(language)) return usage(`--language takes one of ${languages.join(' ')}`);
  if (language !== 'en' && page === null) return usage('--language is for --page; the terminal speaks English');
  const options = { json, person, page, language, training: world !== null, trainingKeys: values.get('--training-key') ?? [] };
  return { kind: 'run', options };
}
