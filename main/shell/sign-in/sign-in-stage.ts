// Where the sign-in view stands: over the kiosk page, in the room that page left for it, below the desk's own bars.
import type { BaseWindow, WebContentsView } from 'electron';
import type { Frame } from '../../../contract/intent.ts';
import type { World } from '../../../contract/snapshot.ts';
import { signInBounds, type Rectangle } from '../window/window-layout.ts';

export interface SignInStage {
  /** Puts the view there, unseen until it has a place. */
  add(view: WebContentsView): void;
  remove(view: WebContentsView): void;
  /** The kiosk page's own CSS pixels; null hides the view. */
  place(frame: Frame | null): void;
  /** Where the view is seen; null when it is not. */
  bounds(): Rectangle | null;
  /** The kiosk page has another size now. */
  refit(): void;
}

// The page's frame is 4 px wide with a radius of 20; this is the radius inside it.
const innerRadius = 16;

export interface SignInStageOptions {
  readonly window: BaseWindow;
  readonly world: World;
  /** The kiosk page's rectangle in the window. */
  readonly kiosk: () => Rectangle;
  /** The keyboard belongs to this view now, or to the kiosk page again. */
  readonly onShown: (view: WebContentsView | null) => void;
}

export function signInStage(options: SignInStageOptions): SignInStage {
  const { window, world, kiosk, onShown } = options;
  let view: WebContentsView | null = null;
  let frame: Frame | null = null;
  let shown = false;

  const bounds = () => (view && frame ? signInBounds(frame, kiosk(), world) : null);
  const refit = () => {
    const wanted = bounds();
    if (view && wanted) view.setBounds({ ...wanted });
    view?.setVisible(wanted !== null);
    if (shown === (wanted !== null)) return;
    shown = wanted !== null;
    onShown(shown ? view : null);
  };

  return {
    add(added) {
      if (view === added) return;
      view = added;
      added.setVisible(false);
      added.setBorderRadius(innerRadius);
      window.contentView.addChildView(added);
      refit();
    },
    remove(removed) {
      window.contentView.removeChildView(removed);
      if (view !== removed) return;
      view = null;
      refit();
    },
    place(wanted) {
      frame = wanted;
      refit();
    },
    bounds,
    refit,
  };
}
