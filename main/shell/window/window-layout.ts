// Where things stand in the window. Pure, so that every size can be checked without opening one.
import type { Frame } from '../../../contract/intent.ts';
import type { World } from '../../../contract/snapshot.ts';

/** Device-independent pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** Device-independent pixels from the top left corner of the window's content. */
export interface Rectangle extends WindowSize {
  readonly x: number;
  readonly y: number;
}

export type PracticePlace = 'none' | 'out' | 'folded';

const practice = { wide: 480, narrow: 380, handle: 56, wideFrom: 1800 } as const;
// The world band and the lowest shell strip of any layout. Microsoft's page may never cover them, whatever the kiosk page asks.
const band = 52;
const lowestStrip = 76;

/** The kiosk page on the left, the practice desk beside it. */
export function windowLayout(
  size: WindowSize,
  place: PracticePlace,
): { readonly kiosk: Rectangle; readonly practice: Rectangle | null } {
  const beside = place === 'none' ? 0 : Math.min(size.width, place === 'folded' ? practice.handle : practiceWidth(size.width));
  return {
    kiosk: { x: 0, y: 0, width: size.width - beside, height: size.height },
    practice: place === 'none' ? null : { x: size.width - beside, y: 0, width: beside, height: size.height },
  };
}

function practiceWidth(windowWidth: number): number {
  return windowWidth >= practice.wideFrom ? practice.wide : practice.narrow;
}

/** The frame cut to what lies inside the kiosk page and below the desk's own bars; null when nothing is left of it. */
export function signInBounds(frame: Frame, kiosk: Rectangle, world: World): Rectangle | null {
  const top = kiosk.y + lowestStrip + (world === 'field' ? 0 : band);
  const left = Math.max(kiosk.x, kiosk.x + frame.x);
  const upper = Math.max(top, kiosk.y + frame.y);
  const right = Math.min(kiosk.x + kiosk.width, kiosk.x + frame.x + frame.width);
  const lower = Math.min(kiosk.y + kiosk.height, kiosk.y + frame.y + frame.height);
  return right > left && lower > upper ? { x: left, y: upper, width: right - left, height: lower - upper } : null;
}

/** In training on somebody's own display: as large as a desk's screen, if there is room for it. */
export function trainingWindow(workArea: Rectangle): Rectangle {
  const width = Math.min(workArea.width, 1920);
  const height = Math.min(workArea.height, 1080);
  return {
    x: workArea.x + Math.floor((workArea.width - width) / 2),
    y: workArea.y + Math.floor((workArea.height - height) / 2),
    width,
    height,
  };
}
