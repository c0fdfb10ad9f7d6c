// Ten pictures a second at most. Of pictures that come faster the last one counts, and the last one always arrives.
import { limits } from '../../../contract/limits.ts';
import type { ClockPort } from '../../ports/clock.ts';

export interface PictureFeed<Picture> {
  show(picture: Picture): void;
  /** Forgets what has not been sent. */
  drop(): void;
}

export function pictureFeed<Picture>(clock: ClockPort, send: (picture: Picture) => void): PictureFeed<Picture> {
  const gapMs = 1000 / limits.snapshotsPerSecond;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let waiting: { readonly picture: Picture } | null = null;
  let cancel: (() => void) | null = null;

  const sendNow = (picture: Picture) => {
    freeAtMs = clock.nowMs() + gapMs;
    send(picture);
  };
  return {
    show(picture) {
      const restMs = freeAtMs - clock.nowMs();
      if (restMs <= 0 && !cancel) return sendNow(picture);
      waiting = { picture };
      cancel ??= clock.after(Math.max(0, restMs), () => {
        cancel = null;
        const last = waiting;
        waiting = null;
        if (last) sendNow(last.picture);
      });
    },
    drop() {
      cancel?.();
      cancel = null;
      waiting = null;
    },
  };
}
