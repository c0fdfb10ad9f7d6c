import { parseAddress } from '../address.ts';
import type { WindowSize } from '../window/window-layout.ts';

// The smallest CSS pixels in which the pages stand as they were meant: the sign-in card with its margins, and My Security Info
// in its narrow form, where the code to scan is drawn largest.
const signIn: WindowSize = { width: 640, height: 560 };
const securityInfo: WindowSize = { width: 460, height: 560 };
const range = { least: 0.75, most: 1.75 } as const;

/** How large Microsoft's page is drawn in `bounds`, so that it fills the room: people stand at arm's length. */
export function pageZoom(bounds: WindowSize, url: string): number {
  const design = parseAddress(url)?.hostname.startsWith('mysignins.') ? securityInfo : signIn;
  const fit = Math.min(bounds.width / design.width, bounds.height / design.height);
  return Math.min(range.most, Math.max(range.least, Math.round(fit * 100) / 100));
}
