// `firstkey doctor …`: what it may be asked. Like every argument it is attacker's ground, and never repeated.

export interface DoctorOptions {
  readonly json: boolean;
  /** UPN or object id of whom What-If is asked about. */
  readonly person: string | null;
  /** Asked for by `--world=training`; otherwise the settings decide. */
  readonly training: boolean;
  /** Training keys to plug in, by their names in the tray. */
  readonly trainingKeys: readonly string[];
}

export type ParsedDoctorArguments =
  | { readonly kind: 'run'; readonly options: DoctorOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string; readonly json: boolean };

const valued = ['--person', '--world', '--training-key'] as const;
/** A user principal name is at most 113 characters (Microsoft Entra, "userPrincipalName"). */
const personShape = /^[^\s"'<>/\\]{1,113}$/u;

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
    if (value === undefined || value === '' || value.startsWith('-')) return usage(`${name} needs a value`);
    taken.push(value);
  }
  const last = (name: (typeof valued)[number]): string | null => values.get(name)?.at(-1) ?? null;
  const [person, world] = [last('--person'), last('--world')];
  if (person !== null && !personShape.test(person)) return usage('--person takes a user name or an object id');
  if (world !== null && world !== 'training') return usage('--world takes training only; the settings name the world');
  const options = { json, person, training: world !== null, trainingKeys: values.get('--training-key') ?? [] };
  return { kind: 'run', options };
}
