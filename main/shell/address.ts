// Reading addresses that pages hand over: never by text, always through the URL parser that Chromium's agrees with.

export function parseAddress(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** The host name for notes and journals; null for what has none (`mailto:`, `data:`). */
export function hostOf(text: string): string | null {
  return parseAddress(text)?.hostname || null;
}

/** https on its default port, without a user name in front, and a host that one of `hosts` covers. */
export function isOnHosts(text: string, hosts: readonly string[]): boolean {
  const address = parseAddress(text);
  if (!address || address.protocol !== 'https:' || address.port !== '' || address.username !== '' || address.password !== '')
    return false;
  return hosts.some((host) => covers(host, address.hostname));
}

/** `*.example.com` covers every name below example.com, not example.com itself. Both sides lower case. */
function covers(pattern: string, hostName: string): boolean {
  return pattern.startsWith('*.')
    ? hostName.endsWith(pattern.slice(1)) && hostName.length > pattern.length - 1
    : hostName === pattern;
}

/** Whether `text` is the answer that was to come back to `redirect`: same scheme, host, port and path. */
export function answersTo(text: string, redirect: string): boolean {
  const address = parseAddress(text);
  const wanted = parseAddress(redirect);
  if (!address || !wanted || address.username !== '' || address.password !== '') return false;
  return (
    address.protocol === wanted.protocol &&
    address.host === wanted.host &&
    withoutEnd(address.pathname) === withoutEnd(wanted.pathname)
  );
}

// `http://localhost` and `http://localhost/` are one address.
const withoutEnd = (path: string) => path.replace(/\/$/, '');
