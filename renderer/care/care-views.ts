import type { CareViewTable } from './care-view.ts';
import { carePinView, lastTryView } from './screens/care-pin.tsx';
import { confirmView } from './screens/confirm.tsx';
import { erasingView, handView } from './screens/erase.tsx';
import { insertView, readingView, severalView, unreadableView } from './screens/insert.tsx';
import { keyView } from './screens/key.tsx';
import { accountsView, fingerprintsView } from './screens/lists.tsx';
import { settingsView } from './screens/settings.tsx';
import { teachView, touchKeyView, troubleView, workingView } from './screens/working.tsx';

/** Every screen there is; the compiler names the one that is missing. */
export const careViews: CareViewTable = {
  insert: insertView,
  several: severalView,
  reading: readingView,
  unreadable: unreadableView,
  key: keyView,
  pin: carePinView,
  lastTry: lastTryView,
  accounts: accountsView,
  fingerprints: fingerprintsView,
  settings: settingsView,
  confirm: confirmView,
  working: workingView,
  touch: touchKeyView,
  teach: teachView,
  hand: handView,
  erasing: erasingView,
  trouble: troubleView,
};
