// The journal for a spreadsheet: RFC 4180, one column for each field there is.
import { fieldNames } from '../journal-event-schema.ts';
import type { JournalLine } from '../line.ts';
import { canonical, type Json } from '../canonical.ts';

const columns = ['sequence', 'at', 'desk', 'file', 'stay', 'event', ...fieldNames, 'other'] as const;

export const csvHeader = columns.map(cell).join(',');

/** Without an end of line. Fields of events that this Firstkey does not know stand in `other`, as JSON. */
export function csvRow({ sequence, at, desk, file, stay, body }: JournalLine): string {
  const { event, ...fields } = body;
  const other = Object.entries(fields).filter(([name]) => !fieldNames.includes(name));
  const cells = [
    String(sequence),
    at,
    desk,
    String(file),
    stay ?? '',
    event,
    ...fieldNames.map((name) => textOf(fields[name])),
    other.length === 0 ? '' : canonical(Object.fromEntries(other) as Json),
  ];
  return cells.map(cell).join(',');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(textOf).join(' ') : canonical(value as Json);
}

/**
 * A cell that begins like a formula gets an apostrophe in front, so that no spreadsheet computes what a key or a page said
 * (OWASP, "CSV Injection").
 */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}
