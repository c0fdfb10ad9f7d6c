// A view of one of the desk's own pages: its session, its preload, nothing else.
import { WebContentsView, type Session } from 'electron';
import path from 'node:path';
import type { DeskPage } from './app-protocol.ts';
import { viewPreferences } from '../view-preferences.ts';

/** @param session of that page; the page is not loaded yet, because its door has to stand before it knocks */
export function deskView(page: DeskPage, session: Session, preloadFolder: string): WebContentsView {
  return new WebContentsView({ webPreferences: viewPreferences(session, path.join(preloadFolder, `${page}.cjs`)) });
}
