// The field: Microsoft through this machine's network, one session with the desk's own rules for everything MSAL and Graph say.
import { session } from 'electron';
import { sessionHttp } from '../adapters/http-session/session-http.ts';
import { publicCloudHosts } from '../shell/sign-in-site.ts';
import type { EntraWorld } from './entra-world.ts';

/** In memory, apart from every page's session. */
const directoryPartition = 'directory';

export function openRealWorld(): EntraWorld {
  const directory = session.fromPartition(directoryPartition, { cache: false });
  directory.setSSLConfig({ minVersion: 'tls1.2' });
  return {
    http: sessionHttp((request) => directory.fetch(request.url, requestInit(request))),
    signIn: { hosts: publicCloudHosts, openSite: null },
  };
}

/** Electron's fetch takes an address and options; a streamed body needs to be told so. */
function requestInit(request: Request): RequestInit & { readonly duplex: 'half' } {
  const { method, headers, body, signal, redirect } = request;
  return { method, headers, body, signal, redirect, credentials: 'omit', duplex: 'half' };
}
