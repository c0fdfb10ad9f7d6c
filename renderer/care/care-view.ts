// A screen of the care page is a function from its part of the snapshot to a view, drawn in the same frame as the kiosk's.
import type { CareIntent, CareScreen, CareScreenKind, CareScreenOf, CareSnapshot } from '../../contract/care.ts';
import type { StaffScene, StaffView } from '../staff/staff-view.ts';

export type CareView = StaffView<CareIntent>;
export type CareScene = StaffScene<CareSnapshot, CareIntent>;

export type CareScreenView<K extends CareScreenKind> = (screen: CareScreenOf<K>, scene: CareScene) => CareView;
export type CareViewTable = { readonly [K in CareScreenKind]: CareScreenView<K> };

/** Looks up and draws the view of whatever screen is shown. */
export function careViewOf(table: CareViewTable, screen: CareScreen, scene: CareScene): CareView {
  // The table has one function per kind; the compiler can not follow that pairing through the lookup.
  const draw = table[screen.kind] as (screen: CareScreen, scene: CareScene) => CareView;
  return draw(screen, scene);
}
