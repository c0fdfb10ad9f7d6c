import { useEffect, useState } from 'react';
import type { Bridge } from '../contract/bridge.ts';

/** The newest picture from the desk: asked for once, then shown as it comes. Null until the first one is there. */
export function usePicture<Picture>(bridge: Bridge<Picture, never, unknown>): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  useEffect(() => {
    let shown = false;
    const stop = bridge.onShow((next) => {
      shown = true;
      setPicture(next);
    });
    // A picture that was shown meanwhile is newer than the answer to hello.
    void bridge.hello().then((first) => {
      if (!shown) setPicture(first);
    });
    return stop;
  }, [bridge]);
  return picture;
}
