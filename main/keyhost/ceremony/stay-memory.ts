// The credentials this host made since it was last told to forget: public halves only. `prove` and `discard` know no others.
import type { CosePublicKey } from '../../fido/bytes/cose.ts';

export interface RememberedCredential {
  readonly credentialIdB64u: string;
  readonly userId: Uint8Array;
  readonly publicKey: CosePublicKey;
  /** credProtect 3: the key does not admit to it before it has verified the person. */
  readonly hidden: boolean;
  /** 16 bytes. */
  readonly aaguid: Uint8Array;
  /** As last seen. */
  readonly signCount: number;
  /** Where it was made, to tell a swapped key from a forgetful one. */
  readonly insertion: string;
  /** The key said that it deleted it, or no longer holds it. */
  readonly discarded: boolean;
}

/** Far more than one person sets up; a desk gone wrong does not fill the memory. */
const mostCredentials = 32;

export class StayMemory {
  readonly #made = new Map<string, RememberedCredential>();

  remember(credential: RememberedCredential): void {
    const oldest = this.#made.keys().next();
    const isNew = !this.#made.has(credential.credentialIdB64u);
    if (isNew && this.#made.size >= mostCredentials && !oldest.done) this.#made.delete(oldest.value);
    this.#made.set(credential.credentialIdB64u, credential);
  }

  find(credentialIdB64u: string): RememberedCredential | undefined {
    return this.#made.get(credentialIdB64u);
  }

  forget(): void {
    this.#made.clear();
  }
}
