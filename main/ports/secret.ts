// A PIN on its way: never a string, never in state. Machines hold its ticket, ports borrow its bytes.

/** Names a secret without revealing it; safe in state and logs. */
export type SecretTicket = { readonly secret: number };

/** Bytes that print as `[secret]` in every form and are wiped after use. */
export interface Secret {
  readonly ticket: SecretTicket;
  /** Lends the UTF-8 bytes for the length of the call; the callee must not keep them. Throws when already wiped. */
  lend<T>(use: (bytes: Uint8Array) => T): T;
  wipe(): void;
}
