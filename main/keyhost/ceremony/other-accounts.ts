// Whether somebody else uses this key: the accounts that it holds for the relying party beside the person's own, counted. No
// name and no id of them leaves the host.
import { decodeBase64url } from '../../fido/bytes/base64url.ts';
import { equalBytes } from '../../fido/bytes/compare.ts';
import type { KeyRefusal } from '../../fido/key/outcome.ts';
import { hashRpId } from '../../fido/webauthn/client-data.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { reasonOfRefusal } from './reasons.ts';

/** What the PIN itself was refused for is said at once; a key that merely can't list its accounts is used all the same. */
const aboutPin: readonly KeyRefusal['kind'][] = ['pinWrong', 'pinLocked', 'pinMustChange', 'replugNeeded', 'noCtap2'];

/** Null where the key does not tell. */
export async function countOtherAccounts(
  { key }: OpenedKey,
  { pin, userIdB64u }: { readonly pin: Uint8Array; readonly userIdB64u: string },
  { call, rpId }: CeremonyCircumstances,
): Promise<Outcome<number | null>> {
  const listed = await key.credentials.listOf(hashRpId(rpId), pin, call);
  if (!listed.ok) {
    const { refusal } = listed;
    return aboutPin.includes(refusal.kind)
      ? { ok: false, reason: reasonOfRefusal(refusal, 'otherAccounts') }
      : { ok: true, value: null };
  }
  const own = decodeBase64url(userIdB64u);
  return { ok: true, value: listed.value.filter(({ user }) => !equalBytes(user.id, own)).length };
}
