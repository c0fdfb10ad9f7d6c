// Onto paper, or into a file: the one way in which anything of this desk is printed. The page is drawn in a view that lies under
// the window's own, which covers it: a page in no window gets no frames to draw in.
import type { BaseWindow, WebContentsView } from 'electron';
import type { PrintEnd } from '../../../contract/doctor-page.ts';
import type { ClockPort } from '../../ports/clock.ts';
import { tooLate, within } from '../deadline.ts';

const limits = { printMs: 60_000, listMs: 10_000 } as const;

export interface SizeOnScreen {
  /** CSS pixels; what comes on paper is decided by the page's own @page rule. */
  readonly width: number;
  readonly height: number;
}

/** The result takes the view out of the window again and ends it; it may be called twice. */
export function layUnder(window: BaseWindow, view: WebContentsView, size: SizeOnScreen): () => void {
  view.setBounds({ x: 0, y: 0, ...size });
  window.contentView.addChildView(view, 0);
  let isThere = true;
  return () => {
    if (!isThere || window.isDestroyed()) return;
    isThere = false;
    window.contentView.removeChildView(view);
    if (!view.webContents.isDestroyed()) view.webContents.close();
  };
}

/** Without a dialog, on the system's default printer. */
export async function printView({ webContents }: WebContentsView, clock: ClockPort): Promise<PrintEnd> {
  const printers = await within(clock, limits.listMs, webContents.getPrintersAsync());
  if (printers === tooLate || printers.length === 0) return 'noPrinter';
  const printed = await within(
    clock,
    limits.printMs,
    new Promise<PrintEnd>((resolve) => {
      webContents.print({ silent: true, printBackground: true }, (success, failureReason) =>
        resolve(success ? 'printed' : endOf(failureReason)),
      );
    }),
  );
  return printed === tooLate ? 'refused' : printed;
}

/** Some printers ask where to put it, and take no for an answer (Electron: webContents.print, "Print job canceled"). */
function endOf(failureReason: string): PrintEnd {
  return /cancel/iu.test(failureReason) ? 'cancelled' : 'refused';
}

/** Kept in memory. @throws {Error} when it takes too long */
export async function pdfOf({ webContents }: WebContentsView, clock: ClockPort): Promise<Uint8Array> {
  const file = await within(clock, limits.printMs, webContents.printToPDF({ printBackground: true, preferCSSPageSize: true }));
  if (file === tooLate) throw new Error('the page was not made into a file in time');
  return new Uint8Array(file);
}
