// A screen is a pure function from a snapshot to a view; the frame around it (strip, rail, action row) draws the view. So the
// frame and the key stay where they are while the words change.
import type { ReactNode } from 'react';
import type { Intent, LookIntent } from '../../contract/intent.ts';
import type { Look, Screen, ScreenKind, ScreenOf, Snapshot } from '../../contract/snapshot.ts';
import type { Fitting } from '../look/format.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Words } from '../words/words.ts';

/** Anything a page can say: each page has its own closed list. */
export interface Sayable {
  readonly type: string;
}

export interface Action<Saying extends Sayable = Intent> {
  readonly label: string;
  /** What the press says to the desk, or what it turns on the page itself. */
  readonly press: Saying | (() => void);
  readonly icon?: IconName;
  readonly iconAfter?: IconName;
  /** Why it can not be pressed yet. Without a reason an action that is not allowed is not drawn. */
  readonly notYet?: string;
  /** The desk works on it. */
  readonly busy?: string;
}

export interface View<Saying extends Sayable = Intent> {
  readonly ground: 'paper' | 'deep';
  /** The one heading; told to a screen reader when it changes. */
  readonly title: string;
  readonly stage: ReactNode;
  readonly primary?: Action<Saying> | undefined;
  readonly second?: Action<Saying> | undefined;
  readonly quiet?: Action<Saying> | undefined;
  /** A sentence or a waiting mark beside the buttons. */
  readonly aside?: ReactNode;
  /** Back on the page itself, where one screen is drawn as several pages. */
  readonly back?: () => void;
  /** No strip ground, no rail: the screens before and after a stay. */
  readonly bare?: boolean;
  /** Drawn instead of the tools of the strip. */
  readonly tools?: ReactNode;
  /** Microsoft's page has its place on this screen, so the strip says whose page it is. */
  readonly withPage?: boolean;
  /** Leaves the rail out to make room. */
  readonly withoutRail?: boolean;
  /** Drawn at the end of the action row instead of buttons. */
  readonly end?: ReactNode;
  /** Where the sun opens, pushing the night away, when the screen before was dark. */
  readonly sunrise?: boolean;
}

/** What the desk understands from every page that draws views. */
type SaidEverywhere = { readonly type: 'back' } | { readonly type: 'help.open' };

/** As much of a scene as its buttons need. */
export interface ActingScene<Saying extends Sayable = Intent> {
  readonly snapshot: { readonly visit: number; readonly look: Look };
  readonly words: Words;
  readonly say: (intent: Saying | SaidEverywhere) => void;
  readonly shows: (type: Saying['type'] | SaidEverywhere['type']) => boolean;
}

/** As much of a scene as the panels about language and display need. */
export interface PanelScene {
  readonly snapshot: { readonly look: Look };
  readonly words: Words;
  readonly say: (intent: LookIntent | { readonly type: 'panel.close' }) => void;
}

/** What a screen has at hand besides its own part of the snapshot. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly words: Words;
  readonly fitting: Fitting;
  readonly say: (intent: Intent) => void;
  readonly may: (type: Intent['type']) => boolean;
  /** Whether a button for it is drawn: under a panel the screen keeps the buttons it had. */
  readonly shows: (type: Intent['type']) => boolean;
  /** One screen may be drawn as several pages where text is large; the page turns back to the first with every visit. */
  readonly page: number;
  readonly turnTo: (page: number) => void;
}

export type ScreenView<K extends ScreenKind> = (screen: ScreenOf<K>, scene: Scene) => View;
export type ViewTable = { readonly [K in ScreenKind]: ScreenView<K> };

/** Looks up and draws the view of whatever screen is shown. */
export function viewOf(table: ViewTable, screen: Screen, scene: Scene): View {
  // The table has one function per kind; the compiler can not follow that pairing through the lookup.
  const draw = table[screen.kind] as (screen: Screen, scene: Scene) => View;
  return draw(screen, scene);
}
