import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import { Mark, type MarkKind } from './mark.tsx';
import styles from './status-row.module.css';

const c = classNamer(styles);

interface StatusRowProps {
  readonly mark: MarkKind;
  readonly line: ReactNode;
  readonly small?: ReactNode;
  /** A bold line for things that change while one waits; a plain one for a list of facts. */
  readonly weight?: 'bold' | 'plain';
}

/** One fact with its mark. The words change with the state, so that the mark never speaks alone. */
export function StatusRow({ mark, line, small = null, weight = 'plain' }: StatusRowProps) {
  return (
    <li className={c('row')}>
      <span className={c('mark')}>
        <Mark kind={mark} size={4.4} />
      </span>
      <span className={c('words')}>
        <span className={c('line', weight === 'bold' && 'bold')}>{line}</span>
        {small === null ? null : <span className={c('small')}>{small}</span>}
      </span>
    </li>
  );
}

/** Rows under each other. `live` tells a screen reader about changes while one waits. */
export function StatusRows({
  live,
  roomy = false,
  children,
}: {
  readonly live: boolean;
  readonly roomy?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <ul className={c('rows', roomy && 'roomy')} aria-live={live ? 'polite' : undefined}>
      {children}
    </ul>
  );
}
