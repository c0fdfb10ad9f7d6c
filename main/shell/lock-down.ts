// Deny first. Every page and every session of the desk starts with all doors shut; the sign-in view alone is then given
// the few it needs. Sources: Electron, "Security" (checklist points 5, 11-14, 20) and our own measurements in Chromium 130.
import type { Certificate, Session, WebContents } from 'electron';
import { hostOf } from './address.ts';
import type { BlockedAttempt } from '../ports/notice.ts';

/** Reports what was refused; `host` only where an address was involved, never more of it. */
export type OnBlocked = (what: BlockedAttempt, host: string | null) => void;

export interface NavigationStep {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** Whether a page may go there. `taken`: it may not, and the rule's owner has already dealt with it. */
export type NavigationRule = (step: NavigationStep) => 'allowed' | 'refused' | 'taken';

// Calling back without a certificate is the documented way to go on without one; Electron's types forgot it.
const noCertificate = undefined as unknown as Certificate;

const rules = new WeakMap<WebContents, NavigationRule>();

/** Gives a page what every page is refused otherwise: navigations its rule accepts. */
export function allowNavigation(contents: WebContents, rule: NavigationRule): void {
  rules.set(contents, rule);
}

/** For `web-contents-created`: no page opens, embeds, downloads or goes anywhere, whoever made it. */
export function lockContents(contents: WebContents, onBlocked: OnBlocked): void {
  const decide = (event: { readonly url: string; readonly isMainFrame: boolean; preventDefault(): void }) => {
    const verdict = rules.get(contents)?.({ url: event.url, isMainFrame: event.isMainFrame }) ?? 'refused';
    if (verdict === 'allowed') return;
    event.preventDefault();
    if (verdict === 'refused') onBlocked('navigation', hostOf(event.url));
  };
  // Three events, because each sees something the others miss: frames, redirects, and links of the top frame.
  contents.on('will-frame-navigate', decide);
  contents.on('will-redirect', decide);
  contents.on('will-navigate', decide);
  contents.setWindowOpenHandler(({ url }) => {
    onBlocked('window', hostOf(url));
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // A page can't hold the person back with "leave this page?": preventing this event lets the page go.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('devtools-opened', () => contents.closeDevTools());
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
  // No boxes that ask for a name and password, no client certificates, no exceptions for bad certificates.
  contents.on('login', (event, _details, auth, answer) => {
    event.preventDefault();
    onBlocked('signInBox', auth.host);
    answer();
  });
  contents.on('select-client-certificate', (event, url, _certificates, answer) => {
    event.preventDefault();
    onBlocked('certificate', hostOf(url));
    answer(noCertificate);
  });
  contents.on('certificate-error', (event, url, _error, _certificate, answer) => {
    event.preventDefault();
    onBlocked('certificate', hostOf(url));
    answer(false);
  });
  // Local addresses stay out of reach of a page's peer connections, and nothing leaves that a proxy would not carry.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** No permission, no device, no download, nothing below TLS 1.2. */
export function lockSession(session: Session, onBlocked: OnBlocked): void {
  // Both handlers: a request handler alone leaves the silent checks at "granted" (Electron: session.setPermissionCheckHandler).
  session.setPermissionRequestHandler((contents, _permission, answer) => {
    onBlocked('permission', contents ? hostOf(contents.getURL()) : null);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  // Without these three, asking for a device crashed Chromium 130 on a machine without a device manager.
  session.on('select-hid-device', (event, _details, answer) => {
    event.preventDefault();
    answer();
  });
  session.on('select-usb-device', (event, _details, answer) => {
    event.preventDefault();
    answer();
  });
  session.on('select-serial-port', (event, _ports, _contents, answer) => {
    event.preventDefault();
    answer('');
  });
  session.on('will-download', (event, item) => {
    event.preventDefault();
    onBlocked('download', hostOf(item.getURL()));
  });
  session.setSSLConfig({ minVersion: 'tls1.2' });
}

/**
 * For `session-created`: the spell checker of every new session, used or not, asks a server on the internet for a dictionary and
 * keeps it on disk. Without languages it has nothing to ask for; switched off alone it asked all the same (Chromium 130).
 */
export function stopSpellChecker(session: Session): void {
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
}

/**
 * Sends whatever looks for a network to a proxy that is not there. Gates on requests do not see everything: measured in
 * Chromium 130, a page's peer connection still reached a TURN server over TCP with every other door shut.
 */
export function cutFromNetwork(session: Session): void {
  void session.setProxy({ mode: 'fixed_servers', proxyRules: 'http://127.0.0.1:1', proxyBypassRules: '<-loopback>' });
}
