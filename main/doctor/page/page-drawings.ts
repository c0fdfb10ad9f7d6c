// The marks of the page, told apart by shape alone, and addresses as codes for a phone.
import { html, raw } from 'hono/html';
import encodeQR from 'qr';
import type { FindingState } from '../../../contract/doctor.ts';
import type { Markup } from './page-markup.ts';

const line = 'fill="none" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"';

const shapes: Readonly<Record<FindingState, string>> = {
  stop: `<path d="M13.7 2h16.6L42 13.7v16.6L30.3 42H13.7L2 30.3V13.7z"/><path d="M13 22h18" stroke="#fff" ${line}/>`,
  attention: `<path d="M22 5.5 40 36.5H4z" stroke="#000" ${line}/><path d="M22 16v10" stroke="#000" ${line}/><circle cx="22" cy="32.4" r="2.9"/>`,
  unknown: `<circle cx="22" cy="22" r="18" stroke="#000" stroke-dasharray="0.1 8.6" ${line}/>`,
  good: `<path d="m8 23.5 9.5 9.5L36 12" stroke="#000" ${line}/>`,
};

/** Silent: a word always stands beside it. */
export function markOf(state: FindingState): Markup {
  return html`<svg class="mark" viewBox="0 0 44 44" aria-hidden="true">${raw(shapes[state])}</svg>`;
}

/** With its quiet zone. @param name for who can't see it */
export function qrOf(text: string, name: string): Markup {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 });
  const path = rows
    .map((row, y) =>
      runsOf(row)
        .map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)
        .join(''),
    )
    .join('');
  return html`<svg
    class="qr"
    viewBox="0 0 ${rows.length} ${rows.length}"
    role="img"
    aria-label="${name}"
    shape-rendering="crispEdges"
  >
    <path d="${path}" />
  </svg>`;
}

/** Where dark runs start, and how long they are: a fifth of the text that single squares would take. */
function runsOf(row: readonly boolean[]): readonly (readonly [start: number, length: number])[] {
  const starts = row.flatMap((dark, x) => (dark && !row[x - 1] ? [x] : []));
  return starts.map((x) => {
    const end = row.indexOf(false, x);
    return [x, (end < 0 ? row.length : end) - x];
  });
}
