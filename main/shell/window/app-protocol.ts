// app://kiosk, app://care, app://doctor, app://practice and app://card: the desk's own pages out of a fixed table of built files, under the strictest
// policy a page can run with. An address is looked up in the table; it is never turned into a path.
import { protocol, session, type Session } from 'electron';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hostOf } from '../address.ts';
import { cutFromNetwork, lockSession, type OnBlocked } from '../lock-down.ts';

export type DeskPage = 'kiosk' | 'care' | 'doctor' | 'practice' | 'card';
/** What the desk's window is opened for: one stay after the other, the care of keys, or the doctor. */
export type DeskFace = Extract<DeskPage, 'kiosk' | 'care' | 'doctor'>;

/** `/assets/…` and the pages, by the path in their address. */
export interface PageFiles {
  readonly pages: Readonly<Record<DeskPage, PageFile>>;
  readonly assets: ReadonlyMap<string, PageFile>;
}

interface PageFile {
  readonly file: string;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

// Scripts, styles, pictures, fonts and sounds of our own; no connection, no frame, no form, no inline code. Trusted Types with
// no policy at all means that text can't become markup or script anywhere in the page.
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Of every answer of the desk's own; the policy is the page's. */
export const pageHeaders = (policy: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // A name lookup is traffic too.
  'X-DNS-Prefetch-Control': 'off',
  'Permissions-Policy':
    'publickey-credentials-get=(), publickey-credentials-create=(), camera=(), microphone=(), geolocation=(), usb=(), hid=(), serial=()',
  'Cache-Control': 'no-store',
});
const headers = pageHeaders(contentPolicy);

/** Call at the top level of the main module: Electron takes no privileges after it is ready. */
export function declareAppScheme(): void {
  // Without supportFetchAPI: the pages fetch nothing, and with it alone a scheme could be read across origins (CVE-2026-70604).
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

/** The table of what may be served. @throws {Error} when a page or its folder is missing */
export function readPageFiles(pagesFolder: string): PageFiles {
  const assets = new Map<string, PageFile>();
  for (const entry of readdirSync(path.join(pagesFolder, 'assets'), { withFileTypes: true })) {
    const type = types[path.extname(entry.name)];
    if (entry.isFile() && type !== undefined)
      assets.set(`/assets/${entry.name}`, { file: path.join(pagesFolder, 'assets', entry.name), type });
  }
  const page = (name: string): PageFile => {
    const file = path.join(pagesFolder, name);
    if (!existsSync(file)) throw new Error(`the built page ${name} is missing`);
    return { file, type: types['.html'] ?? '' };
  };
  const pages = {
    kiosk: page('index.html'),
    care: page('care.html'),
    doctor: page('doctor.html'),
    practice: page('practice.html'),
    card: page('card.html'),
  };
  return { pages, assets };
}

/** A session in memory that serves one page of the desk and can reach nothing else, by any protocol. */
export function openDeskSession(page: DeskPage, files: PageFiles, onBlocked: OnBlocked): Session {
  return ownSession(page, (request) => servePage(request, page, files), onBlocked);
}

/** The same for whatever `serve` answers at `app://<name>`. Call once for a name. */
export function ownSession(name: string, serve: (request: Request) => Promise<Response>, onBlocked: OnBlocked): Session {
  const desk = session.fromPartition(`desk-${name}`, { cache: false });
  lockSession(desk, onBlocked);
  desk.protocol.handle('app', serve);
  const origin = `app://${name}`;
  desk.webRequest.onBeforeRequest((request, answer) => {
    const own = request.url.startsWith(`${origin}/`);
    if (!own) onBlocked('request', hostOf(request.url));
    answer({ cancel: !own });
  });
  cutFromNetwork(desk);
  return desk;
}

export function originOf(page: DeskPage): string {
  return `app://${page}`;
}

export function addressOf(page: DeskPage): string {
  return `${originOf(page)}/`;
}

async function servePage(request: Request, page: DeskPage, files: PageFiles): Promise<Response> {
  const { host, pathname, search } = new URL(request.url);
  const found = pathname === '/' ? files.pages[page] : files.assets.get(pathname);
  if (request.method !== 'GET' || host !== page || search !== '' || !found) return new Response(null, { status: 404, headers });
  return new Response(await readFile(found.file), { headers: { ...headers, 'Content-Type': found.type } });
}
