// Throttling by workload: so many requests in a sliding window, then 429.
// Source: Microsoft Graph "Throttling guidance", "service-specific throttling limits" (identity reports: five requests in ten
// seconds; Conditional Access: one a second, and its 429 does not say when to come back).
import type { ServerTime } from '../directory/directory.ts';
import type { Throttle, Workload } from '../stage.ts';

export class Throttles {
  readonly #time: ServerTime;
  readonly #throttles = new Map<Workload, Throttle>();
  /** When requests of a workload were let through, oldest first. */
  readonly #passed = new Map<Workload, readonly number[]>();

  constructor(time: ServerTime) {
    this.#time = time;
  }

  clear(): void {
    this.#throttles.clear();
    this.#passed.clear();
  }

  set(workload: Workload, throttle: Throttle | null): void {
    this.#passed.delete(workload);
    if (throttle) this.#throttles.set(workload, throttle);
    else this.#throttles.delete(workload);
  }

  /** Counts a request of this path. Null: let through. Otherwise seconds to wait, or that it isn't said. */
  take(path: string): { readonly retryAfterSeconds: number | null } | null {
    const workload = workloadOf(path);
    const throttle = this.#throttles.get(workload);
    if (!throttle) return null;
    const nowMs = this.#time.nowMs();
    const recent = (this.#passed.get(workload) ?? []).filter((atMs) => nowMs - atMs < throttle.perMs);
    const oldest = recent[0];
    if (recent.length < throttle.requests || oldest === undefined) {
      this.#passed.set(workload, [...recent, nowMs]);
      return null;
    }
    this.#passed.set(workload, recent);
    const waitMs = oldest + throttle.perMs - nowMs;
    return { retryAfterSeconds: throttle.retryAfter ? Math.max(1, Math.ceil(waitMs / 1000)) : null };
  }
}

/** `path` with its version. */
function workloadOf(path: string): Workload {
  const [, , first = '', ...rest] = path.toLowerCase().split('/');
  if (first === 'identity' || rest[0] === 'authenticationstrengthpolicies') return 'conditionalAccess';
  if (first === 'reports' || first === 'auditlogs') return 'reports';
  if (rest.includes('authentication') || rest[0] === 'authenticationmethodspolicy') return 'authenticationMethods';
  return 'directory';
}
