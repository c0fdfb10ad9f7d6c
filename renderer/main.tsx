// The kiosk page's start: it takes the bridge its window was given, asks for the picture, and draws.
import { StrictMode, useCallback } from 'react';
import { createRoot } from 'react-dom/client';
import type { KioskBridge } from '../contract/bridge.ts';
import type { Intent } from '../contract/intent.ts';
import { Kiosk } from './kiosk.tsx';
import './look/base.css';
import { usePicture } from './use-picture.ts';

function ConnectedKiosk({ bridge }: { readonly bridge: KioskBridge }) {
  const picture = usePicture(bridge);
  const visit = picture?.visit ?? null;
  const onSay = useCallback(
    (intent: Intent) => {
      // A refused intent needs no words: what is true now is already on its way as a picture.
      if (visit !== null) void bridge.say({ visit, intent });
    },
    [bridge, visit],
  );
  return picture === null ? null : <Kiosk snapshot={picture} onSay={onSay} />;
}

const root = document.getElementById('root');
const bridge = window.firstkey as KioskBridge | undefined;
if (root === null || bridge === undefined) throw new Error('the kiosk page was opened without its window');
createRoot(root).render(
  <StrictMode>
    <ConnectedKiosk bridge={bridge} />
  </StrictMode>,
);
