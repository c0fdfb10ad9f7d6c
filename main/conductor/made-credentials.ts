// The credentials of this stay that nobody has accepted yet and that were not taken back either.
import type { KeyRef, MadeCredential } from '../ports/key.ts';

export interface OpenCredential {
  readonly made: MadeCredential;
  readonly model: string;
  readonly madeOn: KeyRef;
  readonly atMs: number;
  /** The directory or Microsoft's page was given it: it may be saved although nobody said so. */
  readonly sent: boolean;
}

export class MadeCredentials {
  readonly #open = new Map<string, OpenCredential>();

  opened(credential: Omit<OpenCredential, 'sent'>): void {
    this.#open.set(credential.made.credentialIdB64u, { ...credential, sent: false });
  }

  sent(credentialIdB64u: string): void {
    const known = this.#open.get(credentialIdB64u);
    if (known) this.#open.set(credentialIdB64u, { ...known, sent: true });
  }

  /** Accepted, deleted, replaced, or somebody was told that it stays. */
  settled(credentialIdB64u: string): void {
    this.#open.delete(credentialIdB64u);
  }

  /** Those on the same key for the same account: a newer one has their place. Source: CTAP 2.3 §6.1.2. */
  olderThan({ credentialIdB64u, rpId, userIdB64u }: MadeCredential, key: KeyRef): readonly MadeCredential[] {
    return [...this.#open.values()]
      .filter(({ madeOn, made }) => madeOn.insertion === key.insertion && made.credentialIdB64u !== credentialIdB64u)
      .map(({ made }) => made)
      .filter((made) => made.rpId === rpId && made.userIdB64u === userIdB64u);
  }

  /** All that are open; they are forgotten here. */
  take(): readonly OpenCredential[] {
    const open = [...this.#open.values()];
    this.#open.clear();
    return open;
  }
}
