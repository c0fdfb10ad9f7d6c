// What may pass between Microsoft's page and the network, in both directions. The same rules stand before the real network
// (webRequest) and before a practice site (protocol handler), which webRequest does not see.
import { isOnHosts } from '../address.ts';
import type { SignInHosts } from '../sign-in-site.ts';

export function mayRequest(hosts: SignInHosts, url: string, isDocument: boolean): boolean {
  return isOnHosts(url, hosts.documents) || (!isDocument && isOnHosts(url, hosts.content));
}

// The sandbox has no printing, no dialogs, no new windows, no downloads and no leaving for other programs; sign-in works in it.
// Same-origin and scripts together would let a frame lift its own sandbox, but not one that came as a header.
// Without the two credential permissions a page's WebAuthn call ends at once; Chromium 130 on Linux hung in it for ever.
const added: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', 'sandbox allow-scripts allow-forms allow-same-origin'],
  ['Permissions-Policy', 'publickey-credentials-create=(), publickey-credentials-get=()'],
];

/** A document's headers with the desk's own added; what the page asked for itself stays in force beside them. */
export function documentHeaders(headers: Headers): Headers {
  const result = new Headers(headers);
  for (const [name, value] of added) result.append(name, value);
  return result;
}

/** The same in webRequest's form: names as they came, values in lists. */
export function documentHeaderLists(headers: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(headers)) result[name] = [...values];
  for (const [name, value] of added) {
    const there = Object.keys(result).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    result[there] = [...(result[there] ?? []), value];
  }
  return result;
}

/** A document is HTML or nothing: everything else Chromium would give a viewer of its own (PDF, with print and save) or run. */
export function mayShow(status: number, contentType: string | null): boolean {
  const hasNoBody = (status >= 300 && status < 400) || status === 204 || status === 205;
  return hasNoBody || /^text\/html\s*(;|$)/i.test(contentType ?? '');
}
