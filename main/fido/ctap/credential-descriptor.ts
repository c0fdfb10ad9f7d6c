import type { CborMap } from '../bytes/cbor.ts';
import { cborMap } from '../bytes/cbor-read.ts';

/** A descriptor with `id` and `type` only: keys are known that refuse `transports` or any other member. */
export function credentialDescriptor(id: Uint8Array): CborMap {
  return cborMap([
    ['id', id],
    ['type', 'public-key'],
  ]);
}
