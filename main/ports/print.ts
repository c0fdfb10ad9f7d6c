import type { CardSnapshot } from '../../contract/card.ts';
import type { Outcome } from './outcome.ts';

export interface PrintPort {
  /** Prints one card; `desk.noPrinter` when there is none. */
  print(card: CardSnapshot): Promise<Outcome<null>>;
  /** Forgets the last card. */
  forget(): void;
}
