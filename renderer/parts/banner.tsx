import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './banner.module.css';
import { Mark } from './mark.tsx';

const c = classNamer(styles);

export type BannerTone = 'done' | 'info' | 'attention' | 'stop';

/** One or two sentences on a tint with a mark; at most one on a screen. The text is always ink, only the mark has colour. */
export function Banner({ tone, children }: { readonly tone: BannerTone; readonly children: ReactNode }) {
  return (
    <div className={c('banner', tone)} role="status">
      <span className={c('mark')}>
        <Mark kind={tone} size={6} />
      </span>
      <p className={c('words')}>{children}</p>
    </div>
  );
}
