// The practice page's start. It has a bridge of its own, so the kiosk page never learns what only the practising person may know.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { PracticeBridge } from '../contract/bridge.ts';
import './look/base.css';
import { PracticeDesk } from './practice/practice-desk.tsx';
import { usePicture } from './use-picture.ts';

function ConnectedPractice({ bridge }: { readonly bridge: PracticeBridge }) {
  const picture = usePicture(bridge);
  return picture === null ? null : <PracticeDesk snapshot={picture} onSay={(intent) => bridge.say(intent)} />;
}

const root = document.getElementById('root');
const bridge = window.firstkey as PracticeBridge | undefined;
if (root === null || bridge === undefined) throw new Error('the practice page was opened without its window');
createRoot(root).render(
  <StrictMode>
    <ConnectedPractice bridge={bridge} />
  </StrictMode>,
);
