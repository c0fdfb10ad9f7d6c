// Takes back a registration that came to nothing: one credential, made in this stay by this host, is deleted from the key that
// holds it. Source: CTAP 2.3 §6.8.5 (deleteCredential), §6.13 (the preview form).
import { because } from '../../../contract/reason.ts';
import { decodeBase64url } from '../../fido/bytes/base64url.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import { isAnotherKey } from './another-key.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { reasonOfRefusal } from './reasons.ts';
import { verifiedBy } from './verified-by.ts';

/**
 * Needs the PIN, no touch. Asking again is free: what is gone is gone. `key.accountStays` where the key can't delete single
 * accounts, `key.swapped` where it does not hold this one.
 */
export async function discardCredential(
  opened: OpenedKey,
  credentialIdB64u: string,
  pin: Uint8Array,
  { call, gate, rpId, insertion, memory }: CeremonyCircumstances,
): Promise<Outcome<null>> {
  const made = memory.find(credentialIdB64u);
  if (!made) return { ok: false, reason: because('key.refused', { statusName: 'notMadeHere' }) };
  if (made.discarded) return { ok: true, value: null };
  const { key } = opened;
  const isSameInsertion = made.insertion === insertion;
  if (!isSameInsertion && (await isAnotherKey(key, made, rpId, call))) return { ok: false, reason: because('key.swapped') };
  const credentialId = decodeBase64url(credentialIdB64u);
  const removed = await verifiedBy(pin, (verification) => key.credentials.remove(credentialId, verification, call));
  if (!removed.ok) {
    const { refusal } = removed;
    if (refusal.kind === 'notOffered') return { ok: false, reason: because('key.accountStays', { statusName: refusal.feature }) };
    if (refusal.kind !== 'noCredential') return { ok: false, reason: reasonOfRefusal(refusal, 'discard') };
    // On the key it was made on: an earlier try whose answer was lost, or a newer one for the same account took its place.
    if (!isSameInsertion) return { ok: false, reason: because('key.swapped') };
  }
  memory.remember({ ...made, discarded: true });
  gate.discarded(opened, credentialId);
  await gate.knowsPin(opened, pin, 'discard', call);
  return { ok: true, value: null };
}
