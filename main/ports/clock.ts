/** Monotonic time for waiting, wall time for records. */
export interface ClockPort {
  /** Milliseconds since an arbitrary start; never jumps. */
  nowMs(): number;
  /** Epoch milliseconds as people read it; may jump. */
  wallMs(): number;
  /** Calls once after `delayMs`; the result cancels. */
  after(delayMs: number, run: () => void): () => void;
}
