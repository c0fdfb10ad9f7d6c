// Where the desk is, as others on the internet see it: an address of the organisation's choice that answers the caller's own.
import { isIP } from 'node:net';
import { because } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Call } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { DeskPlace, PlacePort } from '../../ports/tenant.ts';
import { ask } from './ask.ts';

export interface WebPlaceOptions {
  readonly url: string;
  readonly http: HttpPort;
  readonly clock: ClockPort;
}

/** Members of known services' answers; the first that fits counts. */
const addressMembers = ['ip', 'address'];
const countryMembers = ['country_iso', 'country_code', 'countryCode', 'country'];

export function createWebPlace(options: WebPlaceOptions): PlacePort {
  const asked = { ...options, accept: 'application/json, text/plain' };
  return {
    async where(call: Call) {
      const answer = await ask(asked, call, because('directory.unreachable'));
      if (!answer.ok) return answer;
      const place = placeIn(answer.value);
      return place === null
        ? { ok: false, reason: because('desk.placeUnknown', { status: 200, statusName: 'noAddress' }) }
        : { ok: true, value: place };
    },
  };
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
