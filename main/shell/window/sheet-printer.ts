// The sheet port: a page that is whole in itself is drawn out of sight, printed, and gone. It holds names that a tenant's
// administrators chose, so it gets nothing to act with: no script runs, no preload, no door, no network.
import { WebContentsView, type BaseWindow, type Session } from 'electron';
import type { ClockPort } from '../../ports/clock.ts';
import type { SheetPort } from '../../ports/print.ts';
import { tooLate, within } from '../deadline.ts';
import type { OnBlocked } from '../lock-down.ts';
import { viewPreferences } from '../view-preferences.ts';
import { ownSession, pageHeaders } from './app-protocol.ts';
import { layUnder, pdfOf, printView } from './print-view.ts';

export interface SheetPrinter extends SheetPort {
  /** The page as a PDF file, made and kept in memory. @throws {Error} when it could not be drawn */
  printToPdf(html: string): Promise<Uint8Array>;
  /** Lets go of a page that is being drawn or printed. */
  forget(): void;
}

export interface SheetPrinterOptions {
  readonly clock: ClockPort;
  readonly window: BaseWindow;
  readonly onBlocked: OnBlocked;
}

const drawnWithinMs = 15_000;
// A4 in CSS pixels.
const paper = { width: 794, height: 1123 } as const;
const address = 'app://sheet/';

/** The page's own policy names its style by digest; this one holds whatever page is given. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox',
].join('; ');

export function sheetPrinter({ clock, window, onBlocked }: SheetPrinterOptions): SheetPrinter {
  let session: Session | null = null;
  let html: string | null = null;
  let close = (): void => undefined;

  const serve = (request: Request): Promise<Response> => {
    const isAsked = request.method === 'GET' && request.url === address && html !== null;
    const headers = { ...pageHeaders(contentPolicy), 'Content-Type': 'text/html; charset=utf-8' };
    return Promise.resolve(new Response(isAsked ? html : null, { status: isAsked ? 200 : 404, headers }));
  };

  /** Runs `use` while the page stands. */
  const withSheet = async <T>(page: string, use: (view: WebContentsView) => Promise<T>): Promise<T> => {
    close();
    session ??= ownSession('sheet', serve, onBlocked);
    html = page;
    const view = new WebContentsView({ webPreferences: viewPreferences(session, null) });
    const take = layUnder(window, view, paper);
    const done = (): void => {
      // The next page's, when there is one already.
      if (close === done) html = null;
      take();
    };
    close = done;
    try {
      const ready = await within(clock, drawnWithinMs, view.webContents.loadURL(address));
      if (ready === tooLate) throw new Error('the page was not drawn in time');
      return await use(view);
    } finally {
      done();
    }
  };

  return {
    print: (page) => withSheet(page, (view) => printView(view, clock)),
    printToPdf: (page) => withSheet(page, (view) => pdfOf(view, clock)),
    forget: () => close(),
  };
}
