import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './action-row.module.css';
import { useFit } from './use-fit.ts';

const c = classNamer(styles);

interface ActionRowProps {
  /** Help and Back, from the start edge. */
  readonly start: ReactNode;
  /** Quiet, second and primary, in this order, at the end edge. */
  readonly end: ReactNode;
  /** A sentence beside them: what the desk waits for, or why a button can not be pressed yet. */
  readonly aside: ReactNode;
  readonly textSize: number;
  readonly name: string;
}

/** The row of buttons at the foot of every screen; Help is always the first thing on it. */
export function ActionRow({ start, end, aside, textSize, name }: ActionRowProps) {
  const row = useFit<HTMLElement>(textSize);
  return (
    <footer ref={row} className={c('row')} aria-label={name} data-fits="">
      <div className={c('start')}>{start}</div>
      <div className={c('aside')} role="status">
        {aside}
      </div>
      <div className={c('end')}>{end}</div>
    </footer>
  );
}
