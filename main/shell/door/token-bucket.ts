// How fast a page may speak: short bursts are people, long ones are faults.

export interface TokenBucket {
  /** Whether one more fits now; takes it if so. */
  take(): boolean;
}

/** @param nowMs monotonic milliseconds */
export function tokenBucket(rate: { readonly burst: number; readonly perSecond: number }, nowMs: () => number): TokenBucket {
  let tokens = rate.burst;
  let filledAtMs = nowMs();
  return {
    take() {
      const atMs = nowMs();
      tokens = Math.min(rate.burst, tokens + ((atMs - filledAtMs) / 1000) * rate.perSecond);
      filledAtMs = atMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
