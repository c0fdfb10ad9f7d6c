// The journal for a SIEM: ArcSight Common Event Format, "Implementing ArcSight Common Event Format", version 0.
import { canonical, type Json } from '../canonical.ts';
import type { JournalLine } from '../line.ts';

/** Of 0 to 10. What is not listed is ordinary. */
const severities: readonly (readonly [RegExp, number])[] = [
  [/^journal\.restored$/, 9],
  [/^(?:door\.refused|page\.blocked|notices\.more|process\.gone|renderer\.gone|anchor\.failing)$/, 5],
  [/^(?:trouble|intent\.refused|journal\.deleted|stay\.foundCutOff)$|\.(?:not[A-Z]\w*|refused|kept)$/, 4],
];
const ordinary = 1;

/** Without an end of line. */
export function cefLine(line: JournalLine): string {
  const { event, ...fields } = line.body;
  const header = ['CEF:0', 'Firstkey', 'Firstkey', String(line.version), event, nameOf(event), String(severityOf(line))];
  const reason = fields['reason'];
  const extension: readonly (readonly [string, string])[] = [
    ['rt', String(Date.parse(line.at))],
    ['externalId', String(line.sequence)],
    ['deviceExternalId', line.desk],
    ...(typeof reason === 'string' ? [['reason', reason] as const] : []),
    ...(line.stay === null ? [] : [['cs1Label', 'stay'] as const, ['cs1', line.stay] as const]),
    ['cs2Label', 'fields'],
    ['cs2', canonical(fields as Json)],
    ['cn1Label', 'file'],
    ['cn1', String(line.file)],
  ];
  return `${header.map(inHeader).join('|')}|${extension.map(([name, value]) => `${name}=${inExtension(value)}`).join(' ')}`;
}

/** `registration.notMade`: "registration not made". */
const nameOf = (event: string): string => event.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('.', ' ');

function severityOf({ body }: JournalLine): number {
  const { event, leftovers, because } = body;
  const isGrave =
    (event === 'stay.wiped' && typeof leftovers === 'number' && leftovers > 0) ||
    (event === 'journal.begun' && because !== 'new' && because !== 'sealed');
  return isGrave ? 9 : (severities.find(([events]) => events.test(event))?.[1] ?? ordinary);
}

/** "Character encoding": pipes and backslashes in the header. */
const inHeader = (text: string): string => text.replaceAll(/[\\|]/g, String.raw`\$&`).replaceAll(/[\r\n]/g, ' ');

/** "Character encoding": equal signs, backslashes and ends of line in values; pipes stay as they are. */
const inExtension = (text: string): string =>
  text
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
