// How MSAL reaches the token endpoint: over the desk's HTTP port, bounded in time, tried again where that can help.
import { AuthError, type INetworkModule, type NetworkRequestOptions, type NetworkResponse } from '@azure/msal-node';
import { foreignAnswer, unanswered } from '../../../contract/no-answer.ts';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';

/** Carries a reason through MSAL, which hands on its own kind of error and flattens every other. */
export class ExchangeFailed extends AuthError {
  readonly reason: Reason;

  constructor(reason: Reason, correlationId: string) {
    super('exchange_failed', correlationId, 'no usable answer from the token endpoint');
    Object.setPrototypeOf(this, ExchangeFailed.prototype); // MSAL's constructor sets its own
    this.name = 'ExchangeFailed';
    this.reason = reason;
  }
}

/** Carries a mistake of ours through MSAL, which would turn it into a network failure. */
export class ExchangeBroken extends AuthError {
  readonly mistake: unknown;

  constructor(mistake: unknown, correlationId: string) {
    super('exchange_broken', correlationId, 'a mistake in the exchange with the token endpoint');
    Object.setPrototypeOf(this, ExchangeBroken.prototype);
    this.name = 'ExchangeBroken';
    this.mistake = mistake;
  }
}

/** One exchange with everything in it: tries, waits, body. The person is watching a spinner. */
const BUDGET_MS = 20_000;
/** Waits before the second and the third try; a server that says longer (Retry-After) is obeyed within the budget. */
const WAITS_MS: readonly number[] = [500, 1_500];

export interface TokenExchangeOptions {
  readonly http: HttpPort;
  readonly clock: ClockPort;
  /** Ends everything under way. */
  readonly signal: AbortSignal;
}

/**
 * MSAL's network module. Answers of the service, refusals too, go to MSAL; what is no answer of the service (no
 * connection, 429, 5xx, not JSON) ends in `ExchangeFailed`, so that MSAL's own 60-second throttle never starts.
 */
export function createTokenExchange({ http, clock, signal }: TokenExchangeOptions): INetworkModule {
  async function exchange<T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    const endsAtMs = clock.nowMs() + BUDGET_MS;
    const outOfTime = new AbortController();
    const cancelTimer = clock.after(BUDGET_MS, () => outOfTime.abort());
    const both = AbortSignal.any([signal, outOfTime.signal]);
    try {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await once<T>(method, url, options, both);
        if (answer.kind === 'answer') return answer.response;
        const waitMs = Math.max(WAITS_MS[attempt] ?? Infinity, (answer.reason.detail?.retryAfterSeconds ?? 0) * 1000);
        if (!answer.mayRetry || clock.nowMs() + waitMs >= endsAtMs) {
          throw new ExchangeFailed(answer.reason, options.correlationId ?? '');
        }
        await wait(clock, waitMs, both);
      }
    } catch (error) {
      // Between tries only the budget or the caller can have ended it; the caller knows its own signal.
      if (both.aborted) throw new ExchangeFailed(because('directory.unreachable'), options.correlationId ?? '');
      throw error instanceof ExchangeFailed ? error : new ExchangeBroken(error, options.correlationId ?? '');
    } finally {
      cancelTimer();
    }
  }

  async function once<T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions,
    ending: AbortSignal,
  ): Promise<Try<T>> {
    const body = method === 'POST' ? { body: options.body ?? '' } : {};
    const request = new Request(url, { method, headers: options.headers ?? {}, signal: ending, ...body });
    let response: Response;
    try {
      response = await http.send(request);
    } catch (error) {
      const none = ending.aborted ? null : unanswered(error);
      if (none === null) throw error;
      return { kind: 'failed', reason: none.reason, mayRetry: none.mayPass };
    }
    const { status, headers } = response;
    if (status === 429 || status >= 500) {
      const code = status === 429 ? 'directory.throttled' : 'directory.unavailable';
      return { kind: 'failed', reason: because(code, { status, ...retryAfterOf(response) }), mayRetry: true };
    }
    const text = await response.text();
    const foreign = foreignAnswer({ status, headers, text });
    if (foreign !== null) return { kind: 'failed', reason: foreign, mayRetry: false };
    const read = readJsonObject(text);
    if (read === null) return { kind: 'failed', reason: because('directory.unreadable', { status }), mayRetry: false };
    return { kind: 'answer', response: { status, headers: Object.fromEntries(headers), body: read as T } };
  }

  return {
    sendGetRequestAsync: (url, options) => exchange('GET', url, options),
    sendPostRequestAsync: (url, options) => exchange('POST', url, options),
  };
}

type Try<T> =
  | { readonly kind: 'answer'; readonly response: NetworkResponse<T> }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly mayRetry: boolean };

function readJsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Delay seconds only: the service sends no dates here. */
function retryAfterOf(response: Response): { readonly retryAfterSeconds?: number } {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d{1,5}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
}

function wait(clock: ClockPort, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const aborted = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}
