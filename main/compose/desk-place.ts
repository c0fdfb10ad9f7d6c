// Who tells the desk its place: in the field the address in the settings, in training and rehearsal the twin.
import { createWebPlace } from '../adapters/place-web/web-place.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Settings } from '../ports/settings.ts';
import type { PlacePort } from '../ports/tenant.ts';
import type { LateTwinWorld } from './late-twin-world.ts';

/** Null when nobody does. */
export function placeOfField({ placeUrl }: Settings, http: HttpPort, clock: ClockPort): PlacePort | null {
  return placeUrl === null ? null : createWebPlace({ url: placeUrl, http, clock });
}

/** The twin is not built for this before the first picture stands. */
export function placeOfTwin(twin: Pick<LateTwinWorld, 'open'>, firstPicture: Promise<void>): PlacePort {
  return {
    async where({ signal }) {
      await firstPicture;
      const { place } = await twin.open();
      signal.throwIfAborted();
      return { ok: true, value: place };
    },
  };
}
