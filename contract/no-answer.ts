// What stands between the desk and a service: why no answer came, and answers that are none of the service's. Pure data, for
// every adapter that asks over HTTP.
import { because, type Reason, type ReasonCode } from './reason.ts';

/** Why no answer came, as far as the network tells. `unreachable`: it does not. */
export type NoAnswer = 'unreachable' | 'name' | 'trust' | 'dates' | 'proxy' | 'redirect' | 'tooLarge';

const codes: Readonly<Record<NoAnswer, ReasonCode>> = {
  unreachable: 'directory.unreachable',
  name: 'network.nameNotFound',
  trust: 'network.notTrusted',
  // Usually it is not the certificate that is old or young but the desk's clock that is wrong.
  dates: 'desk.clockWrong',
  proxy: 'network.proxy',
  // None of the services asked sends the desk elsewhere.
  redirect: 'network.captivePortal',
  tooLarge: 'network.wrongAnswer',
};

/** The request never left for the service, or nothing of it arrived there: it was not done. */
const neverArrived: ReadonlySet<NoAnswer> = new Set(['name', 'trust', 'dates', 'proxy']);
/** The same again at once may go better. */
const passing: ReadonlySet<NoAnswer> = new Set(['unreachable', 'name']);

export interface Unanswered {
  readonly reason: Reason;
  readonly mayHaveArrived: boolean;
  readonly mayPass: boolean;
}

/** What an HTTP port's rejection means (`ports/http.ts`); null for anything else that was thrown. */
export function unanswered(error: unknown): Unanswered | null {
  if (!(error instanceof Error) || error.name !== 'HttpUnreachable') return null;
  const why = 'why' in error && isNoAnswer(error.why) ? error.why : 'unreachable';
  const statusName = why === 'redirect' || why === 'tooLarge' ? { statusName: why } : {};
  return {
    reason: because(codes[why], statusName),
    mayHaveArrived: !neverArrived.has(why),
    mayPass: passing.has(why),
  };
}

export interface ComeAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/**
 * The reason when an answer is not from a service that speaks JSON but from what stands in between: a captive portal's page,
 * a proxy's refusal (RFC 9110 §15.5.8, RFC 6585 §6), something of another type. Null when it may be the service's own.
 * Failures of servers (5xx) may be pages of the service's own front door and are left alone.
 */
export function foreignAnswer({ status, headers, text }: ComeAnswer): Reason | null {
  if (status === 407) return because('network.proxy', { status });
  if (status === 511) return because('network.captivePortal', { status });
  if (status === 204 || status === 429 || status >= 500) return null;
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
  const isPage = type === 'text/html' || type === 'application/xhtml+xml' || /^\s*<(?:!doctype|html)\b/i.test(text);
  if (isPage) return because(status < 400 ? 'network.captivePortal' : 'network.wrongAnswer', { status, statusName: 'page' });
  if (type === null || type === 'application/json' || type.endsWith('+json')) return null;
  return status < 300 ? because('network.wrongAnswer', { status, statusName: 'contentType' }) : null;
}

function isNoAnswer(why: unknown): why is NoAnswer {
  return typeof why === 'string' && Object.hasOwn(codes, why);
}
