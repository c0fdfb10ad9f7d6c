// The field: Microsoft through this machine's network, one session with the desk's own rules for everything MSAL and Graph say.
import { session } from 'electron';
import { sessionHttp } from '../adapters/http-session/session-http.ts';
import type { HttpPort } from '../ports/http.ts';
import { signInHosts, type PlacesGiven } from '../shell/sign-in-site.ts';
import type { EntraWorld } from './entra-world.ts';

/** In memory, apart from every page's session. */
const directoryPartition = 'directory';
/** The published file has about 10 MB. */
const mostMetadataBytes = 64 * 1024 * 1024;

export function openRealWorld(settings: PlacesGiven): EntraWorld {
  return {
    http: httpOf(directoryPartition),
    proxyFor: (url) => session.fromPartition(directoryPartition, { cache: false }).resolveProxy(url),
    signIn: { hosts: signInHosts(settings), openSite: null },
  };
}

/** The FIDO metadata is one large file, fetched apart from everything that concerns a person. */
export function openMetadataHttp(): HttpPort {
  return httpOf('metadata', { maxBytes: mostMetadataBytes });
}

function httpOf(partition: string, options: { readonly maxBytes?: number } = {}): HttpPort {
  const own = session.fromPartition(partition, { cache: false });
  own.setSSLConfig({ minVersion: 'tls1.2' });
  return sessionHttp((request) => own.fetch(request.url, requestInit(request)), options);
}

/** Electron's fetch takes an address and options; a streamed body needs to be told so. */
function requestInit(request: Request): RequestInit & { readonly duplex: 'half' } {
  const { method, headers, body, signal, redirect } = request;
  return { method, headers, body, signal, redirect, credentials: 'omit', duplex: 'half' };
}
