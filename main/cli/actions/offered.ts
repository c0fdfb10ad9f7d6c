// Whether something can be done on a key as it is, so that nobody is asked for a PIN in vain.
import type { KeyCareOffer, KeyInspection } from '../../ports/key-care.ts';

/** What a key does for nobody as long as it has no PIN (CTAP 2.3 §6.7, §6.8). */
const needsPin: readonly KeyCareOffer[] = ['accounts', 'fingerprints'];

export function isOffered({ offers, description }: KeyInspection, offer: KeyCareOffer): boolean {
  return offers.includes(offer) && !(description.pin === 'none' && needsPin.includes(offer));
}
