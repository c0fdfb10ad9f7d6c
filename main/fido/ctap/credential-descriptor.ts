import type { CborMap } from '../bytes/cbor.ts';
import { cborMap } from '../bytes/cbor-read.ts';

/** Descriptors with `id` and `type` only: keys are known that refuse `transports` or any other member. */
export function credentialDescriptors(credentialIds: readonly Uint8Array[]): readonly CborMap[] {
  return credentialIds.map((id) =>
    cborMap([
      ['id', id],
      ['type', 'public-key'],
    ]),
  );
}
