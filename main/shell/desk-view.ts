// A view of one of the desk's own pages: its session, its preload, nothing else.
import { WebContentsView } from 'electron';
import path from 'node:path';
import { openDeskSession, type DeskPage, type PageFiles } from './app-protocol.ts';
import type { OnBlocked } from './lock-down.ts';
import { viewPreferences } from './view-preferences.ts';

export interface DeskViewOptions {
  readonly files: PageFiles;
  readonly preloadFolder: string;
  readonly onBlocked: OnBlocked;
}

/** The page is not loaded yet: its door has to stand before it knocks. */
export function deskView(page: DeskPage, options: DeskViewOptions): WebContentsView {
  const session = openDeskSession(page, options.files, options.onBlocked);
  return new WebContentsView({ webPreferences: viewPreferences(session, path.join(options.preloadFolder, `${page}.cjs`)) });
}
