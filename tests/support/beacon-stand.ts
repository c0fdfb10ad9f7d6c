// A company's beacon for tests: its key, and the desk's way to it.
import { generateKeyPairSync } from 'node:crypto';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createSignedBeacon } from '../../main/adapters/place-web/signed-beacon.ts';
import { createBeacon, type Beacon } from '../../main/beacon/beacon.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { PlacePort } from '../../main/ports/tenant.ts';
import { seededRandomBytes } from './seeded-random.ts';

export interface BeaconStand {
  /** The `x` of its public key's JWK. */
  readonly key: string;
  readonly beacon: Beacon;
  /** From where it sees the desk. */
  address: string;
  /** How far its clock is ahead of the desk's. */
  skewMs: number;
  /** What answers instead; null: the beacon does. */
  instead: ((request: Request) => Promise<Response>) | null;
  readonly asked: string[];
  readonly place: PlacePort;
}

export const beaconUrl = 'https://beacon.example/here';

export function beaconStand(clock: ClockPort): BeaconStand {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const beacon = createBeacon({ privateKey, wallMs: () => clock.wallMs() + stand.skewMs });
  const asked: string[] = [];
  const http = sessionHttp(async (request) => {
    asked.push(request.url);
    return stand.instead === null ? beacon.answer(request, stand.address) : stand.instead(request);
  });
  const stand: BeaconStand = {
    key: x,
    beacon,
    address: '203.0.113.17',
    skewMs: 0,
    instead: null,
    asked,
    place: createSignedBeacon({ url: beaconUrl, keys: [x], http, clock, randomBytes: seededRandomBytes('beacon') }),
  };
  return stand;
}
