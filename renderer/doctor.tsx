// The doctor's page's start.
import { StrictMode, useCallback } from 'react';
import { createRoot } from 'react-dom/client';
import type { DoctorBridge } from '../contract/bridge.ts';
import type { DoctorIntent } from '../contract/doctor-page.ts';
import { DoctorPage } from './doctor/doctor-page.tsx';
import './look/base.css';
import type { SaidByStaff } from './staff/staff-view.ts';
import { usePicture } from './use-picture.ts';

function ConnectedDoctor({ bridge }: { readonly bridge: DoctorBridge }) {
  const picture = usePicture(bridge);
  const visit = picture?.visit ?? null;
  const onSay = useCallback(
    (intent: DoctorIntent | SaidByStaff) => {
      // There is no screen before the list to go back to. A refused intent needs no words: what is true is on its way.
      if (visit !== null && intent.type !== 'back') void bridge.say({ visit, intent } as Parameters<DoctorBridge['say']>[0]);
    },
    [bridge, visit],
  );
  return picture === null ? null : <DoctorPage snapshot={picture} onSay={onSay} />;
}

const root = document.getElementById('root');
const bridge = window.firstkey as DoctorBridge | undefined;
if (root === null || bridge === undefined) throw new Error('the doctor’s page was opened without its window');
createRoot(root).render(
  <StrictMode>
    <ConnectedDoctor bridge={bridge} />
  </StrictMode>,
);
