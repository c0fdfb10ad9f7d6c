// What the accounts of one key have signed for one sign-in page, until a person has said which of them they are. One is given
// out, once; the others never leave this process.
import { because } from '../../../contract/reason.ts';
import { wipe } from '../../fido/bytes/compare.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import { encodeBase64url } from '../../fido/bytes/base64url.ts';
import type { SignedIn } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';

/** One account's part. */
export interface KeptSignIn {
  readonly credentialId: Uint8Array;
  readonly clientDataJson: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  readonly userHandle: Uint8Array | null;
}

/** Microsoft's challenge is over by then, so nothing that could still be used is kept. */
const keptMs = 5 * 60_000;

export class SignInMemory {
  readonly #clock: FidoClock;
  #kept: { readonly insertion: string; readonly untilMs: number; readonly signIns: readonly KeptSignIn[] } | null = null;

  constructor(clock: FidoClock) {
    this.#clock = clock;
  }

  /** Takes the place of what an earlier sign-in left. */
  keep(insertion: string, signIns: readonly KeptSignIn[]): void {
    this.forget();
    this.#kept = { insertion, untilMs: this.#clock.nowMs() + keptMs, signIns };
  }

  /** `account`: its place in the list. Whatever is asked, nothing is left afterwards. */
  release(insertion: string, account: number): Outcome<SignedIn> {
    const kept = this.#kept;
    const found = kept?.insertion === insertion && this.#clock.nowMs() <= kept.untilMs ? kept.signIns[account] : undefined;
    const outcome: Outcome<SignedIn> = found
      ? { ok: true, value: signedIn(found) }
      : { ok: false, reason: because('key.refused', { statusName: 'noSignIn' }) };
    this.forget();
    return outcome;
  }

  forget(): void {
    for (const { signature } of this.#kept?.signIns ?? []) wipe(signature);
    this.#kept = null;
  }
}

function signedIn({ credentialId, clientDataJson, authenticatorData, signature, userHandle }: KeptSignIn): SignedIn {
  return {
    credentialIdB64u: encodeBase64url(credentialId),
    clientDataJsonB64u: encodeBase64url(clientDataJson),
    authenticatorDataB64u: encodeBase64url(authenticatorData),
    signatureB64u: encodeBase64url(signature),
    userHandleB64u: userHandle && encodeBase64url(userHandle),
  };
}
