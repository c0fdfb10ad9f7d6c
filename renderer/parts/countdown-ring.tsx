import { classNamer } from '../look/class-names.ts';
import styles from './countdown-ring.module.css';
import { Ring } from './ring.tsx';

const c = classNamer(styles);

/** The seconds left of a warning, large enough to be seen from where one stepped away to. */
export function CountdownRing({ secondsLeft, of }: { readonly secondsLeft: number; readonly of: number }) {
  return (
    <div className={c('ring')} aria-hidden="true">
      <Ring fraction={secondsLeft / of} thickness={13} track="var(--track)" colour="var(--accent)" />
      <b className={c('number')}>{secondsLeft}</b>
    </div>
  );
}
