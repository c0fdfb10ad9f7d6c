import type { ReactNode } from 'react';
import { classNamer } from '../../look/class-names.ts';
import styles from './drawings.module.css';

const c = classNamer(styles);

interface DrawingProps {
  /** One sentence that says the action or the state; null where the words beside it already say it. */
  readonly name: string | null;
  readonly width: number;
  readonly height: number;
  /** Lets a hand or a ray leave the drawing's own box. */
  readonly spills?: boolean;
  readonly children: ReactNode;
}

/** A flat drawing in design pixels. It fills the box its place gives it and is never mirrored. */
export function Drawing({ name, width, height, spills = false, children }: DrawingProps) {
  const spoken = name === null ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': name };
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className={c('drawing', spills && 'spills')} focusable="false" {...spoken}>
      {children}
    </svg>
  );
}
