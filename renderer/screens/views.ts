import { attractView } from './begin/attract.tsx';
import { foretoldView } from './begin/foretold.tsx';
import { gateView } from './begin/gate.tsx';
import { phoneFirstView } from './begin/phone-first.tsx';
import { planView } from './begin/plan.tsx';
import { signInView } from './begin/sign-in.tsx';
import { closedView } from './end/closed.tsx';
import { doneView } from './end/done.tsx';
import { finishingView } from './end/finishing.tsx';
import { interruptedView } from './end/interrupted.tsx';
import { noRouteView } from './end/no-route.tsx';
import { troubleView } from './end/trouble.tsx';
import { wipingView } from './end/wiping.tsx';
import { checkingKeyView } from './key/checking-key.tsx';
import { chooseAccountView } from './key/choose-account.tsx';
import { chooseKeyView } from './key/choose-key.tsx';
import { insertKeyView } from './key/insert-key.tsx';
import { keyReadyView } from './key/key-ready.tsx';
import { keyRefusedView } from './key/key-refused.tsx';
import { pinLastTryView } from './key/pin-last-try.tsx';
import { pinView } from './key/pin.tsx';
import { portalView } from './key/portal.tsx';
import { replugKeyView } from './key/replug-key.tsx';
import { savingPinView } from './key/saving-pin.tsx';
import { savingView } from './key/saving.tsx';
import { sharedKeyView } from './key/shared-key.tsx';
import { touchView } from './key/touch.tsx';
import { worksView } from './key/works.tsx';
import { phoneAppView } from './phone/phone-app.tsx';
import { phoneView } from './phone/phone.tsx';
import type { ViewTable } from './view.ts';

/** Every screen there is; the compiler names the one that is missing. */
export const views: ViewTable = {
  attract: attractView,
  plan: planView,
  gate: gateView,
  foretold: foretoldView,
  phoneFirst: phoneFirstView,
  signIn: signInView,
  insertKey: insertKeyView,
  chooseKey: chooseKeyView,
  checkingKey: checkingKeyView,
  keyReady: keyReadyView,
  keyRefused: keyRefusedView,
  pin: pinView,
  pinLastTry: pinLastTryView,
  replugKey: replugKeyView,
  savingPin: savingPinView,
  touch: touchView,
  portal: portalView,
  sharedKey: sharedKeyView,
  chooseAccount: chooseAccountView,
  noRoute: noRouteView,
  saving: savingView,
  works: worksView,
  phoneApp: phoneAppView,
  phone: phoneView,
  finishing: finishingView,
  done: doneView,
  trouble: troubleView,
  interrupted: interruptedView,
  wiping: wipingView,
  closed: closedView,
};
