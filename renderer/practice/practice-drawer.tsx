import type { ReactNode, Ref } from 'react';
import { classNamer } from '../look/class-names.ts';
import { Icon } from '../parts/icon.tsx';
import styles from './practice-drawer.module.css';

const c = classNamer(styles);

interface PracticeDrawerProps {
  readonly title: string;
  /** What it comes to, in short; said when it changes. */
  readonly sum: string;
  /** Where its rows come out, over what stands there. */
  readonly opens: 'up' | 'down';
  /** Rows. */
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLDetailsElement>;
}

/** One line of the practice desk with more behind it. */
export function PracticeDrawer({ title, sum, opens, children, ref }: PracticeDrawerProps) {
  return (
    <details className={c('drawer', opens)} ref={ref}>
      <summary className={c('title')} aria-live="polite">
        <Icon name="down" size={0.9} />
        {title} <span className={c('quiet')}>{sum}</span>
      </summary>
      <ul className={c('rows')}>{children}</ul>
    </details>
  );
}
