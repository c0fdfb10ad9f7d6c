import { classNamer } from '../look/class-names.ts';
import { Mark } from './mark.tsx';
import styles from './pass-clock.module.css';
import { Ring } from './ring.tsx';
import { useNow } from './use-now.ts';

const c = classNamer(styles);

export interface PassClockProps {
  /** The word before the time. */
  readonly label: string;
  /** The end and the whole span, in milliseconds; null while it is not yet known. */
  readonly running: { readonly endsAtMs: number; readonly totalMs: number } | null;
  /** Says a length of time in words, from milliseconds. */
  readonly inWords: (leftMs: number) => string;
}

const minuteMs = 60_000;

/** The one clock of a stay: how long the pass can still be used. */
export function PassClock({ label, running, inWords }: PassClockProps) {
  const nowMs = useNow(1000);
  if (running === null) {
    return (
      <span className={c('clock')}>
        <Mark kind="open" size={5.2} />
        <span className={c('label')}>{label}</span>
      </span>
    );
  }
  const leftMs = Math.max(0, running.endsAtMs - nowMs);
  const tone = leftMs <= 2 * minuteMs ? 'last' : leftMs <= 10 * minuteMs ? 'soon' : 'calm';
  const colours = {
    calm: { track: 'var(--track)', colour: 'var(--accent)' },
    soon: { track: 'var(--track)', colour: 'var(--attention)' },
    last: { track: 'var(--danger-pressed)', colour: 'var(--on-mark)' },
  }[tone];
  return (
    <span
      className={c('clock', tone !== 'calm' && tone)}
      data-ground={tone === 'calm' ? undefined : 'paper'}
      role="timer"
      aria-live="off"
    >
      <span className={c('ring')}>
        <Ring fraction={leftMs / running.totalMs} thickness={12} {...colours} />
      </span>
      <span className={c('label')}>{label}</span>
      <b className={c('left')}>{inWords(leftMs)}</b>
    </span>
  );
}
