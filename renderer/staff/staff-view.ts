// What every page for staff has in common: the same frame, panels and ways to turn a page.
import type { ReactNode } from 'react';
import type { LookIntent } from '../../contract/intent.ts';
import type { Look, World } from '../../contract/snapshot.ts';
import type { Fitting } from '../look/format.ts';
import type { Sayable, View } from '../screens/view.ts';
import type { Words } from '../words/words.ts';

/** What the frame itself says, on whichever page. */
export type SaidByStaff = LookIntent | { readonly type: 'back' | 'help.open' | 'language.open' | 'display.open' | 'panel.close' };

export type StaffPanel = 'help' | 'language' | 'display';

/** As much of a picture as the frame needs. */
export interface StaffPicture {
  readonly world: World;
  readonly visit: number;
  readonly panel: StaffPanel | null;
  readonly allowed: readonly string[];
  readonly look: Look;
  readonly contact: string;
}

export interface StaffView<Saying extends Sayable> extends View<Saying> {
  /** A question over the screen, about something that can't be taken back. */
  readonly question?: ReactNode;
}

export interface StaffScene<Picture extends StaffPicture, Saying extends Sayable> {
  readonly snapshot: Picture;
  readonly words: Words;
  readonly fitting: Fitting;
  readonly say: (intent: Saying | SaidByStaff) => void;
  readonly shows: (type: string) => boolean;
  /** One screen may be drawn as several pages; the page turns back to the first with every new kind of screen. */
  readonly page: number;
  readonly turnTo: (page: number) => void;
}
