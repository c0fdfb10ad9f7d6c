// How the person is verified on this key: by the PIN, and by the key's own sensor where the key gives the permission to that
// alone. Source: CTAP 2.3 §6.4 (noMcGaPermissionsWithClientPin), §6.5.5.7.3.
import type { KeyOutcome } from '../../fido/key/outcome.ts';
import type { Verification } from '../../fido/key/pin-ceremony.ts';

/** The second attempt costs no try: a key refuses the first before it has looked at the PIN, or after it was right. */
export async function verifiedBy<T>(
  pin: Uint8Array,
  operate: (verification: Verification) => Promise<KeyOutcome<T>>,
): Promise<KeyOutcome<T>> {
  const byPin = await operate(pin);
  if (byPin.ok || byPin.refusal.kind !== 'fingerprintNeeded') return byPin;
  const bySensor = await operate('sensor');
  return !bySensor.ok && bySensor.refusal.kind === 'notOffered' ? byPin : bySensor;
}
