// Disturbances that a test or a demonstration has ordered, taken one per request in the order they came.
import type { Fault } from './stage.ts';

interface PendingFault {
  readonly fault: Fault;
  timesLeft: number;
}

export class Faults {
  #pending: PendingFault[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, timesLeft: fault.times ?? 1 });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault this request meets, which is one time less from now on. */
  take(method: string, url: URL): Fault | null {
    const hit = this.#pending.find(({ fault }) => matches(fault, method, url));
    if (!hit) return null;
    hit.timesLeft -= 1;
    if (hit.timesLeft <= 0) this.#pending = this.#pending.filter((pending) => pending !== hit);
    return hit.fault;
  }
}

function matches({ match }: Fault, method: string, url: URL): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.host !== undefined && match.host !== url.hostname) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? url.pathname.startsWith(match.path) : match.path.test(url.pathname);
}

/** Microsoft identity platform: "Claims challenges, claims requests and client capabilities". */
export function claimsHeader(claims: object): string {
  return [
    'Bearer realm=""',
    'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
    'error="insufficient_claims"',
    `claims="${Buffer.from(JSON.stringify(claims), 'utf8').toString('base64')}"`,
  ].join(', ');
}

/** The answer of a fault that has a status. */
export function faultResponse(fault: Fault, status: number): Response {
  const headers = new Headers();
  if (fault.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds));
  if (fault.claims) headers.set('www-authenticate', claimsHeader(fault.claims));
  headers.set(
    'content-type',
    fault.contentType ?? (typeof fault.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'),
  );
  if (typeof fault.body === 'string') return new Response(fault.body, { status, headers });
  const message = `The twin was told to answer ${status}.`;
  return new Response(JSON.stringify(fault.body ?? { error: { code: 'injected', message, innerError: { message } } }), {
    status,
    headers,
  });
}
