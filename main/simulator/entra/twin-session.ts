// One browser in front of the twin. Electron's protocol handlers neither store cookies nor send them, so whoever serves a
// view this way keeps the jar; it lives and dies with the view's partition.
import { CookieJar } from 'tough-cookie';
import type { Twin } from './twin.ts';

export interface TwinSession {
  /** Adds the jar's cookies, asks the twin, keeps what it sets. Redirects come back untouched; Set-Cookie does not. */
  fetch(request: Request): Promise<Response>;
  /** Names only, by host: for a wipe to prove itself. */
  cookieNames(): Promise<readonly string[]>;
  clear(): Promise<void>;
}

export function createTwinSession(twin: Pick<Twin, 'handle'>): TwinSession {
  const jar = new CookieJar();
  return {
    async fetch(request) {
      const headers = new Headers(request.headers);
      const cookies = await jar.getCookieString(request.url);
      headers.delete('cookie');
      if (cookies !== '') headers.set('cookie', cookies);
      const response = await twin.handle(new Request(request, { headers }));
      for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, request.url);
      const kept = new Headers(response.headers);
      kept.delete('set-cookie');
      return new Response(response.body, { status: response.status, statusText: response.statusText, headers: kept });
    },
    async cookieNames() {
      const cookies = await jar.store.getAllCookies();
      return cookies.map(({ domain, key }) => `${domain ?? ''} ${key}`);
    },
    clear: () => jar.removeAllCookies(),
  };
}
