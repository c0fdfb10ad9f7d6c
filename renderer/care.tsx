// The key care page's start. It has a bridge of its own: nobody at the kiosk page may do what is done here.
import { StrictMode, useCallback } from 'react';
import { createRoot } from 'react-dom/client';
import type { CareBridge } from '../contract/bridge.ts';
import type { CareIntent } from '../contract/care.ts';
import { CarePage } from './care/care-page.tsx';
import './look/base.css';
import { usePicture } from './use-picture.ts';

function ConnectedCare({ bridge }: { readonly bridge: CareBridge }) {
  const picture = usePicture(bridge);
  const visit = picture?.visit ?? null;
  const onSay = useCallback(
    (intent: CareIntent) => {
      // A refused intent needs no words: what is true now is already on its way as a picture.
      if (visit !== null) void bridge.say({ visit, intent });
    },
    [bridge, visit],
  );
  return picture === null ? null : <CarePage snapshot={picture} onSay={onSay} />;
}

const root = document.getElementById('root');
const bridge = window.firstkey as CareBridge | undefined;
if (root === null || bridge === undefined) throw new Error('the key care page was opened without its window');
createRoot(root).render(
  <StrictMode>
    <ConnectedCare bridge={bridge} />
  </StrictMode>,
);
