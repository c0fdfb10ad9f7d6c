// What a compiled message has to be filled in with, read from the message itself.
import type { CompiledMessage } from '@lingui/message-utils/compileMessage';

/** Place name to the kind of value: a plural counts, a plain place takes words or numbers. */
export type Places = ReadonlyMap<string, 'count' | 'text'>;

type Token = string | readonly unknown[];

/** The places of one message, those inside its plural branches too. */
export function placesOf(message: CompiledMessage): Places {
  const places = new Map<string, 'count' | 'text'>();
  collect(message, places);
  return places;
}

function collect(message: unknown, places: Map<string, 'count' | 'text'>): void {
  if (!Array.isArray(message)) return;
  for (const token of message as readonly Token[]) {
    if (typeof token === 'string') continue;
    const [name, kind, branches] = token;
    if (typeof name !== 'string') continue;
    const counts = kind === 'plural' || kind === 'selectordinal';
    if (counts || !places.has(name)) places.set(name, counts ? 'count' : 'text');
    if (branches !== null && typeof branches === 'object') for (const branch of Object.values(branches)) collect(branch, places);
  }
}

/** Everything a message says, plural branches one after the other, without its places. */
export function wordsOf(message: CompiledMessage): string {
  if (typeof message === 'string') return message;
  const said = (part: unknown): string => {
    if (typeof part === 'string') return part;
    if (!Array.isArray(part)) return '';
    const [, , branches] = part as readonly unknown[];
    return branches !== null && typeof branches === 'object'
      ? Object.values(branches)
          .map((branch) => (Array.isArray(branch) ? branch.map(said).join('') : said(branch)))
          .join(' ')
      : ' ';
  };
  return message.map(said).join('');
}

/** The source text of `renderer/words/message-values.ts`, which gives every message id the type of its values. */
export function messageValuesSource(messages: Readonly<Record<string, CompiledMessage>>): string {
  const lines = Object.keys(messages)
    .toSorted()
    .map((id) => `  '${id}': ${typeOf(placesOf(messages[id] ?? []))};`);
  return [
    '// Written by tests/unit/words.test.ts from en.po (npx vitest run --project unit words -u); do not edit by hand.',
    '',
    'export interface MessageValues {',
    ...lines,
    '}',
    '',
  ].join('\n');
}

function typeOf(places: Places): string {
  if (places.size === 0) return 'null';
  const fields = [...places].map(([name, kind]) => `readonly ${name}: ${kind === 'count' ? 'number' : 'string | number'}`);
  return `{ ${fields.join('; ')} }`;
}
