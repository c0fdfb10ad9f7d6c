// A screen of the care page is a function from its part of the snapshot to a view, drawn in the same frame as the kiosk's.
import type { ReactNode } from 'react';
import type { CareIntent, CareIntentType, CareScreen, CareScreenKind, CareScreenOf, CareSnapshot } from '../../contract/care.ts';
import type { Fitting } from '../look/format.ts';
import type { View } from '../screens/view.ts';
import type { Words } from '../words/words.ts';

export interface CareView extends View<CareIntent> {
  /** A question over the screen, about something that can't be taken back. */
  readonly question?: ReactNode;
}

export interface CareScene {
  readonly snapshot: CareSnapshot;
  readonly words: Words;
  readonly fitting: Fitting;
  readonly say: (intent: CareIntent) => void;
  readonly shows: (type: CareIntentType) => boolean;
  /** One screen may be drawn as several pages; the page turns back to the first with every new kind of screen. */
  readonly page: number;
  readonly turnTo: (page: number) => void;
}

export type CareScreenView<K extends CareScreenKind> = (screen: CareScreenOf<K>, scene: CareScene) => CareView;
export type CareViewTable = { readonly [K in CareScreenKind]: CareScreenView<K> };

/** Looks up and draws the view of whatever screen is shown. */
export function careViewOf(table: CareViewTable, screen: CareScreen, scene: CareScene): CareView {
  // The table has one function per kind; the compiler can not follow that pairing through the lookup.
  const draw = table[screen.kind] as (screen: CareScreen, scene: CareScene) => CareView;
  return draw(screen, scene);
}
