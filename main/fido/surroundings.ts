// The protocol code touches nothing real: time and randomness are handed in, so tests own both.

/** Monotonic time, milliseconds. */
export interface FidoClock {
  nowMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** `length` cryptographically strong random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export interface Surroundings {
  readonly clock: FidoClock;
  readonly randomBytes: RandomBytes;
}
