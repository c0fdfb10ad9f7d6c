import type { TextSize } from '../../contract/intent.ts';
import type { Fitting } from '../look/format.ts';
import type { Words } from '../words/words.ts';
import type { View } from './view.ts';

type AtOnce = Readonly<Record<Fitting['format'], number>>;

/** Rows of a table for seated staff. */
const staffRows: AtOnce = { wide: 7, short: 5, portrait: 12 };
/** A banner over the list takes the place of so many rows. */
const bannerRows = 1;

interface PagedScene {
  readonly words: Words;
  readonly snapshot: { readonly look: { readonly textSize: TextSize } };
  readonly fitting: Fitting;
  readonly page: number;
  readonly turnTo: (page: number) => void;
}

interface Paged<Item> {
  readonly rows: readonly Item[];
  /** Place of the first of them in the whole list. */
  readonly from: number;
  /** The buttons that turn the page, where there is more than one. */
  readonly turn: Pick<View<never>, 'quiet' | 'second'>;
}

/** Nothing scrolls: a long list is turned page by page. @param fit rows of one page at the usual text size, by format */
export function pagedRows<Item>(
  { words, snapshot, fitting, page, turnTo }: PagedScene,
  all: readonly Item[],
  { underBanner = false, fit = staffRows }: { readonly underBanner?: boolean; readonly fit?: AtOnce } = {},
): Paged<Item> {
  const { textSize } = snapshot.look;
  const atOnce = Math.max(1, Math.floor(fit[fitting.format] / (textSize * textSize)) - (underBanner ? bannerRows : 0));
  const pages = Math.max(1, Math.ceil(all.length / atOnce));
  const shown = Math.min(page, pages - 1);
  const { t } = words;
  return {
    rows: all.slice(shown * atOnce, (shown + 1) * atOnce),
    from: shown * atOnce,
    turn: {
      ...(shown > 0 ? { quiet: { label: t('care.page.before'), press: () => turnTo(shown - 1) } } : {}),
      ...(shown < pages - 1
        ? { second: { label: t('care.page.next', { page: shown + 2, of: pages }), press: () => turnTo(shown + 1) } }
        : {}),
    },
  };
}
