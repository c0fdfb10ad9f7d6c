// Lengths and counts that the screen and the desk both respect.

export const limits = {
  /** UTF-16 units in one pressed symbol; one visible character may need several code points. */
  symbolUnits: 16,
  /** Progress updates the desk sends in a second at most. */
  snapshotsPerSecond: 10,
  /** Seconds of warning before an idle stay is wiped (WCAG 2.2, 2.2.1: at least 20). */
  idleWarningSeconds: 20,
  /** Largest edge a page may report for its frame, CSS pixels. */
  frameEdgePx: 16384,
  /** PIN length on the wire, UTF-8 bytes (CTAP 2.3 §6.5.5.5). */
  pinBytes: 63,
  /** No key takes a PIN of fewer code points (CTAP 2.3 §6.5.1). */
  leastPinLength: 4,
  /** UTF-16 units of a name given to a fingerprint; the key cuts it to what it can hold. */
  fingerprintNameUnits: 40,
  /** Accounts of one relying party on a key, to choose from. */
  keyAccounts: 64,
} as const;
