import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import styles from './sunrise.module.css';

interface SunriseProps {
  /** Whether the screen that is shown now is a night screen. */
  readonly dark: boolean;
  /** Whether the screen that is shown now brings the morning. */
  readonly rises: boolean;
  /** The person asked for still pictures: it is simply day. */
  readonly still: boolean;
}

/** Longer than the sun takes; a night that could not be moved away would hide everything. */
const overAfterMs = 1500;

/** The night that was on the screen before, pushed away as a circle that opens where the key's disc is. */
export function Sunrise({ dark, rises, still }: SunriseProps) {
  const [sky, setSky] = useState<'day' | 'night' | 'rising'>(dark ? 'night' : 'day');
  const next = dark
    ? 'night'
    : sky === 'night' && rises && !still
      ? 'rising'
      : sky === 'rising' && rises && !still
        ? 'rising'
        : 'day';
  if (next !== sky) setSky(next);
  return next === 'rising' ? <Night onOver={() => setSky('day')} /> : null;
}

function Night({ onOver }: { readonly onOver: () => void }) {
  const overlay = useRef<HTMLDivElement>(null);
  const over = useRef(onOver);
  useLayoutEffect(() => {
    over.current = onOver;
  });

  useLayoutEffect(() => {
    const element = overlay.current;
    const drawing = document.querySelector('main svg[role="img"]')?.getBoundingClientRect();
    if (element === null || drawing === undefined) return;
    element.style.setProperty('--disc-x', `${drawing.left + drawing.width / 2}px`);
    element.style.setProperty('--disc-y', `${drawing.top + drawing.height / 2}px`);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => over.current(), overAfterMs);
    return () => clearTimeout(timer);
  }, []);

  return <div ref={overlay} className={styles['night']} data-ground="deep" aria-hidden="true" onAnimationEnd={onOver} />;
}
