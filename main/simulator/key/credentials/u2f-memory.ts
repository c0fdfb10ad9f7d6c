// What one key remembers of U2F, and what both protocols share: one counter for every signature.
import type { CborMap } from '../../../fido/bytes/cbor.ts';

export interface U2fRegistration {
  /** 64 bytes. A real key would wrap the private key into it; this one looks it up. */
  readonly keyHandle: Uint8Array;
  /** SHA-256 of the application, which for web sites is the rp id. */
  readonly application: Uint8Array;
  readonly secret: Uint8Array;
  /** COSE form. */
  readonly publicKey: CborMap;
}

export class U2fMemory {
  registrations: U2fRegistration[] = [];
  /** Counts up with every assertion of any credential; no reset takes it back. */
  signatureCount = 0;
}
