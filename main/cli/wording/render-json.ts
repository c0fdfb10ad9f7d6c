// The same as documents. Names stay as they are on the key: JSON itself keeps control characters from a terminal.
import type { Reason } from '../../../contract/reason.ts';
import type { KeyInspection } from '../../ports/key-care.ts';
import type { KeyEvent } from '../actions/watch-keys.ts';
import { exitCodeOf, type CommandEnd, type CommandResult } from '../command-end.ts';
import { keyName, shortId } from '../key-name.ts';
import type { KeyStep } from '../key-step.ts';
import { reasonWords } from './reason-words.ts';
import { endText } from './render-text.ts';

/** The one document of a command. `ok` says whether it was done; the exit code is the process's own. */
export function endDocument(end: CommandEnd): string {
  if (end.end === 'done') return line({ ok: true, ...resultMembers(end.result) });
  return line({ ok: false, exitCode: exitCodeOf(end), ...endMembers(end), says: endText(end) });
}

/** What could not even be begun, for reasons of the arguments or the machine. */
export function problemDocument(exitCode: number, says: string): string {
  return line({ ok: false, exitCode, end: 'usage', says });
}

export function stepLine(step: KeyStep): string {
  return line(step);
}

export function eventLine(event: KeyEvent): string {
  switch (event.event) {
    case 'inserted':
      return line({ event: event.event, key: keyMembers(event.key) });
    case 'removed':
      return line({ event: event.event, key: event.key === null ? null : keyMembers(event.key) });
    case 'unreachable':
      return line({ event: event.event, reason: reasonMembers(event.reason) });
    case 'hostDown':
    case 'hostUp':
      return line({ event: event.event });
    default:
      return event satisfies never;
  }
}

function resultMembers(result: CommandResult): object {
  switch (result.result) {
    case 'keys':
      return { keys: result.keys.map(keyMembers), unreadable: result.unreadable.map(reasonMembers) };
    case 'key':
      return { key: keyMembers(result.key) };
    case 'accounts':
      return result.accounts;
    case 'fingerprints':
      return { fingerprints: result.fingerprints };
    case 'fingerprintAdded':
      return { done: result.result, fingerprint: result.fingerprint };
    case 'configured':
      return { done: result.result, change: result.change };
    case 'erased':
      return { done: result.result, ...result.report };
    case 'pinSet':
    case 'pinChanged':
    case 'accountDeleted':
    case 'fingerprintRenamed':
    case 'fingerprintRemoved':
      return { done: result.result };
    default:
      return result satisfies never;
  }
}

function endMembers(end: Exclude<CommandEnd, { end: 'done' }>): object {
  switch (end.end) {
    case 'refused':
      return { end: end.end, reason: reasonMembers(end.reason) };
    case 'noKey':
      return { end: end.end, reason: end.reason === null ? null : reasonMembers(end.reason) };
    case 'notOffered':
      return { end: end.end, offer: end.offer };
    case 'usage':
      return { end: end.end, trouble: end.trouble, choices: end.choices };
    case 'notConfirmed':
    case 'interrupted':
      return { end: end.end };
    default:
      return end satisfies never;
  }
}

const keyMembers = (key: KeyInspection) => ({ name: keyName(key), shortId: shortId(key), ...key });

const reasonMembers = ({ code, detail }: Reason) => ({ code, ...reasonWords(code), ...(detail ? { detail } : {}) });

/** One document. C1 controls and direction marks are legal in JSON, and still move a terminal about. */
export function line(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
