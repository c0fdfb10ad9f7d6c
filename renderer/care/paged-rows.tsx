import type { StaffPicture, StaffScene } from '../staff/staff-view.ts';
import type { View } from '../screens/view.ts';

const rowsAtOnce = { wide: 7, short: 5, portrait: 12 } as const;
/** A banner over the list takes the place of so many rows. */
const bannerRows = 1;

interface Paged<Item> {
  readonly rows: readonly Item[];
  /** The buttons that turn the page, where there is more than one. */
  readonly turn: Pick<View<never>, 'quiet' | 'second'>;
}

/** Nothing scrolls: a long list is turned page by page. */
export function pagedRows<Item>(
  scene: Pick<StaffScene<StaffPicture, never>, 'words' | 'snapshot' | 'fitting' | 'page' | 'turnTo'>,
  all: readonly Item[],
  underBanner = false,
): Paged<Item> {
  const { words, snapshot, fitting, page, turnTo } = scene;
  const { textSize } = snapshot.look;
  const atOnce = Math.max(1, Math.floor(rowsAtOnce[fitting.format] / (textSize * textSize)) - (underBanner ? bannerRows : 0));
  const pages = Math.max(1, Math.ceil(all.length / atOnce));
  const shown = Math.min(page, pages - 1);
  const { t } = words;
  return {
    rows: all.slice(shown * atOnce, (shown + 1) * atOnce),
    turn: {
      ...(shown > 0 ? { quiet: { label: t('care.page.before'), press: () => turnTo(shown - 1) } } : {}),
      ...(shown < pages - 1
        ? { second: { label: t('care.page.next', { page: shown + 2, of: pages }), press: () => turnTo(shown + 1) } }
        : {}),
    },
  };
}
