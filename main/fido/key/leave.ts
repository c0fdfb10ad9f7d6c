// By whose leave a credential is made or used: a token, or, on keys with a sensor that know no tokens, the request itself,
// which has the key ask for a finger. Source: CTAP 2.0 §5.1, §5.2 (the `uv` option); CTAP 2.3 §6.1.2, §6.2.2.
import type { PinUvAuth } from '../ctap/make-credential.ts';
import type { PinUvAuthToken } from '../ctap/pin-uv-protocol.ts';
import type { Turn } from './operation.ts';
import { done, type KeyOutcome } from './outcome.ts';
import type { PinCeremony, TokenWish } from './pin-ceremony.ts';

/** What goes along in the request: one or the other, never both. */
export type RequestLeave = { readonly pinUvAuth: PinUvAuth } | { readonly options: { readonly uv: true } };

/** A token, to be wiped; none where the request itself has the person verified. A wrong PIN costs a try. */
export function leaveFor(
  pins: PinCeremony,
  wish: TokenWish,
  { info, hidCall }: Turn,
): Promise<KeyOutcome<PinUvAuthToken | undefined>> {
  const { options } = info;
  const verifiesInRequest = options.get('uv') === true && options.get('pinUvAuthToken') !== true;
  if (wish.verification === 'sensor' && verifiesInRequest) return Promise.resolve(done(undefined));
  return pins.token(info, wish, hidCall);
}

/** The leave for one request over this client data hash. */
export function leaveOf(token: PinUvAuthToken | undefined, clientDataHash: Uint8Array): RequestLeave {
  if (token === undefined) return { options: { uv: true } };
  return { pinUvAuth: { param: token.authenticate(clientDataHash), protocol: token.version } };
}
