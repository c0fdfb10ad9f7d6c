// Where the desk is, as others on the internet see it: an address of the organisation's choice that answers the caller's own.
import { isIP } from 'node:net';
import { foreignAnswer, unanswered } from '../../../contract/no-answer.ts';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Call } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { DeskPlace, PlacePort } from '../../ports/tenant.ts';

export interface WebPlaceOptions {
  /** https only: whoever answers in its place could tell the desk any address. */
  readonly url: string;
  readonly http: HttpPort;
  readonly clock: ClockPort;
}

/** An address and a country are some dozen characters. */
const MOST_CHARACTERS = 4_096;

/** Members of known services' answers; the first that fits counts. */
const addressMembers = ['ip', 'address'];
const countryMembers = ['country_iso', 'country_code', 'countryCode', 'country'];

/** Asked once within the call's time. Rejects with the call's reason when it is given up. */
export function createWebPlace({ url, http, clock }: WebPlaceOptions): PlacePort {
  return {
    async where({ signal, deadlineMs }: Call) {
      signal.throwIfAborted();
      const late = new AbortController();
      const cancelDeadline = clock.after(deadlineMs, () => late.abort());
      try {
        const headers = { accept: 'application/json, text/plain' };
        const response = await http.send(new Request(url, { headers, signal: AbortSignal.any([signal, late.signal]) }));
        return read(response, await response.text());
      } catch (error) {
        signal.throwIfAborted();
        if (late.signal.aborted) return no(because('directory.unreachable'));
        const none = unanswered(error);
        if (none === null) throw error;
        return no(none.reason);
      } finally {
        cancelDeadline();
      }
    },
  };
}

function read({ status, ok, headers }: Response, text: string): Outcome<DeskPlace> {
  const isPlain = /^\s*text\/plain\b/i.test(headers.get('content-type') ?? '');
  const foreign = isPlain ? null : foreignAnswer({ status, headers, text });
  if (foreign !== null) return no(foreign);
  if (!ok) return no(because('desk.placeUnknown', { status }));
  if (text.length > MOST_CHARACTERS) return no(because('network.wrongAnswer', { status, statusName: 'tooLarge' }));
  const place = placeIn(text);
  return place === null ? no(because('desk.placeUnknown', { status, statusName: 'noAddress' })) : { ok: true, value: place };
}

function placeIn(text: string): DeskPlace | null {
  const said = readObject(text);
  if (said === null) return addressed(text, null);
  const country = countryMembers
    .map((name) => said.get(name))
    .find((value) => typeof value === 'string' && /^[a-z]{2}$/i.test(value));
  const address = addressMembers.map((name) => said.get(name)).find((value) => typeof value === 'string');
  return typeof address === 'string' ? addressed(address, typeof country === 'string' ? country.toUpperCase() : null) : null;
}

function addressed(text: string, country: string | null): DeskPlace | null {
  const address = text.trim().toLowerCase();
  return isIP(address) === 0 ? null : { address, country };
}

/** Null for what is no JSON object: it may be an address as it stands. */
function readObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function no(reason: Reason): Outcome<never> {
  return { ok: false, reason };
}
