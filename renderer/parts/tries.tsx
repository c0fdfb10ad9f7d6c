import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import { Mark } from './mark.tsx';
import styles from './tries.module.css';

const c = classNamer(styles);

/** How often a PIN may still be typed: the number leads in words, the lozenges follow. */
export function Tries({ left, of, words }: { readonly left: number; readonly of: number; readonly words: ReactNode }) {
  const few = left <= 3;
  return (
    <div className={c('tries', few && 'few')}>
      <p className={c('words')}>
        {few ? <Mark kind="stop" size={4.4} /> : null}
        <span>{words}</span>
      </p>
      <div className={c('lozenges')} aria-hidden="true">
        {Array.from({ length: of }, (_, place) => (
          <span key={place} className={c('lozenge', place >= left && 'used')} />
        ))}
      </div>
    </div>
  );
}
