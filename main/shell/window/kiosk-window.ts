// The desk's one window: the kiosk page, in training the practice desk beside it, and over both what a stay brings along.
import { BaseWindow, screen, type WebContentsView } from 'electron';
import type { World } from '../../../contract/snapshot.ts';
import { listeners } from '../listeners.ts';
import { trainingWindow, windowLayout, type Rectangle, type WindowSize } from './window-layout.ts';

export interface KioskWindowOptions {
  readonly world: World;
  readonly frame: WindowSize | null;
  readonly kiosk: WebContentsView;
  /** Keeps a place for the practice desk. */
  readonly withPractice: boolean;
}

export interface KioskWindow {
  readonly window: BaseWindow;
  /** The kiosk page's rectangle in the window. */
  kioskBounds(): Rectangle;
  /** Fills the place that was kept. */
  showPractice(view: WebContentsView): void;
  setFolded(folded: boolean): void;
  /** Somebody wants the window closed; it stays open. */
  onCloseAsked(listener: () => void): void;
  /** The kiosk page has another size or place. */
  onArranged(listener: () => void): void;
  /** Closes it for good. */
  close(): void;
}

// The waiting screen's ground: nothing white flashes before the first picture.
const ground = '#083A40';

export function openKioskWindow(options: KioskWindowOptions): KioskWindow {
  const { kiosk, withPractice } = options;
  // A window of its own size is for training on somebody's computer, and for tests; a desk has nothing else on its screen.
  const locked = options.world !== 'training' && options.frame === null;
  const window = new BaseWindow({
    ...firstBounds(options, locked),
    title: 'Firstkey',
    backgroundColor: ground,
    useContentSize: options.frame !== null,
    frame: !locked && options.frame === null,
    ...(locked ? { kiosk: true, resizable: false, movable: false, minimizable: false } : { minWidth: 800, minHeight: 600 }),
  });
  kiosk.setBackgroundColor(ground);
  window.contentView.addChildView(kiosk);
  let practice: WebContentsView | null = null;

  const closeAsked = listeners<null>();
  const arranged = listeners<null>();
  let folded = false;
  let mayClose = false;
  const layout = () => {
    const content = window.getContentBounds();
    const display = screen.getDisplayMatching(content).bounds;
    const width = Math.min(content.width, display.width);
    const height = Math.min(content.height, display.height);
    return windowLayout({ width, height }, withPractice ? (folded ? 'folded' : 'out') : 'none');
  };
  const arrange = () => {
    if (window.isDestroyed()) return;
    const places = layout();
    kiosk.setBounds({ ...places.kiosk });
    if (practice && places.practice) practice.setBounds({ ...places.practice });
    arranged.tell(null);
  };
  window.on('resize', arrange);
  window.on('close', (event) => {
    if (mayClose) return;
    event.preventDefault();
    closeAsked.tell(null);
  });

  // Without a window manager nobody makes a window as large as the screen. Chromium on X keeps a window of exactly that size one
  // pixel smaller, full screen or not; one that is larger it leaves alone, and what is beyond the screen holds no view.
  const fill = () => {
    if (window.isDestroyed()) return;
    const { bounds } = screen.getPrimaryDisplay();
    const beyond = process.platform === 'linux' ? 1 : 0;
    window.setBounds({ ...bounds, width: bounds.width + beyond, height: bounds.height + beyond });
    arrange();
  };
  if (locked || (options.frame && isSame(firstBounds(options, locked), screen.getPrimaryDisplay().bounds))) fill();
  if (locked) {
    screen.on('display-metrics-changed', fill);
    screen.on('display-added', fill);
    screen.on('display-removed', fill);
  }
  arrange();

  return {
    window,
    kioskBounds: () => layout().kiosk,
    showPractice(view) {
      practice = view;
      window.contentView.addChildView(view);
      arrange();
    },
    setFolded(wanted) {
      folded = wanted;
      arrange();
    },
    onCloseAsked: (listener) => void closeAsked.add(() => listener()),
    onArranged: (listener) => void arranged.add(() => listener()),
    close() {
      mayClose = true;
      if (!window.isDestroyed()) window.close();
    },
  };
}

function firstBounds({ frame }: KioskWindowOptions, locked: boolean): Rectangle {
  if (frame) return { x: 0, y: 0, ...frame };
  const display = screen.getPrimaryDisplay();
  return locked ? display.bounds : trainingWindow(display.workArea);
}

function isSame(a: Rectangle, b: Rectangle): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
