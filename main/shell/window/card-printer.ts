// The print port: the card is a page of its own, drawn out of sight from one picture, printed, and gone.
import type { BaseWindow, Session, WebContentsView } from 'electron';
import { channels } from '../../../contract/bridge.ts';
import type { CardSnapshot } from '../../../contract/card.ts';
import { because } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { PrintPort } from '../../ports/print.ts';
import { addressOf, originOf } from './app-protocol.ts';
import { isOwnPage } from '../door/bridge-door.ts';
import { tooLate, within } from '../deadline.ts';
import { deskView } from './desk-view.ts';
import { layUnder, pdfOf, printView } from './print-view.ts';
import type { DoorRefusal } from '../../ports/notice.ts';

export interface CardPrinter extends PrintPort {
  /** The card as a PDF file, made and kept in memory. @throws {Error} when the page could not be drawn */
  printToPdf(card: CardSnapshot): Promise<Uint8Array>;
}

export interface CardPrinterOptions {
  /** Makes the card page's session; asked once, when the first card is drawn. */
  readonly openSession: () => Session;
  readonly preloadFolder: string;
  readonly clock: ClockPort;
  readonly window: BaseWindow;
  readonly onRefused: (because: DoorRefusal) => void;
}

const drawnWithinMs = 15_000;
// A6 in CSS pixels.
const paper = { width: 397, height: 559 } as const;

export function cardPrinter(options: CardPrinterOptions): CardPrinter {
  const { clock, window } = options;
  let session: Session | null = null;
  let close = (): void => undefined;

  /** Resolves with the view once its page says that the card stands. */
  const draw = async (card: CardSnapshot): Promise<WebContentsView> => {
    close();
    session ??= options.openSession();
    const view = deskView('card', session, options.preloadFolder);
    const contents = view.webContents;
    const drawn = new Promise<void>((resolve, reject) => {
      const guarded =
        <T>(answer: () => T) =>
        (event: Electron.IpcMainInvokeEvent): T => {
          if (isOwnPage(event.senderFrame, contents, originOf('card'))) return answer();
          options.onRefused('foreignSender');
          throw new Error('refused: foreignSender');
        };
      contents.ipc.handle(
        channels.card.hello,
        guarded(() => card),
      );
      contents.ipc.handle(channels.card.drawn, guarded(resolve));
      contents.on('render-process-gone', () => reject(new Error('the card page crashed')));
    });
    close = layUnder(window, view, paper);
    const ready = await within(clock, drawnWithinMs, Promise.all([contents.loadURL(addressOf('card')), drawn]));
    if (ready === tooLate) throw new Error('the card page was not drawn in time');
    return view;
  };

  return {
    async print(card) {
      try {
        const end = await printView(await draw(card), clock);
        return end === 'printed' ? { ok: true, value: null } : { ok: false, reason: because('desk.noPrinter') };
      } finally {
        close();
      }
    },

    async printToPdf(card) {
      try {
        return await pdfOf(await draw(card), clock);
      } finally {
        close();
      }
    },

    forget: () => close(),
  };
}
