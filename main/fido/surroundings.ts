// The protocol code touches nothing real: time and randomness are handed in, so tests own both.

/** Monotonic time, milliseconds. */
export interface FidoClock {
  nowMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls `ring` after `delayMs`, unless the result is called first. For the deadlines of exchanges with a key, of which
   * there are many and hardly any pass: a wait would make a promise, a signal and a rejection for each.
   */
  alarm(delayMs: number, ring: () => void): () => void;
}

/** `length` cryptographically strong random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export interface Surroundings {
  readonly clock: FidoClock;
  readonly randomBytes: RandomBytes;
}
