// The company's end of the gate: says, signed, from which address it was asked. Runs on a machine inside the network whose
// desks it vouches for; in training it stands beside the twin.
import { CompactSign, type CryptoKey, type KeyObject } from 'jose';

export interface BeaconOptions {
  /** Ed25519. */
  readonly privateKey: CryptoKey | KeyObject;
  /** Epoch milliseconds. */
  readonly wallMs: () => number;
}

export interface Beacon {
  /**
   * `GET …?nonce=<base64url, 16 to 64 bytes>` from `address`: 200 with a compact JWS (RFC 7515; EdDSA, RFC 8037) whose payload
   * is `{ nonce, iat, address }`, `iat` in seconds since 1970; 400 without a good nonce, 405 for other methods.
   */
  answer(request: Request, address: string): Promise<Response>;
}

const goodNonce = /^[A-Za-z0-9_-]{22,86}$/;
const type = { 'content-type': 'application/jose', 'cache-control': 'no-store' };

export function createBeacon({ privateKey, wallMs }: BeaconOptions): Beacon {
  return {
    async answer(request, address) {
      if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } });
      const nonce = new URL(request.url).searchParams.get('nonce');
      if (nonce === null || !goodNonce.test(nonce)) return new Response(null, { status: 400 });
      const payload = JSON.stringify({ nonce, iat: Math.floor(wallMs() / 1_000), address });
      const signed = new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader({
        alg: 'EdDSA',
        typ: 'firstkey-beacon',
      });
      return new Response(await signed.sign(privateKey), { headers: type });
    },
  };
}
