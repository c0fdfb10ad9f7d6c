import type { CardSnapshot } from '../../contract/card.ts';
import type { PrintEnd } from '../../contract/doctor-page.ts';
import type { Outcome } from './outcome.ts';

export interface PrintPort {
  /** Prints one card; `desk.noPrinter` when there is none. */
  print(card: CardSnapshot): Promise<Outcome<null>>;
  /** Forgets the last card. */
  forget(): void;
}

export interface SheetPort {
  /** Prints a page that is whole in itself: HTML that needs no script and nothing from anywhere. */
  print(html: string): Promise<PrintEnd>;
}
