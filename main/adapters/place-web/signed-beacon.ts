// Where the desk is, as the company's own beacon sees it and signs it (docs/beacon.md): a hostile network can stay silent, but
// it can't answer in the beacon's place.
import { isIP } from 'node:net';
import { compactVerify, errors, importJWK } from 'jose';
import { z } from 'zod';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Call } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { DeskPlace, PlacePort } from '../../ports/tenant.ts';
import { ask } from './ask.ts';

export interface SignedBeaconOptions {
  readonly url: string;
  /** Ed25519 public keys: the `x` of their JWK (RFC 8037 §2). One of them must have signed. */
  readonly keys: readonly string[];
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly randomBytes: (length: number) => Uint8Array;
}

const NONCE_BYTES = 32;
/** The nonce says that the answer is new; a clock further off than this is wrong on one of the two machines. */
const MOST_CLOCK_SKEW_MS = 5 * 60_000;

const said = z.object({
  nonce: z.string(),
  iat: z.int(),
  address: z.string().refine((text) => isIP(text) !== 0),
});

export function createSignedBeacon({ url, keys, http, clock, randomBytes }: SignedBeaconOptions): PlacePort {
  const asked = { accept: 'application/jose', http, clock };
  return {
    async where(call: Call): Promise<Outcome<DeskPlace>> {
      const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString('base64url');
      const address = new URL(url);
      address.searchParams.set('nonce', nonce);
      const answer = await ask({ ...asked, url: address.href }, call, because('desk.beaconSilent'));
      if (!answer.ok) return answer;
      const payload = await signedBy(keys, answer.value);
      if (payload === null) return no(because('desk.beaconNotOurs'));
      const read = said.safeParse(payload);
      if (!read.success) return no(because('desk.beaconNotOurs', { statusName: 'unreadable' }));
      if (read.data.nonce !== nonce) return no(because('desk.beaconNotOurs', { statusName: 'nonce' }));
      if (Math.abs(read.data.iat * 1_000 - clock.wallMs()) > MOST_CLOCK_SKEW_MS) return no(because('desk.clockWrong'));
      return { ok: true, value: { address: read.data.address.toLowerCase(), country: null } };
    },
  };
}

/** What was signed, or null when none of the keys did, or with anything but Ed25519. */
async function signedBy(keys: readonly string[], jws: string): Promise<unknown> {
  for (const x of keys) {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
    try {
      const { payload } = await compactVerify(jws.trim(), key, { algorithms: ['EdDSA'] });
      return parsed(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return null;
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return {};
  }
}

function no(reason: Reason): Outcome<never> {
  return { ok: false, reason };
}
