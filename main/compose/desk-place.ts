// Who tells the desk its place: in the field the addresses in the settings, in training and rehearsal the twin.
import { generateKeyPairSync } from 'node:crypto';
import { sessionHttp } from '../adapters/http-session/session-http.ts';
import { createNetworkPath } from '../adapters/network-path/network-path.ts';
import { systemRoutes } from '../adapters/network-path/system-routes.ts';
import type { SignedBeaconOptions } from '../adapters/place-web/signed-beacon.ts';
import { createWebPlace } from '../adapters/place-web/web-place.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { NetworkPathPort } from '../ports/network-path.ts';
import type { Settings } from '../ports/settings.ts';
import type { PlacePort } from '../ports/tenant.ts';
import type { EntraWorld } from './entra-world.ts';
import type { LateTwinWorld } from './late-twin-world.ts';

/** Where the desk is, and what the gate asks. */
export interface DeskPlacePorts {
  /** Each null when nobody does. */
  readonly place: PlacePort | null;
  readonly beacon: PlacePort | null;
  readonly path: NetworkPathPort;
}

interface Asked {
  readonly settings: Settings;
  readonly clock: ClockPort;
  readonly random: (length: number) => Uint8Array;
}

interface FieldNetwork {
  readonly http: HttpPort;
  readonly proxyFor: EntraWorld['proxyFor'] | null;
}

export function placeOfField({ settings, clock, random }: Asked, { http, proxyFor }: FieldNetwork): DeskPlacePorts {
  const { placeUrl, beaconUrl, beaconKeys } = settings;
  return {
    place: placeUrl === null ? null : createWebPlace({ url: placeUrl, http, clock }),
    beacon: beaconUrl === null ? null : lateBeacon({ url: beaconUrl, keys: beaconKeys, http, clock, randomBytes: random }),
    path: createNetworkPath({ clock, routes: systemRoutes, proxyFor, url: beaconUrl ?? `https://${settings.authorityHost}/` }),
  };
}

/** The twin is not built for this before the first picture stands. A beacon beside it vouches for the place it plays. */
export function placeOfTwin(
  { settings, clock, random }: Asked,
  twin: Pick<LateTwinWorld, 'open'>,
  firstPicture: Promise<void>,
): DeskPlacePorts {
  const place: PlacePort = {
    async where({ signal }) {
      await firstPicture;
      const { place: here } = await twin.open();
      signal.throwIfAborted();
      return { ok: true, value: here };
    },
  };
  const url = settings.beaconUrl;
  return {
    place,
    beacon: url === null ? null : twinBeacon({ url, clock, randomBytes: random }, async () => (await twin.open()).place.address),
    path: createNetworkPath({ clock, routes: systemRoutes, proxyFor: null, url: url ?? '' }),
  };
}

function twinBeacon(options: Omit<SignedBeaconOptions, 'keys' | 'http'>, address: () => Promise<string>): PlacePort {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const http = sessionHttp(async (request) => {
    const { createBeacon } = await import('../beacon/beacon.ts');
    return createBeacon({ privateKey, wallMs: () => options.clock.wallMs() }).answer(request, await address());
  });
  return lateBeacon({ ...options, keys: [x], http });
}

/** What reads signatures is loaded with the first question, not before a first picture. */
function lateBeacon(options: SignedBeaconOptions): PlacePort {
  return {
    async where(call) {
      const { createSignedBeacon } = await import('../adapters/place-web/signed-beacon.ts');
      return createSignedBeacon(options).where(call);
    },
  };
}
