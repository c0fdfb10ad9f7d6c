// Ten pictures a second at most. Of pictures that come faster the last one counts, and the last one always arrives.
import { limits } from '../../../contract/limits.ts';
import type { ClockPort } from '../../ports/clock.ts';

export interface PictureFeed<Picture> {
  /** Returns before anything is sent. */
  show(picture: Picture): void;
  /** Forgets what has not been sent. */
  drop(): void;
}

export function pictureFeed<Picture>(clock: ClockPort, send: (picture: Picture) => void): PictureFeed<Picture> {
  const gapMs = 1000 / limits.snapshotsPerSecond;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let waiting: { readonly picture: Picture } | null = null;
  let cancel: (() => void) | null = null;

  return {
    show(picture) {
      waiting = { picture };
      // Never from within what changed the picture: whenever something is sent to a page, Electron runs the promises that wait,
      // and what they do belongs after it.
      cancel ??= clock.after(Math.max(0, freeAtMs - clock.nowMs()), () => {
        cancel = null;
        const last = waiting;
        waiting = null;
        if (!last) return;
        freeAtMs = clock.nowMs() + gapMs;
        send(last.picture);
      });
    },
    drop() {
      cancel?.();
      cancel = null;
      waiting = null;
    },
  };
}
