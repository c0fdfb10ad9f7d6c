// The help, drawn from the table of commands.
import { commandForms, type CommandForm } from '../command-forms.ts';

const general: readonly (readonly [string, string])[] = [
  ['--key <serial or id>', 'which key, when several are plugged in'],
  ['--touch', 'the key that is touched, when several are plugged in'],
  ['--json', 'one JSON document on standard output; progress as JSON lines on standard error'],
  ['--world=training', 'virtual keys, whatever the settings say'],
  ['--training-key <kind>', 'plugs a virtual key in, whose finger touches by itself; may be given again'],
  ['--help', 'this, or the help of one command'],
];

const codes = 'Ends with 0 done, 1 refused by the key, 2 wrong usage, 3 no key or not allowed to open it, 130 interrupted.';

/** @param path of one command, a beginning of several, or empty for all */
export function helpText(path: string): string {
  const forms = commandForms.filter((form) => path === '' || form.path === path || form.path.startsWith(`${path} `));
  const [only] = forms;
  const lines = forms.length === 1 && only !== undefined ? oneCommand(only) : severalCommands(forms);
  return [...lines, '', 'Options of every command:', ...columns(general), '', codes].join('\n');
}

function severalCommands(forms: readonly CommandForm[]): readonly string[] {
  return [
    'firstkey keys <command> [options]: takes care of security keys.',
    '',
    ...columns(forms.map((form) => [typed(form), form.summary] as const)),
  ];
}

function oneCommand(form: CommandForm): readonly string[] {
  const options = form.flags.map((flag) => `[${flag === '--name' ? '--name <text>' : flag}]`);
  return [`firstkey keys ${[typed(form), ...options].join(' ')}: ${form.summary}.`, ...form.more];
}

const typed = ({ path, takes }: CommandForm): string => [path, ...takes].join(' ');

export function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

export const roomsHelp = [
  'firstkey keys <command>  takes care of security keys',
  'firstkey doctor          looks at tenant and desk, and says what would stop people',
  'firstkey journal         verifies and exports what the desk has written down',
  'firstkey settings <what> checks what a desk is told, and signs it',
  '',
  'Each has --help. Without a word the desk itself is opened.',
].join('\n');

const doctorOptions: readonly (readonly [string, string])[] = [
  ['--person <user name or id>', 'asks What-If and password reset for this test account as well'],
  ['--page <file.html or ->', 'writes a page for whoever keeps the policies: for the printer, or to be mailed'],
  ['--language <en, nl or ar>', 'of that page'],
  ['--json', 'one JSON document on standard output'],
  ['--world=training', 'the practice Microsoft and virtual keys, whatever the settings say'],
  ['--training-key <kind>', 'plugs a virtual key in; may be given again'],
  ['--help', 'this'],
];

export const doctorHelp = [
  'firstkey doctor [options]: looks at tenant and desk, changes nothing, and says what would stop people.',
  '',
  ...columns(doctorOptions),
  '',
  'Ends with 0 nothing stops people, 1 something does, 2 wrong usage, 3 could not look, 4 the page could not be written,',
  '130 interrupted.',
].join('\n');

const settingsCommands: readonly (readonly [string, string])[] = [
  ['check', 'what the desk of this machine is told, where each value comes from, and every problem'],
  ['check <file> [--key <public key>]', 'the same of one file, signed or not, wherever it lies'],
  ['sign <file> --key <private key>', 'signs a settings file, or adds a signature to a signed one'],
  ['keygen --out <file> [--p256]', 'makes a key to sign with, and tells what desks have to know of it'],
];

const settingsOptions: readonly (readonly [string, string])[] = [
  ['--out <file>', 'where the signed file goes; otherwise to standard output'],
  ['--version <number>', 'higher than every version before; the minute when left out'],
  ['--not-after <day>', 'until when it should be replaced; a year from now when left out'],
  ['--grace-days <days>', 'how long desks go on after that; 14 when left out'],
  ['--desk-group <name>', 'the desks it is for; may be given again; all of them when left out'],
  ['--json', 'one JSON document on standard output'],
  ['--help', 'this'],
];

export const settingsHelp = [
  'firstkey settings <command> [options]: checks what a desk is told, and signs it.',
  '',
  ...columns(settingsCommands),
  '',
  ...columns(settingsOptions),
  '',
  'Ends with 0 good, 1 refused, 2 wrong usage, 3 could not be written.',
].join('\n');
