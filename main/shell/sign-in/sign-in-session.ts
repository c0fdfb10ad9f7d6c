// The session of one person's stay: a partition in memory under a name that was never used before, behind the gate.
import { session as electronSession, type Session } from 'electron';
import type { Language } from '../../../contract/intent.ts';
import { hostOf } from '../address.ts';
import { cutFromNetwork, lockSession, type OnBlocked } from '../lock-down.ts';
import type { PageRequest } from './page-places.ts';
import { documentHeaderLists, documentHeaders, mayRequest, mayShow } from './sign-in-gate.ts';
import type { SignInHosts, SignInSite } from '../sign-in-site.ts';

export interface SignInSessionOptions {
  readonly hosts: SignInHosts;
  readonly site: SignInSite | null;
  readonly language: Language;
  readonly onBlocked: OnBlocked;
  /** Every request that passed the gate. */
  readonly onRequest: (request: PageRequest & { readonly isDocument: boolean }) => void;
  /** Whether this is the awaited answer of the sign-in: the page's guards take it from the navigation, and it never loads. */
  readonly isAnswer: (url: string) => boolean;
}

export interface SignInSession {
  readonly session: Session;
  /** Whether this host showed a certificate that was accepted in this stay. */
  isVerified(host: string): boolean;
  speak(language: Language): void;
  /** No request is answered any more. */
  close(): void;
}

let opened = 0;

export function openSignInSession(options: SignInSessionOptions): SignInSession {
  opened += 1;
  const session = electronSession.fromPartition(`stay-${opened}`, { cache: true });
  lockSession(session, options.onBlocked);
  let language = options.language;
  const { site } = options;
  const isVerified = site ? serveFromSite(session, site, options, () => language) : gateNetwork(session, options);
  const speak = (spoken: Language) => {
    language = spoken;
    session.setUserAgent(session.getUserAgent(), acceptedLanguages(spoken));
  };
  speak(language);
  const close = () => {
    session.webRequest.onBeforeRequest((_request, answer) => answer({ cancel: true }));
    if (site) session.protocol.unhandle('https');
  };
  return { session, isVerified, speak, close };
}

const acceptedLanguages = (language: Language) => (language === 'en' ? 'en' : `${language},en`);

/** The real network. */
function gateNetwork(session: Session, options: SignInSessionOptions): (host: string) => boolean {
  const verified = new Set<string>();
  session.webRequest.onBeforeRequest((request, answer) => {
    const { url, method } = request;
    const isDocument = request.resourceType === 'mainFrame' || request.resourceType === 'subFrame';
    if (isDocument && options.isAnswer(url)) return answer({ cancel: true });
    if (!mayRequest(options.hosts, url, isDocument)) {
      options.onBlocked('request', hostOf(url));
      return answer({ cancel: true });
    }
    options.onRequest({ method, url, isDocument });
    answer({});
  });
  session.webRequest.onHeadersReceived((response, answer) => {
    if (response.resourceType !== 'mainFrame' && response.resourceType !== 'subFrame') return answer({});
    const lists = response.responseHeaders ?? {};
    const type =
      Object.entries(lists)
        .find(([name]) => name.toLowerCase() === 'content-type')?.[1]
        .at(-1) ?? null;
    if (!mayShow(response.statusCode, type)) {
      options.onBlocked('document', hostOf(response.url));
      return answer({ cancel: true });
    }
    answer({ responseHeaders: documentHeaderLists(lists) });
  });
  // -3 keeps Chromium's own verdict, -2 refuses; 0 is never answered, because it also switches Certificate Transparency off.
  // A root that came with no operating system is somebody opening encrypted traffic on the way.
  session.setCertificateVerifyProc((request, answer) => {
    const accepted = request.errorCode === 0 && request.isIssuedByKnownRoot;
    if (accepted) verified.add(request.hostname);
    else options.onBlocked('certificate', request.hostname);
    answer(accepted ? -3 : -2);
  });
  return (host) => verified.has(host);
}

/** A site made of code answers all of https; everything else that asks for a network is refused. */
function serveFromSite(
  session: Session,
  site: SignInSite,
  options: SignInSessionOptions,
  spoken: () => Language,
): (host: string) => boolean {
  cutFromNetwork(session);
  session.webRequest.onBeforeRequest((request, answer) => {
    // What the site serves never comes by here.
    const local = request.url.startsWith('blob:') || request.url.startsWith('data:');
    if (!local) options.onBlocked('request', hostOf(request.url));
    answer({ cancel: !local });
  });
  session.protocol.handle('https', async (request) => {
    const { url, method } = request;
    // Handled requests carry no resource type; only a document is asked for as HTML first.
    const isDocument = request.headers.get('accept')?.startsWith('text/html') ?? false;
    if (isDocument && options.isAnswer(url)) return Response.error();
    if (!mayRequest(options.hosts, url, isDocument)) {
      options.onBlocked('request', hostOf(url));
      return Response.error();
    }
    options.onRequest({ method, url, isDocument });
    const headers = new Headers(request.headers);
    headers.set('Accept-Language', acceptedLanguages(spoken()));
    // A broken connection is an answer here too: thrown, Electron would print it.
    const response = await site.handle(new Request(request, { headers })).catch(() => Response.error());
    if (!isDocument || response.type === 'error') return response;
    if (!mayShow(response.status, response.headers.get('content-type'))) {
      options.onBlocked('document', hostOf(url));
      return Response.error();
    }
    return new Response(response.body, {
      status: response.status,
      statusText: response.statusText,
      headers: documentHeaders(response.headers),
    });
  });
  return () => true;
}
