// A browser that is not ours (Debian's Chromium, with its own virtual authenticator) in front of a served twin: real TLS,
// real cookies, real WebAuthn, real security policies. Nothing of the desk's own client code is in it.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { createTwin, type Twin } from '../../main/simulator/entra/twin.ts';
import { serveTwin, type ServedTwin } from '../../scripts/twin/serve-twin.mjs';

/** Where Chromium is, or null. */
export const chromiumPath = ((): string | null => {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, 'chromium');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return null;
})();

export interface ServedStand {
  readonly twin: Twin;
  readonly served: ServedTwin;
  close(): Promise<void>;
}

/** A twin on this machine's clock, with its doors open. Keys need not prove their make: Chromium's can't. */
export async function servedStand(): Promise<ServedStand> {
  const twin = await createTwin({
    clock: {
      wallMs: () => Date.now(),
      nowMs: () => performance.now(),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    trustedAttestationRoots: [],
  });
  twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
  const served = await serveTwin(twin);
  return { twin, served, close: () => served.close() };
}

export interface ChromiumStand {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly devTools: CDPSession;
  readonly authenticatorId: string;
  /** What the console said of broken security policies and scripts. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A window with an empty profile and one key plugged in: USB, discoverable credentials, user verification by itself. */
export async function chromiumStand({ resolverRules, publicKeyHash }: ServedTwin): Promise<ChromiumStand> {
  if (chromiumPath === null) throw new Error('there is no chromium on this machine');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [`--host-resolver-rules=${resolverRules}`, `--ignore-certificate-errors-spki-list=${publicKeyHash}`, '--no-sandbox'],
  });
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const devTools = await context.newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page, devTools, authenticatorId, complaints, close: () => browser.close() };
}

/** One request to a served twin from Node, trusting its authority only. */
export function askServed(
  { port, authorityPem }: ServedTwin,
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  const { hostname, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        servername: hostname,
        ca: authorityPem,
        method: options.method ?? 'GET',
        path: `${pathname}${search}`,
        headers: { ...options.headers, host: hostname },
        timeout: 15_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), text });
        });
      },
    );
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.on('error', reject);
    asking.end(options.body);
  });
}

/** `http://localhost` as a desktop client listens there: resolves with the first answer's parameters. */
export async function loopbackListener(): Promise<{ url: string; answer: Promise<URLSearchParams>; close: () => void }> {
  let resolve: (parameters: URLSearchParams) => void = () => {};
  const promise = new Promise<URLSearchParams>((give) => {
    resolve = give;
  });
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (part: string) => (text += part));
    incoming.on('end', () => {
      outgoing.end('<!doctype html><title>Done</title><h1>Back at the application</h1>');
      if (incoming.url === '/' && incoming.method === 'POST') resolve(new URLSearchParams(text));
      if (incoming.url?.startsWith('/?')) resolve(new URL(incoming.url, 'http://localhost').searchParams);
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://localhost:${address.port}`, answer: promise, close: () => server.close() };
}
